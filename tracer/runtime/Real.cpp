// Real: see Real.h.
#include "tracer/runtime/Real.h"

#ifdef THREADLINT_TRACE_STATIC
#define TL_DECLARE(name)                                                                           \
  extern "C" decltype(::name) __real_##name; // strong: nothing else draws them out of libc.a
TL_REAL_FUNCTIONS(TL_DECLARE)
#undef TL_DECLARE
#else
// Not interposed by us; used while dlsym itself takes a lock.
extern "C" {
int __pthread_mutex_lock(pthread_mutex_t *) noexcept __attribute__((weak));
int __pthread_mutex_trylock(pthread_mutex_t *) noexcept __attribute__((weak));
int __pthread_mutex_unlock(pthread_mutex_t *) noexcept __attribute__((weak));
}
#endif

namespace threadlint::trace {

Real real;

#ifdef THREADLINT_TRACE_STATIC
void findReal() {
#define TL_FIND(name) real.name = &__real_##name;
  TL_REAL_FUNCTIONS(TL_FIND)
#undef TL_FIND
}
#else
void findReal() {
  static bool finding;
  if (finding)
    return;
  finding = true;
  real.pthread_mutex_lock = &__pthread_mutex_lock;
  real.pthread_mutex_trylock = &__pthread_mutex_trylock;
  real.pthread_mutex_unlock = &__pthread_mutex_unlock;
  Real found{};
#define TL_FIND(name) found.name = reinterpret_cast<decltype(found.name)>(dlsym(RTLD_NEXT, #name));
  TL_REAL_FUNCTIONS(TL_FIND)
#undef TL_FIND
  // Without a version dlsym may give the functions for condition variables of before 2.3.2.
#define TL_FIND_NEW(name)                                                                          \
  if (void *function = dlvsym(RTLD_NEXT, #name, "GLIBC_2.3.2"))                                    \
    found.name = reinterpret_cast<decltype(found.name)>(function);
  TL_FIND_NEW(pthread_cond_init)
  TL_FIND_NEW(pthread_cond_destroy)
  TL_FIND_NEW(pthread_cond_wait)
  TL_FIND_NEW(pthread_cond_timedwait)
  TL_FIND_NEW(pthread_cond_signal)
  TL_FIND_NEW(pthread_cond_broadcast)
#undef TL_FIND_NEW
  real = found;
}
#endif

} // namespace threadlint::trace
