// Record: the trace file, as the traced process writes it and as the reader finds it.
//
//   hooks in the process  =>  tables in a MAP_SHARED file  =>  tracer/report (model, cycles, reports)
//                                          ^ the launcher appends the incidents it sees live
//
// One file per process (and per image, after exec). A file is a Header and then tables of equal-sized records; the header's
// descriptors say where each table starts, how large its records are and how many there are. Everything is little-endian, naturally
// aligned, and readable while the process runs or after it was killed:
// - Tables are append-only. A record counts once its first word, `published`, is not 0; it is stored last. `count` may run ahead of
//   published records (a writer was killed between) and, when a limit was hit, ahead of `capacity`: readers take the smaller and
//   skip what is not published. `dropped` counts what found no room. Only the fields marked "live" change after publishing.
// - References are indices into tables; kNone means nothing. Strings are offsets into the string table, 0 is the empty string.
// - A later version may append tables, append fields to records (use `recordSize` as the stride), and add enumerators; readers skip
//   what they do not know. Another kFormatVersion is another format.
//
// What is held and in which order is a tree of nodes: a node is "object taken at site, while the parent node was the newest held".
// The held set of a node is the path to the root. Who did so and when is a tuple (thread, node, epochs).
//
// Happens-before: each thread counts epochs, from 1. An Event with epoch e ends epoch e of its thread: what the thread did in epochs
// <= e came before the event, what it did in epochs > e comes after it. Events that were left out (sampling, a full table) end no
// epoch, so what is recorded is always sound; only fewer things are known to be ordered.
#pragma once

#include <cstdint>

