// Conflicts: accesses grouped by location class, then compared pairwise.
#include "analyzer/analysis/Conflicts.h"

#include "analyzer/analysis/AwaitedNames.h"
#include "analyzer/analysis/BestConflicts.h"
#include "analyzer/analysis/Claims.h"
#include "analyzer/analysis/Evidence.h"
#include "analyzer/analysis/Frame.h"
#include "analyzer/analysis/GlobalGuards.h"
#include "analyzer/analysis/HandedOut.h"
#include "analyzer/analysis/LazyInit.h"
#include "analyzer/analysis/LikelyEnded.h"
#include "analyzer/analysis/MadeClasses.h"
#include "analyzer/analysis/Modes.h"
#include "analyzer/analysis/Overlap.h"
#include "analyzer/analysis/RaceConfidence.h"
#include "analyzer/analysis/Repetitions.h"
#include "analyzer/analysis/Slots.h"
#include "analyzer/analysis/Usage.h"

#include <tuple>

namespace threadlint {
namespace {

constexpr std::size_t kMaxGroup = 700;
constexpr std::uint8_t kNotAsked = 0xff;

class ConflictSearch {
public:
  ConflictSearch(Engine &engine, ThreadModel &model)
      : engine_(engine), terms_(engine.terms), model_(model), points_(model.pointsTo()),
        evidence_(engine, model), best_(engine, model, evidence_), overlap_(engine),
        slots_(engine, points_), lazyInit_(engine, model), claims_(engine), modes_(engine, model),
        awaited_(engine, model), made_(engine, model), usage_(engine, model),
        handedOut_(engine, model) {}

  std::vector<Conflict> run() {
    for (const ThreadTree &tree : model_.trees)
      searchTree(tree);
    return best_.take();
  }

private:
  Engine &engine_;
  Terms &terms_;
  ThreadModel &model_;
  PointsTo &points_;
  Evidence evidence_;
  BestConflicts best_;
  Overlap overlap_;
  Slots slots_;
  LazyInit lazyInit_;
  Claims claims_;
  Modes modes_;
  AwaitedNames awaited_;
  MadeClasses made_;
  Usage usage_;
  HandedOut handedOut_;

  std::set<std::uint64_t> wholes_; ///< buckets of records that are accessed as a whole
  /// What groups accesses that can be to one location: the last field, or the variable or object.
  std::uint64_t bucketOf(Term location) const {
    location = terms_.withoutElements(location);
    const TermNode &node = terms_[location];
    if (node.kind == TermKind::Field)
      return (1ull << 40) | engine_.program.wordOf(node.b);
    if (node.kind == TermKind::Variable || node.kind == TermKind::Object)
      return (2ull << 40) | location;
    return 0;
  }

  /// Two bit-fields of one word.
  bool areNeighbours(Term x, Term y) const {
    return terms_[x].kind == TermKind::Field && terms_[y].kind == TermKind::Field &&
           terms_[x].b != terms_[y].b && bucketOf(x) == bucketOf(y);
  }

  void searchTree(const ThreadTree &tree) {
    evidence_.clear();
    std::map<std::uint64_t, std::vector<Located>> buckets;
    wholes_.clear();
    for (ThreadId id : tree.threads)
      for (const Access &access : model_.threads[id].accesses)
        for (Term at : points_.locations(access.location))
          if (overlap_.isWhole(at))
            wholes_.insert(bucketOf(at));
    writtenUnder_.clear();
    for (ThreadId id : tree.threads) {
      for (const Access &access : model_.threads[id].accesses) {
        Located located{id, &access, points_.locations(access.location)};
        evidence_.note(points_, access);
        std::set<std::uint64_t> keys;
        for (Term at : located.locations) {
          if (std::uint64_t key = bucketOf(at))
            keys.insert(key);
          for (Term whole : wholesAround(at))
            keys.insert(bucketOf(whole));
        }
        for (std::uint64_t key : keys)
          buckets[key].push_back(located);
        if (access.isWrite && !(access.flags & Flag::Initialization))
          for (const HeldLock &held : locksOf(located))
            if (!held.may)
              if (std::uint64_t lock = bucketOf(held.lock))
                writtenUnder_[lock].insert(keys.begin(), keys.end());
      }
    }
    for (auto &[key, list] : buckets)
      if (!engine_.isStopped(StopRequest::All))
        searchBucket(key, list, tree);
  }

