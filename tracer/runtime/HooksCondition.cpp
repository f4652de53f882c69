// HooksCondition: condition variables, semaphores, barriers and once.
#include "tracer/runtime/Guard.h"
#include "tracer/runtime/Hooks.h"

namespace threadlint::trace {

namespace {

uint64_t addressOf(const void *object) { return reinterpret_cast<uint64_t>(object); }

/// Marks the mutex of a condition wait as let go, for as long as it lives.
class LetGo {
public:
  LetGo(PerThread &state, const void *mutex) : state_(state), mutex_(addressOf(mutex)) {
    set(kHeldWaiting);
  }
  ~LetGo() { end(); }
  void end() { set(0); }
  LetGo(const LetGo &) = delete;
  LetGo &operator=(const LetGo &) = delete;

private:
  void set(uint16_t flag) {
    if (Held *held = findHeld(state_, mutex_))
      storeRelaxed(held->flags, static_cast<uint16_t>((held->flags & ~kHeldWaiting) | flag));
  }
  PerThread &state_;
  uint64_t mutex_;
};

template <typename RealCall>
TL_NOINLINE int waitForCondition(PerThread &state, void *condition, void *mutex, uint32_t nodeFlags,
                                 uint64_t pc, const uint64_t *slot, RealCall realCall) {
  uint64_t site = pc;
  uint32_t number = kNone, mutexNumber = kNone;
  bool others = state.block->depth > 1;
  {
    Busy busy(state);
    site = siteOf(state, pc, slot, LockKind::Condition, nodeFlags);
    if (others) {
      number = objectNumber(state, objectAt(addressOf(condition), true), LockKind::Condition, site);
      mutexNumber = numberOf(state, viewOfMutex(mutex), site);
      recordWait(state, Op::CondWait, number, mutexNumber, addressOf(mutex), site, nodeFlags);
    }
  }
  int result;
  {
    WaitScope wait(state, Op::CondWait, Mode::Exclusive,
                   nodeFlags & kNodeTimed ? uint32_t{kWaitTimed} : 0, addressOf(condition),
                   LockKind::Condition, number, site);
    storeRelaxed(state.block->waiting.sinceNs, wait.begunNs());
    LetGo letGo(state, mutex);
    result = guarded(realCall, [&] {
      letGo.end();
      wait.end();
    });
  }
  Busy busy(state);
  if (others)
    recordWait(state, Op::CondReacquire, mutexNumber, number, addressOf(mutex), site, 0);
  if (result == 0) {
    ObjectSlot *object = objectAt(addressOf(condition), true);
    if (worthAnEvent(object))
      recordEvent(state, EventKind::CondWake,
                  objectNumber(state, object, LockKind::Condition, site), kNone, 0, site);
  }
  return result;
}

TL_NOINLINE void signalled(PerThread &state, const void *condition, EventKind kind, uint64_t pc,
                           const uint64_t *slot) {
  Busy busy(state);
  ObjectSlot *object = objectAt(addressOf(condition), true);
  if (!worthAnEvent(object))
    return;
  uint64_t site = siteOf(state, pc, slot, LockKind::Condition);
  recordEvent(state, kind, objectNumber(state, object, LockKind::Condition, site), kNone, 0, site);
}

template <typename RealCall>
TL_NOINLINE int waitForSemaphore(PerThread &state, sem_t *semaphore, uint32_t nodeFlags,
                                 uint64_t pc, const uint64_t *slot, RealCall realCall) {
  int saved = errno;
  ObjectSlot *object;
  uint64_t site;
  uint32_t number = kNone;
  {
    Busy busy(state);
    object = objectAt(addressOf(semaphore), true);
    site = siteOf(state, pc, slot, LockKind::Semaphore, nodeFlags);
    if (state.block->depth && !(nodeFlags & kNodeTry)) {
      number = objectNumber(state, object, LockKind::Semaphore, site);
      recordWait(state, Op::SemWait, number, kNone, 0, site, nodeFlags);
    }
  }
  int result = real.sem_trywait(semaphore);
  if (result != 0 && !(nodeFlags & kNodeTry)) {
    errno = saved;
    WaitScope wait(state, Op::SemWait, Mode::Exclusive,
                   nodeFlags & kNodeTimed ? uint32_t{kWaitTimed} : 0, addressOf(semaphore),
                   LockKind::Semaphore, number, site);
    storeRelaxed(state.block->waiting.sinceNs, wait.begunNs());
    auto waitLong = [&] {
      if (!(nodeFlags & kNodeTimed) && real.sem_clockwait) {
        timespec until = patienceFrom(wait.begunNs());
        int ended = real.sem_clockwait(semaphore, CLOCK_MONOTONIC, &until);
        if (ended == 0 || errno == EINTR)
          return ended;
        wait.showStack();
        errno = saved;
      }
      return realCall();
    };
    result = guarded(waitLong, [&] { wait.end(); });
  }
  if (result != 0)
    return result;
  errno = saved;
  Busy busy(state);
  if (worthAnEvent(object)) {
    int left = 0;
    sem_getvalue(semaphore, &left);
    recordEvent(state, EventKind::SemWait, objectNumber(state, object, LockKind::Semaphore, site),
                kNone, left <= 0, site);
  }
  return 0;
}

/// Rounds are counted by arrivals; how many make a round stands in glibc's barrier.
uint32_t partiesOf(const pthread_barrier_t *barrier) {
  uint32_t words[4];
  __builtin_memcpy(words, barrier, sizeof words);
  return words[2] >= 1 && words[2] <= 1 << 20 ? words[2] : 0;
}

struct OnceRun {
  void (*routine)();
  const void *control;
  uint64_t pc;
  const uint64_t *slot;
  OnceRun *outer;
};
thread_local OnceRun *currentOnce __attribute__((tls_model("initial-exec")));

/// Runs in place of the routine: while it runs, the flag is held.
void runOnce() {
  OnceRun run = *currentOnce;
  LockView flag = viewOf(run.control, LockKind::Once);
  PerThread *state = threadState();
  if (state) {
    Busy busy(*state);
    takeSlow(*state, flag, {Mode::Exclusive, 0, run.pc, nullptr});
  }
  run.routine();
  if (state && (state = threadState())) {
    Busy busy(*state);
    uint32_t number = knownNumberOf(flag);
    releaseSlow(*state, flag);
    recordEvent(*state, EventKind::OnceDone, number, kNone, 0);
  }
}

constexpr int kOnceDone = 2; // glibc's __PTHREAD_ONCE_DONE, kept since 2.0

template <typename RealCall>
int once(pthread_once_t *control, void (*routine)(), uint64_t pc, const uint64_t *slot,
         RealCall realCall) {
  PerThread *state = stateOfHook();
  if (!state)
    return realCall(routine);
  bool done =
      (__atomic_load_n(reinterpret_cast<int *>(control), __ATOMIC_ACQUIRE) & kOnceDone) != 0;
  if (done && !state->block->depth)
    return realCall(routine);
  {
    Busy busy(*state);
    uint64_t site = siteOf(*state, pc, slot, LockKind::Once);
    uint32_t number =
        objectNumber(*state, objectAt(addressOf(control), true), LockKind::Once, site);
    recordWait(*state, Op::Acquire, number, kNone, 0, site, done ? uint32_t{kNodeOnceDone} : 0);
    pc = site;
  }
  if (done)
    return realCall(routine);
  OnceRun run{routine, control, pc, slot, currentOnce};
  currentOnce = &run;
  int result;
  {
    WaitScope wait(*state, Op::Acquire, Mode::Exclusive, 0, addressOf(control), LockKind::Once,
                   kNone, pc);
    result = guarded([&] { return realCall(runOnce); },
                     [&] {
                       wait.end();
                       currentOnce = run.outer;
                       if (Busy busy(*state); findHeld(*state, addressOf(control)))
                         releaseSlow(*state, viewOf(control, LockKind::Once));
                     });
  }
  currentOnce = run.outer;
  if (result == 0) {
    Busy busy(*state);
    ObjectSlot *object = objectAt(addressOf(control), true);
    if (worthAnEvent(object))
      recordEvent(*state, EventKind::OncePassed, objectNumber(*state, object, LockKind::Once, pc),
                  kNone, 0, pc);
  }
  return result;
}

} // namespace

} // namespace threadlint::trace

