// lost-wakeup: a wait on a condition variable that the notification meant for it may miss.
#include "analyzer/analysis/RaceConfidence.h"
#include "checks/CheckFunctions.h"
#include "checks/Describe.h"
#include "checks/LockFunctions.h"
#include "checks/MissedStops.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

namespace threadlint {
namespace {

constexpr std::size_t kMaxAlike = 48;

/// Notifications after a change of an atomic flag that a waiter tests under its mutex, which the notifier never takes: the change can
/// fall between the test and the wait.
class UnguardedNotifications {
public:
  UnguardedNotifications(const Analysis &analysis, const Describer &describer,
                         FindingsByPlace &found)
      : analysis_(analysis), model_(*analysis.model), describer_(describer), found_(found) {}

  void run() {
    for (const ThreadTree &tree : model_.trees) {
      const auto signals = chosen(tree, &ThreadInstance::signals, [](const Signal &signal) {
        return signal.kind == WaitKind::Condition && !signal.changed.empty();
      });
      if (signals.empty())
        continue;
      const auto waits = chosen(tree, &ThreadInstance::waits, [](const Wait &wait) {
        return wait.kind == WaitKind::Condition && wait.own.size() == 1;
      });
      for (const auto &[notifier, signal] : signals)
        judge(waits, notifier, *signal);
    }
  }

private:
  template <class S> using Steps = std::vector<std::pair<ThreadId, const S *>>;

  const Analysis &analysis_;
  ThreadModel &model_;
  const Describer &describer_;
  FindingsByPlace &found_;

  /// The steps of a tree to compare: of those at one place a few, first of threads that some entry reaches, of each thread in turn.
  template <class S, class F>
  Steps<S> chosen(const ThreadTree &tree, std::vector<S> ThreadInstance::*steps, F isWanted) {
    struct Candidate {
      bool isUnreached = false;
      std::size_t turn = 0;
      ThreadId thread = 0;
      const S *step = nullptr;
      auto key() const { return std::tuple(isUnreached, turn, thread); }
    };
    std::map<std::pair<FunctionId, SourceRange>, std::vector<Candidate>> places;
    for (ThreadId thread : tree.threads) {
      std::map<std::pair<FunctionId, SourceRange>, std::size_t> turns;
      for (const S &step : model_.threads[thread].*steps)
        if (isWanted(step)) {
          const Witness &leaf = describer_.leaf(step.witness);
          const std::pair place{leaf.function, leaf.range};
          places[place].push_back({isUnreached(thread), turns[place]++, thread, &step});
        }
    }
    Steps<S> result;
    for (auto &[place, candidates] : places) {
      if (candidates.size() > kMaxAlike) {
        std::sort(candidates.begin(), candidates.end(),
                  [](const Candidate &a, const Candidate &b) { return a.key() < b.key(); });
        candidates.resize(kMaxAlike);
        analysis_.engine->noteCut(Cut::Notifications, place.first);
      }
      for (const Candidate &candidate : candidates)
        result.emplace_back(candidate.thread, candidate.step);
    }
    std::sort(result.begin(), result.end()); // the steps of one thread stand in one vector
    return result;
  }

  std::map<std::pair<ThreadId, FunctionId>, std::set<Term>> reads_;
  std::map<std::tuple<ThreadId, FunctionId, Term>, bool> isTested_;

  /// What a thread reads in a function and below it.
  const std::set<Term> &readsIn(ThreadId thread, FunctionId function) {
    auto [it, isNew] = reads_.try_emplace({thread, function});
    if (isNew)
      for (const Access &access : model_.threads[thread].accesses)
        if (!access.isWrite && analysis_.engine->stepIn(access.witness, function))
          it->second.insert(access.location);
    return it->second;
  }

  std::map<std::pair<Term, Term>, bool> mayBeOne_;
  bool mayBeOne(Term a, Term b) {
    auto [it, isNew] = mayBeOne_.try_emplace({a, b});
    if (isNew)
      it->second = model_.pointsTo().mayBeOne(a, b);
    return it->second;
  }

  bool isTestedIn(ThreadId thread, FunctionId function, Term flag) {
    auto [it, isNew] = isTested_.try_emplace({thread, function, flag});
    if (isNew) {
      const std::set<Term> &reads = readsIn(thread, function);
      it->second = std::any_of(reads.begin(), reads.end(),
                               [&](Term location) { return mayBeOne(location, flag); });
    }
    return it->second;
  }

  void judge(const Steps<Wait> &waits, ThreadId notifier, const Signal &signal) {
    const std::vector<HeldLock> &held = analysis_.engine->context(signal.context).held;
    for (const auto &[waiter, step] : waits) {
      const Wait &wait = *step;
      if (analysis_.engine->isStopped(StopRequest::All))
        return;
      if (!mayBeOne(wait.object, signal.object) ||
          std::any_of(held.begin(), held.end(),
                      [&](const HeldLock &h) { return mayBeOne(h.lock, wait.own[0]); }))
        continue;
      const FunctionId function = describer_.leaf(wait.witness).function;
      std::vector<Term> flags = signal.changed;
      std::erase_if(flags, [&](Term flag) { return !isTestedIn(waiter, function, flag); });
      if (flags.empty())
        continue;
      ThreadModel::Relation relation =
          model_.meeting(waiter, wait.context, notifier, signal.context);
      if (relation != ThreadModel::Relation::No)
        for (Term flag : flags)
          add(waiter, wait, notifier, signal, flag, relation);
    }
  }