  /// The records that a location is a part of and that are accessed as a whole somewhere.
  std::vector<Term> wholesAround(Term location) const {
    std::vector<Term> result;
    if (wholes_.empty())
      return result;
    for (;;) {
      const TermNode &node = terms_[location];
      if (node.kind != TermKind::Field && node.kind != TermKind::Index &&
          node.kind != TermKind::Element)
        return result;
      location = node.a;
      if (overlap_.isWhole(location) && wholes_.count(bucketOf(location)))
        result.push_back(location);
    }
  }

  void searchBucket(std::uint64_t key, std::vector<Located> &list, const ThreadTree &tree) {
    bool anyWrite =
        std::any_of(list.begin(), list.end(), [](const Located &l) { return l.access->isWrite; });
    if (!anyWrite)
      return;
    leavesUnder_.clear();
    for (const Located &l : list)
      for (const HeldLock &held : locksOf(l))
        if (!held.may && bucketOf(held.lock))
          leavesUnder_.emplace(leafOf(l), bucketOf(held.lock));
    globalGuards_.reset();
    bucketAccesses_.clear();
    usage_.clear();
    for (const Located &l : list) {
      bucketAccesses_.push_back(l.access);
      usage_.note(l.thread, *l.access);
    }
    // One representative per thread, location, kind and context.
    std::set<std::tuple<ThreadId, Term, bool, std::uint32_t, ContextId>> seen;
    std::vector<Located> unique;
    for (Located &l : list)
      if (seen.emplace(l.thread, l.access->location, l.access->isWrite,
                       l.access->flags & (Flag::Atomic | Flag::Initialization), l.access->context)
              .second)
        unique.push_back(l);
    if (unique.size() > kMaxGroup) {
      best_.thin(unique, kMaxGroup);
      engine_.noteCut(Cut::Conflicts, engine_.witness(unique[0].access->witness).function);
    }
    best_.open(tree, key);
    for (Located &l : unique)
      best_.prepare(l);
    // Whether two steps can meet depends on their threads and contexts alone: asked once for each pair of those.
    std::map<std::pair<ThreadId, ContextId>, std::size_t> steps;
    std::vector<std::size_t> stepOf;
    for (const Located &l : unique)
      stepOf.push_back(
          steps.try_emplace({l.thread, l.access->context}, steps.size()).first->second);
    std::vector<std::uint8_t> meetings(steps.size() * steps.size(), kNotAsked);
    for (std::size_t i = 0; i < unique.size() && !engine_.isStopped(StopRequest::All); ++i)
      for (std::size_t j = i; j < unique.size(); ++j) {
        const Access &a = *unique[i].access, &b = *unique[j].access;
        if ((!a.isWrite && !b.isWrite) || !best_.isWanted(unique[i], unique[j]))
          continue;
        std::uint8_t &meeting = meetings[stepOf[i] * steps.size() + stepOf[j]];
        if (meeting == kNotAsked)
          meeting = static_cast<std::uint8_t>(
              model_.meeting(unique[i].thread, a.context, unique[j].thread, b.context));
        auto relation = static_cast<ThreadModel::Relation>(meeting);
        if (relation != ThreadModel::Relation::No)
          comparePair(key, unique[i], unique[j], tree, relation);
      }
  }

  /// What is written while a lock of this class is held: what the lock is for.
  std::map<std::uint64_t, std::set<std::uint64_t>> writtenUnder_;

  /// Whether a lock is held for other data: it guards writes, but never one of this location. Then that a reader holds it says
  /// nothing about a writer that does not: a setter called before the work starts, say.
  bool isForOtherData(Term lock, std::uint64_t bucket) const {
    auto it = writtenUnder_.find(bucketOf(lock));
    return it != writtenUnder_.end() && !it->second.count(bucket);
  }

  GlobalGuards globalGuardsOf_{engine_, model_};
  std::vector<const Access *> bucketAccesses_;
  std::optional<std::set<Term>> globalGuards_; ///< of this bucket, once somebody asks
  const std::set<Term> &globalGuards() {
    if (!globalGuards_)
      globalGuards_ = globalGuardsOf_.of(bucketAccesses_);
    return *globalGuards_;
  }
  /// A global is guarded, but no two threads in view take the lock: it is there for callbacks that code outside runs in threads of
  /// its own.
  Term guardAmongCallbacks(const Located &a, const Located &b, Term location) {
    if (engine_.isGlobal(location))
      for (Term guard : globalGuards())
        if (holds(a, guard) != holds(b, guard))
          return guard;
    return kUnknownTerm;
  }

