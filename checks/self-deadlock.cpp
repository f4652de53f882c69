// self-deadlock: a thread takes a lock that it already holds and that is not re-entrant.
#include "checks/CheckFunctions.h"
#include "checks/Describe.h"
#include "checks/LockBalance.h"
#include "checks/LockFunctions.h"
#include "checks/LockKinds.h"

#include <map>
#include <set>
#include <tuple>

namespace threadlint {

namespace {

/// Whether a constructor takes a lock of its own object there: the object is new, and what the thread holds is the lock of another one
/// that was made at the same place.
bool isOwnLockOfNewObject(const Analysis &analysis, Term lock, const Witness &step) {
  const Terms &terms = analysis.engine->terms;
  const Program &program = *analysis.program;
  const FunctionFacts &facts = program.functions[step.function].facts;
  if (!program.functions[step.function].hasFlag(FunctionFlag::Constructor) ||
      terms[lock].kind != TermKind::Field || terms[lock].b >= program.fields.size() ||
      program.fields[terms[lock].b].record != facts.record)
    return false;
  auto isOwn = [&](ValueId id) {
    const Value &value = facts.values[id];
    if (value.kind != ValueKind::Address || value.path == kNone)
      return false;
    // `this->` and the field: not behind another pointer.
    const Path &path = facts.paths[value.path];
    return path.base == BaseKind::This && path.steps.size() == 2 &&
           path.steps[1].kind == StepKind::Field;
  };
  for (const Block &block : facts.blocks)
    for (const Event &event : block.events)
      if (event.range == step.range &&
          (event.kind == EventKind::Acquire || event.kind == EventKind::GuardInit) &&
          event.args.size() == 1 && isOwn(event.args[0]))
        return true;
  return false;
}

} // namespace

std::vector<Finding> selfDeadlock(const Analysis &analysis) {
  BestFindings<std::pair<Place, Place>, std::tuple<Confidence, std::size_t, std::string>> found;
  std::map<Place, std::set<std::tuple<Place, std::string>>> ways; ///< to a second acquisition
  Describer describer(analysis);
  LockKinds kinds(analysis);
  /// The function that took the lock has returned since, and does not always return with it: it is more than one call deep, or a guard of
  /// its own gives back.
  auto isLostInCallee = [&](WitnessId first, WitnessId second) {
    FunctionId frame = partingFunction(analysis, first, second);
    if (frame == kNone)
      frame = takingStep(analysis, first).function;
    const Witness *step = analysis.engine->stepIn(first, frame);
    if (!step || step->next == kNoWitness)
      return false;
    const FunctionId callee = analysis.engine->witness(step->next).function;
    const bool isOwnGuard =
        analysis.program->functions[callee].hasFlag(FunctionFlag::Constructor); // of the frame
    return isTakenFarAndMaybe(analysis, first, frame) ||
           (!isOwnGuard && isTakenByGuard(analysis, first, callee) &&
            !isTakenForSure(analysis, first, frame));
  };
  for (const ThreadInstance &thread : analysis.model->threads)
    for (const Defect &defect : thread.defects) {
      if (defect.kind != DefectKind::SelfDeadlock ||
          isGuardLock(analysis.engine->terms, defect.subject))
        continue; // the latter is a wait-deadlock
      LockAttribute attribute = kinds.of(defect.subject);
      if (attribute == LockAttribute::Recursive || attribute == LockAttribute::ErrorCheck)
        continue;
      const WitnessId taken =
          takenBefore(analysis, thread, defect.subject, defect.witness, defect.other);
      const Witness &second = takingStep(analysis, defect.witness),
                    &first = takingStep(analysis, taken);
      if (first.function != second.function &&
          isOwnLockOfNewObject(analysis, defect.subject, second))
        continue;
      std::string what = describer.name(defect.subject);
      Finding finding =
          makeFinding(describer, "self-deadlock", second,
                      {describer.key(defect.subject), describer.functionKey(second.function),
                       describer.functionKey(first.function)});
      bool bothShared = defect.mode == LockMode::Shared && defect.otherMode == LockMode::Shared;
      if (bothShared || attribute == LockAttribute::Unknown || defect.may ||
          kinds.isOwnClass(defect.subject) || !analysis.engine->terms.isDefinite(defect.subject) ||
          analysis.engine->isGuessed(defect.witness, taken) ||
          isByHook(analysis, defect.subject, taken) || isToldByFlag(analysis, defect.witness) ||
          isPassedFromCallToCall(analysis, defect.subject, taken, defect.witness) ||
          isLostInCallee(taken, defect.witness))
        finding.confidence = Confidence::Medium;
      // Many calls between the two acquisitions are many conditions nobody checked together.
      constexpr unsigned kManyCalls = 4;
      if (callsBetween(analysis, taken, defect.witness) > kManyCalls)
        finding.confidence = Confidence::Medium;
      finding.message = "'" + what + "' is taken here although this thread already holds it" +
                        (defect.otherMode == LockMode::Shared ? " shared" : "") +
                        (first.function != second.function
                             ? " since '" + describer.functionName(first.function) + "'"
                             : std::string()) +
                        ": self-deadlock";
      ThreadTrace trace = describer.trace(taken, "takes '" + what + "'");
      ThreadTrace again = describer.trace(defect.witness, "takes '" + what + "' again");
      trace.path.insert(trace.path.end(), again.path.begin(), again.path.end());
      if (!trace.path.empty() && trace.path.back().locksHeld.empty())
        trace.path.back().locksHeld.push_back(what);
      finding.threads.push_back(std::move(trace));
      // Whoever comes next finds a lock that was left held: one cause, told once.
      const WitnessId left = leakingReturn(analysis, taken, defect.witness);
      if (left != kNoWitness)
        finding.related.push_back(RelatedPlace{describer.place(describer.leaf(left).range),
                                               "'" + what + "' is still held at this return"});
      finding.notes.push_back("fix: call a variant that expects the lock to be held, or release '" +
                              what + "' first");
      const TraceStep &outermost = finding.threads[0].path.front();
      ways[finding.place].emplace(outermost.place, outermost.function);
      const Place firstPlace = describer.place(first.range);
      const std::pair key(left != kNoWitness ? firstPlace : finding.place, firstPlace);
      const std::tuple rank(finding.confidence, finding.threads[0].path.size(),
                            finding.fingerprint);
      found.add(key, rank, std::move(finding));
    }
  // One finding per place of the second acquisition; the other ways there are related to it.
  FindingsByPlace byPlace;
  for (Finding &finding : found.take())
    byPlace.add(std::move(finding));
  std::vector<Finding> findings = byPlace.take();
  constexpr std::size_t kMaxWays = 8;
  for (Finding &finding : findings)
    for (const auto &[way, function] : ways[finding.place])
      if (way != finding.threads[0].path.front().place && finding.related.size() < kMaxWays)
        finding.related.push_back(RelatedPlace{way, "'" + function + "' gets there from here too"});
  return findings;
}

} // namespace threadlint
