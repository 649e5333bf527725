#include <stdbool.h>
#include <windows.h>

/* The system calls from a thread of its own; the handlers here set a flag, or end the program. */

static void (*on_interrupt)(int);
static void (*on_hangup)(int);

static BOOL WINAPI on_event(DWORD event)
{
    bool interrupt = event == CTRL_C_EVENT || event == CTRL_BREAK_EVENT;
    void (*handler)(int) = interrupt ? on_interrupt : on_hangup;
    if (!handler)
        return FALSE;
    handler(interrupt ? SIGINT : SIGHUP);
    if (!interrupt)
        Sleep(INFINITE); /* the system ends the program as soon as this returns */
    return TRUE;
}

int win_sigaction(int number, const struct win_sigaction *now, struct win_sigaction *before)
{
    if (before)
        before->sa_handler = SIG_DFL;
    if (!now || now->sa_handler == SIG_IGN)
        return 0;
    if (number == SIGHUP)
        on_hangup = now->sa_handler;
    else if (number == SIGINT)
        on_interrupt = now->sa_handler;
    else
        return 0;
    SetConsoleCtrlHandler(on_event, FALSE); /* once, however often this is called */
    return SetConsoleCtrlHandler(on_event, TRUE) ? 0 : -1;
}

int win_monotonic(struct timespec *t)
{
    ULONGLONG ms = GetTickCount64();
    t->tv_sec = (time_t)(ms / 1000);
    t->tv_nsec = (long)(ms % 1000) * 1000000;
    return 0;
}
