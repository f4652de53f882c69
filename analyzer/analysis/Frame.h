// Frame: the interpretation of one function. Interpreter.cpp has the fixpoint and Exits.cpp what it leaves behind, Evaluate.cpp paths,
// values and memory, Forget.cpp what a state drops, Transfer.cpp the events (LockTransfer, ThreadTransfer and WaitTransfer those of their
// kind), Elements.cpp arrays, Instantiate.cpp the calls (UnknownCalls those without a body, Generalize the names they give), Ownership.cpp, LockContracts.cpp,
// Choices.cpp and LoopTests.cpp four judgements.
#pragma once

#include "analyzer/analysis/Engine.h"
#include "analyzer/analysis/State.h"

#include <optional>
#include <set>
#include <tuple>

namespace threadlint {

/// Limits of one summary. Past kManyEffects, what is behind unknown pointers is told apart by field only.
inline constexpr std::size_t kManyEffects = 150;
struct Limits {
  std::size_t accesses = 1500, acquisitions = 1000, stores = 500, spawns = 100, defects = 60,
              disjuncts = 8;
};
/// A program that has cost much work gets smaller summaries from there on, so the cost of a run stays near linear. The work is
/// counted in effects, not in time: the same program gives the same answer on every machine.
Limits limitsFor(std::uint64_t work);
inline constexpr unsigned kMaxSpawnContexts = 8;
inline constexpr std::size_t kMaxOrderTokens = 8; ///< of one state

/// Ordering tokens of Context::order: `Waited(s)` stands after a wait on s returned, `Posted(s)` after s was signalled. An access
/// without Posted(s), in a thread that posts s, happens before one with Waited(s).
inline constexpr std::int64_t kWaitedToken = 100, kPostedToken = 101;
/// What an atomic decrement of a counter gave: operands are the counter's address and the event.
inline constexpr std::int64_t kCountdownToken = 104;
/// One of several facts holds: see Alternatives.cpp.
inline constexpr std::int64_t kEitherNumber = 105;
/// What only one of several threads does between barriers: the value that tells them apart, and the constant it is here.
inline constexpr std::int64_t kRoleToken = 108;
/// What `fork` gave, and a step that only the child process takes.
inline constexpr std::int64_t kForkToken = 160, kInChildToken = 161;
inline Term inChildToken(Terms &terms) {
  return terms.make(TermKind::Op, 0, 0, kInChildToken, {terms.integer(0)});
}
/// In Context::past: the lock of an object was destroyed; the operand is the address of the object.
inline constexpr std::int64_t kEndedToken = 180;
/// In Context::past: the last reference to an object was dropped; operands are the address of the counter, the
/// number of the function and the class of the object.
inline constexpr std::int64_t kLastReferenceToken = 250;

class Frame {
public:
  Frame(Engine &engine, FunctionId id, const Specialization &constants);
  Summary run();

private:
  struct Instance;
  struct Joined {
    Term phi = 0, mine = 0, theirs = 0;
  };
  Engine &engine_;
  Terms &terms_;
  const Program &program_;
  const FunctionFacts &facts_;
  FunctionId id_;
  Summary out_;
  const Engine::Loops &loops_;
  BlockId block_ = 0;
  std::uint32_t index_ = 0;
  const Event *event_ = nullptr;
  std::vector<std::vector<State>> in_;
  std::vector<unsigned> visits_;
  std::vector<bool> releasingLoop_; ///< by header: the body releases locks or joins threads
  std::map<BlockId, std::vector<const Event *>>
      waitingLoop_; ///< by header: the waits of `while (!ready) wait();`
  struct ExitTests {
    std::set<FieldId> fields;
    std::set<VarId> vars;
  };
  std::map<BlockId, ExitTests>
      exitTests_; ///< by header: what is read between the head of the loop and its ends
  std::map<BlockId, std::optional<ExitTests>>
      unsettled_; ///< by header of a loop that tries to take a lock: what may change in it, or ends it
  bool ownsThis_ = false;
  bool isUnderConstruction_ = false; ///< a constructor
  bool passesBarrier_ = false;
  bool hasFence_ =
      false; ///< relaxed operations are taken for what they are with the fences around them
  /// Whether effects are written down. Inside loops only the states of the fixpoint have effects, not those on the way to it.
  bool isRecording_ = true;
  bool isFixpoint_ = false; ///< the states are final: none flows on
  ContextId lastContext_ = 0;
  bool leavesLoop_ = false;  ///< along the edge whose condition is assumed
  bool throughNull_ = false; ///< the path evaluated last follows a null pointer
  std::vector<bool> isRead_; ///< by temporary: something looks at it
  Limits limits_;
  std::size_t maxDisjuncts_ = 8;
  const Engine::DeadLocations &dead_;
  const Lightswitches &lightswitches_;
  std::unordered_map<SiteId, std::vector<Memory::Entry>>
      phis_; ///< made by merges: location, phi; sorted
  /// A pointer that `a ? b : c` gives, between its arms and its use.
  struct Choice {
    Term temporary = 0;
    std::vector<bool> isWanted; ///< by block: at its start
  };
  std::vector<Choice> choices_;
  void findChoices(const std::vector<std::vector<BlockId>> &users);
  bool choosesAlike(const State &a, const State &b, BlockId at) const;
  std::set<std::pair<std::uint32_t, BlockId>> *pending_ = nullptr;
  std::unordered_set<Term> everEscaped_; ///< in some state
  std::map<Term, WitnessId> releasedAt_; ///< the caller's locks: where they are released first
  std::set<Term> unlockedSomewhere_;     ///< locks taken and released in this frame on some path
  Specialization constants_;
  std::set<std::tuple<Term, bool, std::uint32_t, ContextId, std::uint32_t>> seenAccess_;
  std::map<std::tuple<Term, int, bool, ContextId, std::uint32_t, std::uint32_t>, std::size_t>
      seenAcquisition_; ///< where it is in the list
  std::set<std::tuple<Term, Term, ContextId>> seenSpawn_;
  std::map<std::pair<Term, Term>, unsigned> spawnContexts_;
  std::set<std::pair<Term, Term>> seenStore_;
  std::set<std::tuple<int, Term, std::uint32_t, std::uint32_t, std::uint32_t>> seenDefect_;
  std::set<std::pair<Term, ContextId>> seenJoin_;
  std::set<std::pair<Term, int>> seenSetup_;
  std::set<Exposure> exposed_;
  std::map<std::pair<Term, std::vector<Term>>, std::set<ContextId>> seenLateCall_;
  void recordLateCall(LateCall call, const State &state);
  bool statesOnly_ =
      false; ///< a callee changes the state here; its effects are those of a late call
  void expose(State &state, Term lock);
  void recordExposure(const Exposure &exposure);
  static void repeatThread(LiveThread &known, const LiveThread &again);
  bool leavesOthers(Term thread);
  bool joinsFewer(Term thread);
  bool isElementOfLoop(Term term);
  bool isAmong(Term handle, Term walk);
  bool leadsToHandle(const std::vector<LiveThread> &live, Term pointer);
  bool isPointedToByElement(const State &state, Term handle);
  void findThrough(State &state, Term element, Term pointer);
  Term anyElementOf(Term term);
  std::unordered_map<Term, Term>
      testedHandles_; ///< what joinable() looked at: the place of the handle
  bool isPartOfWalk(Term handle, const std::vector<Term> &joined);
  struct StartedCode {
    Term callable = 0;
    std::vector<Term> args;
    auto operator<=>(const StartedCode &) const = default;
  };
  std::map<Term, std::set<StartedCode>> started_; ///< by thread: what it runs
  void orderByWait(State &state, Term variable, Term lock);
  std::vector<Term> mutexesOfWait(State &state);
  void wait(State &state);
  // Ownership.cpp
  void takeOut(State &state, Term location, Term stored);
  bool mergeTaken(State &into, const State &from, const std::vector<Joined> &phis);
  bool isTakenPart(Term location, const Taken &taken) const;
  ContextId guardTaken(const State &state, Term location, ContextId context);
  void addTaken(State &state, const std::vector<Taken> &taken, Instance &instance);
  void noteTaken(State &state, Term lock);
  std::set<std::tuple<int, Term, ContextId, std::uint32_t>> seenWait_, seenSignal_;

