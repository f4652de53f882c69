// HooksMutex: pthread_mutex_*, and C11's mtx_*, which glibc makes of the same object.
#include "tracer/runtime/Hooks.h"

namespace threadlint::trace {

void countWait(PerThread &state, const LockView &lock, uint64_t begin, uint64_t pc,
               const uint64_t *slot) {
  uint32_t number = knownNumberOf(lock);
  if (number == kNone)
    return;
  auto &entry = record<Lock>(number);
  uint64_t time = nowNs() - begin;
  addRelaxed(entry.contended, 1);
  addRelaxed(entry.waitNs, time);
  if (time > loadRelaxed(entry.waitMaxNs)) {
    storeRelaxed(entry.waitMaxNs, time);
    uint64_t site = followWrappers(state, pc, slot);
    storeRelaxed(entry.waitMaxSite, frameOf(site ? site : pc, 0));
  }
}

namespace {

TL_NOINLINE void mutexTakenSlow(PerThread &state, void *mutex, uint32_t nodeFlags, uint64_t pc,
                                const uint64_t *slot) {
  takeSlow(state, viewOfMutex(mutex), {Mode::Exclusive, nodeFlags, pc, slot});
}

TL_INLINE void mutexTaken(PerThread &state, void *mutex, uint32_t nodeFlags, uint64_t pc,
                          const uint64_t *slot) {
  Busy busy(state);
  uint64_t site = followWrappers(state, pc, slot);
  if (TL_UNLIKELY(!site || !takeMutex(state, mutex, nodeFlags, site)))
    mutexTakenSlow(state, mutex, nodeFlags, pc, slot);
}

TL_NOINLINE int mutexBusy(PerThread &state, void *object, int tried, int (*realLock)(void *),
                          uint64_t pc, const uint64_t *slot) {
  auto *mutex = static_cast<pthread_mutex_t *>(object);
  int result = tried;
  if (tried == EBUSY) {
    LockView lock = viewOfMutex(mutex);
    const Held *held = findHeld(state, lock.address);
    bool hangs = held && !(lock.flags & (kLockRecursive | kLockErrorCheck));
    result = waitForLock(
        state, lock, {Mode::Exclusive, 0, pc, slot}, hangs,
        static_cast<uint32_t>(mutex->__data.__owner), [&] { return realLock(object); },
        [&](timespec until) {
          return real.pthread_mutex_clocklock(mutex, CLOCK_MONOTONIC, &until);
        });
  } else if (tried != EOWNERDEAD) {
    result = realLock(object); // for the error that it gives
  }
  if (got(result))
    mutexTaken(state, mutex, 0, pc, slot);
  return result;
}

template <typename RealCall>
int mutexTimed(PerThread &state, pthread_mutex_t *mutex, uint64_t pc, const uint64_t *slot,
               RealCall realCall) {
  int result = real.pthread_mutex_trylock(mutex);
  if (!got(result))
    result =
        timedWait(state, viewOfMutex(mutex), {Mode::Exclusive, kNodeTimed, pc, slot}, realCall);
  if (got(result))
    mutexTaken(state, mutex, kNodeTimed, pc, slot);
  return result;
}

TL_NOINLINE void mutexReleasedSlow(PerThread &state, void *mutex) {
  Busy busy(state);
  LockView lock = viewOfMutex(mutex);
  // An error-checking or robust mutex may refuse; then it was not on the stack either.
  if (!findHeld(state, lock.address) &&
      lock.flags & (kLockErrorCheck | kLockRecursive | kLockRobust))
    return;
  releaseSlow(state, lock);
}

TL_INLINE void mutexReleased(PerThread &state, void *mutex) {
  if (TL_UNLIKELY(!releaseTop(state, mutex)))
    mutexReleasedSlow(state, mutex);
}

int lockAny(void *mutex) { return real.pthread_mutex_lock(static_cast<pthread_mutex_t *>(mutex)); }

// Where pthread_mutex_lock and pthread_mutex_unlock go on when the way is not the hot one (TL_CONTINUE).

/// Nothing was done yet.
TL_NOINLINE int lockOutside(pthread_mutex_t *mutex) {
  PerThread *state = stateOfHook();
  if (!state)
    return real.pthread_mutex_lock(mutex);
  int result = real.pthread_mutex_trylock(mutex);
  if (result)
    return mutexBusy(*state, mutex, result, lockAny, TL_PC(), TL_SLOT());
  mutexTaken(*state, mutex, 0, TL_PC(), TL_SLOT());
  return 0;
}

/// An attempt gave EBUSY; another error; EOWNERDEAD.
TL_NOINLINE int lockBusy(pthread_mutex_t *mutex) {
  return mutexBusy(*self, mutex, EBUSY, lockAny, TL_PC(), TL_SLOT());
}
TL_NOINLINE int lockFails(pthread_mutex_t *mutex) {
  return mutexBusy(*self, mutex, EINVAL, lockAny, TL_PC(), TL_SLOT());
}
TL_NOINLINE int lockInherited(pthread_mutex_t *mutex) {
  return mutexBusy(*self, mutex, EOWNERDEAD, lockAny, TL_PC(), TL_SLOT());
}

/// It was taken, and is to be recorded; the thread is busy.
TL_NOINLINE int lockTaken(pthread_mutex_t *mutex) {
  PerThread &state = *self;
  uint64_t site = followWrappers(state, TL_PC(), TL_SLOT());
  if (TL_UNLIKELY(!site || !takeMutex(state, mutex, 0, site)))
    mutexTakenSlow(state, mutex, 0, TL_PC(), TL_SLOT());
  TL_SIGNAL_FENCE();
  storeRelaxed(state.busy, uint64_t{0});
  return 0;
}

TL_NOINLINE int unlockOutside(pthread_mutex_t *mutex) {
  if (PerThread *state = stateOfHook())
    mutexReleased(*state, mutex);
  return real.pthread_mutex_unlock(mutex);
}

} // namespace

} // namespace threadlint::trace

