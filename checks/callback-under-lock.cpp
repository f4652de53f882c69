// callback-under-lock: a callback is called while a lock is held that the callback takes, or that the interface it may call takes.
#include "analyzer/analysis/Substitution.h"
#include "checks/CheckFunctions.h"
#include "checks/Describe.h"
#include "checks/LockFunctions.h"
#include "checks/LockKinds.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

namespace threadlint {
namespace {

/// Where a lock is taken again, by the callback itself or by a function it can call.
struct Again {
  WitnessId witness = kNoWitness;
  FunctionId function = 0; ///< the callback, or the function of the interface
  bool byCallback = false;
};

class Search {
public:
  explicit Search(const Analysis &analysis)
      : analysis_(analysis), engine_(*analysis.engine), terms_(engine_.terms),
        model_(*analysis.model), describer_(analysis), kinds_(analysis) {}

  std::vector<Finding> run() {
    for (ThreadId id = 0; id < model_.threads.size(); ++id)
      for (const Callback &callback : model_.threads[id].callbacks)
        judge(id, callback);
    return found_.take();
  }

private:
  const Analysis &analysis_;
  Engine &engine_;
  Terms &terms_;
  ThreadModel &model_;
  Describer describer_;
  LockKinds kinds_;
  FindingsByFingerprint found_;
  std::map<FieldId, std::set<FunctionId>> setters_;
  std::optional<std::set<Place>> deadlocks_; ///< where a lock is surely taken again

  FieldId fieldOf(Term place) const {
    while (
        terms_[place].kind == TermKind::Index || terms_[place].kind == TermKind::Element ||
        (terms_[place].kind == TermKind::Deref && terms_[terms_[place].a].kind == TermKind::Init))
      place = terms_[place].kind == TermKind::Deref ? terms_[terms_[place].a].a : terms_[place].a;
    return terms_[place].kind == TermKind::Field ? terms_[place].b : kNone;
  }
  bool isField(Term place) const { return fieldOf(place) < engine_.program.fields.size(); }

  /// The functions that store something they are given in a field.
  const std::set<FunctionId> &settersOf(FieldId field) {
    auto [it, isNew] = setters_.try_emplace(field);
    if (!isNew)
      return it->second;
    const Program &program = engine_.program;
    for (FunctionId id = 0; id < program.functions.size(); ++id) {
      const FunctionFacts &facts = program.functions[id].facts;
      for (const Block &block : facts.blocks)
        for (const Event &event : block.events)
          if (event.path != kNone && !facts.params.empty() &&
              (event.kind == EventKind::Write || event.kind == EventKind::Define) &&
              (event.flags & Flag::Initialization) == 0)
            for (const PathStep &step : facts.paths[event.path].steps)
              if (step.kind == StepKind::Field && step.field == field)
                it->second.insert(id);
    }
    return it->second;
  }
  /// Whether users of the library decide what the field holds: a function stores it that the library itself never calls.
  bool comesFromOutside(FieldId field) {
    for (FunctionId id : settersOf(field))
      if (engine_.program.functions[id].callers == 0 &&
          engine_.program.functions[id].hasFlag(FunctionFlag::External) &&
          !engine_.program.functions[id].hasFlag(FunctionFlag::Private | FunctionFlag::Protected))
        return true;
    return false;
  }
  /// The object that something is a part of, through any number of pointers.
  Term owner(Term location) const {
    for (;;) {
      Term root = terms_.root(location);
      if (terms_[root].kind != TermKind::Deref || terms_[terms_[root].a].kind != TermKind::Init)
        return root;
      location = terms_[terms_[root].a].a;
    }
  }

  void judge(ThreadId id, const Callback &callback) {
    const ThreadInstance &thread = model_.threads[id];
    Term place = callback.place;
    if (!isField(place))
      return;
    const std::vector<HeldLock> held = engine_.context(callback.context).held;
    for (const HeldLock &lock : held) {
      if (lock.may || lock.isSpin || isGuardLock(terms_, lock.lock) ||
          kinds_.of(lock.lock) != LockAttribute::Normal)
        continue;
      std::vector<Term> known = model_.pointsTo().callables(callback.callable);
      std::optional<Again> again;
      for (Term callable : known)
        if (!again)
          again = takenBy(callable, lock);
      bool isLibrary = analysis_.program->mains.empty() && thread.kind == RootKind::Interface;
      FieldId field = fieldOf(place);
      if (known.empty() && isLibrary && comesFromOutside(field) &&
          mayCallBack(callback, place, lock.lock))
        again = takenByInterface(thread, lock, field, terms_.root(place) == terms_.root(lock.lock));
      if (again && !isSelfDeadlock(*again))
        report(id, callback, place, lock, *again);
    }
  }