using namespace threadlint::trace;

TL_EXPORT int TL_HOOK(pthread_cond_wait)(pthread_cond_t *condition, pthread_mutex_t *mutex) {
  PerThread *state = stateOfHook();
  if (!state)
    return real.pthread_cond_wait(condition, mutex);
  return waitForCondition(*state, condition, mutex, 0, TL_PC(), TL_SLOT(),
                          [&] { return real.pthread_cond_wait(condition, mutex); });
}

TL_EXPORT int TL_HOOK(pthread_cond_timedwait)(pthread_cond_t *condition, pthread_mutex_t *mutex,
                                              const timespec *until) {
  PerThread *state = stateOfHook();
  if (!state)
    return real.pthread_cond_timedwait(condition, mutex, until);
  return waitForCondition(*state, condition, mutex, kNodeTimed, TL_PC(), TL_SLOT(),
                          [&] { return real.pthread_cond_timedwait(condition, mutex, until); });
}

TL_EXPORT int TL_HOOK(pthread_cond_clockwait)(pthread_cond_t *condition, pthread_mutex_t *mutex,
                                              clockid_t clock, const timespec *until) {
  PerThread *state = stateOfHook();
  if (!state)
    return real.pthread_cond_clockwait(condition, mutex, clock, until);
  return waitForCondition(*state, condition, mutex, kNodeTimed, TL_PC(), TL_SLOT(), [&] {
    return real.pthread_cond_clockwait(condition, mutex, clock, until);
  });
}

