/* fusho: the command. Everything about claims is in the plugin, which it loads like any other host.
 *
 * Exit status: 0 done - 1 done, findings of severity error - 2 wrong usage - 3 input or evidence
 * cannot be processed - 4 output could not be written - 5 the plugin could not be loaded or failed
 */
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "output.h"
#include "run.h"

static volatile sig_atomic_t stopped;

static void on_signal(int number)
{
    (void)number;
    stopped = 1;
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

static int help(bool english)
{
    static sink out;
    sink_init(&out, STDOUT_FILENO, is_stopped);
    sink_put(&out, message_help(english));
    return sink_finish(&out, english);
}

int main(int argc, char **argv)
{
    options o;
    int status;
    if (fill_standard_fds())
        return 4;
    catch_signals();
    status = options_parse(&o, argc, argv);
    if (status)
        print_sentence(o.complaint);
    else if (o.verb == VERB_HELP)
        status = help(o.english);
    else
        status = run_command(&o, is_stopped);
    options_free(&o);
    return status;
}
