// Engine: computes summaries on demand, bottom-up over the call graph.
//
// summary(function, constants) specialises a function on constant integers and callables among its arguments, so
// `f(do_lock = 1)` and a callback parameter are exact. Recursion is iterated to a bounded fixpoint.
//
// Owns the tables that summaries refer to: terms, sites, contexts, witnesses. Single-threaded; deterministic: every table grows
// in the order of a walk that depends on the program alone.
#pragma once

#include "analyzer/analysis/Lightswitch.h"
#include "analyzer/analysis/Liveness.h"
#include "analyzer/analysis/Origins.h"
#include "analyzer/analysis/StopRequest.h"
#include "analyzer/analysis/Summary.h"
#include "analyzer/analysis/TermMemo.h"

#include <deque>
#include <map>
#include <optional>
#include <set>
#include <unordered_map>
#include <unordered_set>

namespace threadlint {

/// What a site is: an event, a temporary, a join block or a path of a function.
/// Getter: what a function without body and arguments gives, the same object each time; `block` is its key.
enum class SiteKind : std::uint8_t { Event, Temporary, Join, Path, Argument, Old, Exit, Getter };
struct Site {
  FunctionId function = 0;
  SiteKind kind = SiteKind::Event;
  std::uint32_t block = 0, index = 0;
  bool operator==(const Site &) const = default;
  /// Of an object: an argument of a function that is called from out of view.
  bool isGivenFromOutside() const { return kind == SiteKind::Argument && block == kNone; }
};

/// A call: what the callee's terms mean in the caller.
struct Binding {
  std::vector<Term> params; ///< by ordinal; `this` is thisValue
  std::vector<Term> captures;
  Term thisValue = 0;
};

/// Constants a function is specialised on: (ordinal, term), sorted; captures have ordinals from kCaptureOrdinal on.
using Specialization = std::vector<std::pair<std::int64_t, Term>>;
inline constexpr std::int64_t kCaptureOrdinal = 1000;
/// The ordinal under which the exact class of what parameter `n` points to is a constant; the term is the record's key.
inline constexpr std::int64_t classOrdinal(std::int64_t n) { return -2 - n; }
/// The pseudo-parameter that stands for part `k` of the callable passed as argument `ordinal`.
inline constexpr std::int64_t kCapturedBase = 1000000;
inline std::int64_t capturedParameter(std::int64_t ordinal, std::size_t k) {
  return kCapturedBase * (ordinal + 1) + static_cast<std::int64_t>(k);
}

struct Target {
  FunctionId function = 0;
  Binding binding;
};

/// What a limit cut off: findings may be missing there. Forced joins are not among them: they lower the confidence instead.
enum class Cut : std::uint8_t {
  Accesses,     ///< of one function and what it calls
  Acquisitions, ///< of locks, likewise
  Stores,       ///< of pointers, likewise
  Spawns,       ///< of threads, likewise
  Exits,        ///< ways out of a function that differ in what they hold
  Iterations,   ///< rounds until the states of a loop no longer change
  CallDepth,
  Targets, ///< functions that one call may reach
  Threads,
  Signals,  ///< that threads wait for, and waits: no deadlock by waiting is reported for lost kinds
  Releases, ///< of locks while threads run that were started under them
  Conflicts,     ///< accesses to one field or variable that are compared pairwise
  Notifications, ///< ways to one wait or one notification, that are compared pairwise
  Cycles         ///< ways through a component of the lock graph: longer cycles are not looked for
};

class Engine {
public:
  explicit Engine(const Program &program, const StopFlag *stop = nullptr);

  const Program &program;
  Terms terms;
  TermMemoPool memos;
  Origins origins;
  bool forks = false; ///< some function that was looked at makes a process

  const Summary &summary(FunctionId function, const Specialization &constants);
  /// `caller`: what the calling summary is specialised on.
  const Summary &summaryFor(const Target &target, const Specialization &caller = {});
  bool isPolymorphic(StringId record) const;
  /// Whether any call that was looked at so far reaches the function.
  bool isSummarised(FunctionId function) const;

  SiteId site(FunctionId function, SiteKind kind, std::uint32_t block, std::uint32_t index);
  const Site &siteInfo(SiteId id) const { return sites_[id]; }

  ContextId intern(Context context);
  const Context &context(ContextId id) const { return contexts_[id]; }
  /// For what is known only when every thread is: the context keeps its number.
  void replace(ContextId id, Context context) { contexts_[id] = std::move(context); }

