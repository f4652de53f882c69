// lost-wakeup: a wait on a condition variable that the notification meant for it may miss.
#include "analyzer/analysis/RaceConfidence.h"
#include "checks/CheckFunctions.h"
#include "checks/Describe.h"
#include "checks/LockFunctions.h"
#include "checks/MissedStops.h"

#include <algorithm>

namespace threadlint {
namespace {

/// Notifications after a change of an atomic flag that a waiter tests under its mutex, which the notifier never takes: the change can
/// fall between the test and the wait.
class UnguardedNotifications {
public:
  UnguardedNotifications(const Analysis &analysis, const Describer &describer,
                         FindingsByPlace &found)
      : analysis_(analysis), model_(*analysis.model), describer_(describer), found_(found) {}

  void run() {
    for (const ThreadTree &tree : model_.trees)
      for (ThreadId notifier : tree.threads)
        for (const Signal &signal : model_.threads[notifier].signals)
          if (signal.kind == WaitKind::Condition && !signal.changed.empty())
            judge(tree, notifier, signal);
  }

private:
  const Analysis &analysis_;
  ThreadModel &model_;
  const Describer &describer_;
  FindingsByPlace &found_;

  bool isTestedBeside(const ThreadInstance &thread, const Wait &wait, Term flag) {
    const FunctionId function = describer_.leaf(wait.witness).function;
    return std::any_of(thread.accesses.begin(), thread.accesses.end(), [&](const Access &access) {
      return !access.isWrite && analysis_.engine->stepIn(access.witness, function) &&
             model_.pointsTo().mayBeOne(access.location, flag);
    });
  }

  void judge(const ThreadTree &tree, ThreadId notifier, const Signal &signal) {
    const std::vector<HeldLock> &held = analysis_.engine->context(signal.context).held;
    for (ThreadId waiter : tree.threads)
      for (const Wait &wait : model_.threads[waiter].waits) {
        if (wait.kind != WaitKind::Condition || wait.own.size() != 1 ||
            !model_.pointsTo().mayBeOne(wait.object, signal.object) ||
            std::any_of(held.begin(), held.end(), [&](const HeldLock &h) {
              return model_.pointsTo().mayBeOne(h.lock, wait.own[0]);
            }))
          continue;
        ThreadModel::Relation relation =
            model_.meeting(waiter, wait.context, notifier, signal.context);
        if (relation == ThreadModel::Relation::No)
          continue;
        for (Term flag : signal.changed)
          if (isTestedBeside(model_.threads[waiter], wait, flag))
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
    for (const auto &[lock, witness] : thread.summary->waitNeeds)
      addUnlocked(lock, witness, kNoWitness,
                  thread.summary->truncated || mayHold(analysis, lock, witness) ? Confidence::Medium
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
