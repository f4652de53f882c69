// HooksThread: threads are made, named, joined and detached; and what programs say by annotations.
#include "tracer/runtime/Guard.h"
#include "tracer/runtime/Hooks.h"

namespace threadlint::trace {

namespace {

struct Launch {
  union {
    void *(*start)(void *);
    int (*startC11)(void *);
  };
  void *argument;
};

constexpr uint64_t kMostLaunches = 1 << 20;
Launch *launches; // by thread number; memory that nobody touches costs nothing

bool keepLaunch(uint32_t index, Launch launch) {
  if (!launches) {
    auto *fresh = static_cast<Launch *>(mapPrivate(kMostLaunches * sizeof(Launch)));
    if (!exchangeIf(launches, static_cast<Launch *>(nullptr),
                    fresh)) // another thread was first: the spare is address space only
      fresh = launches;
  }
  if (!launches || index >= kMostLaunches)
    return false;
  launches[index] = launch;
  return true;
}

uint64_t topOfStack() { return reinterpret_cast<uint64_t>(__builtin_frame_address(0)) + 64; }

void *runThread(void *number) {
  auto index = static_cast<uint32_t>(reinterpret_cast<uint64_t>(number));
  Launch launch = launches[index];
  enterThread(index, topOfStack());
  return launch.start(launch.argument);
}

int runC11Thread(void *number) {
  auto index = static_cast<uint32_t>(reinterpret_cast<uint64_t>(number));
  Launch launch = launches[index];
  enterThread(index, topOfStack());
  return launch.startC11(launch.argument);
}

void *asArgument(uint32_t index) { return reinterpret_cast<void *>(static_cast<uint64_t>(index)); }

/// A record for the thread to be made; kNone: make it unseen.
uint32_t announce(PerThread &state, Launch launch, uint64_t pc, const uint64_t *slot) {
  Busy busy(state);
  uint64_t site = siteOf(state, pc, slot, LockKind::Custom);
  uint32_t index = announceThread(state, reinterpret_cast<uint64_t>(launch.start), site);
  return index != kNone && keepLaunch(index, launch) ? index : kNone;
}

template <typename Bounded, typename RealCall>
int join(PerThread &state, pthread_t thread, uint32_t nodeFlags, uint64_t pc, const uint64_t *slot,
         Bounded bounded, RealCall realCall) {
  uint64_t site;
  uint32_t index;
  {
    Busy busy(state);
    index = threadOfHandle(static_cast<uint64_t>(thread));
    site = siteOf(state, pc, slot, LockKind::Custom);
    if (index != kNone)
      recordWait(state, Op::Join, index, kNone, 0, site, nodeFlags);
  }
  int result;
  {
    WaitScope wait(state, Op::Join, Mode::Exclusive,
                   nodeFlags & kNodeTimed ? uint32_t{kWaitTimed} : 0, static_cast<uint64_t>(thread),
                   LockKind::Custom, index, site);
    auto waitForEnd = [&] {
      int ended = nodeFlags & kNodeTimed ? ETIMEDOUT : bounded(patienceFrom(wait.begunNs()));
      if (ended != ETIMEDOUT)
        return ended;
      if (!(nodeFlags & kNodeTimed))
        wait.announce(0);
      return realCall();
    };
    result = guarded(waitForEnd, [&] { wait.end(); });
  }
  if (result == 0) {
    Busy busy(state);
    threadJoined(state, index, site);
  }
  return result;
}

void detached(pthread_t thread) {
  PerThread *state = stateOfHook();
  uint32_t index = state ? threadOfHandle(static_cast<uint64_t>(thread)) : kNone;
  if (index != kNone)
    __atomic_fetch_or(&record<Thread>(index).flags, uint32_t{kThreadDetached}, __ATOMIC_RELAXED);
}

void annotate(EventKind kind, const void *tag, uint64_t pc) {
  if (PerThread *state = stateOfHook()) {
    Busy busy(*state);
    recordEvent(*state, kind, kNone, kNone, reinterpret_cast<uint64_t>(tag), pc);
  }
}

} // namespace

} // namespace threadlint::trace

using namespace threadlint::trace;

TL_EXPORT int TL_HOOK(pthread_create)(pthread_t *thread, const pthread_attr_t *attributes,
                                      void *(*start)(void *), void *argument) {
  PerThread *state = stateOfHook();
  Launch launch{};
  launch.start = start;
  launch.argument = argument;
  uint32_t index = state ? announce(*state, launch, TL_PC(), TL_SLOT()) : kNone;
  if (index == kNone)
    return real.pthread_create(thread, attributes, start, argument);
  int result = real.pthread_create(thread, attributes, runThread, asArgument(index));
  if (result) {
    threadFailed(index);
    return result;
  }
  int isDetached = PTHREAD_CREATE_JOINABLE;
  if (attributes)
    pthread_attr_getdetachstate(attributes, &isDetached);
  threadCreated(index, static_cast<uint64_t>(*thread), isDetached == PTHREAD_CREATE_DETACHED);
  return 0;
}