  WitnessId witness(FunctionId function, const SourceRange &range, WitnessId next,
                    std::span<const Term> held);
  const Witness &witness(WitnessId id) const { return witnesses_[id]; }
  /// The last step of a witness: where the event itself is.
  const Witness &leaf(WitnessId id) const;
  /// The first step of a witness in `function`, or nothing.
  const Witness *stepIn(WitnessId id, FunctionId function) const;
  /// The first step of `way` that does not lead to the end of `outer` as well; kNoWitness for no way.
  WitnessId behind(WitnessId way, WitnessId outer) const;
  /// Whether one statement takes both locks, as std::lock does.
  bool areTakenTogether(const HeldLock &held, const Acquisition &acquisition) const;

  /// The functions a callable value may be, with captures and bound arguments in front of `args`. Empty when unknown.
  std::vector<Target> targets(Term callable, const std::vector<Term> &args);
  std::vector<FunctionId> virtualTargets(StringId method, Term object,
                                         const Specialization &caller = {});
  /// How many functions of the program are ever stored in the field or variable that a path names.
  std::size_t storedTargets(const Path &path) const;
  /// The class of an object of a class with virtual functions, when it is no other one derived from it; or 0.
  StringId exactClass(Term location) const;
  /// A member that no object of that class has: what an override of another class would do with it.
  bool isImpossible(Term location) const;
  /// Whether other classes of the program derive from a record.
  bool isDerivedFrom(StringId record) const { return baseRecords_.count(record) != 0; }
  /// Natural loops: the innermost loop header of a block, or kNone; and whether `block` is in the loop of `header`.
  struct Loops {
    std::vector<BlockId> order;      ///< reverse post-order
    std::vector<std::uint32_t> rank; ///< position in it
    std::vector<BlockId> innermost;
    std::map<BlockId, std::vector<bool>> body; ///< header -> membership
    bool isInLoop(BlockId block) const {
      return block < innermost.size() && innermost[block] != kNone;
    }
    /// Whether the way from one block to another leads out of the innermost loop.
    bool isWayOut(BlockId from, BlockId to) const {
      return innermost[from] != kNone && !body.at(innermost[from])[to];
    }
  };
  const Loops &loops(FunctionId function);
  /// By edge: the locations of the locals and temporaries that nobody reads any more.
  using DeadLocations = std::map<std::pair<BlockId, BlockId>, std::vector<Term>>;
  const DeadLocations &deadLocations(FunctionId function);
  const Lightswitches &lightswitches(FunctionId function);
  /// The constant that the counter of a loop is compared with: how often it runs, counted from zero.
  std::optional<std::int64_t> loopBound(FunctionId function, BlockId header) const;

  /// Notes that a limit was reached in the function whose summary is being computed, or in `function`.
  void noteCut(Cut cut) { cuts[cut].insert(running_); }
  void noteCut(Cut cut, FunctionId function) { cuts[cut].insert(function); }
  std::map<Cut, std::set<FunctionId>> cuts;

  /// Functions that return with a lock that a caller of theirs releases: holding it at an exit is by design.
  std::unordered_set<FunctionId> handedOut;
  /// Whether a step of `way` calls what a library's function was given, which may do it later; steps that `outer` has too do not count.
  bool isGuessed(WitnessId way, WitnessId outer) const;

  /// The constant that one place alone ever stores in a plain shared flag that some loop waits for, or 0 for any other location.
  std::int64_t raisedIn(Term location);

  /// A function that never returns because it ends the process: what it reads for its last words disturbs nobody.
  bool endsProcess(FunctionId function) const;

  /// Notes that a thread is started under `lock`: only such locks are worth remembering once they are released.
  void noteHeldAtSpawn(Term lock) { heldAtSpawn_.insert(lockClass(lock)); }
  bool isHeldAtSpawn(Term lock) const {
    return !heldAtSpawn_.empty() && heldAtSpawn_.count(lockClass(lock)) != 0;
  }

  /// From Threads on, summaries that were not complete are empty or worse, and their users give them up.
  bool isStopped(StopRequest request = StopRequest::Threads) const {
    return stop_ && stop_->load(std::memory_order_relaxed) >= request;
  }
  /// A global that every way to a block has found to be zero, or that the end of the block tests.
  struct ZeroTest {
    Term global = 0;
    bool isHere = false;
    bool isSet = false; ///< the function sets it there
  };
  const std::vector<std::vector<ZeroTest>> &foundZero(FunctionId function); ///< by block

  /// Scratch space of walks over terms: by term, the last walk that saw it.
  std::vector<std::uint32_t> marks;
  std::uint32_t walks = 0;

