// lock-leak: a lock that some path leaves held although the function gives it back on others, or that a thread ends with.
#include "checks/CheckFunctions.h"
#include "checks/Describe.h"

#include <map>

namespace threadlint {

std::vector<Finding> lockLeak(const Analysis &analysis) {
  std::map<Place, Finding> found;
  Describer describer(analysis);
  const Engine &engine = *analysis.engine;
  auto add = [&](Term lock, WitnessId witness, WitnessId left, bool may, const std::string &when) {
    const Witness &leaf = describer.leaf(witness);
    std::string what = describer.name(lock, leaf.function);
    Finding finding = makeFinding(describer, "lock-leak", leaf,
                                  {describer.key(lock), describer.functionKey(leaf.function)});
    finding.confidence =
        may || !engine.terms.isDefiniteClass(lock) ? Confidence::Medium : Confidence::High;
    finding.message = "'" + what + "' is taken here and still held " + when;
    finding.threads.push_back(describer.trace(witness, "takes '" + what + "'"));
    if (left != kNoWitness)
      finding.related.push_back(RelatedPlace{describer.place(describer.leaf(left).range),
                                             "'" + what + "' is still held at this return"});
    finding.notes.push_back("fix: release '" + what + "' on every path, or take it with a guard");
    auto [it, isNew] = found.try_emplace(finding.place, finding);
    if (!isNew && finding.confidence < it->second.confidence)
      it->second = finding;
  };
  for (const ThreadInstance &thread : analysis.model->threads) {
    for (const Defect &defect : thread.defects)
      if (defect.kind == DefectKind::LeakOnPath) {
        // The frame that leaves it held: the innermost one that is not itself handing locks out.
        const Witness &frame = describer.leaf(defect.witness);
        if (!engine.handedOut.count(frame.function))
          add(defect.subject, defect.witness, defect.other, defect.may,
              "when '" + describer.functionName(frame.function) + "' returns on some path");
      }
    if (thread.kind == RootKind::Interface || thread.summary == nullptr)
      continue;
    for (const Exit &exit : thread.summary->exits)
      if (exit.kind != ExitKind::Throw)
        for (const HeldLock &held : exit.context.held)
          if (!held.may)
            // The program is over when main is; a lock that main's functions take and give back from call to call is meant.
            add(held.lock, held.witness, kNoWitness,
                thread.summary->truncated ||
                    (thread.kind == RootKind::Main && exit.kind == ExitKind::Return &&
                     engine.handedOut.count(describer.leaf(held.witness).function)),
                "when the thread '" + describer.functionName(thread.entry) + "' ends");
  }
  std::vector<Finding> findings;
  for (auto &[place, finding] : found)
    findings.push_back(std::move(finding));
  return findings;
}

} // namespace threadlint
