// HooksRwlock: pthread_rwlock_* and pthread_spin_*.
#include "tracer/runtime/Hooks.h"

namespace threadlint::trace {

namespace {

TL_NOINLINE void taken(PerThread &state, const LockView &lock, const Taking &taking) {
  Busy busy(state);
  takeSlow(state, lock, taking);
}

/// As takeMutex, for a rwlock whose words are ours.
TL_INLINE bool takeRwlock(PerThread &state, void *rwlock, Mode mode, uint32_t nodeFlags,
                          uint64_t pc, const uint64_t *slot) {
  if (TL_UNLIKELY(!process.rwlockWords || static_cast<pthread_rwlock_t *>(rwlock)->__data.__shared))
    return false;
  const KnownSite &site = knownSite(state, pc);
  if (TL_UNLIKELY(site.pc != pc || (site.next && !(pc = followWrappers(state, pc, slot)))))
    return false;
  Words words = wordsOfRwlock(rwlock);
  Block &block = *state.block;
  uint32_t depth = block.depth, id = loadRelaxed(*words.id);
  if (TL_UNLIKELY(depth >= kInlineHeld || loadAcquire(*words.check) != checkOf(rwlock) || !id ||
                  (id & kUnshared)))
    return false;
  if (depth && findHeld(state, reinterpret_cast<uint64_t>(rwlock)))
    return false;
  Held *held = &block.held[depth];
  uint64_t below = depth ? held[-1].hash : kEmptyChain;
  uint64_t hash = chainHash(below, pc, id - 1, howOf(Op::Acquire, mode, nodeFlags));
  if (TL_UNLIKELY(!below || !knowsTuple(state, hash)))
    return false;
  *held = {reinterpret_cast<uint64_t>(rwlock),
           hash,
           pc,
           0,
           id - 1,
           kNone,
           1,
           static_cast<uint8_t>(mode),
           static_cast<uint8_t>(LockKind::RwLock),
           static_cast<uint16_t>(nodeFlags)};
  TL_SIGNAL_FENCE();
  storeRelease(block.depth, depth + 1);
  return true;
}

TL_INLINE void rwlockTaken(PerThread &state, pthread_rwlock_t *rwlock, Mode mode,
                           uint32_t nodeFlags, uint64_t pc, const uint64_t *slot) {
  {
    Busy busy(state);
    if (TL_LIKELY(takeRwlock(state, rwlock, mode, nodeFlags, pc, slot)))
      return;
  }
  taken(state, viewOfRwlock(rwlock), {mode, nodeFlags, pc, slot});
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
    rwlockTaken(state, rwlock, taking.mode, taking.nodeFlags, taking.pc, taking.slot);
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

TL_EXPORT int TL_HOOK(pthread_rwlock_rdlock)(pthread_rwlock_t *rwlock) {
  PerThread *state = stateOfHook();
  if (!state)
    return real.pthread_rwlock_rdlock(rwlock);
  int result = real.pthread_rwlock_tryrdlock(rwlock);
  if (TL_LIKELY(result == 0)) {
    rwlockTaken(*state, rwlock, Mode::Shared, 0, TL_PC(), TL_SLOT());
    return 0;
  }
  if (result != EBUSY)
    return real.pthread_rwlock_rdlock(rwlock);
  return rwlockBusy(
      *state, rwlock, TL_TAKING(Mode::Shared, 0),
      [&] { return real.pthread_rwlock_rdlock(rwlock); },
      [&](timespec until) {
        return real.pthread_rwlock_clockrdlock(rwlock, CLOCK_MONOTONIC, &until);
      });
}

TL_EXPORT int TL_HOOK(pthread_rwlock_wrlock)(pthread_rwlock_t *rwlock) {
  PerThread *state = stateOfHook();
  if (!state)
    return real.pthread_rwlock_wrlock(rwlock);
  int result = real.pthread_rwlock_trywrlock(rwlock);
  if (TL_LIKELY(result == 0)) {
    rwlockTaken(*state, rwlock, Mode::Exclusive, 0, TL_PC(), TL_SLOT());
    return 0;
  }
  if (result != EBUSY)
    return real.pthread_rwlock_wrlock(rwlock);
  return rwlockBusy(
      *state, rwlock, TL_TAKING(Mode::Exclusive, 0),
      [&] { return real.pthread_rwlock_wrlock(rwlock); },
      [&](timespec until) {
        return real.pthread_rwlock_clockwrlock(rwlock, CLOCK_MONOTONIC, &until);
      });
}

#define TL_TRY_RWLOCK(function, mode)                                                              \
  TL_EXPORT int TL_HOOK(function)(pthread_rwlock_t * rwlock) {                                     \
    PerThread *state = stateOfHook();                                                              \
    int result = real.function(rwlock);                                                            \
    if (state && result == 0)                                                                      \
      rwlockTaken(*state, rwlock, mode, kNodeTry, TL_PC(), TL_SLOT());                             \
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
      rwlockTaken(*state, rwlock, mode, kNodeTimed, TL_PC(), TL_SLOT());                           \
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

TL_EXPORT int TL_HOOK(pthread_rwlock_unlock)(pthread_rwlock_t *rwlock) {
  PerThread *state = stateOfHook();
  if (state && TL_UNLIKELY(!releaseTop(*state, rwlock)))
    released(*state, viewOfRwlock(rwlock));
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