TL_EXPORT int TL_HOOK(thrd_create)(thrd_t *thread, thrd_start_t start, void *argument) {
  PerThread *state = stateOfHook();
  Launch launch{};
  launch.startC11 = start;
  launch.argument = argument;
  uint32_t index = state ? announce(*state, launch, TL_PC(), TL_SLOT()) : kNone;
  if (index == kNone)
    return real.thrd_create(thread, start, argument);
  int result = real.thrd_create(thread, runC11Thread, asArgument(index));
  if (result != thrd_success)
    threadFailed(index);
  else
    threadCreated(index, static_cast<uint64_t>(*thread), false);
  return result;
}

TL_EXPORT int TL_HOOK(pthread_join)(pthread_t thread, void **value) {
  PerThread *state = stateOfHook();
  if (!state || !real.pthread_clockjoin_np)
    return real.pthread_join(thread, value);
  return join(
      *state, thread, 0, TL_PC(), TL_SLOT(),
      [&](timespec until) {
        return real.pthread_clockjoin_np(thread, value, CLOCK_MONOTONIC, &until);
      },
      [&] { return real.pthread_join(thread, value); });
}

TL_EXPORT int TL_HOOK(thrd_join)(thrd_t thread, int *value) {
  PerThread *state = stateOfHook();
  if (!state || !real.pthread_clockjoin_np)
    return real.thrd_join(thread, value);
  void *result = nullptr;
  int error = join(
      *state, thread, 0, TL_PC(), TL_SLOT(),
      [&](timespec until) {
        return real.pthread_clockjoin_np(thread, &result, CLOCK_MONOTONIC, &until);
      },
      [&] { return real.pthread_join(thread, &result); });
  if (error)
    return thrd_error;
  if (value)
    *value = static_cast<int>(reinterpret_cast<intptr_t>(result));
  return thrd_success;
}

TL_EXPORT int TL_HOOK(pthread_timedjoin_np)(pthread_t thread, void **value, const timespec *until) {
  PerThread *state = stateOfHook();
  auto call = [&] { return real.pthread_timedjoin_np(thread, value, until); };
  return state
             ? join(
                   *state, thread, kNodeTimed, TL_PC(), TL_SLOT(), [](timespec) { return 0; }, call)
             : call();
}

TL_EXPORT int TL_HOOK(pthread_clockjoin_np)(pthread_t thread, void **value, clockid_t clock,
                                            const timespec *until) {
  PerThread *state = stateOfHook();
  auto call = [&] { return real.pthread_clockjoin_np(thread, value, clock, until); };
  return state
             ? join(
                   *state, thread, kNodeTimed, TL_PC(), TL_SLOT(), [](timespec) { return 0; }, call)
             : call();
}

TL_EXPORT int TL_HOOK(pthread_tryjoin_np)(pthread_t thread, void **value) {
  PerThread *state = stateOfHook();
  uint32_t index = state ? threadOfHandle(static_cast<uint64_t>(thread)) : kNone;
  int result = real.pthread_tryjoin_np(thread, value);
  if (state && result == 0) {
    Busy busy(*state);
    threadJoined(*state, index, TL_PC());
  }
  return result;
}

TL_EXPORT int TL_HOOK(pthread_detach)(pthread_t thread) {
  needReal();
  detached(thread);
  return real.pthread_detach(thread);
}

TL_EXPORT int TL_HOOK(thrd_detach)(thrd_t thread) {
  needReal();
  detached(thread);
  return real.thrd_detach(thread);
}

TL_EXPORT int TL_HOOK(pthread_setname_np)(pthread_t thread, const char *name) {
  PerThread *state = stateOfHook();
  int result = real.pthread_setname_np(thread, name);
  uint32_t index = state && result == 0 ? threadOfHandle(static_cast<uint64_t>(thread)) : kNone;
  if (index != kNone)
    appendText(record<Thread>(index).name, sizeof(Thread::name), 0, name);
  return result;
}

// What threadlint/annotate.h calls.

TL_EXPORT void threadlint_trace_lock_name(const void *lock, const char *name) {
  if (PerThread *state = stateOfHook()) {
    Busy busy(*state);
    nameLock(*state, lock, name);
  }
}

TL_EXPORT void threadlint_trace_happens_before(const void *tag) {
  annotate(EventKind::HappensBefore, tag, TL_PC());
}

TL_EXPORT void threadlint_trace_happens_after(const void *tag) {
  annotate(EventKind::HappensAfter, tag, TL_PC());
}

TL_EXPORT void threadlint_trace_acquired(const void *lock, int shared) {
  if (PerThread *state = stateOfHook()) {
    Busy busy(*state);
    takeSlow(*state, viewOf(lock, LockKind::Custom),
             {shared ? Mode::Shared : Mode::Exclusive, 0, TL_PC(), TL_SLOT()});
  }
}

TL_EXPORT void threadlint_trace_released(const void *lock) {
  if (PerThread *state = stateOfHook()) {
    Busy busy(*state);
    releaseSlow(*state, viewOf(lock, LockKind::Custom));
  }
}