  const std::vector<HeldLock> &locksOf(const Located &l) const {
    return engine_.context(l.access->context).held;
  }

  /// Whether two locations of a bucket are one, or one is a record and the other a part of it.
  bool overlap(std::uint64_t bucket, Term x, Term y, std::vector<std::pair<Term, Term>> &bases,
               bool &assumed) const {
    bool isWholeX = bucketOf(x) == bucket, isWholeY = bucketOf(y) == bucket;
    if (isWholeX && isWholeY)
      return overlap_.sameLocation(x, y, bases, assumed);
    if (!isWholeX && !isWholeY)
      return false; // both are parts
    for (Term whole : wholesAround(isWholeX ? y : x))
      if (bucketOf(whole) == bucket && (isWholeX ? overlap_.sameLocation(x, whole, bases, assumed)
                                                 : overlap_.sameLocation(whole, y, bases, assumed)))
        return true;
    return false;
  }

  Term lockName(Term lock) {
    const std::vector<Term> &at = points_.locations(lock);
    return at.size() == 1 ? at[0] : lock;
  }

  bool haveCommonLock(const Located &a, const Located &b, Term location,
                      const std::vector<std::pair<Term, Term>> &bases, bool withWeak = false) {
    auto counts = [&](const HeldLock &h) { return !h.may || (withWeak && h.depth == 0); };
    for (const HeldLock &x : locksOf(a)) {
      if (!counts(x))
        continue;
      Term lockA = lockName(x.lock);
      for (const HeldLock &y : locksOf(b)) {
        if (!counts(y) || (x.mode == LockMode::Shared && y.mode == LockMode::Shared))
          continue;
        Term lockB = lockName(y.lock);
        if (x.lock == y.lock)
          return true;
        // Equal names that were reached in two ways: one lock, unless the name stands for many and the data is one.
        bool isOneOfMany =
            engine_.isMadeRepeatedly(terms_.root(lockA)) && overlap_.isUnique(location);
        if (lockA == lockB && !isOneOfMany)
          return true;
        for (auto [p, q] : bases)
          if (p != q && ((terms_.contains(lockB, q) && terms_.replace(lockB, q, p) == lockA) ||
                         (terms_.contains(y.lock, q) && terms_.replace(y.lock, q, p) == x.lock)))
            return true;
        if (isOneIndex(terms_, x.lock, y.lock, [&](Term index, bool isFirst) {
              return slots_.leadsTo(index, (isFirst ? a : b).access->location, location);
            }))
          return true;
        // Through one unknown pointer of the same record.
        if (!isOneOfMany && sameShape(terms_, lockA, lockB))
          return true;
      }
    }
    return false;
  }

  std::vector<Term> ownOf(const Located &a, const Located &b) const {
    std::vector<Term> own = model_.ownOf(a.thread), others = model_.ownOf(b.thread);
    own.insert(own.end(), others.begin(), others.end());
    return own;
  }

  /// Whether a location of `l` is a part of `base` through a field of the record that also declares `lockField`: unknown objects
  /// of different records may go by one name.
  bool isOfRecord(const Located &l, Term base, FieldId lockField) const {
    const Program &program = engine_.program;
    std::vector<Term> locations = l.locations;
    locations.push_back(l.access->location);
    for (Term at : locations)
      for (; terms_[at].kind == TermKind::Field || terms_[at].kind == TermKind::Index ||
             terms_[at].kind == TermKind::Element;
           at = terms_[at].a)
        if (terms_[at].kind == TermKind::Field && terms_[at].a == base &&
            program.fields[terms_[at].b].record == program.fields[lockField].record)
          return true;
    return false;
  }

  /// The lock of the accessed record that one side holds and the other does not.
  Term ownLockEvidence(const Located &a, const Located &b,
                       const std::vector<std::pair<Term, Term>> &bases) {
    auto ownLock = [&](const Located &l, bool isFirst) -> Term {
      for (const HeldLock &held : locksOf(l)) {
        if (held.may)
          continue;
        const Term pointer = evidence_.pointerTo(held.lock);
        for (auto [p, q] : bases)
          for (Term name : {held.lock, lockName(held.lock), pointer})
            if (Term base = isFirst ? p : q; terms_[name].kind == TermKind::Field &&
                                             terms_[name].a == base &&
                                             isOfRecord(l, base, terms_[name].b))
              return name == pointer ? held.lock : name;
      }
      return kUnknownTerm;
    };
    Term lockA = ownLock(a, true), lockB = ownLock(b, false);
    if (lockA && !lockB)
      return lockA;
    if (lockB && !lockA)
      return lockB;
    return kUnknownTerm;
  }

