// Trace: what a traced process did with its locks, as plain values.
//
//   record file  --readTrace-->  Trace  --resolveTrace-->  TraceResult  --writers-->  report
//
// Everything refers to everything else by position in the lists below. Code is known by address only; TraceResult has places.
// An acquisition is kept once for each chain of held locks, site, thread and range of epochs, not once for each time it happens.
// An epoch numbers the stretches of one thread between two events that order threads: thread start and end, join, barrier, semaphore.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace threadlint::tracing {

inline constexpr std::uint32_t kNone = 0xffffffff;

enum class LockKind : std::uint8_t {
  Mutex,
  RecursiveMutex,
  ErrorCheckMutex,
  ReaderRwlock, ///< readers pass waiting writers
  WriterRwlock, ///< readers queue behind waiting writers
  Spinlock,
  Once, ///< a once flag or the guard of a static local: held while its initialization runs
  Other,
  Thread, ///< stands for the life of a thread: held by it, waited for by who joins it
};

enum class LockMode : std::uint8_t { Exclusive, Shared };

/// How an acquisition waits.
enum class Way : std::uint8_t {
  Block,
  Timed,
  Try,
  Reacquire, ///< the end of a condition wait
  Join,      ///< of a LockKind::Thread
};

/// A file mapped as code.
struct Module {
  std::string path, buildId; ///< build id in hex; empty = the file has none
  std::uint64_t bias = 0;    ///< address in the process minus address in the file
  bool isLibrary = false;    ///< of the system or the tracer's own: no place of the user's
};

/// A place in code.
struct CodeAddress {
  std::uint32_t module = kNone;
  std::uint64_t address = 0; ///< in the process
  bool isExact = false;      ///< else it is a return address: the call is before it
  bool isWrapper = false;    ///< in a lock wrapper of the standard library
};

struct Lock {
  LockKind kind = LockKind::Mutex;
  std::uint64_t address = 0;
  std::string name;             ///< given by an annotation; empty = none
  std::uint32_t module = kNone; ///< holds it as static data
  std::uint32_t thread = kNone; ///< LockKind::Thread: which one
  bool isPassedOn = false;      ///< some thread released what another one had taken
  std::uint64_t contended = 0;  ///< acquisitions that had to wait
  std::uint64_t acquisitions = 0, holdNs = 0, holdMaxNs = 0, waitNs = 0,
                waitMaxNs = 0; ///< with the option `times`, else 0
};

/// Positions in Trace::code, innermost first.
struct Stack {
  std::vector<std::uint32_t> frames;
  bool isComplete = true;    ///< down to the thread's start
  bool mayBeAnother = false; ///< the callers may be those of another time at this site
};

struct Held {
  std::uint32_t lock = kNone;
  LockMode mode = LockMode::Exclusive;
  std::uint32_t stack = kNone; ///< where it was taken
};

struct EpochRange {
  std::uint32_t first = 0, last = 0; ///< inclusive
  auto operator<=>(const EpochRange &) const = default;
};

struct Acquisition {
  std::uint32_t thread = kNone;
  EpochRange epochs;
  std::uint32_t lock = kNone;
  LockMode mode = LockMode::Exclusive;
  Way way = Way::Block;
  std::uint32_t stack = kNone;
  std::vector<Held> held; ///< outermost first; empty: nothing else was held
  bool isPending = false; ///< it was waited for when the record ended
};

struct Thread {
  std::uint32_t parent = kNone, parentEpoch = 0; ///< who started it, and the last epoch before that
  std::uint32_t nativeId = 0;
  std::string name;
  std::uint32_t entry = kNone; ///< position in Trace::code of the function it starts in
  std::uint32_t stack = kNone; ///< where it was started
  bool isMain = false, hasEnded = false;
};

enum class SyncKind : std::uint8_t {
  Release, ///< what the thread did up to this epoch comes before what later acquires the channel
  Acquire, ///< what the thread does after this epoch comes after what was released into the channel
  Join,    ///< what the thread does after this epoch comes after all that the other one did
};

/// Something that orders threads.
struct Sync {
  SyncKind kind = SyncKind::Release;
  std::uint32_t thread = kNone, epoch = 0; ///< the epoch that it ends
  std::uint64_t channel = 0;               ///< a round of a barrier, a semaphore, ...
  std::uint32_t other = kNone;             ///< of a join
};

enum class IncidentKind : std::uint8_t { Deadlock, SelfDeadlock, Stall };

/// A thread that takes part in a hang: what it waits for is the last acquisition.
struct Waiter {
  std::uint32_t acquisition = kNone;
};

struct Incident {
  IncidentKind kind = IncidentKind::Deadlock;
  std::vector<Waiter> waiters; ///< of a deadlock in the order of the cycle: each waits for the next
  std::uint32_t sleeper = kNone,
                sleeperStack =
                    kNone; ///< of a stall: the thread that holds the lock, and where it sleeps
  std::string
      sleep; ///< what it sleeps in: "a condition wait"; in "a system call", `sleeperStack` is where it took the lock
};

enum class ObservationKind : std::uint8_t {
  HeldAtExit, ///< of the thread
  HeldAcrossFork,
  WaitWithLock, ///< for a condition variable, semaphore or barrier
};

struct Observation {
  ObservationKind kind = ObservationKind::HeldAtExit;
  std::uint32_t thread = kNone, stack = kNone; ///< where it waits, ends or forks; may be unknown
  std::vector<Held> held;
  std::string what; ///< of a wait: "condition variable"
};

/// A place that takes locks and was executed.
struct Coverage {
  std::uint32_t stack = kNone;
};

/// A limit of the runtime that was reached, and how often.
struct Overflow {
  std::string limit;
  std::uint64_t count = 0;
};

struct Trace {
  std::string program; ///< absolute path
  std::string command; ///< as it was typed
  std::uint64_t processId = 0;
  std::string end; ///< how the process ended as far as the record tells: "exit", "killed", ...
  std::vector<Module> modules;
  std::vector<CodeAddress> code;
  std::vector<Lock> locks;
  std::vector<Stack> stacks;
  std::vector<Thread> threads;
  std::vector<Acquisition> acquisitions;
  std::vector<Sync> syncs; ///< in the order of time
  std::vector<Incident> incidents;
  std::vector<Observation> observations;
  std::vector<Coverage> coverage;
  std::vector<Overflow> overflows;
  std::vector<std::string> remarks; ///< what the reader could not use
};

} // namespace threadlint::tracing