  using States = std::vector<State>;

  // Interpreter.cpp
  State initialState();
  void findReadTemporaries();
  void forget(State &state, BlockId from, BlockId to);
  bool isFree() const;
  void collect(State &state);
  void step(BlockId block);
  void flow(BlockId from, BlockId to, State state);
  void addTo(States &set, State state, SiteId site, bool &changed);
  bool merge(State &into, const State &from, SiteId site);
  void enterLoop(State &state, BlockId header);
  std::map<BlockId, std::set<Term>> heldAtEntry_; ///< by loop header
  void leaveLoop(State &state, BlockId from, BlockId to);
  void ageLoop(State &state, BlockId header);
  void findWaitingLoops();
  void leaveWaitingLoop(State &state, BlockId header);
  std::vector<std::pair<Term, Term>> visibleMemory(const State &state, Term result);
  bool isKeptElsewhere(const State &state, const LiveThread &live, bool outlives);
  bool diesWithFrame(const State &state, Term root) const;
  void addExit(ExitKind kind, State &state, Term result);
  void judgeExits();
  void mergeJoiningExits();

  // LoopTests.cpp
  std::vector<bool> endsOf(BlockId header) const;
  const ExitTests &exitTestsOf(BlockId header);
  bool triesLock(const Event &event) const;
  const ExitTests *unsettledIn(BlockId header);