  /// Code that no entry reaches; but who destroys an object that waits is meant to be another thread.
  bool isUnreached(ThreadId id) const {
    const Program &program = *analysis_.program;
    const ThreadInstance &root = model_.rootOf(id);
    return root.kind == RootKind::Interface && !root.isExported &&
           model_.threads[id].kind != RootKind::Spawned &&
           !(program.mains.empty() &&
             program.functions[root.entry].hasFlag(FunctionFlag::Destructor));
  }

  void add(ThreadId waiter, const Wait &wait, ThreadId notifier, const Signal &signal, Term flag,
           ThreadModel::Relation relation) {
    const Witness &leaf = describer_.leaf(signal.witness);
    const Witness &waits = describer_.leaf(wait.witness);
    std::string what = describer_.name(flag), lock = describer_.name(wait.own[0]);
    Finding finding = makeFinding(describer_, "lost-wakeup", leaf,
                                  {describer_.key(flag), describer_.key(wait.object), "unguarded",
                                   describer_.functionKey(leaf.function)});
    if (relation == ThreadModel::Relation::Maybe || isUnreached(waiter) || isUnreached(notifier))
      finding.confidence = Confidence::Medium;
    finding.message = "'" + what + "' was changed without '" + lock +
                      "', so this notification can come after '" +
                      describer_.functionName(waits.function) + "' has tested '" + what +
                      "' and before it waits: it is lost";
    finding.threads.push_back(describer_.trace(notifier, signal.witness,
                                               "notifies after changing '" + what + "'",
                                               analysis_.engine->context(signal.context).held));
    finding.threads.push_back(describer_.trace(waiter, wait.witness,
                                               "tests '" + what + "' and waits",
                                               analysis_.engine->context(wait.context).held));
    finding.notes.push_back(describer_.whyParallel(notifier, waiter, relation));
    finding.notes.push_back("fix: change '" + what + "' while holding '" + lock +
                            "', atomic or not");
    found_.add(std::move(finding));
  }
};

/// The mutex of the wait is known by a pointer alone, and some lock is held: it may be that one.
bool mayHold(const Analysis &analysis, Term lock, WitnessId witness) {
  if (analysis.engine->terms[lock].kind != TermKind::Deref)
    return false;
  for (; witness != kNoWitness; witness = analysis.engine->witness(witness).next)
    if (!analysis.engine->witness(witness).held.empty())
      return true;
  return false;
}

} // namespace

std::vector<Finding> lostWakeup(const Analysis &analysis) {
  FindingsByPlace found;
  Describer describer(analysis);
  auto addUnlocked = [&](Term lock, WitnessId witness, WitnessId earlier, Confidence confidence,
                         const std::string &why) {
    const Witness &leaf = describer.leaf(witness);
    std::string what = describer.name(lock, leaf.function);
    Finding finding =
        makeFinding(describer, "lost-wakeup", leaf,
                    {describer.key(lock), describer.functionKey(leaf.function), "unlocked"});
    const bool isOne = analysis.engine->terms.isDefinite(lock) &&
                       !isPickedInLoop(*analysis.engine, lock, witness) &&
                       !mayAskAgain(analysis, witness);
    finding.confidence = isOne ? confidence : Confidence::Medium;
    finding.message = "this waits with '" + what + "', " + why +
                      ": a notification just before the wait is lost, and waiting without the "
                      "mutex is undefined";
    finding.threads.push_back(describer.trace(witness, "waits without holding '" + what + "'"));
    if (earlier != kNoWitness)
      finding.related.push_back(RelatedPlace{describer.place(describer.leaf(earlier).range),
                                             "'" + what + "' was given back here"});
    finding.notes.push_back("fix: take '" + what + "', test the condition, and wait in a loop");
    found.add(std::move(finding));
  };
  for (const ThreadInstance &thread : analysis.model->threads) {
    for (const Defect &defect : thread.defects)
      if (defect.kind == DefectKind::WaitUnlocked)
        addUnlocked(defect.subject, defect.witness, defect.other,
                    defect.may ? Confidence::Medium : Confidence::High,
                    "which was given back before");
    if (thread.kind == RootKind::Interface || thread.summary == nullptr)
      continue; // callers may hold it
    for (const WaitNeed &need : thread.summary->waitNeeds)
      addUnlocked(need.lock, need.witness, kNoWitness,
                  thread.summary->truncated || mayHold(analysis, need.lock, need.witness)
                      ? Confidence::Medium
                      : Confidence::High,
                  "which the thread '" + describer.functionName(thread.entry) +
                      "' does not hold here");
  }
  for (Finding &finding : missedStops(analysis, describer))
    found.add(std::move(finding));
  UnguardedNotifications(analysis, describer, found).run();
  return found.take();
}

} // namespace threadlint
