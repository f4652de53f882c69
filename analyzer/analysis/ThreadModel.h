// ThreadModel: the threads of a program, what each does in one common naming, and which may happen in parallel.
//
//   summaries of main, of spawned entries, of a library's functions  =>  ThreadInstance tree  =>  mayHappenInParallel
//
// A thread is a creation history: its parent and the spawn. Its effects are instantiated with the arguments of the spawn, so
// two threads with one entry and different arguments touch different things. A spawn that can happen again while the earlier
// thread still runs makes a thread that is parallel with itself.
//
// A database with several `main`s gives one tree each. Code that no entry reaches, and a library's externally callable
// functions, are roots of kind Interface.
// A join by another thread than the creator counts when the handle can be one thread's only.
// Left out: threads started by code we do not see.
#pragma once

#include "analyzer/analysis/Engine.h"
#include "analyzer/analysis/PointsTo.h"

#include <deque>
#include <map>
#include <optional>
#include <set>

namespace threadlint {

using ThreadId = std::uint32_t;
inline constexpr ThreadId kNoThread = 0xffffffffu;

enum class RootKind : std::uint8_t { Main, Spawned, Interface };

struct ThreadInstance {
  RootKind kind = RootKind::Main;
  FunctionId entry = 0;
  ThreadId parent = kNoThread;
  std::uint32_t tree = 0;
  Term thread = 0; ///< its name in the parent's live sets
  Term handle = 0;
  SpawnKind spawnKind = SpawnKind::PThread;
  bool detached = false;
  bool parallelWithItself = false;
  bool surelyRepeats = false; ///< not only by a forced join
  bool isOneObject = false;   ///< started for one of several objects, each once
  bool isFirstOnly =
      false; ///< started only where a global was found to be zero, which is set there
  std::vector<ContextId> spawnContexts;
  std::vector<Term> variant; ///< what each repetition has of its own
  std::vector<Term> given;   ///< arguments and captures
  WitnessId spawnWitness = kNoWitness;
  std::unordered_map<FunctionId, SourceRange>
      spawnSteps;                   ///< of that witness: where each function on the way goes on
  const Summary *summary = nullptr; ///< in the entry's own terms: exits
  std::vector<Access> accesses;
  std::size_t largestPart = 0; ///< most accesses of the entry or of one function it calls late
  std::vector<Acquisition> acquisitions;
  std::vector<Defect> defects;
  std::vector<LockSetup> setups;
  std::vector<Term> joins;       ///< handles joined or detached
  std::vector<Term> selfHandles; ///< where it puts its own handle
  std::vector<ContextId> exitContexts;
  std::vector<Exposure> exposed;
  std::vector<Wait> waits;
  std::vector<Signal> signals;
  std::vector<Callback> callbacks;
  std::vector<std::pair<Term, std::int64_t>> permits;
  std::vector<std::pair<Term, Term>> batons; ///< semaphore taken, and posted instead of it
  std::vector<Term> unheldPosts;             ///< semaphores posted without having been taken
  std::vector<LiveThread> leftOver;          ///< children that may still run when it ends
  std::set<Term> posts;                      ///< what it signals: addresses
  /// Locks its creators hold, exclusively, for as long as it runs: nobody else can take them meanwhile.
  std::vector<std::pair<Term, ThreadId>> inherited;
  bool isExported = false; ///< Interface of a unit without main: others call it
  bool isStartup = false;  ///< Interface that has ended before anybody can call another one
  bool isCallback = false; ///< Interface that only code outside the program can call
};

/// One set of threads that can meet: a `main` with its threads, or a library.
struct ThreadTree {
  bool hasMain = false;
  std::vector<ThreadId> threads;
};

class ThreadModel {
public:
  ThreadModel(Engine &engine);

  std::vector<ThreadInstance> threads;
  std::vector<ThreadTree> trees;