  // Evaluate.cpp
  SiteId siteHere(std::uint32_t extra = 0);
  Term freshHere(std::uint32_t extra = 0);
  Term temporary(std::uint32_t temp);
  Term location(State &state, PathId path);
  Term value(State &state, ValueId value);
  Term decided(const State &state, Term result);
  Term load(const State &state, Term location, unsigned depth = 0);
  std::optional<Term> firstElement(const State &state, Term array);
  void store(State &state, Term location, Term value);
  Term anyElement(const State &state, const TermNode &element, Term any, Term stored);
  void copyRecord(State &state, Term to, Term from);
  void insertElement(State &state, Term element, Term value);
  Term project(const State &state, Term value, FieldId field, unsigned depth);
  bool mayBeStored(Term location, const Fact &seen) const;
  void noteRaisedFlag(State &state, const Fact &seen);
  bool assume(State &state, Term condition, bool truth);
  void noteLastReference(State &state, Term condition, bool truth);
  void noteLockInit(State &state, Term lock);
  bool addFact(State &state, Term value, bool equal, std::int64_t constant);
  // Alternatives.cpp
  std::optional<bool> isKnown(const std::vector<Fact> &facts, const Fact &fact) const;
  bool isKnownFalse(const std::vector<Fact> &facts, Term comparison) const;
  std::optional<bool> isKnown(const std::vector<Fact> &facts, Term either) const;
  std::vector<Fact> choicesOf(Term either) const;
  Term eitherOf(std::vector<Fact> choices) const;
  bool conclude(State &state);
  bool addEither(State &state, Term either);
  bool mergeFacts(State &into, const State &from, const std::vector<Joined> &phis) const;
  void noteModes(State &a, State &b) const;
  bool isMode(const State &state, Term known) const;
  void renew(State &state, Term fresh);
  void havocShared(State &state);
  bool isFrameObject(Term root) const;
  bool isThisObject(Term root) const;
  bool isOwned(const State &state, Term location);
  bool isCalledThrough(const TermNode &fresh) const;
  void escape(State &state, Term value);
  std::vector<Term> heldTerms(const State &state) const;

  // Transfer.cpp
  void transfer(State state, States &out);
  void access(State &state, Term location, bool isWrite, std::uint32_t flags);
  /// Whether a list of effects has room for one more; a full one is noted.
  bool hasRoom(std::size_t size, std::size_t limit, Cut what) {
    if (size < limit)
      return true;
    engine_.noteCut(what);
    return false;
  }
  bool isNewAccess(const Access &access, std::uint32_t line);
  bool isWeaker(const Context &a, const Context &b) const;
  bool addsEdge(const Acquisition &acquisition);
  bool isNewAcquisition(const Acquisition &acquisition);
  std::map<std::tuple<Term, bool, std::uint32_t>, std::vector<ContextId>> accessContexts_;
  std::map<std::tuple<Term, Term, bool>, unsigned> edges_;
  void recordStore(Term location, Term value);
  void dropLocalStores();
  std::vector<Term> comparisons(const State &state);
  LockKind kindAmong(Term phi) const;
  Term ownerOf(Term lock) const;
  bool hasEnded(const State &state, Term lock) const;
  bool joinPast(std::vector<Term> &past, const std::vector<Fact> &facts,
                const std::vector<Term> &otherPast, const std::vector<Fact> &otherFacts) const;
  void notePassed(State &state, std::int64_t token, Term location, std::vector<Term> more = {});
  void noteReached(State &state, Term lock);
  void acquire(State &state, Term lock, LockMode mode, bool isTry, std::uint32_t group);
  void acquireEvent(State state, const std::vector<Term> &locks, Term guard, States &out);
  void release(State &state, Term lock);
  Term lockBehind(Term object);
  bool isSpinStep() const;
  void takeSpinLock(State state, Term lock, States &out);
  void clearSpinLock(State &state, Term lock);
  bool mayGiveBack(Term given, Term held) const;
  void releaseEvent(State state, States &out);
  void releaseGuard(State &state, Term guard, bool remove);
  void defect(DefectKind kind, Term subject, WitnessId at, WitnessId other,
              LockMode mode = LockMode::Exclusive, LockMode otherMode = LockMode::Exclusive,
              bool may = false, SpawnKind spawn = SpawnKind::PThread, bool isThrown = false);
  bool onlyThrows(BlockId from) const;
  void spawn(State &state);
  void recordSpawn(const Spawn &spawn);
  /// Whether this event runs only where a global was found to be zero that is set there, too.
  bool isAtFirst();
  void addRoles(const State &state, std::vector<Term> &order);
  void passBarrier(State &state, Term barrier);

