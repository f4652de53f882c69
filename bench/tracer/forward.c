// forward: an interposer that only passes on, as the tracer must (lock by trylock first): the floor.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <pthread.h>

static int (*lock)(pthread_mutex_t *), (*try)(pthread_mutex_t *), (*unlock)(pthread_mutex_t *);
static int (*readLock)(pthread_rwlock_t *), (*readUnlock)(pthread_rwlock_t *);

__attribute__((constructor)) static void find(void) {
  *(void **)&lock = dlsym(RTLD_NEXT, "pthread_mutex_lock");
  *(void **)&try = dlsym(RTLD_NEXT, "pthread_mutex_trylock");
  *(void **)&unlock = dlsym(RTLD_NEXT, "pthread_mutex_unlock");
  *(void **)&readLock = dlsym(RTLD_NEXT, "pthread_rwlock_rdlock");
  *(void **)&readUnlock = dlsym(RTLD_NEXT, "pthread_rwlock_unlock");
}
int pthread_mutex_lock(pthread_mutex_t *mutex) { return try(mutex) == 0 ? 0 : lock(mutex); }
int pthread_mutex_unlock(pthread_mutex_t *mutex) { return unlock(mutex); }
int pthread_rwlock_rdlock(pthread_rwlock_t *rwlock) { return readLock(rwlock); }
int pthread_rwlock_unlock(pthread_rwlock_t *rwlock) { return readUnlock(rwlock); }
