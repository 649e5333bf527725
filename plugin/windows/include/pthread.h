/* pthread: threads, locks and conditions as core/engine/pool.c uses them, over those of Windows.
 * MinGW's own would be another library inside a DLL that is loaded and unloaded. */
#ifndef FUSHO_WINDOWS_PTHREAD_H
#define FUSHO_WINDOWS_PTHREAD_H

typedef struct pthread_mutex_t {
    void *lock; /* SRWLOCK */
} pthread_mutex_t;
typedef struct pthread_cond_t {
    void *variable; /* CONDITION_VARIABLE */
} pthread_cond_t;
/* Must stay where it is until joined: the new thread reads it. */
typedef struct pthread_t {
    void *handle;
    void *(*start)(void *);
    void *arg;
} pthread_t;

int pthread_mutex_init(pthread_mutex_t *m, const void *none);
int pthread_mutex_lock(pthread_mutex_t *m);
int pthread_mutex_unlock(pthread_mutex_t *m);
int pthread_mutex_destroy(pthread_mutex_t *m);
int pthread_cond_init(pthread_cond_t *c, const void *none);
int pthread_cond_wait(pthread_cond_t *c, pthread_mutex_t *m);
int pthread_cond_signal(pthread_cond_t *c);
int pthread_cond_broadcast(pthread_cond_t *c);
int pthread_cond_destroy(pthread_cond_t *c);
int pthread_create(pthread_t *t, const void *none, void *(*start)(void *), void *arg);
int pthread_join(pthread_t t, void **none);

#endif