TL_EXPORT int TL_HOOK(cnd_wait)(cnd_t *condition, mtx_t *mutex) {
  PerThread *state = stateOfHook();
  if (!state)
    return real.cnd_wait(condition, mutex);
  return waitForCondition(*state, condition, mutex, 0, TL_PC(), TL_SLOT(),
                          [&] { return real.cnd_wait(condition, mutex); });
}

TL_EXPORT int TL_HOOK(cnd_timedwait)(cnd_t *condition, mtx_t *mutex, const timespec *until) {
  PerThread *state = stateOfHook();
  if (!state)
    return real.cnd_timedwait(condition, mutex, until);
  return waitForCondition(*state, condition, mutex, kNodeTimed, TL_PC(), TL_SLOT(),
                          [&] { return real.cnd_timedwait(condition, mutex, until); });
}

#define TL_SIGNAL(function, type, kind)                                                            \
  TL_EXPORT int TL_HOOK(function)(type * condition) {                                              \
    if (PerThread *state = stateOfHook())                                                          \
      signalled(*state, condition, EventKind::kind, TL_PC(), TL_SLOT());                           \
    return real.function(condition);                                                               \
  }
TL_SIGNAL(pthread_cond_signal, pthread_cond_t, CondSignal)
TL_SIGNAL(pthread_cond_broadcast, pthread_cond_t, CondBroadcast)
TL_SIGNAL(cnd_signal, cnd_t, CondSignal)
TL_SIGNAL(cnd_broadcast, cnd_t, CondBroadcast)

TL_EXPORT int TL_HOOK(pthread_cond_destroy)(pthread_cond_t *condition) {
  needReal();
  objectGone(condition, LockKind::Condition);
  return real.pthread_cond_destroy(condition);
}

TL_EXPORT void TL_HOOK(cnd_destroy)(cnd_t *condition) {
  needReal();
  objectGone(condition, LockKind::Condition);
  real.cnd_destroy(condition);
}

TL_EXPORT int TL_HOOK(sem_wait)(sem_t *semaphore) {
  PerThread *state = stateOfHook();
  if (!state)
    return real.sem_wait(semaphore);
  return waitForSemaphore(*state, semaphore, 0, TL_PC(), TL_SLOT(),
                          [&] { return real.sem_wait(semaphore); });
}

TL_EXPORT int TL_HOOK(sem_trywait)(sem_t *semaphore) {
  PerThread *state = stateOfHook();
  if (!state)
    return real.sem_trywait(semaphore);
  return waitForSemaphore(*state, semaphore, kNodeTry, TL_PC(), TL_SLOT(), [] { return -1; });
}

TL_EXPORT int TL_HOOK(sem_timedwait)(sem_t *semaphore, const timespec *until) {
  PerThread *state = stateOfHook();
  if (!state)
    return real.sem_timedwait(semaphore, until);
  return waitForSemaphore(*state, semaphore, kNodeTimed, TL_PC(), TL_SLOT(),
                          [&] { return real.sem_timedwait(semaphore, until); });
}

