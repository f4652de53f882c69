// unlock-not-held: a release of a lock that the thread does not hold: released twice, or never taken.
#include "analyzer/analysis/RaceConfidence.h"
#include "checks/CheckFunctions.h"
#include "checks/Describe.h"
#include "checks/LockBalance.h"
#include "checks/LockFunctions.h"
#include "checks/LockKinds.h"

#include <algorithm>

namespace threadlint {

std::vector<Finding> unlockNotHeld(const Analysis &analysis) {
  FindingsByPlace found;
  Describer describer(analysis);
  LockKinds kinds(analysis);
  std::map<std::string, std::string> locks; ///< by fingerprint
  auto add = [&](Term lock, WitnessId witness, WitnessId earlier, Confidence confidence,
                 const std::string &why) {
    const Witness &leaf = releasingStep(analysis, witness);
    std::string what = describer.name(lock, leaf.function);
    Finding finding = makeFinding(describer, "unlock-not-held", leaf,
                                  {describer.key(lock), describer.functionKey(leaf.function)});
    const bool isOne = analysis.engine->terms.isDefinite(lock) &&
                       !isPickedInLoop(*analysis.engine, lock, witness) &&
                       !mayAskAgain(analysis, witness) && !isByHook(analysis, lock, witness) &&
                       !isToldByFlag(analysis, witness);
    locks[finding.fingerprint] = lockNamed(analysis.engine->terms, lock);
    finding.confidence = isOne ? confidence : Confidence::Medium;
    finding.message = "'" + what + "' is released here but " + why;
    finding.threads.push_back(describer.trace(witness, "releases '" + what + "'"));
    if (earlier != kNoWitness)
      finding.related.push_back(RelatedPlace{describer.place(describer.leaf(earlier).range),
                                             "'" + what + "' was released here before"});
    finding.notes.push_back("fix: release '" + what +
                            "' exactly once after taking it; a guard does that");
    found.add(std::move(finding));
  };
  for (const ThreadInstance &thread : analysis.model->threads) {
    for (const Defect &defect : thread.defects)
      if (defect.kind == DefectKind::DoubleUnlock)
        add(defect.subject, defect.witness, defect.other,
            defect.may || kinds.isOwnClass(defect.subject) ? Confidence::Medium : Confidence::High,
            "already was on this path");
      else if (defect.kind == DefectKind::UnlockOfNothing &&
               kinds.of(defect.subject) == LockAttribute::Normal)
        add(defect.subject, defect.witness, kNoWitness,
            defect.may ? Confidence::Medium : Confidence::High,
            "'" + describer.functionName(describer.leaf(defect.witness).function) +
                "' does not take it on this path; on another path it does, so the caller cannot "
                "hold it either");
    if (thread.kind == RootKind::Interface || thread.summary == nullptr)
      continue;
    auto isWaitedWith = [&](Term lock) { // lost-wakeup says it
      return std::any_of(thread.summary->waitNeeds.begin(), thread.summary->waitNeeds.end(),
                         [&](const WaitNeed &need) { return need.lock == lock; });
    };
    for (const auto &[lock, witness] : thread.summary->releases)
      if (!isWaitedWith(lock))
        add(lock, witness, kNoWitness,
            thread.summary->truncated ? Confidence::Medium : Confidence::High,
            "the thread '" + describer.functionName(thread.entry) +
                "' does not hold it on some path");
  }
  std::vector<Finding> findings = found.take();
  doubtMany(findings, locks);
  return findings;
}

} // namespace threadlint
