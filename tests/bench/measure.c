/* Runs a command and tells what it took, as JSON on standard output. A program of its own, because
 * a child starts with the peak memory of what it was forked from: of Python that would be the
 * floor. usage: measure OUTPUT COMMAND [ARGUMENT]...; the command's standard output goes to OUTPUT
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double seconds(struct timeval v)
{
    return (double)v.tv_sec + 1e-6 * (double)v.tv_usec;
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void child(const char *output, char **command)
{
    int out = open(output, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (out < 0 || dup2(out, STDOUT_FILENO) < 0)
        _exit(126);
    close(out);
    execvp(command[0], command);
    _exit(127);
}

int main(int argc, char **argv)
{
    struct rusage used;
    double from, wall;
    int status;
    pid_t pid, ended;
    if (argc < 3) {
        fputs("usage: measure OUTPUT COMMAND [ARGUMENT]...\n", stderr);
        return 2;
    }
    from = now();
    pid = fork();
    if (pid == 0)
        child(argv[1], argv + 2);
    do
        ended = pid < 0 ? pid : wait4(pid, &status, 0, &used);
    while (ended < 0 && pid > 0 && errno == EINTR);
    wall = now() - from;
    if (ended < 0) {
        perror("measure");
        return 2;
    }
    printf("{\"wall\":%.6f,\"user\":%.6f,\"sys\":%.6f,\"peak_kb\":%ld,\"status\":%d}\n", wall,
           seconds(used.ru_utime), seconds(used.ru_stime), used.ru_maxrss,
           WIFEXITED(status) ? WEXITSTATUS(status) : 128);
    return 0;
}
