// lock-order-inversion: cycles of the lock-order graph that threads running in parallel can close.
#include "checks/CheckFunctions.h"
#include "checks/Describe.h"
#include "checks/LockFunctions.h"
#include "checks/LockWords.h"

#include <algorithm>

namespace threadlint {

namespace {

/// The trace that makes one edge of the cycle.
void addThread(const Analysis &analysis, const Describer &describer, const LockWords &words,
               const LockEdge &edge, Finding &finding) {
  const Engine &engine = *analysis.engine;
  const std::string &to = words(edge.to), &from = words(edge.from);
  ThreadTrace trace = describer.trace(edge.thread, edge.acquisition.witness,
                                      "takes '" + to + "' while holding '" + from + "'",
                                      engine.context(edge.acquisition.context).held);
  if (edge.held.witness == kNoWitness) {
    finding.threads.push_back(std::move(trace));
    return;
  }
  // Where the held lock was taken, before the inner acquisition.
  const Witness &outer = takingStep(analysis, takenBefore(analysis, edge));
  TraceStep step = describer.stepAt(outer, "takes '" + from + "'");
  if (outer.function != describer.leaf(edge.acquisition.witness).function)
    finding.related.push_back(RelatedPlace{step.place, "'" + from + "' was taken here"});
  // The frame that took it goes on to the inner acquisition: told in the order of time.
  auto next = std::find_if(trace.path.begin(), trace.path.end() - 1,
                           [&](const TraceStep &later) { return later.function == step.function; });
  trace.path.insert(next, std::move(step));
  finding.threads.push_back(std::move(trace));
}

} // namespace

std::vector<Finding> lockOrderInversion(const Analysis &analysis) {
  std::vector<Finding> findings;
  Describer describer(analysis);
  auto takingRange = [&](const LockEdge &edge) {
    return takingStep(analysis, edge.acquisition.witness).range;
  };
  for (LockCycle cycle : analysis.cycles) {
    if (cycle.hasWait)
      continue;
    std::rotate(cycle.edges.begin(),
                std::min_element(cycle.edges.begin(), cycle.edges.end(),
                                 [&](const LockEdge &a, const LockEdge &b) {
                                   return takingRange(a) < takingRange(b);
                                 }),
                cycle.edges.end());
    std::vector<Term> locks;
    for (const LockEdge &edge : cycle.edges)
      locks.insert(locks.end(), {edge.from, edge.to});
    LockWords words(analysis, describer, locks);
    std::string chain;
    std::vector<std::string> keys;
    for (const LockEdge &edge : cycle.edges) {
      chain += words(edge.from) + " -> ";
      keys.push_back(describer.key(edge.from));
    }
    chain += words(cycle.edges[0].from);
    std::sort(keys.begin(), keys.end());
    Finding finding = makeFinding(describer, "lock-order-inversion",
                                  takingStep(analysis, cycle.edges[0].acquisition.witness), keys);
    finding.confidence = cycle.confidence;
    if (std::any_of(cycle.edges.begin(), cycle.edges.end(),
                    [&](const LockEdge &edge) { return isLeaked(analysis, edge); }))
      finding.confidence = std::max(finding.confidence, Confidence::Medium);
    // Many calls between two acquisitions, or before them, are many conditions nobody checked together.
    constexpr unsigned kManyCalls = 10, kManyCallsInAll = 20;
    if (std::any_of(cycle.edges.begin(), cycle.edges.end(), [&](const LockEdge &edge) {
          const WitnessId inner = edge.acquisition.witness;
          return callsBetween(analysis, takenBefore(analysis, edge), inner) > kManyCalls ||
                 callsBetween(analysis, kNoWitness, inner) > kManyCallsInAll;
        }))
      finding.confidence = std::max(finding.confidence, Confidence::Medium);
    const bool isRing = cycle.edges[0].from == cycle.edges[0].to;
    const std::string &to = words(cycle.edges[0].to);
    finding.message =
        isRing ? "lock order inversion of the elements of '" + to +
                     "': each thread takes the next one here while it holds one, and the last "
                     "one's next is the first"
               : "lock order inversion " + chain + ": '" + to + "' is taken here while '" +
                     words(cycle.edges[0].from) + "' is held, and elsewhere " +
                     (cycle.edges.size() > 2 ? "the rest of the cycle is taken"
                                             : "the other way round");
    for (std::size_t i = 0; i < (isRing ? 1 : cycle.edges.size()); ++i)
      addThread(analysis, describer, words, cycle.edges[i], finding);
    finding.notes.push_back(describer.whyParallel(
        cycle.edges[0].thread, cycle.edges[1].thread,
        analysis.model->parallel(cycle.edges[0].thread, cycle.edges[0].acquisition.context,
                                 cycle.edges[1].thread, cycle.edges[1].acquisition.context)));
    finding.notes.push_back("fix: take the locks in one order everywhere, or together with "
                            "std::scoped_lock or std::lock");
    findings.push_back(std::move(finding));
  }
  return findings;
}

} // namespace threadlint