  /// A lock that the writer holds and that the other side gave back for a while.
  Term windowEvidence(const Located &a, const Located &b) {
    for (const auto &[guarded, open] : {std::pair(&a, &b), std::pair(&b, &a)})
      if (guarded->access->isWrite)
        for (const HeldLock &held : locksOf(*guarded))
          if (!held.may && evidence_.isWindow(open->thread, *open->access, guarded->thread,
                                              *guarded->access, held.lock))
            return held.lock;
    return kUnknownTerm;
  }

  void comparePair(std::uint64_t bucket, const Located &a, const Located &b, const ThreadTree &tree,
                   ThreadModel::Relation relation) {
    const std::uint32_t both = a.access->flags & b.access->flags;
    if ((both & Flag::Static) || ((both & Flag::Atomic) && !isLate(a, b)))
      return;
    // Who may assign or join a handle is between the owners of the object; a thread that looks at its own is not.
    if (((a.access->flags | b.access->flags) & Flag::Handle) &&
        relation != ThreadModel::Relation::Threads)
      return;
    if (engine_.origins.areApart(terms_, a.access->location, b.access->location))
      return;
    if (areOfTwoClasses(engine_, *a.access, *b.access))
      return;
    overlap_.mayBe = nullptr;
    if (relation == ThreadModel::Relation::Interfaces && a.isSpawned != b.isSpawned)
      overlap_.mayBe = [&](Term object, Term pointee, bool isFirst) {
        const auto &[user, caller] = isFirst ? std::pair(&a, &b) : std::pair(&b, &a);
        return handedOut_.mayBe(user->thread, object, caller->thread, pointee);
      };
    for (Term x : a.locations)
      for (Term y : b.locations) {
        std::vector<std::pair<Term, Term>> bases;
        bool assumed = false;
        if (!overlap(bucket, x, y, bases, assumed) || overlap_.areDrawnApart(x, y))
          continue;
        if (areNeighbours(x, y) && !(a.access->isWrite && b.access->isWrite))
          continue; // whoever writes a bit-field writes back what the others had
        std::vector<std::pair<Term, Term>> original;
        bool ignored = false;
        overlap_.sameLocation(a.access->location, b.access->location, original, ignored);
        bases.insert(bases.end(), original.begin(), original.end());
        if (relation == ThreadModel::Relation::Interfaces &&
            (handedOut_.hasJoined(engine_.context(a.access->context), b.thread, bases, false) ||
             handedOut_.hasJoined(engine_.context(b.access->context), a.thread, bases, true)))
          continue;
        assumed |= terms_[terms_.root(x)].kind == TermKind::Object && // one site makes many
                   overlap_.isThroughElement(a.access->location) &&
                   overlap_.isThroughElement(b.access->location);
        if (a.thread == b.thread &&
            model_.isOwnOfEach(a.thread, terms_.root(x), a.access->location, b.access->location))
          continue;
        if (haveCommonLock(a, b, x, bases) || isOwnPerRepetition(engine_, model_, a, b, x) ||
            isOwnPerRepetition(engine_, model_, b, a, y))
          continue;
        if (lazyInit_.isOver(a.thread, *a.access) || lazyInit_.isOver(b.thread, *b.access))
          return;
        if (isAfterEnd(engine_, model_, *a.access, b.thread) ||
            isAfterEnd(engine_, model_, *b.access, a.thread))
          return;
        if (!best_.mayWin(a, b))
          return;
        Term evidence = ownLockEvidence(a, b, bases);
        if (evidence != kUnknownTerm && relation != ThreadModel::Relation::Interfaces &&
            isForOtherData(evidence, bucket))
          evidence = kUnknownTerm;
        if (evidence == kUnknownTerm && relation == ThreadModel::Relation::Interfaces)
          evidence = guardAmongCallbacks(a, b, x);
        if (evidence == kUnknownTerm)
          evidence = windowEvidence(a, b);
        if (evidence == kUnknownTerm && a.thread == b.thread &&
            relation == ThreadModel::Relation::Interfaces)
          evidence = evidence_.oneWayLock(a.thread, *a.access, *b.access);
        const bool isUnsure =
            haveCommonLock(a, b, x, bases, true) ||
            overlap_.maybeSlices(a.access->location, b.access->location, ownOf(a, b));
        report(bucket, a, b, x, y, bases, assumed, relation, evidence, tree, isUnsure);
        return;
      }
  }

