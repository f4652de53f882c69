// HooksRwlock: pthread_rwlock_* and pthread_spin_*.
#include "tracer/runtime/Hooks.h"

namespace threadlint::trace {

namespace {

TL_NOINLINE void taken(PerThread &state, const LockView &lock, const Taking &taking) {
  Busy busy(state);
  takeSlow(state, lock, taking);
}

TL_NOINLINE void rwlockTakenSlow(PerThread &state, const void *rwlock, const Taking &taking) {
  takeSlow(state, viewOfRwlock(rwlock), taking);
}

void rwlockTaken(PerThread &state, const void *rwlock, const Taking &taking) {
  Busy busy(state);
  uint64_t site = followWrappers(state, taking.pc, taking.slot);
  if (!site || !takeRwlock(state, rwlock, taking.mode, taking.nodeFlags, site))
    rwlockTakenSlow(state, rwlock, taking);
}

template <typename RealCall, typename Bounded>
int rwlockBusy(PerThread &state, pthread_rwlock_t *rwlock, const Taking &taking, RealCall realCall,
               Bounded bounded) {
  LockView lock = viewOfRwlock(rwlock);
  // Held by itself: glibc answers EDEADLK when it is the writer; as a reader that wants to write it hangs.
  const Held *held = findHeld(state, lock.address);
  bool hangs =
      held && held->mode == static_cast<uint8_t>(Mode::Shared) && taking.mode == Mode::Exclusive;
  int result = waitForLock(state, lock, taking, hangs,
                           static_cast<uint32_t>(rwlock->__data.__cur_writer), realCall, bounded);
  if (result == 0)
    rwlockTaken(state, rwlock, taking);
  return result;
}

void released(PerThread &state, const LockView &lock) {
  Busy busy(state);
  releaseSlow(state, lock);
}

LockView viewOfSpin(pthread_spinlock_t *spin) {
  return viewOf(const_cast<int *>(spin), LockKind::Spin);
}

} // namespace

} // namespace threadlint::trace

using namespace threadlint::trace;

#define TL_TAKING(mode, flags)                                                                     \
  Taking { mode, flags, TL_PC(), TL_SLOT() }