  /// Maybe: two threads, if what a forced join mixed up was right.
  enum class Relation : std::uint8_t { No, Maybe, Threads, Interfaces };
  /// Whether a step of `a` in context `inA` and one of `b` in `inB` may happen in parallel, and on what ground.
  Relation parallel(ThreadId a, ContextId inA, ThreadId b, ContextId inB) const;
  /// Whether an object that two repetitions of a thread both get at is made by each of them, or by the creator that each of them has.
  bool isOwnOfEach(ThreadId id, Term object, Term first, Term second) const;
  /// parallel(), less what is ordered or excluded.
  /// What a thread, or a creator of its, was given that its repetitions were not; of an address the place as well.
  std::vector<Term> ownOf(ThreadId id) const;
  Relation meeting(ThreadId a, ContextId inA, ThreadId b, ContextId inB) const;
  /// Two steps ordered by a signal and the wait for it.
  bool ordered(ThreadId a, ContextId inA, ThreadId b, ContextId inB) const;
  /// Whether the step of a creator may be one of its preparations: it has signalled nothing yet, and the thread has waited already.
  bool mayPrepare(ThreadId creator, ContextId in, ThreadId thread, ContextId inThread) const;
  /// A lock that one of the threads lives under by inheritance and the other holds itself, or lives under by another creator.
  bool excludedByCreator(ThreadId a, ContextId inA, ThreadId b, ContextId inB) const;
  /// Adds what the roots reach to `seen`; does not look behind what is in it already.
  void reach(const std::vector<FunctionId> &roots, std::set<FunctionId> &seen) const;
  /// The main, interface or orphan thread that `id` descends from.
  const ThreadInstance &rootOf(ThreadId id) const { return threads[paths_[id][0]]; }
  PointsTo &pointsTo() { return pointsTo_; }

private:
  Engine &engine_;
  PointsTo pointsTo_;
  std::unordered_map<SiteId, ThreadId> frames_; ///< the call that stands for the start of a thread
  ThreadId makerOf(Term location) const;
  std::vector<std::vector<ThreadId>>
      paths_;                 ///< by thread: its creators, the root first, and itself
  std::vector<bool> repeats_; ///< by thread: it or a creator of it runs several times
  std::vector<bool> surelyRepeats_;
  void addMain(FunctionId main);
  void addInterfaces();
  bool givesBack(FunctionId id, unsigned depth) const;
  void settlePermits();
  void instantiate(ThreadId id, const Target &target, SiteId site);
  const LiveThread *findLive(Term thread, ContextId context) const;
  /// Where a function runs that a thread calls late.
  struct Place {
    ContextId context = 0;
    WitnessId witness = kNoWitness;
    std::vector<Term> owned;
    unsigned depth = 0;
  };
  /// Adds to a thread what a function does that it runs at `place`.
  void absorb(ThreadId id, const Target &target, SiteId site, const Place &place);
  void splitByObject(const Spawn &spawn, std::vector<Spawn> &each);
  void bear(ThreadId id, const std::vector<Spawn> &spawns);
  void noteRepeats(ThreadInstance &child, const std::vector<ContextId> &contexts, bool isOneRound);
  std::map<std::vector<Term>, ThreadId>
      born_; ///< by parent, name in it, entry and arguments; several late calls may start one
  // Calls and spawns whose target is a pointer, resolved when all stores are known (LateCalls.cpp).
  struct Pending {
    ThreadId thread = 0;
    bool isSpawn = false;
    bool isOfTable = false; ///< loaded from a variable with static storage
    Spawn spawn;
    Term callable = 0;
    std::vector<Term> args;
    Place place;
  };
  /// Makes a key tell apart what is called and with what.
  static void addTarget(std::vector<Term> &key, const Target &target);
  std::vector<Pending> pending_;
  std::set<std::vector<Term>> resolved_; ///< thread, context and target of what is done
  std::set<FunctionId> calledLate_;
  struct Nested { ///< an acquisition under the locks of a late call
    ThreadId thread = 0;
    Acquisition acquisition;
    ContextId outer = 0;
  };
  std::vector<Nested> nested_;
  void resolveLateCalls();
  Term originOf(Term value) const;
  std::vector<Target> lateTargets(Term callable, const std::vector<Term> &args);
  void findNestedDeadlocks();
  WitnessId takenBefore(const ThreadInstance &thread, Term lock, WitnessId call,
                        WitnessId recorded) const;
  Context inside(const Context &outer, Context inner) const;
  void findInherited();
  bool isOnlyOne(ThreadId id, Term handle) const;
  bool isJoined(ThreadId id, const Context &context) const;
  bool isLeftOver(ThreadId id) const;
  bool mayStillRun(const std::vector<ThreadId> &chain, std::size_t i, ContextId context,
                   const LiveThread *live) const;
  bool hasPassed(ThreadId id, ContextId in, ThreadId owner, Term lock) const;
  ThreadId childOf(ThreadId owner, ThreadId id) const;
  bool isOneAtATime(ThreadId a, ThreadId b) const;
  bool startsTogether(ThreadId a, ThreadId b, ThreadId owner, Term lock) const;
  bool isBeforeGate(ThreadId a, ContextId inA, ThreadId b, ContextId inB) const;
  bool isJoinedBefore(ThreadId a, ThreadId b, ContextId inB) const;
  bool hasEndedBefore(ThreadId a, ThreadId b, ContextId inB) const;
  bool precedes(ThreadId a, ContextId inA, ContextId inB) const;
  const std::vector<Term> &toldBy(ThreadId a, ContextId inB) const;
  // Answers that are asked for with each pair of steps, kept once all threads are known.
  mutable std::vector<std::optional<bool>> leftOver_; ///< by thread
  mutable std::vector<bool> joinsAbove_;              ///< by thread: something was joined before it
  mutable std::unordered_map<std::uint64_t, std::vector<Term>> told_; ///< by thread and waits
  bool tellsOf(Term object, ThreadId raiser) const;
  mutable std::map<std::pair<Term, ThreadId>, bool> guardedFlags_;
  bool areRoundsApart(ContextId inA, ContextId inB) const;
  /// The ordering tokens of a context, sorted out once.
  struct Tokens {
    bool isKnown = false;
    std::vector<std::pair<Term, Term>> waited; ///< object, and the mutex of the wait or 0
    std::vector<Term> posted;                  ///< objects
    std::vector<Term> rounds;
    std::uint32_t waitedNumber = 0; ///< equal for equal waits
  };
  const Tokens &tokensOf(ContextId context) const;
  mutable std::map<std::vector<std::pair<Term, Term>>, std::uint32_t> waitedNumbers_;
  mutable std::deque<Tokens> tokens_; ///< by context; they never move
  bool takes(ThreadId id, Term address) const;
  bool areApartByFork(ThreadId a, ContextId inA, ThreadId b, ContextId inB) const;
  bool haveOneRole(ThreadId a, ContextId inA, ThreadId b, ContextId inB) const;
  /// A step of a root that has waited, posted, started and joined nothing: nothing orders it or keeps it from running.
  bool isUnbound(ThreadId id, ContextId in) const;
  void findPaths();
};

} // namespace threadlint