  bool isStep(const Located &step, const Located &other, Term lock) {
    return evidence_.isStep(step.thread, other.thread, holds(step, lock) && !holds(other, lock));
  }

  bool holds(const Located &l, Term lock) {
    return std::any_of(locksOf(l).begin(), locksOf(l).end(), [&](const HeldLock &h) {
      return h.lock == lock || lockName(h.lock) == lock;
    });
  }

  /// A function of a C library that takes no such lock itself and leaves the access to one that is called with the lock elsewhere:
  /// what is exported is not told, and it may be one of those that want the caller to hold the lock.
  bool callerMayHold(const Located &open, Term lock) const {
    const ThreadInstance &root = model_.threads[open.thread];
    const FunctionFacts &entry = engine_.program.functions[root.entry].facts;
    if (root.kind != RootKind::Interface || (entry.flags & FunctionFlag::Method))
      return false;
    for (const Acquisition &a : root.acquisitions)
      if (bucketOf(a.lock) == bucketOf(lock))
        return false;
    return isCalledWithLock(open, lock);
  }
  /// The access is made without the lock in a function that others call with the lock held: their contract may be the caller's.
  bool isCalledWithLock(const Located &open, Term lock) const {
    bool isHeld =
        std::any_of(locksOf(open).begin(), locksOf(open).end(),
                    [&](const HeldLock &held) { return bucketOf(held.lock) == bucketOf(lock); });
    FunctionId leaf = leafOf(open);
    return !isHeld && leaf != model_.threads[open.thread].entry &&
           leavesUnder_.count({leaf, bucketOf(lock)});
  }
  /// Functions that make an access of this bucket under a lock that their caller holds, with the class of the lock.
  std::set<std::pair<FunctionId, std::uint64_t>> leavesUnder_;
  FunctionId leafOf(const Located &l) const { return engine_.leaf(l.access->witness).function; }
  bool isLate(const Located &a, const Located &b) const {
    return isInitialisedLate(engine_, *a.access, a.thread, model_.threads[b.thread]) ||
           isInitialisedLate(engine_, *b.access, b.thread, model_.threads[a.thread]);
  }

  bool isOfOtherProgram(const Located &l) const {
    const FunctionId root = model_.rootOf(l.thread).entry;
    const WitnessId step = l.access->witness, start = model_.threads[l.thread].spawnWitness;
    return maySwitchPrograms(engine_, {step, start}) || isOfAnotherProgram(engine_, root, step) ||
           isOfAnotherProgram(engine_, root, start);
  }

