// Threads: registering threads, their ends, what other threads may ask of them, and the announcement of long waits.
#pragma once

#include "tracer/runtime/State.h"

namespace threadlint::trace {

/// What the creator of a thread knows; the trampoline takes it over.
uint32_t announceThread(PerThread &parent, uint64_t startRoutine, uint64_t site);
/// The calling thread is this one (kNone: nobody announced it).
PerThread *enterThread(uint32_t index, uint64_t stackHigh);
void threadCreated(uint32_t index, uint64_t handle, bool detached);
void threadFailed(uint32_t index);
/// Called again and again while destructors of thread-specific data run; the last time ends it.
void leaveThread(void *state);
uint32_t threadOfHandle(uint64_t handle);
/// The joined thread has ended.
void threadJoined(PerThread &state, uint32_t index, uint64_t site);
void readThreadName(PerThread &state);

uint32_t epochOf(uint32_t thread);
void forgetEverywhere(); // every thread's known sites and tuples

/// After fork, in the child: only the calling thread is left, with what it held.
void keepOnlyThisThread();
/// This thread is about to fork: records what the threads hold.
void recordHeldAcrossFork(PerThread &state);

/// While it lives, the thread is shown as waiting.
class WaitScope {
public:
  WaitScope(PerThread &state, Op op, Mode mode, uint32_t flags, uint64_t address, LockKind kind,
            uint32_t object, uint64_t pc);
  ~WaitScope() { end(); }
  /// Before its life ends, when that is not to be.
  void end();
  WaitScope(const WaitScope &) = delete;
  WaitScope &operator=(const WaitScope &) = delete;
  /// It has waited for a while: records the stack.
  void showStack();
  /// The same, and wakes who watches.
  void announce(uint32_t ownerTid);
  uint64_t begunNs() const { return begunNs_; }

private:
  PerThread &state_;
  Waiting outer_;
  uint64_t begunNs_;
};
/// How long a thread waits before it announces that.
inline constexpr uint64_t kPatienceNs = 40000000;

bool openThreads();
void mapWakeWord(const Options &options);

} // namespace threadlint::trace