using namespace threadlint::trace;

TL_EXPORT int TL_HOOK(pthread_mutex_lock)(pthread_mutex_t *mutex) {
  PerThread *state = self;
  if (TL_UNLIKELY(!state) || TL_UNLIKELY(state->busy))
    TL_CONTINUE lockOutside(mutex);
  int result = real.pthread_mutex_trylock(mutex);
  if (TL_UNLIKELY(result))
    TL_CONTINUE(result == EBUSY        ? lockBusy
                : result == EOWNERDEAD ? lockInherited
                                       : lockFails)(mutex);
  storeRelaxed(state->busy, stackPointer);
  TL_SIGNAL_FENCE();
  if (TL_UNLIKELY(state->wrapper == TL_PC()) || TL_UNLIKELY(!takeMutex(*state, mutex, 0, TL_PC())))
    TL_CONTINUE lockTaken(mutex);
  TL_SIGNAL_FENCE();
  storeRelaxed(state->busy, uint64_t{0});
  return 0;
}

TL_EXPORT int TL_HOOK(pthread_mutex_trylock)(pthread_mutex_t *mutex) {
  PerThread *state = stateOfHook();
  int result = real.pthread_mutex_trylock(mutex);
  if (TL_LIKELY(state) && got(result))
    mutexTaken(*state, mutex, kNodeTry, TL_PC(), TL_SLOT());
  return result;
}

TL_EXPORT int TL_HOOK(pthread_mutex_unlock)(pthread_mutex_t *mutex) {
  PerThread *state = self;
  if (TL_UNLIKELY(!state) || TL_UNLIKELY(state->busy) || TL_UNLIKELY(!releaseTop(*state, mutex)))
    TL_CONTINUE unlockOutside(mutex);
  return real.pthread_mutex_unlock(
      mutex); // after our part: then it may be another thread's, or gone
}

TL_EXPORT int TL_HOOK(pthread_mutex_timedlock)(pthread_mutex_t *mutex, const timespec *until) {
  PerThread *state = stateOfHook();
  if (!state)
    return real.pthread_mutex_timedlock(mutex, until);
  return mutexTimed(*state, mutex, TL_PC(), TL_SLOT(),
                    [&] { return real.pthread_mutex_timedlock(mutex, until); });
}

TL_EXPORT int TL_HOOK(pthread_mutex_clocklock)(pthread_mutex_t *mutex, clockid_t clock,
                                               const timespec *until) {
  PerThread *state = stateOfHook();
  if (!state)
    return real.pthread_mutex_clocklock(mutex, clock, until);
  return mutexTimed(*state, mutex, TL_PC(), TL_SLOT(),
                    [&] { return real.pthread_mutex_clocklock(mutex, clock, until); });
}

TL_EXPORT int TL_HOOK(pthread_mutex_init)(pthread_mutex_t *mutex,
                                          const pthread_mutexattr_t *attributes) {
  needReal();
  int result = real.pthread_mutex_init(mutex, attributes);
  if (result == 0 && !process.mutexWords) // else the words are zero now, which says the same
    lockGone(mutex, viewOfMutex);
  return result;
}

TL_EXPORT int TL_HOOK(pthread_mutex_destroy)(pthread_mutex_t *mutex) {
  needReal();
  lockGone(mutex, viewOfMutex); // before another thread may use the memory for something else
  return real.pthread_mutex_destroy(mutex);
}

TL_EXPORT int TL_HOOK(mtx_lock)(mtx_t *mutex) {
  PerThread *state = stateOfHook();
  if (TL_UNLIKELY(!state))
    return real.mtx_lock(mutex);
  auto *inner = reinterpret_cast<pthread_mutex_t *>(mutex);
  int result = real.pthread_mutex_trylock(inner);
  if (TL_UNLIKELY(result)) {
    result = mutexBusy(*state, inner, result, lockAny, TL_PC(), TL_SLOT());
    return result ? thrd_error : thrd_success;
  }
  mutexTaken(*state, inner, 0, TL_PC(), TL_SLOT());
  return thrd_success;
}

TL_EXPORT int TL_HOOK(mtx_trylock)(mtx_t *mutex) {
  PerThread *state = stateOfHook();
  int result = real.mtx_trylock(mutex);
  if (state && result == thrd_success)
    mutexTaken(*state, mutex, kNodeTry, TL_PC(), TL_SLOT());
  return result;
}

TL_EXPORT int TL_HOOK(mtx_timedlock)(mtx_t *mutex, const timespec *until) {
  PerThread *state = stateOfHook();
  if (!state)
    return real.mtx_timedlock(mutex, until);
  int result = real.mtx_trylock(mutex);
  if (result != thrd_success)
    timedWait(*state, viewOfMutex(mutex), {Mode::Exclusive, kNodeTimed, TL_PC(), TL_SLOT()}, [&] {
      return (result = real.mtx_timedlock(mutex, until)) == thrd_success ? 0 : ETIMEDOUT;
    });
  if (result == thrd_success)
    mutexTaken(*state, mutex, kNodeTimed, TL_PC(), TL_SLOT());
  return result;
}

TL_EXPORT int TL_HOOK(mtx_unlock)(mtx_t *mutex) {
  PerThread *state = stateOfHook();
  if (TL_LIKELY(state))
    mutexReleased(*state, mutex);
  return real.mtx_unlock(mutex);
}

TL_EXPORT void TL_HOOK(mtx_destroy)(mtx_t *mutex) {
  needReal();
  lockGone(mutex, viewOfMutex);
  real.mtx_destroy(mutex);
}