// Where the hooks of rwlocks go on when the way is not the hot one, as in HooksMutex.cpp.
#define TL_RWLOCK(name, attempt, bounded, mode)                                                    \
  namespace {                                                                                      \
  TL_NOINLINE int name##Busy(pthread_rwlock_t *rwlock) {                                           \
    return rwlockBusy(                                                                             \
        *self, rwlock, TL_TAKING(mode, 0), [&] { return real.pthread_rwlock_##name(rwlock); },     \
        [&](timespec until) { return real.bounded(rwlock, CLOCK_MONOTONIC, &until); });            \
  }                                                                                                \
  TL_NOINLINE int name##Fails(pthread_rwlock_t *rwlock) {                                          \
    return real.pthread_rwlock_##name(rwlock);                                                     \
  }                                                                                                \
  TL_NOINLINE int name##Taken(pthread_rwlock_t *rwlock) {                                          \
    PerThread &state = *self;                                                                      \
    uint64_t site = followWrappers(state, TL_PC(), TL_SLOT());                                     \
    if (!site || !takeRwlock(state, rwlock, mode, 0, site))                                        \
      rwlockTakenSlow(state, rwlock, TL_TAKING(mode, 0));                                          \
    TL_SIGNAL_FENCE();                                                                             \
    storeRelaxed(state.busy, uint64_t{0});                                                         \
    return 0;                                                                                      \
  }                                                                                                \
  TL_NOINLINE int name##Outside(pthread_rwlock_t *rwlock) {                                        \
    PerThread *state = stateOfHook();                                                              \
    if (!state)                                                                                    \
      return real.pthread_rwlock_##name(rwlock);                                                   \
    int result = real.attempt(rwlock);                                                             \
    if (result)                                                                                    \
      TL_CONTINUE(result == EBUSY ? name##Busy : name##Fails)(rwlock);                             \
    rwlockTaken(*state, rwlock, TL_TAKING(mode, 0));                                               \
    return 0;                                                                                      \
  }                                                                                                \
  }                                                                                                \
  TL_EXPORT int TL_HOOK(pthread_rwlock_##name)(pthread_rwlock_t * rwlock) {                        \
    PerThread *state = self;                                                                       \
    if (TL_UNLIKELY(!state) || TL_UNLIKELY(state->busy))                                           \
      TL_CONTINUE name##Outside(rwlock);                                                           \
    int result = real.attempt(rwlock);                                                             \
    if (TL_UNLIKELY(result))                                                                       \
      TL_CONTINUE(result == EBUSY ? name##Busy : name##Fails)(rwlock);                             \
    storeRelaxed(state->busy, stackPointer);                                                       \
    TL_SIGNAL_FENCE();                                                                             \
    if (TL_UNLIKELY(state->wrapper == TL_PC()) ||                                                  \
        TL_UNLIKELY(!takeRwlock(*state, rwlock, mode, 0, TL_PC())))                                \
      TL_CONTINUE name##Taken(rwlock);                                                             \
    TL_SIGNAL_FENCE();                                                                             \
    storeRelaxed(state->busy, uint64_t{0});                                                        \
    return 0;                                                                                      \
  }
TL_RWLOCK(rdlock, pthread_rwlock_tryrdlock, pthread_rwlock_clockrdlock, Mode::Shared)
TL_RWLOCK(wrlock, pthread_rwlock_trywrlock, pthread_rwlock_clockwrlock, Mode::Exclusive)

#define TL_TRY_RWLOCK(function, mode)                                                              \
  TL_EXPORT int TL_HOOK(function)(pthread_rwlock_t * rwlock) {                                     \
    PerThread *state = stateOfHook();                                                              \
    int result = real.function(rwlock);                                                            \
    if (state && result == 0)                                                                      \
      rwlockTaken(*state, rwlock, TL_TAKING(mode, kNodeTry));                                      \
    return result;                                                                                 \
  }
TL_TRY_RWLOCK(pthread_rwlock_tryrdlock, Mode::Shared)
TL_TRY_RWLOCK(pthread_rwlock_trywrlock, Mode::Exclusive)

#define TL_TIMED_RWLOCK(function, attempt, mode, parameters, arguments)                            \
  TL_EXPORT int TL_HOOK(function) parameters {                                                     \
    PerThread *state = stateOfHook();                                                              \
    if (!state)                                                                                    \
      return real.function arguments;                                                              \
    int result = real.attempt(rwlock);                                                             \
    if (result != 0)                                                                               \
      result = timedWait(*state, viewOfRwlock(rwlock), TL_TAKING(mode, kNodeTimed),                \
                         [&] { return real.function arguments; });                                 \
    if (result == 0)                                                                               \
      rwlockTaken(*state, rwlock, TL_TAKING(mode, kNodeTimed));                                    \
    return result;                                                                                 \
  }
TL_TIMED_RWLOCK(pthread_rwlock_timedrdlock, pthread_rwlock_tryrdlock, Mode::Shared,
                (pthread_rwlock_t * rwlock, const timespec *until), (rwlock, until))
TL_TIMED_RWLOCK(pthread_rwlock_timedwrlock, pthread_rwlock_trywrlock, Mode::Exclusive,
                (pthread_rwlock_t * rwlock, const timespec *until), (rwlock, until))
TL_TIMED_RWLOCK(pthread_rwlock_clockrdlock, pthread_rwlock_tryrdlock, Mode::Shared,
                (pthread_rwlock_t * rwlock, clockid_t clock, const timespec *until),
                (rwlock, clock, until))
TL_TIMED_RWLOCK(pthread_rwlock_clockwrlock, pthread_rwlock_trywrlock, Mode::Exclusive,
                (pthread_rwlock_t * rwlock, clockid_t clock, const timespec *until),
                (rwlock, clock, until))

namespace {
TL_NOINLINE int rwlockUnlockOutside(pthread_rwlock_t *rwlock) {
  PerThread *state = stateOfHook();
  if (state && !releaseTop(*state, rwlock))
    released(*state, viewOfRwlock(rwlock));
  return real.pthread_rwlock_unlock(rwlock);
}
} // namespace
TL_EXPORT int TL_HOOK(pthread_rwlock_unlock)(pthread_rwlock_t *rwlock) {
  PerThread *state = self;
  if (TL_UNLIKELY(!state) || TL_UNLIKELY(state->busy) || TL_UNLIKELY(!releaseTop(*state, rwlock)))
    TL_CONTINUE rwlockUnlockOutside(rwlock);
  return real.pthread_rwlock_unlock(rwlock);
}

TL_EXPORT int TL_HOOK(pthread_rwlock_init)(pthread_rwlock_t *rwlock,
                                           const pthread_rwlockattr_t *attributes) {
  needReal();
  int result = real.pthread_rwlock_init(rwlock, attributes);
  if (result == 0 && !process.rwlockWords)
    lockGone(rwlock, viewOfRwlock);
  return result;
}

TL_EXPORT int TL_HOOK(pthread_rwlock_destroy)(pthread_rwlock_t *rwlock) {
  needReal();
  lockGone(rwlock, viewOfRwlock);
  return real.pthread_rwlock_destroy(rwlock);
}

TL_EXPORT int TL_HOOK(pthread_spin_lock)(pthread_spinlock_t *spin) {
  PerThread *state = stateOfHook();
  if (!state)
    return real.pthread_spin_lock(spin);
  LockView lock = viewOfSpin(spin);
  if (TL_UNLIKELY(real.pthread_spin_trylock(spin) != 0)) {
    bool hangs = findHeld(*state, lock.address) != nullptr;
    waitForLock(
        *state, lock, TL_TAKING(Mode::Exclusive, 0), hangs, 0,
        [&] { return real.pthread_spin_lock(spin); },
        [&](timespec until) {
          uint64_t end = static_cast<uint64_t>(until.tv_sec) * 1000000000 +
                         static_cast<uint64_t>(until.tv_nsec);
          for (;;) {
            for (int turn = 0; turn < 1000; ++turn) {
              if (real.pthread_spin_trylock(spin) == 0)
                return 0;
#if defined(__x86_64__)
              __asm__ volatile("pause");
#else
              __asm__ volatile("yield");
#endif
            }
            if (nowNs() >= end)
              return ETIMEDOUT;
          }
        });
  }
  taken(*state, lock, TL_TAKING(Mode::Exclusive, 0));
  return 0;
}

TL_EXPORT int TL_HOOK(pthread_spin_trylock)(pthread_spinlock_t *spin) {
  PerThread *state = stateOfHook();
  int result = real.pthread_spin_trylock(spin);
  if (state && result == 0)
    taken(*state, viewOfSpin(spin), TL_TAKING(Mode::Exclusive, kNodeTry));
  return result;
}

TL_EXPORT int TL_HOOK(pthread_spin_unlock)(pthread_spinlock_t *spin) {
  PerThread *state = stateOfHook();
  if (state && TL_UNLIKELY(!releaseTop(*state, const_cast<int *>(spin))))
    released(*state, viewOfSpin(spin));
  return real.pthread_spin_unlock(spin);
}

TL_EXPORT int TL_HOOK(pthread_spin_destroy)(pthread_spinlock_t *spin) {
  needReal();
  objectGone(const_cast<int *>(spin), LockKind::Spin);
  return real.pthread_spin_destroy(spin);
}

TL_EXPORT int TL_HOOK(pthread_spin_init)(pthread_spinlock_t *spin, int shared) {
  needReal();
  objectGone(const_cast<int *>(spin), LockKind::Spin);
  return real.pthread_spin_init(spin, shared);
}
