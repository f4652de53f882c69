// lost-wakeup: a wait on a condition variable that the notification meant for it may miss.
#include "analyzer/analysis/RaceConfidence.h"
#include "checks/CheckFunctions.h"
#include "checks/Describe.h"
#include "checks/MissedStops.h"

namespace threadlint {

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
    const bool isOne =
        analysis.engine->terms.isDefinite(lock) && !isPickedInLoop(*analysis.engine, lock, witness);
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
                  thread.summary->truncated ? Confidence::Medium : Confidence::High,
                  "which the thread '" + describer.functionName(thread.entry) +
                      "' does not hold here");
  }
  for (Finding &finding : missedStops(analysis, describer))
    found.add(std::move(finding));
  return found.take();
}

} // namespace threadlint