  // WaitTransfer.cpp
  void synchronise(State state, States &out);
  void once(State state, States &out);
  Term promiseAt(const State &state, Term place);
  void enterGuarded(State &state, Term guarded);
  void leaveGuarded(State &state, Term guarded);
  Term guardLock(Term guarded);
  void recordWait(const State &state, WaitKind kind, Term object,
                  const std::vector<Term> &own = {});
  void recordSignal(const State &state, WaitKind kind, Term object);
  std::vector<Term> changedJustBefore(const State &state);
  void recordCallback(State &state, const std::vector<Term> &args);
  std::vector<Term> threadsOf(const State &state, Term handle, Term content) const;
  void waitForThreads(State &state, Term handle, Term content);
  void take(State &state, Term what);
  bool wrapsAround(const State &state, Term lock) const;
  void addPermits(Term semaphore, std::int64_t count);
  bool mayBeLock(Term semaphore) const;
  bool holdsClassOf(const State &state, Term lock) const;
  void takePermit(State state, Term semaphore, States &out);
  void givePermit(State &state, Term semaphore);
  bool givesBack(Term semaphore) const;
  Term postUnheld(const State &state, Term semaphore);
  void passOn(State &state, Term baton);
  void passLightswitch(State &state, const Lightswitch &lightswitch);
  LockMode modeHere() const;
  void addWaits(const Summary &callee, const State &before,
                const std::function<Term(Term)> &translate,
                const std::function<ContextId(ContextId)> &contextFor,
                const std::function<WitnessId(WitnessId)> &witnessFor);
  void addVariant(Spawn &spawn, bool throughCall);
  void join(State &state, bool detach);
  bool isInside(Term handle, Term container) const;
  /// `isWalk`: the handle is one of several that are joined one by one.
  void removeThreads(State &state, Term handle, Term content, bool detach, bool isWalk = false);
  void moveHandle(State &state);
  void destroyHandle(State &state, Term handle);
  void order(State &state, Term object, bool waited, bool posted);
  ContextId contextOf(const State &state);
  bool isInChild(const State &state) const;
  WitnessId witnessHere(const State &state, WitnessId next = kNoWitness);
  Term anyOfClass(Term lock);
  Term argument(State &state, std::size_t i);
  Term argumentLocation(State &state, std::size_t i);
  GuardState *findGuard(State &state, Term guard);
  bool isOfReleasedGuard(Instance &instance, Term released);
  void setGuard(State &state, GuardState guard);
  void syncGuards(State &state, Term lock, Engaged engaged);

  // LockContracts.cpp
  void waitWith(State &state);
  void needForWait(const State &state, Term lock, WitnessId at, std::vector<Term> held = {});
  void judgeContracts();
  static void nameReturn(Exit &exit, const State &state);
  std::set<Term> takenByWait_; ///< by a wait that should have found them held
  std::set<Term> neededForWait_;
  std::set<SourceRange> plainReleases_; ///< releases of what this frame took

  // Instantiate.cpp
  void call(State state, States &out);
  Term generalize(Term location);
  bool isAnonymous(Term value) const;
  std::unordered_map<Term, Term> generalized_;
  void callAny(State state, const std::vector<Target> &targets, States &out);
  bool callModelled(const State &state, std::vector<Target> &targets, States &out);
  void callTargets(State state, const std::vector<Target> &targets, States &out);
  Term substitute(Instance &instance, Term term);
  Context combine(Instance &instance, const Context &callee, bool isGeneral = false,
                  bool isExit = false);
  bool isPrivateLock(const State &state, Term lock) const;
  void dropPrivateLocks(const State &state, std::vector<HeldLock> &held) const;
  bool isOfAnonymous(Term location) const;
  bool isOwnLock(Term lock, Term location) const;
  WitnessId callerWitness(Instance &instance, WitnessId id);
  bool isRuledOut(Instance &instance, const Summary &summary, const Acquisition &taken);
  void addEffects(Instance &instance, const Summary &summary, bool isGeneral, bool endsProcess);
  void instantiate(const State &before, const Target &target, States &out);
  bool isGetter() const;
  std::vector<bool> isKept_; ///< by temporary: more is done with its value than following it
  void callHandedOver(const State &state, const std::vector<Term> &args);
  void unknownCall(State &state, const std::vector<Term> &args);
  void allocate(State state, States &out);
  bool isOneOfMany(Term lock) const;
  bool mayBeRecursive(Term lock) const;
  bool lockClassMatches(Term a, Term b) const;
};

} // namespace threadlint