namespace threadlint::trace {

inline constexpr char kMagic[8] = {'T', 'L', 'T', 'R', 'A', 'C', 'E', '\n'};
inline constexpr uint32_t kFormatVersion = 1;
inline constexpr uint32_t kByteOrderMark = 0x01020304;
inline constexpr uint32_t kNone = 0xffffffff;
inline constexpr char kFileSuffix[] = ".tlt";

/// Position of each table in Header::tables.
enum class TableKind : uint32_t {
  Strings, // bytes; NUL-terminated, the first byte is NUL; `count` is in bytes and all below it is readable
  Modules,      // Module
  Frames,       // Frame: distinct code addresses
  StackFrames,  // uint32_t: frame indices, innermost first; named by Stack
  Stacks,       // Stack
  Threads,      // Thread: every thread that ever ran
  Blocks,       // Block: live state, one per running thread, reused
  Spills,       // Spill: held locks past kInlineHeld
  Locks,        // Lock: also barriers, semaphores, condition variables that took part in something
  Nodes,        // Node
  Tuples,       // Tuple
  Events,       // Event
  Sites,        // Site: coverage of acquisition sites
  Incidents,    // Incident
  Participants, // Participant
  Suppressions, // not used yet
};
inline constexpr uint32_t kTableCount = 16; // in use
inline constexpr uint32_t kTableSlots = 32; // room in the header; the rest is zero

struct Table {
  uint64_t offset;     // from the start of the file
  uint64_t capacity;   // records
  uint64_t count;      // live: records begun
  uint64_t dropped;    // live: records without room (limit, or no memory left)
  uint32_t recordSize; // 0: the table does not exist
  uint32_t reserved;
  uint64_t
      populated; // live: the records that memory is known to be there for: who maps the file must not touch later ones
};

/// What a run counted that has no record. Position in Header::counters.
enum class Counter : uint32_t {
  HeldOverflow,     // acquisitions not put on a full held stack
  ThreadOverflow,   // threads without a block, not traced
  SignalInHook,     // hook calls by a signal handler that interrupted a hook; passed on unrecorded
  StackTruncated,   // stacks cut at stack-depth
  StackBroken,      // stacks that could not be walked to their end
  UnlockNotHeld,    // unlocks of what no thread was known to hold
  UnlockByOther,    // unlocks by another thread than the one that took the lock
  EventsSampled,    // repeated events left out
  ProcessNotTraced, // forked children for which no file could be made
  OutOfMemory,      // a table could not grow: the file system is full
  UnknownThreads,   // threads not started by pthread_create, or started before the library
  CacheFlushes,     // of no meaning to users: caches emptied because a library was unloaded
  SlowPaths,        // of no meaning to users: acquisitions that left the hot path
};
inline constexpr uint32_t kCounterSlots = 32;

enum class ProcessState : uint32_t {
  Starting,
  Running,
  Exited /* exit or _exit was called */,
  Executed /* exec replaced the image */
};
enum class Machine : uint32_t { X86_64 = 62, AArch64 = 183 }; // ELF's numbers

struct Header {
  char magic[8];
  uint32_t version;
  uint32_t byteOrder;
  uint32_t headerSize; // of this struct
  uint32_t machine;
  uint64_t fileSize; // the file is at least as long
  uint32_t state;    // live: ProcessState
  uint32_t
      exitStatus; // live: the argument of exit; the launcher stores the wait status of its child in waitStatus
  uint32_t waitStatus; // live: as from waitpid, valid when hasWaitStatus
  uint32_t hasWaitStatus;
  uint32_t pid;
  uint32_t parentPid;
  uint32_t forkedFrom;  // pid of the traced process this one was forked from, 0: started by exec
  uint32_t imageNumber; // 0, then 1, 2, ... after each exec of the same pid
  uint64_t wallClockNs; // at start; all other times are CLOCK_MONOTONIC in ns
  uint64_t startNs;
  uint64_t endNs;      // live: 0 while running or after a kill
  uint32_t command;    // string: arguments, separated by one space
  uint32_t executable; // string: path
  uint32_t folder;     // string: working folder at start
  uint32_t options;    // string: THREADLINT_TRACE_OPTIONS in effect
  uint64_t sequence;   // live: source of Event::sequence
  uint32_t
      waiters; // live, futex: rises when a thread has been waiting for a while; the launcher sleeps on it
  uint32_t libraryVersion;
  uint32_t pageSize;
  uint32_t reserved[15];
  uint64_t counters[kCounterSlots]; // live
  Table tables[kTableSlots];
};

enum ModuleFlag : uint32_t {
  kModuleMain = 1,
  kModuleStandardLibrary = 2,
  kModuleTracer = 4,
  kModuleVdso = 8
};

/// A loaded executable or library. Two records may have overlapping addresses when one was unloaded.
struct Module {
  uint32_t published;
  uint32_t path;       // string, absolute
  uint64_t bias;       // run-time address minus the address in the file
  uint64_t start, end; // run-time addresses
  uint64_t loadedSequence;
  uint64_t unloadedSequence; // live: 0 while loaded
  uint32_t flags;            // ModuleFlag
  uint32_t buildIdSize;
  uint8_t buildId[32];
};

enum FrameFlag : uint32_t {
  kFrameExact =
      1, // the address itself was executing (interrupted by a signal); otherwise it is a return address: look up pc - 1
  kFrameWrapper =
      2, // inside a lock wrapper of the standard library (std::mutex::lock, lock_guard's constructor, ...)
};

/// A distinct code address. Resolved to its module when first seen, so it survives dlclose.
struct Frame {
  uint32_t published;
  uint32_t module; // or kNone
  uint64_t pc;     // run-time address; in the file it is pc - Module::bias
  uint32_t flags;  // FrameFlag
  uint32_t reserved;
};

enum StackFlag : uint32_t { kStackTruncated = 1, kStackBroken = 2 };

struct Stack {
  uint32_t published;
  uint32_t flags; // StackFlag
  uint32_t first; // index into StackFrames
  uint32_t count;
  uint64_t hash;
};

enum ThreadFlag : uint32_t {
  kThreadMain = 1,
  kThreadDetached = 2,
  kThreadForeign = 4 /* not seen being created */,
  kThreadFailed = 8
};
enum class RunState : uint32_t { Created, Running, Ended, Joined };

struct Thread {
  uint32_t published;
  uint32_t tid;    // live: of the kernel; 0 before it runs
  uint64_t handle; // pthread_t
  uint32_t parent; // thread, or kNone
  uint32_t
      createEpoch;   // of the parent: what it did in epochs <= createEpoch came before this thread
  uint32_t flags;    // live: ThreadFlag
  uint32_t state;    // live: RunState
  uint32_t joinedBy; // live: thread, or kNone
  uint32_t
      joinEpoch; // live: of joinedBy: what it does in epochs > joinEpoch comes after this thread
  uint32_t lastEpoch;   // live: set when it ends
  uint32_t block;       // live: its Block while it runs, else kNone
  uint32_t startFrame;  // frame of the start routine's entry (flag kFrameExact), or kNone
  uint32_t createSite;  // frame, or kNone
  uint32_t createStack; // stack, or kNone
  uint32_t joinSite;    // live: frame, or kNone
  uint64_t startNs;
  uint64_t endNs; // live
  char name[16];  // live: as of prctl, pthread_setname_np; NUL-terminated
  uint64_t stackLow, stackHigh;
};

enum class LockKind : uint8_t {
  Mutex,
  RwLock,
  Spin,
  Once,
  StaticGuard,
  Semaphore,
  Barrier,
  Condition,
  Custom
};
enum LockFlag : uint16_t {
  kLockRecursive = 1,
  kLockErrorCheck = 2,
  kLockRobust = 4,
  kLockProcessShared = 8,
  kLockPriorityInherit = 16,
  kLockWriterPreferred = 32, // rwlock: a waiting writer keeps new readers out
  kLockAdaptive = 64,
  kLockNamed = 128,
  kLockPassedOn =
      256, // live: one thread took it and another one released it: that a thread holds it says little
};

/// A lock or other object that threads wait for, from its first use until it is destroyed or another one is made at its address.
struct Lock {
  uint32_t published;
  uint8_t kind; // LockKind
  uint8_t reserved0;
  uint16_t flags; // LockFlag
  uint64_t address;
  uint32_t generation; // 0, then 1, 2, ... for later locks at the same address
  uint32_t name;       // live: string, from THREADLINT_LOCK_NAME, or 0
  uint32_t
      module; // holds the address as static data (name it with the symbolizer's data look-up), or kNone
  uint32_t firstSite; // frame of its first recorded use, or kNone
  uint32_t firstThread;
  uint32_t firstStack;  // stack, or kNone
  uint64_t destroyedNs; // live: 0 while alive (as far as is known)
  // Live, since the first recorded use. Contention is always counted; the rest with the option `times`.
  uint64_t contended; // acquisitions that had to wait
  uint64_t waitNs, waitMaxNs;
  uint64_t acquisitions;
  uint64_t holdNs, holdMaxNs;
  uint32_t holdMaxSite; // frame that took it for holdMaxNs, or kNone
  uint32_t waitMaxSite; // frame that waited waitMaxNs, or kNone
};

enum class Op : uint8_t {
  Acquire,       // a lock was taken: mutex, rwlock, spinlock, once, static guard
  CondReacquire, // a condition wait takes its mutex again while the parent's locks are held (`companion`: the condition variable)
  CondWait, // waits for a condition variable while the parent's locks, without the wait's own mutex, are held; parent may be kNone
  Join,     // waits for the end of a thread; `object` is a thread
  SemWait,  // object: a Lock of kind Semaphore
  BarrierWait, // object: a Lock of kind Barrier
  Fork,        // forks while the parent's locks are held; object kNone
  ThreadExit,  // a thread ended while the parent's locks were held; object kNone
};
enum class Mode : uint8_t { Exclusive, Shared };
enum NodeFlag : uint16_t {
  kNodeTry = 1,   // by a try function: never waits
  kNodeTimed = 2, // by a timed function: waits a bounded time
  kNodeDerived =
      4, // not an acquisition: what was left of a chain when a lock below was released first
  kNodeFailed =
      8, // a try or timed acquisition that failed, or one that gave an error: nothing is held after it
  kNodeAgain =
      16, // a recursive acquisition, or a shared one while shared is held: the object is already in the held set
  kNodeOnceDone =
      32, // a Once or StaticGuard that had run already: did not wait here, could have in another schedule
  kNodeCutShort = 64, // the held set is incomplete: the held stack was full
  kNodeSiteStack =
      128, // live: `stack` is of the first time at this site, maybe with another caller
};

/// "object was taken (waited for) at site, while parent was the newest node held".
struct Node {
  uint32_t published;
  uint8_t op;      // Op
  uint8_t mode;    // Mode
  uint16_t flags;  // NodeFlag
  uint32_t parent; // node, or kNone: nothing else was held
  uint32_t object; // lock, or thread for Op::Join
  uint32_t site;   // frame: first return address outside the standard library's wrappers
  uint32_t stack;  // stack of the first time, or kNone
  uint32_t depth;  // length of the path to the root, 1 = no parent
  uint32_t
      companion; // lock: the condition variable or, for CondWait, the mutex that was let go; else kNone
  uint64_t hash;
};

struct EpochRange {
  uint32_t first, last; // inclusive
};
inline constexpr uint32_t kRanges = 4;

/// A thread that came by a node, in which of its epochs. With more than kRanges separate epochs the last range stretches.
struct Tuple {
  uint32_t published;
  uint32_t thread;
  uint32_t node;
  uint32_t rangeCount;        // live
  EpochRange ranges[kRanges]; // live
  uint64_t firstNs;
};

enum class EventKind : uint8_t {
  ThreadCreate, // other: the new thread
  ThreadStart,  // other: parent
  ThreadEnd,
  ThreadJoin,    // other: the joined thread; everything it did came before
  BarrierArrive, // object: lock of kind Barrier; value: round, from 0
  BarrierLeave,  // value: the same round. All arrivals of a round come before all its departures
  SemPost,       // object: lock of kind Semaphore
  SemWait, // value: 1 when no unit was left afterwards (then every earlier post was needed), else 0
  CondSignal, // object: lock of kind Condition
  CondBroadcast,
  CondWake,      // a wait that was not timed out returned
  HappensBefore, // annotation; value: the user's tag. Every HappensBefore comes before later HappensAfter of the same tag
  HappensAfter,
  OnceDone,    // object: lock of kind Once; the routine ran in this thread
  OncePassed,  // the routine had been run
  LockRelease, // reserved
  Fork,        // about to fork; the child's own file names this process in forkedFrom
  Exec,
  ModuleLoad, // value: module
  ModuleUnload,
  HeldAtThreadEnd, // other: node held when the thread ended
  HeldAcrossFork, // other: node held by `thread` while another thread, or itself (value: 1), forked
};

struct Event {
  uint32_t published;
  uint8_t kind; // EventKind
  uint8_t reserved0[3];
  uint32_t thread;
  uint32_t epoch;    // the epoch of `thread` that this event ends, see above
  uint64_t sequence; // order among all events of the process
  uint64_t value;
  uint32_t object; // lock, or kNone
  uint32_t other;
  uint64_t ns;
  uint32_t site; // frame, or kNone
  uint32_t reserved1;
};

/// An acquisition site that was executed.
struct Site {
  uint32_t published;
  uint32_t frame;
  uint8_t kind;   // LockKind of the first time
  uint8_t mode;   // Mode of the first time
  uint16_t flags; // NodeFlag of the first time
  uint32_t thread;
  uint32_t stack; // or kNone
  uint32_t reserved;
};

inline constexpr uint32_t kInlineHeld = 128;
inline constexpr uint32_t kSpillHeld = 8192;

enum HeldFlag : uint16_t {
  kHeldTry = 1,
  kHeldTimed = 2,
  kHeldWaiting = 4 /* let go inside a condition wait */,
  kHeldGone = 8 /* released by another thread */
};

/// A lock that a thread holds now.
struct Held {
  uint64_t address;
  uint64_t hash;    // of the chain up to here; 0: not needed yet
  uint64_t pc;      // return address that `Node::site` will name
  uint64_t sinceNs; // with the option `times`, else 0
  uint32_t lock;    // or kNone: not given a record yet; then the address identifies it
  uint32_t node;    // or kNone: not needed yet
  uint32_t count;   // recursive acquisitions
  uint8_t mode;     // Mode
  uint8_t kind;     // LockKind
  uint16_t flags;   // HeldFlag
};

enum WaitFlag : uint16_t {
  kWaitTimed = 1,
  kWaitSelf = 2 /* the thread itself holds it: hangs for sure */
};

/// What a thread waits for now; valid when sequence is odd.
struct Waiting {
  uint32_t sequence; // odd: waiting; each wait has its own
  uint8_t op;        // Op
  uint8_t mode;      // Mode
  uint16_t flags;    // WaitFlag
  uint64_t address;  // of the lock; handle of the thread for Op::Join
  uint64_t pc;
  uint64_t sinceNs;  // 0 until it has waited for a while
  uint32_t object;   // lock, thread for Op::Join, or kNone
  uint32_t stack;    // stack, once it has waited for a while, else kNone
  uint32_t ownerTid; // as the lock itself says, 0 if it does not
  uint32_t kind;     // LockKind
};

/// The live state of a thread. Read it while the process runs only with care: copy, then check that waiting.sequence is the same.
struct Block {
  uint32_t published; // 0: free
  uint32_t thread;
  uint32_t depth; // held locks, those in the spill too
  uint32_t epoch; // the current one
  uint32_t spill; // spill that holds entries kInlineHeld.., or kNone
  uint32_t lost;  // held locks that are not on the stack
  Waiting waiting;
  uint64_t reserved[7];
  Held held[kInlineHeld];
};

struct Spill {
  uint32_t published;
  uint32_t thread;
  uint64_t reserved;
  Held held[kSpillHeld];
};

enum class IncidentKind : uint8_t { Deadlock, SelfDeadlock, Stall };

/// A hang that was seen while it hung.
struct Incident {
  uint32_t published;
  uint8_t kind; // IncidentKind
  uint8_t reserved0[3];
  uint32_t first; // index into Participants
  uint32_t count;
  uint64_t formedNs; // when the last participant began to wait, as far as known
  uint64_t reportedNs;
};

/// A thread in an incident, in the order of the cycle: each waits for the next, the last for the first. In a stall the last one is
/// the owner that sleeps.
struct Participant {
  uint32_t published;
  uint32_t incident;
  uint32_t thread;
  uint8_t op;      // Op it waits in
  uint8_t mode;    // Mode
  uint16_t flags;  // WaitFlag
  uint32_t object; // lock, thread for Op::Join, or kNone: see address
  uint32_t site;   // frame, or kNone
  uint32_t stack;  // where it waits; or kNone
  uint32_t node;   // newest node it holds (its path gives where each lock was taken), or kNone
  uint64_t address;
  uint32_t kind; // LockKind
  uint32_t pid;  // of the process, when it is another one of the tree; else 0
};

} // namespace threadlint::trace