  std::uint64_t work = 0; ///< effects instantiated so far
  static constexpr std::uint64_t kMuchWork = 3'000'000;
  bool isThrifty() const { return work > kMuchWork; }

  bool isGlobal(Term location) const;
  /// The address that a function gives whatever happens in it, of a global or static local; or kUnknownTerm.
  Term fixedResult(FunctionId function);
  /// The variable or field that declares a lock; 0 for one behind a pointer.
  std::uint64_t lockClass(Term lock) const;
  static std::uint64_t fieldClass(FieldId field, FieldId outer = kNone) {
    return outer != kNone ? (1ull << 63) | std::uint64_t{outer} << 31 | field
                          : (1ull << 40) | field;
  }
  static std::uint64_t variableClass(VarId variable) { return (2ull << 40) | variable; }
  /// An object that is allocated in a loop.
  bool isMadeRepeatedly(Term object);
  /// The same for what a path names.
  static std::uint64_t classOf(const Path &path);
  /// The record a location or pointee is an object of, or 0.
  StringId recordOf(Term location) const;
  /// The class of the object whose field a location is, or of the object around that; or 0.
  StringId recordAround(Term location) const;

private:
  const StopFlag *stop_;
  std::set<StringId> baseRecords_;
  std::unordered_map<FunctionId, std::vector<std::vector<ZeroTest>>> foundZero_;
  struct Key {
    FunctionId function;
    Specialization constants;
    auto operator<=>(const Key &) const = default;
  };
  struct Entry {
    Summary summary;
    bool isRunning = false, isDone = false;
    bool isProvisional =
        false;          ///< computed with an unfinished summary, good until that one's next round
    unsigned depth = 0; ///< of the call, while it runs
    unsigned lowestHit =
        0; ///< provisional: depth of the outermost call whose summary was unfinished
  };
  void compute(Entry &entry, FunctionId function, const Specialization &constants);
  static constexpr unsigned kNoHit = ~0u;
  unsigned lowestHit_ = kNoHit; ///< the same of what is being computed
  std::vector<Entry *> provisional_;
  unsigned bigCircle_ = kNoHit; ///< depth of the outermost call of a big circle that is under way
  std::map<Key, std::unique_ptr<Entry>> summaries_;
  std::unordered_map<FunctionId, std::uint32_t> specializationCount_, fewCount_;
  std::map<FunctionId, std::vector<bool>> deciding_; ///< by parameter: a branch looks at it
  Specialization decidingOnly(FunctionId function, const Specialization &constants);
  std::vector<Site> sites_;
  struct SiteHash {
    std::size_t operator()(const Site &s) const {
      std::uint64_t hash =
          (static_cast<std::uint64_t>(s.function) << 32 | s.index) ^
          (static_cast<std::uint64_t>(s.block) * 8 + static_cast<std::uint64_t>(s.kind)) *
              0x9E3779B97F4A7C15ull;
      hash *= 0xFF51AFD7ED558CCDull;
      return hash ^ (hash >> 32);
    }
  };
  std::unordered_map<Site, SiteId, SiteHash> siteIndex_;
  std::deque<Context> contexts_;
  std::unordered_map<std::uint64_t, std::vector<ContextId>> contextIndex_;
  std::deque<Witness> witnesses_;
  TermListPool heldLists_;
  std::map<FunctionId, Loops> loops_;
  std::map<FunctionId, DeadLocations> deadLocations_;
  std::map<FunctionId, Lightswitches> lightswitches_;
  unsigned depth_ = 0;
  std::unordered_set<std::uint64_t> heldAtSpawn_;
  mutable std::optional<std::map<FunctionId, std::vector<SourceRange>>> guessed_; ///< calls
  FunctionId running_ = 0;
  void findPolledFlags();
  std::optional<std::set<std::pair<bool, std::uint32_t>>>
      polled_; ///< flags that loops wait for: a field, or else a variable

  // Virtual calls (Dispatch.cpp).
  StringId classOf(Term pointer, const Specialization &caller) const;
  void addClasses(const Target &target, const Specialization &caller, Specialization &constants);
  bool mayBeBase(StringId base, StringId record) const;
  /// By function, `this` and then the parameters: some virtual call is made on it, here or in what is called with it.
  std::optional<std::vector<std::vector<bool>>> dispatching_;
  void findDispatching();

  // Field-based function pointers: what is ever stored in a field, a global, a parameter.
  std::vector<std::vector<FunctionId>> fieldTargets_, varTargets_;
  void findStoredCallables();
};

} // namespace threadlint
