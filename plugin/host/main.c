/* fusho: the command. Everything about claims is in the plugin, which it loads like any other host.
 *
 * Exit status: 0 done - 1 done, findings of severity error - 2 wrong usage - 3 input or evidence
 * cannot be processed - 4 output could not be written - 5 the plugin could not be loaded or failed
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "help.h"
#include "leftover.h"
#include "output.h"
#include "platform.h"
#include "run.h"
#include "settings.h"

/* Signals closer together are one request: a terminal that is closed may send several. */
#define SECOND_REQUEST_MS 100

static volatile sig_atomic_t stopped;
static struct timespec first_request;
static char last_words[SENTENCE_MAX + 16];

static int64_t since_first_ms(void)
{
    struct timespec now;
    if (clock_gettime(CLOCK_MONOTONIC, &now))
        return 0;
    return (int64_t)(now.tv_sec - first_request.tv_sec) * 1000 +
           (now.tv_nsec - first_request.tv_nsec) / 1000000;
}

/* The first one asks the run to end, the second one ends it. */
static void on_signal(int number)
{
    int saved = errno;
    (void)number;
    if (!stopped) {
        clock_gettime(CLOCK_MONOTONIC, &first_request);
        stopped = 1;
    } else if (since_first_ms() >= SECOND_REQUEST_MS) {
        leftover_remove();
        if (write(STDERR_FILENO, last_words, strlen(last_words)) < 0)
            _exit(4);
        _exit(4);
    }
    errno = saved;
}

static void prepare_last_words(bool english)
{
    char sentence[SENTENCE_MAX];
    message_fill(sentence, TEXT_CANCELLED, english, NULL, NULL);
    snprintf(last_words, sizeof last_words, "%sfusho: %s\n", isatty(STDERR_FILENO) ? "\n" : "",
             sentence);
}

static int is_stopped(void *ctx)
{
    (void)ctx;
    return stopped != 0;
}

static void catch_signals(void)
{
    static const int ends[] = {SIGINT, SIGTERM, SIGHUP};
    struct sigaction a;
    size_t i;
    memset(&a, 0, sizeof a);
    sigemptyset(&a.sa_mask);
    a.sa_handler = SIG_IGN;
    sigaction(SIGPIPE, &a, NULL); /* a closed pipe is exit 4, with everything cleaned up */
    sigaction(SIGXFSZ, &a, NULL);
    for (i = 0; i < sizeof ends / sizeof ends[0]; i++)
        sigaddset(&a.sa_mask, ends[i]);
    a.sa_handler = on_signal; /* no SA_RESTART: a read from a silent pipe must end */
    for (i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        struct sigaction old;
        if (sigaction(ends[i], NULL, &old) == 0 && old.sa_handler != SIG_IGN) /* nohup */
            sigaction(ends[i], &a, NULL);
    }
}

/* Started with 0, 1 or 2 closed, the next file opened would get that number and the listing would
 * go into it. The stand-ins are opened the wrong way round, so that using them fails. */
static int fill_standard_fds(void)
{
    static const int modes[3] = {O_WRONLY, O_RDONLY, O_RDONLY};
    int fd;
    for (fd = 0; fd < 3; fd++) {
        if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", modes[fd]) != fd)
            return -1;
    }
    return 0;
}

static int help(const options *o)
{
    static sink out;
    char text[HELP_MAX];
    help_screen(text, o->help_for, o->english);
    sink_init(&out, STDOUT_FILENO, is_stopped);
    sink_put(&out, text);
    return sink_finish(&out, o->english);
}

/* A verb: settings, then the run. */
static int carry_out(options *o)
{
    fusho_error err = FUSHO_ERROR_INIT;
    settings s;
    int status = settings_read(&s, o, &err);
    if (status) {
        print_error(&err, o->english, false);
    } else {
        status = options_finish(o, run_listing_color(o));
        if (status)
            print_sentence(o->complaint);
        else
            status = run_command(o, s.file, is_stopped);
    }
    settings_free(&s);
    return status;
}

int main(int argc, char **argv)
{
    options o;
    int status;
    platform_refuse_dumps();
    if (fill_standard_fds())
        return 4;
    catch_signals();
    status = options_parse(&o, argc, argv);
    prepare_last_words(o.english);
    if (status)
        print_sentence(o.complaint);
    else if (o.verb == VERB_HELP)
        status = help(&o);
    else if (o.verb == VERB_VERSION)
        status = run_command(&o, NULL, is_stopped);
    else
        status = carry_out(&o);
    options_free(&o);
    return status;
}
