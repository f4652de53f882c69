// Hooks: what the hook files share.
//
// A hook asks for the thread's state (null: pass on), does the real call, and tells Chains what was taken. A blocking call is tried
// first; if it has to wait, the wait is published, then bounded by kPatienceNs, and only then unbounded, with the stack published.
#pragma once

#include "tracer/runtime/Chains.h"
#include "tracer/runtime/Real.h"
#include "tracer/runtime/Threads.h"

#include <errno.h>
#include <time.h>

namespace threadlint::trace {

/// The state when the hook is to do its work.
TL_INLINE PerThread *stateOfHook() {
  PerThread *state = self;
  if (TL_UNLIKELY(!state || state->busy)) {
    needReal();
    return threadState();
  }
  return state;
}

#define TL_PC() reinterpret_cast<uint64_t>(__builtin_return_address(0))
/// The caller's place on the stack, for Sites: on x86-64 where the return address of this hook lies, on arm64 the caller's frame record.
#if defined(__x86_64__)
#define TL_SLOT() (static_cast<const uint64_t *>(__builtin_frame_address(0)) + 1)
#else
#define TL_SLOT() (*static_cast<const uint64_t *const *>(__builtin_frame_address(0)))
#endif

/// `return` of a function of the same type, which takes the place of the hook on the stack: TL_PC and TL_SLOT say there what they would
/// say here. So the hot path holds on to nothing that only the other paths need. (Other compilers than clang do the same when optimising.)
#if defined(__clang__)
#define TL_CONTINUE [[clang::musttail]] return
#else
#define TL_CONTINUE return
#endif
#if defined(__x86_64__)
register uint64_t stackPointer __asm__("rsp");
#else
register uint64_t stackPointer __asm__("sp");
#endif

TL_INLINE bool got(int result) { return result == 0 || result == EOWNERDEAD; }

inline timespec patienceFrom(uint64_t begin) {
  uint64_t until = begin + kPatienceNs;
  return {static_cast<time_t>(until / 1000000000), static_cast<long>(until % 1000000000)};
}

/// It is destroyed, or made anew.
inline void objectGone(const void *object, LockKind kind) {
  if (PerThread *state = stateOfHook()) {
    Busy busy(*state);
    forgetLock(viewOf(object, kind));
  }
}
/// The same for a lock that cannot be destroyed while it is held.
inline void lockGone(const void *lock, LockView (*viewOfLock)(const void *)) {
  if (PerThread *state = stateOfHook()) {
    Busy busy(*state);
    if (!findHeld(*state, reinterpret_cast<uint64_t>(lock)))
      forgetLock(viewOfLock(lock));
  }
}

/// Adds a wait to the lock's statistics.
void countWait(PerThread &state, const LockView &lock, uint64_t begin, uint64_t pc,
               const uint64_t *slot);

/// Waiting for a lock: `real` blocks without end, `bounded(timespec)` until a time of CLOCK_MONOTONIC (ETIMEDOUT). `self`: the thread
/// itself holds the lock in a way that makes this hang.
template <typename RealCall, typename Bounded>
TL_NOINLINE int waitForLock(PerThread &state, const LockView &lock, const Taking &taking,
                            bool hangsItself, uint32_t ownerTid, RealCall realCall,
                            Bounded bounded) {
  WaitScope wait(state, Op::Acquire, taking.mode, hangsItself ? uint32_t{kWaitSelf} : 0,
                 lock.address, lock.kind, knownNumberOf(lock), taking.pc);
  int result = ETIMEDOUT;
  if (!hangsItself)
    result = bounded(patienceFrom(wait.begunNs()));
  if (result == ETIMEDOUT || result == EINVAL || result == ENOTSUP) {
    wait.announce(ownerTid);
    result = realCall();
  }
  if (got(result)) {
    Busy busy(state);
    countWait(state, lock, wait.begunNs(), taking.pc, taking.slot);
  }
  return result;
}

/// A timed acquisition by the program itself.
template <typename RealCall>
int timedWait(PerThread &state, const LockView &lock, const Taking &taking, RealCall realCall) {
  WaitScope wait(state, Op::Acquire, taking.mode, kWaitTimed, lock.address, lock.kind,
                 knownNumberOf(lock), taking.pc);
  int result = realCall();
  if (got(result)) {
    Busy busy(state);
    countWait(state, lock, wait.begunNs(), taking.pc, taking.slot);
  }
  return result;
}

} // namespace threadlint::trace