  /// Whether something the analysis does not follow may order the two steps, or keep them to different objects.
  bool isDoubtful(std::uint64_t bucket, const Located &a, const Located &b, Term location,
                  ThreadModel::Relation relation, Term evidence, bool isBig, bool isForgotten) {
    const ThreadInstance &ta = model_.threads[a.thread], &tb = model_.threads[b.thread];
    auto isAside = [&](Term lock) { return isForOtherData(lock, bucket); };
    return (isBig && mayShareLock(engine_, *a.access, *b.access)) ||
           isMixedUp(engine_, *a.access, *b.access) ||
           (evidence != kUnknownTerm && usage_.isRarelyUnder(evidence)) ||
           claims_.areOfOneClaim(*a.access, *b.access) ||
           isPolledFlag(engine_, *a.access, *b.access) ||
           (relation == ThreadModel::Relation::Interfaces &&
            (a.access->isLate || b.access->isLate ||
             (!isForgotten && (mayBeLockedOutside(engine_, ta, *a.access, *b.access, isAside) ||
                               mayBeLockedOutside(engine_, tb, *b.access, *a.access, isAside))))) ||
           (evidence == kUnknownTerm && (isOfUnknownOrigin(engine_, location, ta, tb) ||
                                         isOneOfMany(engine_, location, *a.access, *b.access) ||
                                         ((!engine_.isGlobal(location) || ta.entry == tb.entry) &&
                                          isAnyElement(terms_, *a.access, *b.access)))) ||
           // Two methods of a library's class, of which only the declaration is known.
           (a.access->flags & b.access->flags & Flag::Opaque) != 0 ||
           areBehindOnce(engine_, *a.access, *b.access) ||
           (!engine_.isGlobal(location) && !isLate(a, b) &&
            (isBeforeStart(engine_, *a.access, tb) || isBeforeStart(engine_, *b.access, ta))) ||
           mayBeOneLock(engine_, points_, *a.access, *b.access) ||
           lazyInit_.wasDoneBefore(*a.access) || lazyInit_.wasDoneBefore(*b.access) ||
           lazyInit_.isBesideFirst(*a.access, tb) || lazyInit_.isBesideFirst(*b.access, ta) ||
           (relation == ThreadModel::Relation::Interfaces &&
            (lazyInit_.isBeforeUse(*a.access, *b.access) ||
             lazyInit_.isBeforeUse(*b.access, *a.access) ||
             (engine_.isGlobal(location) &&
              (isTeardown(ta, *a.access) || isTeardown(tb, *b.access))))) ||
           model_.mayPrepare(a.thread, a.access->context, b.thread, b.access->context) ||
           model_.mayPrepare(b.thread, b.access->context, a.thread, a.access->context) ||
           (a.thread == b.thread && isAwaited(engine_, ta)) ||
           mayHaveJoined(engine_, model_, {a.thread, *a.access}, {b.thread, *b.access}) ||
           modes_.isWithoutThread(*a.access, b.thread) ||
           modes_.isWithoutThread(*b.access, a.thread) ||
           awaited_.isBehindWorker(a.thread, *a.access, b.thread, *b.access) ||
           awaited_.isBehindWorker(b.thread, *b.access, a.thread, *a.access) ||
           made_.isWithoutObject({a.thread, *a.access}, {b.thread, *b.access}) ||
           isOfOtherProgram(a) || isOfOtherProgram(b);
  }

  /// A plain flag that ends the thread's loop, written by a public function that then joins the thread: it is called while the thread runs.
  bool isStopFlag(const Located &a, const Located &b, const Bases &bases) {
    const bool isFirst = a.isSpawned;
    const Located &reader = isFirst ? a : b, &writer = isFirst ? b : a;
    return reader.isSpawned && !writer.isSpawned && writer.access->isWrite &&
           !reader.access->isWrite && !((a.access->flags | b.access->flags) & Flag::Volatile) &&
           handedOut_.joins(writer.thread, reader.thread, bases, isFirst) &&
           usage_.endsLoop(*reader.access);
  }

  /// The function that makes the access takes this very lock itself, at another place, and everybody else holds it.
  bool isForgotten(const Located &open, Term lock, const Bases &bases, bool isFirst) {
    if (!usage_.isForgotten(*open.access, lock))
      return false;
    std::set<Term> names{lock};
    for (const auto &[p, q] : bases)
      for (Term name : {lock, lockName(lock)})
        if (terms_.contains(name, isFirst ? q : p))
          names.insert(terms_.replace(name, isFirst ? q : p, isFirst ? p : q));
    const std::vector<Acquisition> &all = model_.threads[open.thread].acquisitions;
    return std::any_of(all.begin(), all.end(), [&](const Acquisition &a) {
      return (names.count(a.lock) || names.count(lockName(a.lock))) &&
             evidence_.isInOneCall(open.access->witness, a.witness);
    });
  }