TL_EXPORT int TL_HOOK(sem_clockwait)(sem_t *semaphore, clockid_t clock, const timespec *until) {
  PerThread *state = stateOfHook();
  if (!state)
    return real.sem_clockwait(semaphore, clock, until);
  return waitForSemaphore(*state, semaphore, kNodeTimed, TL_PC(), TL_SLOT(),
                          [&] { return real.sem_clockwait(semaphore, clock, until); });
}

TL_EXPORT int TL_HOOK(sem_post)(sem_t *semaphore) {
  PerThread *state = stateOfHook();
  if (state) {
    Busy busy(*state);
    ObjectSlot *object = objectAt(addressOf(semaphore), true);
    if (worthAnEvent(object)) {
      uint64_t site = siteOf(*state, TL_PC(), TL_SLOT(), LockKind::Semaphore);
      recordEvent(*state, EventKind::SemPost,
                  objectNumber(*state, object, LockKind::Semaphore, site), kNone, 0, site);
    }
  }
  return real.sem_post(semaphore);
}

TL_EXPORT int TL_HOOK(sem_init)(sem_t *semaphore, int shared, unsigned value) {
  needReal();
  objectGone(semaphore, LockKind::Semaphore);
  return real.sem_init(semaphore, shared, value);
}

TL_EXPORT int TL_HOOK(sem_destroy)(sem_t *semaphore) {
  needReal();
  objectGone(semaphore, LockKind::Semaphore);
  return real.sem_destroy(semaphore);
}

TL_EXPORT int TL_HOOK(pthread_barrier_init)(pthread_barrier_t *barrier,
                                            const pthread_barrierattr_t *attributes,
                                            unsigned count) {
  needReal();
  objectGone(barrier, LockKind::Barrier);
  return real.pthread_barrier_init(barrier, attributes, count);
}

TL_EXPORT int TL_HOOK(pthread_barrier_destroy)(pthread_barrier_t *barrier) {
  needReal();
  int result = real.pthread_barrier_destroy(barrier); // waits for those that still leave
  objectGone(barrier, LockKind::Barrier);
  return result;
}

TL_EXPORT int TL_HOOK(pthread_barrier_wait)(pthread_barrier_t *barrier) {
  PerThread *state = stateOfHook();
  if (!state)
    return real.pthread_barrier_wait(barrier);
  uint32_t parties = partiesOf(barrier), number = kNone;
  uint64_t round = 0, site = 0;
  bool worth = false;
  {
    Busy busy(*state);
    ObjectSlot *object = objectAt(addressOf(barrier), true);
    site = siteOf(*state, TL_PC(), TL_SLOT(), LockKind::Barrier);
    number = objectNumber(*state, object, LockKind::Barrier, site);
    recordWait(*state, Op::BarrierWait, number, kNone, 0, site, 0);
    if (object && parties) {
      round = addRelaxed(object->count, 1u) / parties;
      worth = round < 256 || (round & (round - 1)) == 0; // all threads of a round decide alike
    }
    if (worth)
      recordEvent(*state, EventKind::BarrierArrive, number, kNone, round, site);
    else
      countUp(Counter::EventsSampled);
  }
  int result;
  {
    WaitScope wait(*state, Op::BarrierWait, Mode::Exclusive, 0, addressOf(barrier),
                   LockKind::Barrier, number, site);
    storeRelaxed(state->block->waiting.sinceNs, wait.begunNs());
    result = real.pthread_barrier_wait(barrier);
  }
  if (worth && (result == 0 || result == PTHREAD_BARRIER_SERIAL_THREAD)) {
    Busy busy(*state);
    recordEvent(*state, EventKind::BarrierLeave, number, kNone, round, site);
  }
  return result;
}

TL_EXPORT int TL_HOOK(pthread_once)(pthread_once_t *control, void (*routine)()) {
  return once(control, routine, TL_PC(), TL_SLOT(),
              [&](void (*it)()) { return real.pthread_once(control, it); });
}

TL_EXPORT void TL_HOOK(call_once)(once_flag *flag, void (*routine)()) {
  once(reinterpret_cast<pthread_once_t *>(flag), routine, TL_PC(), TL_SLOT(), [&](void (*it)()) {
    real.call_once(flag, it);
    return 0;
  });
}
