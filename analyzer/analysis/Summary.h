// Summary: what a function does, in terms of its parameters, captures and the globals.
//
//   events of a function  --interpret-->  Summary  --instantiate at a call-->  the caller's Summary  ...  a thread's events
//
// Every effect carries a context that is relative to the function's entry: locks taken here, the caller's locks released
// here, threads spawned here and still running, threads of the caller joined here. Instantiating a summary substitutes the
// arguments and puts the caller's own context in front, so a lock that a callee unlocks and relocks is exact.
//
// Left out: effects behind more than kMaxDepth derefs (Terms), and what a cap cut off (Summary::truncated).
// Source: bottom-up access-path summaries with relative locksets after RELAY (Voung, Jhala, Lerner 2007) and RacerD (Blackshear et
// al. 2018); path-sensitive lock states by property simulation after ESP (Das, Lerner, Seigle 2002).
#pragma once

#include "analyzer/analysis/Terms.h"
#include "analyzer/program/Program.h"

#include <memory>
#include <vector>

namespace threadlint {

using WitnessId = std::uint32_t;
using ContextId = std::uint32_t;
inline constexpr WitnessId kNoWitness = 0;

/// One step of a trace; `next` is the step inside the callee, kNoWitness at the event itself.
struct Witness {
  FunctionId function = 0;
  SourceRange range;
  WitnessId next = kNoWitness;
  TermList held; ///< locks this frame holds here, in its own terms
};

struct HeldLock {
  Term lock = 0; ///< location of the lock
  LockMode mode = LockMode::Exclusive;
  std::uint8_t depth =
      1; ///< recursive acquisitions; 0: never taken, it may guard an access in another way
  bool may = false; ///< lost by a forced join: never suppresses, gives medium edges
  WitnessId witness = kNoWitness;
  bool isSpin = false;    ///< an atomic object or a semaphore that serves as a lock
  bool isPermit = false;  ///< a semaphore
  bool isPrivate = false; ///< taken when only this thread could reach its object
};

struct LiveThread {
  Term thread = 0, handle = 0; ///< handle: location, or kUnknownTerm
  bool joinable = true;
  bool repeated = false;  ///< spawned again while an earlier one may still run
  bool aged = false;      ///< spawned in an earlier round of the loop around the spawn
  bool may = false;       ///< only one side of a forced join knows it
  bool mayRepeat = false; ///< `repeated` rests on such a join
  SpawnKind kind = SpawnKind::PThread;
  std::vector<Term> under{}; ///< locks held exclusively ever since it was started; sorted
  /// The same spawn runs again while this one may be live.
  void repeat() {
    mayRepeat = may && (!repeated || mayRepeat);
    may = false;
    repeated = true;
  }
  bool operator==(const LiveThread &) const = default;
};

struct Context {
  std::vector<HeldLock> held;   ///< in order of acquisition
  std::vector<Term> released;   ///< sorted
  std::vector<LiveThread> live; ///< sorted by thread
  std::vector<Term> joined;     ///< threads or handle locations of the caller; sorted
  std::vector<Term>
      order; ///< synchronisation facts that order this step after another thread's (release/acquire flags)
  std::vector<Term> ended; ///< joined threads that leave others running or joined others; sorted
  std::vector<Term>
      past; ///< locks that were taken at some time on every way here, and tokens; sorted
};

struct Access {
  Term location = 0;
  bool isWrite = false;
  bool isLate = false;     ///< behind a late call, whose target and conditions are a guess
  std::uint32_t flags = 0; ///< Flag::Atomic, Mutator, Initialization, Volatile
  ContextId context = 0;
  WitnessId witness = kNoWitness;
};

struct Acquisition {
  Term lock = 0;
  LockMode mode = LockMode::Exclusive;
  bool isTry = false;
  bool isWrap = false;     ///< the next element, modulo the number of elements, of one that is held
  std::uint32_t group = 0; ///< members of one std::lock/scoped_lock share a number > 0
  ContextId context = 0;   ///< before it
  WitnessId witness = kNoWitness;
  std::vector<Term>
      compared; ///< comparisons of two unknowns that hold here: `a < b`, `this != &other`
};

struct Spawn {
  Term callable = 0;
  std::vector<Term> args;
  Term thread = 0, handle = 0;
  SpawnKind kind = SpawnKind::PThread;
  bool detached = false;
  bool isFirstOnly = false; ///< only where a global was found to be zero, which is set there
  Term finishes = 0;        ///< address of what it signals by ending
  bool isOneObject = false; ///< split off by ThreadModel: for one of several objects, each once
  std::vector<Term>
      variant; ///< captures and arguments that differ from one repetition of the spawn to the next
  ContextId context = 0; ///< before it
  WitnessId witness = kNoWitness;
};

/// A pointer stored where others can load it: input of points-to.
struct PointerStore {
  Term location = 0, value = 0;
};

enum class DefectKind : std::uint8_t {
  SelfDeadlock, ///< lock, other = witness of the first acquisition
  LeakOnPath,   ///< held at one exit, released at another
  DoubleUnlock,
  Unjoined, ///< handle destroyed, overwritten or out of scope while joinable
  UnlockOfNothing, ///< released here for the caller, but elsewhere the function takes it itself; other = there
  WaitUnlocked, ///< a condition variable is waited on with a mutex that was given back
};

/// A defect of one thread, found where its two sides meet; classified when the lock is known.
struct Defect {
  DefectKind kind = DefectKind::SelfDeadlock;
  Term subject = 0; ///< lock, or thread
  LockMode mode = LockMode::Exclusive, otherMode = LockMode::Exclusive;
  WitnessId witness = kNoWitness, other = kNoWitness;
  bool may = false; ///< rests on a forced join or an unknown
  SpawnKind spawnKind = SpawnKind::PThread;
  bool isThrown = false; ///< Unjoined: while an exception leaves the function
};

/// A lock is given back while a thread that was started under it may run, or after it ended.
struct Exposure {
  Term thread = 0, lock = 0;
  ContextId context = 0; ///< before the release
  bool isEnded = false;
  auto operator<=>(const Exposure &) const = default;
};

/// What a wait is for, other than a lock.
enum class WaitKind : std::uint8_t { Join, Condition, Semaphore, Barrier, Latch, Future };

/// A step that blocks, without a limit of time, until another thread does something.
struct Wait {
  WaitKind kind = WaitKind::Join;
  Term object =
      0; ///< Join: thread, address of the handle, or what it holds; else the location waited on
  ContextId context = 0; ///< before it; without the locks the wait itself gives back
  WitnessId witness = kNoWitness;
  std::vector<Term> own{}; ///< locks the wait gives back while it lasts
};

/// A step that lets waiters go on: notify, post, set_value, arrive.
struct Signal {
  WaitKind kind = WaitKind::Condition;
  Term object = 0;
  std::vector<Term> needs; ///< locks and threads surely taken and joined on the way here; sorted
  ContextId context = 0;
  WitnessId witness = kNoWitness;
  /// Condition: atomic or volatile locations changed just before, with no lock taken or given back in between.
  std::vector<Term> changed{};
};

/// A call of a callable nobody in view knows.
struct Callback {
  Term callable = 0; ///< or the object of a virtual call
  Term place = 0;    ///< where it was loaded from
  std::vector<Term> args;
  ContextId context = 0;
  WitnessId witness = kNoWitness;
};

/// The field of a once flag or static local that stands for the lock its first user holds.
inline constexpr FieldId kGuardField = kNone - 3;
bool isGuardLock(const Terms &terms, Term lock);

enum class LockAttribute : std::uint8_t { Normal, Recursive, ErrorCheck, Unknown };
struct LockSetup {
  Term lock = 0;
  LockAttribute attribute = LockAttribute::Normal;
  bool isEnd = false; ///< the lock is destroyed instead
};

enum class ExitKind : std::uint8_t { Return, Throw, ThreadExit };

struct Fact {
  Term value = 0;
  bool equal = true;
  std::int64_t constant = 0;
  auto operator<=>(const Fact &) const = default;
};

enum class Engaged : std::uint8_t { No, Yes, Maybe };

struct GuardState {
  Term guard = 0;
  std::vector<Term> locks;
  LockMode mode = LockMode::Exclusive;
  Engaged engaged = Engaged::No;
  auto operator<=>(const GuardState &) const = default;
};

/// What this thread alone has, because it took it out of a shared place under a lock: the value that the place held, an object
/// or a number. Whoever gets at it by the same rule holds the lock, so the lock guards it although it is no longer held.
struct Taken {
  Term value = 0, lock = 0;
  Term rest = 0; ///< what the place holds now: not taken
  bool isIndex = false;
  bool may = false; ///< on some ways only looked at
  auto operator<=>(const Taken &) const = default;
};

/// One way through a function.
struct Exit {
  WitnessId witness = kNoWitness; ///< the return, where one is written
  ExitKind kind = ExitKind::Return;
  Context context;
  Term result = 0;
  std::vector<Fact> facts;                   ///< about values the caller knows
  std::vector<std::pair<Term, Term>> memory; ///< stores the caller sees
  std::vector<GuardState> guards;            ///< on objects that outlive the frame
  std::vector<Taken> taken;                  ///< sorted
  std::vector<Term> needs; ///< locks surely taken and threads surely joined on the way; sorted
};

/// A call whose target is not known where it stands: through a container's element, a big table, a pointer that another
/// thread stored. ThreadModel resolves it once the stores of all threads are known.
struct LateCall {
  Term callable = 0;
  std::vector<Term> args;
  std::vector<Term> owned; ///< frame objects among the arguments that only this thread can reach
  ContextId context = 0;
  WitnessId witness = kNoWitness;
};

/// The mutex of a wait on a condition variable that the caller has to hold.
struct WaitNeed {
  Term lock = 0;
  WitnessId witness = kNoWitness;
  std::vector<Term>
      held; ///< here, under names of their own: one of them may turn out to be that mutex
};

struct Summary {
  std::vector<Exit> exits;
  std::vector<WaitNeed> waitNeeds;
  std::vector<Access> accesses;
  std::vector<Acquisition> acquisitions;
  std::vector<Spawn> spawns;
  std::vector<PointerStore> stores;
  std::vector<LateCall> lateCalls;
  std::vector<Defect> defects;
  std::vector<LockSetup> setups;
  std::vector<Wait> waits;
  std::vector<Signal> signals;
  std::vector<Callback> callbacks;
  std::vector<std::pair<Term, std::int64_t>>
      permits;                                   ///< semaphores with their first count, -1 unknown
  std::vector<std::pair<Term, ContextId>> joins; ///< every joined or detached handle
  std::vector<std::pair<Term, WitnessId>>
      releases; ///< the caller's locks, where they are released first
  std::vector<Exposure> exposed;
  std::vector<Term>
      unheldPosts; ///< semaphores posted here that may be locks and were not taken here; sorted
  std::vector<std::pair<Term, Term>>
      batons; ///< a semaphore taken here, and the one posted here instead of it; sorted
  std::vector<Term> interrupted; ///< the caller's locks that others can take meanwhile; sorted
  bool detachesItself = false;
  bool truncated = false, isKnown = false;
};

} // namespace threadlint