  void report(std::uint64_t bucket, const Located &a, const Located &b, Term location, Term other,
              const Bases &bases, bool assumed, ThreadModel::Relation relation, Term evidence,
              const ThreadTree &tree, bool isUnsure) {
    Confidence confidence = Confidence::High;
    bool ambiguous = a.locations.size() > 3 || b.locations.size() > 3;
    bool isForgottenLock = false;
    const ThreadInstance &ta = model_.threads[a.thread], &tb = model_.threads[b.thread];
    const bool isBig =
        engine_.isThrifty() || ta.largestPart > kManyEffects || tb.largestPart > kManyEffects;
    if (relation == ThreadModel::Relation::Interfaces) {
      auto isOffered = [&](const Located &l) {
        const ThreadInstance &root = model_.rootOf(l.thread);
        return root.isExported || (root.isCallback && globalGuards().count(evidence));
      };
      bool exported = isOffered(a) && isOffered(b);
      bool oneSpawned = ta.kind == RootKind::Spawned || tb.kind == RootKind::Spawned;
      // One of several objects that a pointer leads to is none that the code speaks of.
      bool isGlobal =
          engine_.isGlobal(location) && a.locations.size() == 1 && b.locations.size() == 1;
      bool guardedWrites =
          (a.access->isWrite && holds(a, evidence)) || (b.access->isWrite && holds(b, evidence));
      bool isOwnThread =
          oneSpawned && evidence_.isHandedOver(*a.access) && evidence_.isHandedOver(*b.access);
      if (evidence != kUnknownTerm && !isOwnThread && !guardedWrites &&
          !evidence_.isMeantFor(evidence, location))
        evidence = kUnknownTerm;
      if (evidence != kUnknownTerm &&
          (isStep(a, b, evidence) || isStep(b, a, evidence) ||
           (evidence_.isUsedInside(ta) && evidence_.isUsedInside(tb)) ||
           (!holds(a, evidence) && evidence_.isDoubtful(ta, evidence, oneSpawned)) ||
           (!holds(b, evidence) && evidence_.isDoubtful(tb, evidence, oneSpawned))))
        confidence = Confidence::Medium;
      const auto &[open, guarded] = holds(a, evidence) ? std::pair(&b, &a) : std::pair(&a, &b);
      isForgottenLock = evidence != kUnknownTerm && isForgotten(*open, evidence, bases, open == &a);
      // That it is the object that was handed out is a guess, and what the thread itself does there may be its own business.
      if (terms_[terms_.root(location)].kind != terms_[terms_.root(other)].kind &&
          (!isForgottenLock || evidence_.doesItself(a.thread, *b.access) ||
           evidence_.doesItself(b.thread, *a.access)) &&
          !isStopFlag(a, b, bases))
        confidence = Confidence::Medium;
      if (evidence != kUnknownTerm && !isForgottenLock &&
          evidence_.isFarFetched(model_.threads[open->thread], *open->access, *guarded->access,
                                 evidence))
        confidence = Confidence::Medium;
      if (!exported || tree.hasMain || Evidence::isCalledUnderLock(ta) ||
          Evidence::isCalledUnderLock(tb) ||
          (evidence != kUnknownTerm && (callerMayHold(a, evidence) || callerMayHold(b, evidence))))
        confidence = Confidence::Medium;
      else if (evidence == kUnknownTerm && !(oneSpawned && isGlobal) && !isStopFlag(a, b, bases))
        confidence = oneSpawned ? Confidence::Medium : Confidence::Low;
      else if (evidence == kUnknownTerm && usage_.isSetting())
        confidence = std::max(confidence, Confidence::Medium);
    } else if (assumed && (evidence == kUnknownTerm || isCalledWithLock(a, evidence) ||
                           isCalledWithLock(b, evidence))) {
      confidence = Confidence::Medium;
    } else if (evidence == kUnknownTerm && !engine_.isGlobal(location) && isBig) {
      // Objects of a big program share their allocation site; that they are one object is a guess.
      confidence = Confidence::Medium;
    }
    for (ThreadId id : {a.thread, b.thread})
      if (const ThreadInstance &top = model_.rootOf(id);
          relation != ThreadModel::Relation::Interfaces && top.kind == RootKind::Interface &&
          !top.isExported && !isLate(a, b))
        confidence = std::max(confidence, Confidence::Medium); // no entry reaches it
    if (ambiguous && evidence == kUnknownTerm)
      confidence = std::max(confidence, Confidence::Medium);
    if (isUnsure || relation == ThreadModel::Relation::Maybe ||
        (((a.access->flags | b.access->flags) & Flag::Initialization) && !isLate(a, b)) ||
        (confidence == Confidence::High &&
         isDoubtful(bucket, a, b, location, relation, evidence, isBig, isForgottenLock)))
      confidence = std::max(confidence, Confidence::Medium);
    Conflict conflict;
    conflict.location = location;
    conflict.neighbour = areNeighbours(location, other) ? other : kUnknownTerm;
    conflict.confidence = confidence;
    conflict.relation = relation;
    conflict.guard = evidence;
    best_.add(a, b, std::move(conflict));
  }
};

} // namespace

std::vector<Conflict> findConflicts(Engine &engine, ThreadModel &model) {
  return ConflictSearch(engine, model).run();
}

} // namespace threadlint
