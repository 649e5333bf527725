#include <errno.h>
#include <pthread.h>
#include <windows.h>

#include <process.h>

_Static_assert(sizeof(SRWLOCK) == sizeof(void *), "a lock is a pointer");
_Static_assert(sizeof(CONDITION_VARIABLE) == sizeof(void *), "a condition is a pointer");

static SRWLOCK *lock_of(pthread_mutex_t *m)
{
    return (SRWLOCK *)(void *)&m->lock;
}

static CONDITION_VARIABLE *variable_of(pthread_cond_t *c)
{
    return (CONDITION_VARIABLE *)(void *)&c->variable;
}

int pthread_mutex_init(pthread_mutex_t *m, const void *none)
{
    (void)none;
    InitializeSRWLock(lock_of(m));
    return 0;
}

int pthread_mutex_lock(pthread_mutex_t *m)
{
    AcquireSRWLockExclusive(lock_of(m));
    return 0;
}

int pthread_mutex_unlock(pthread_mutex_t *m)
{
    ReleaseSRWLockExclusive(lock_of(m));
    return 0;
}

int pthread_mutex_destroy(pthread_mutex_t *m)
{
    (void)m; /* holds nothing */
    return 0;
}

int pthread_cond_init(pthread_cond_t *c, const void *none)
{
    (void)none;
    InitializeConditionVariable(variable_of(c));
    return 0;
}

int pthread_cond_wait(pthread_cond_t *c, pthread_mutex_t *m)
{
    SleepConditionVariableSRW(variable_of(c), lock_of(m), INFINITE, 0);
    return 0;
}

int pthread_cond_signal(pthread_cond_t *c)
{
    WakeConditionVariable(variable_of(c));
    return 0;
}

int pthread_cond_broadcast(pthread_cond_t *c)
{
    WakeAllConditionVariable(variable_of(c));
    return 0;
}

int pthread_cond_destroy(pthread_cond_t *c)
{
    (void)c; /* holds nothing */
    return 0;
}

static unsigned __stdcall run(void *p)
{
    pthread_t *t = p;
    t->start(t->arg);
    return 0;
}

int pthread_create(pthread_t *t, const void *none, void *(*start)(void *), void *arg)
{
    (void)none;
    t->start = start;
    t->arg = arg;
    t->handle = (void *)_beginthreadex(NULL, 0, run, t, 0, NULL);
    return t->handle ? 0 : EAGAIN;
}

int pthread_join(pthread_t t, void **none)
{
    (void)none;
    WaitForSingleObject(t.handle, INFINITE);
    CloseHandle(t.handle);
    return 0;
}