  /// The whole way into the callback is seen, and told as a self-deadlock.
  bool isSelfDeadlock(const Again &again) {
    if (!again.byCallback)
      return false;
    if (!deadlocks_) {
      deadlocks_.emplace();
      for (const Finding &finding : selfDeadlock(analysis_))
        if (finding.confidence == Confidence::High)
          deadlocks_->insert(finding.place);
    }
    return deadlocks_->count(describer_.place(takingStep(analysis_, again.witness).range)) != 0;
  }

  /// A user's callback is known to the object that owns the lock, or is told about it.
  bool mayCallBack(const Callback &callback, Term place, Term lock) const {
    Term owned = terms_.root(lock);
    if (terms_[lock].kind != TermKind::Field)
      return false;
    if (terms_.root(place) == owned || owner(place) == owned)
      return true;
    return std::any_of(callback.args.begin(), callback.args.end(), [&](Term arg) {
      return arg != kUnknownTerm && terms_.deref(arg) != kUnknownTerm &&
             owner(lock) == owner(terms_.deref(arg));
    });
  }

  /// Whether an acquisition of `taken` waits for who holds `lock`.
  bool waitsFor(const Acquisition &acquisition, Term taken, const HeldLock &lock) const {
    bool bothShared = acquisition.mode == LockMode::Shared && lock.mode == LockMode::Shared;
    return !acquisition.isTry && !bothShared && model_.pointsTo().mayBeOne(taken, lock.lock);
  }

  std::optional<Again> takenBy(Term callable, const HeldLock &lock) {
    for (const Target &target : engine_.targets(callable, {})) {
      const Summary &summary = engine_.summaryFor(target);
      Substitution sub(engine_, target.binding,
                       engine_.site(target.function, SiteKind::Argument, 0, 0),
                       [this](Term at) { return terms_.init(at); });
      for (const Acquisition &a : summary.acquisitions)
        if (waitsFor(a, sub(a.lock), lock))
          return Again{a.witness, target.function, true};
    }
    return std::nullopt;
  }

  /// Replacing the object's only callback from that callback is too rare to count.
  /// So is starting what called it once more.
  /// The most direct one makes the best example.
  std::optional<Again> takenByInterface(const ThreadInstance &caller, const HeldLock &lock,
                                        FieldId field, bool isOnly) {
    std::optional<Again> best;
    for (ThreadId id : model_.trees[caller.tree].threads) {
      const ThreadInstance &thread = model_.threads[id];
      if (thread.kind != RootKind::Interface || !thread.isExported ||
          thread.entry == caller.entry || (isOnly && settersOf(field).count(thread.entry)))
        continue;
      for (const Acquisition &a : thread.acquisitions)
        if (waitsFor(a, a.lock, lock) && (!best || stepsOf(a.witness) < stepsOf(best->witness)))
          best = Again{a.witness, thread.entry, false};
    }
    return best;
  }

  unsigned stepsOf(WitnessId witness) const {
    unsigned steps = 0;
    for (; witness != kNoWitness; witness = engine_.witness(witness).next)
      ++steps;
    return steps;
  }

  /// Calls between the function that holds a lock and the one that calls the callback.
  unsigned callsUnderLock(WitnessId witness) const {
    while (engine_.witness(witness).held.empty() && engine_.witness(witness).next != kNoWitness)
      witness = engine_.witness(witness).next;
    return stepsOf(witness) - 1;
  }

  void report(ThreadId id, const Callback &callback, Term place, const HeldLock &lock,
              const Again &again) {
    const Witness &leaf = describer_.leaf(callback.witness);
    std::string what = describer_.name(place), held = describer_.name(lock.lock);
    Finding finding = makeFinding(describer_, "callback-under-lock", leaf,
                                  {describer_.key(place), describer_.key(lock.lock)});
    // Far from where the lock was taken, as in logging, the rules for the callback are mostly known.
    constexpr unsigned kManyCalls = 2;
    if (!again.byCallback && callsUnderLock(callback.witness) > kManyCalls)
      finding.confidence = Confidence::Medium;
    std::string taker = describer_.functionName(again.function);
    finding.message = "the callback '" + what + "' is called here while '" + held + "' is held";
    finding.message += again.byCallback
                           ? ", and the callback '" + taker + "' takes it again: self-deadlock"
                           : ": a callback that calls '" + taker + "', which takes it, deadlocks";
    finding.threads.push_back(describer_.trace(id, callback.witness, "calls '" + what + "'",
                                               engine_.context(callback.context).held));
    finding.threads.push_back(describer_.trace(again.witness, "takes '" + held + "'"));
    finding.notes.push_back("fix: copy the callback, release '" + held + "', and call the copy");
    found_.add(std::move(finding));
  }
};

} // namespace

std::vector<Finding> callbackUnderLock(const Analysis &analysis) { return Search(analysis).run(); }

} // namespace threadlint
