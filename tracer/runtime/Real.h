// Real: the definitions that the hooks stand in front of.
//
// In the library they are the next ones after ours in the order of symbol look-up, so other interposers keep working; in a static
// program they are the linker's __real_ symbols.
#pragma once

#include "tracer/runtime/System.h"

#include <dlfcn.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdlib.h>
#include <threads.h>
#include <time.h>
#include <unistd.h>

namespace threadlint::trace {

// clang-format joins the entries of a list and does not agree with itself about the result.
// clang-format off
#define TL_REAL_FUNCTIONS(FN) \
  FN(pthread_mutex_init) \
  FN(pthread_mutex_destroy) \
  FN(pthread_mutex_lock) \
  FN(pthread_mutex_trylock) \
  FN(pthread_mutex_timedlock) \
  FN(pthread_mutex_clocklock) \
  FN(pthread_mutex_unlock) \
  FN(pthread_rwlock_init) \
  FN(pthread_rwlock_destroy) \
  FN(pthread_rwlock_rdlock) \
  FN(pthread_rwlock_tryrdlock) \
  FN(pthread_rwlock_timedrdlock) \
  FN(pthread_rwlock_clockrdlock) \
  FN(pthread_rwlock_wrlock) \
  FN(pthread_rwlock_trywrlock) \
  FN(pthread_rwlock_timedwrlock) \
  FN(pthread_rwlock_clockwrlock) \
  FN(pthread_rwlock_unlock) \
  FN(pthread_spin_init) \
  FN(pthread_spin_destroy) \
  FN(pthread_spin_lock) \
  FN(pthread_spin_trylock) \
  FN(pthread_spin_unlock) \
  FN(pthread_cond_init) \
  FN(pthread_cond_destroy) \
  FN(pthread_cond_wait) \
  FN(pthread_cond_timedwait) \
  FN(pthread_cond_clockwait) \
  FN(pthread_cond_signal) \
  FN(pthread_cond_broadcast) \
  FN(pthread_barrier_init) \
  FN(pthread_barrier_destroy) \
  FN(pthread_barrier_wait) \
  FN(pthread_once) \
  FN(sem_init) \
  FN(sem_destroy) \
  FN(sem_wait) \
  FN(sem_trywait) \
  FN(sem_timedwait) \
  FN(sem_clockwait) \
  FN(sem_post) \
  FN(pthread_create) \
  FN(pthread_join) \
  FN(pthread_tryjoin_np) \
  FN(pthread_timedjoin_np) \
  FN(pthread_clockjoin_np) \
  FN(pthread_detach) \
  FN(pthread_setname_np) \
  FN(mtx_init) \
  FN(mtx_destroy) \
  FN(mtx_lock) \
  FN(mtx_trylock) \
  FN(mtx_timedlock) \
  FN(mtx_unlock) \
  FN(cnd_init) \
  FN(cnd_destroy) \
  FN(cnd_wait) \
  FN(cnd_timedwait) \
  FN(cnd_signal) \
  FN(cnd_broadcast) \
  FN(thrd_create) \
  FN(thrd_join) \
  FN(thrd_detach) \
  FN(call_once) \
  FN(dlclose) \
  FN(_exit) \
  FN(_Exit)
// clang-format on

struct Real {
#define TL_FIELD(name) decltype(&::name) name;
  TL_REAL_FUNCTIONS(TL_FIELD)
#undef TL_FIELD
};

extern TL_HIDDEN Real real;

/// Fills `real`. Hooks call it when they run before the constructor.
void findReal();
inline void needReal() {
  if (__builtin_expect(!real.pthread_mutex_lock, 0))
    findReal();
}

} // namespace threadlint::trace

#ifdef THREADLINT_TRACE_STATIC
#define TL_HOOK(name) __wrap_##name
#else
#define TL_HOOK(name) name
#endif
#define TL_EXPORT extern "C" __attribute__((visibility("default")))
