// lock-order-inversion: cycles of the lock-order graph that threads running in parallel can close.
#include "checks/CheckFunctions.h"
#include "checks/Describe.h"

#include <algorithm>

namespace threadlint {

std::vector<Finding> lockOrderInversion(const Analysis &analysis) {
  std::vector<Finding> findings;
  Describer describer(analysis);
  const Engine &engine = *analysis.engine;
  for (const LockCycle &cycle : analysis.cycles) {
    std::string chain;
    std::vector<std::string> keys;
    for (const LockEdge &edge : cycle.edges) {
      chain += describer.name(edge.from) + " -> ";
      keys.push_back(describer.key(edge.from));
    }
    chain += describer.name(cycle.edges[0].from);
    std::sort(keys.begin(), keys.end());
    Finding finding = makeFinding(describer, "lock-order-inversion",
                                  describer.leaf(cycle.edges[0].acquisition.witness), keys);
    finding.confidence = cycle.confidence;
    finding.message = "lock order inversion " + chain + ": '" + describer.name(cycle.edges[0].to) +
                      "' is taken here while '" + describer.name(cycle.edges[0].from) +
                      "' is held, and elsewhere the other way round";
    for (const LockEdge &edge : cycle.edges) {
      const std::vector<HeldLock> &held = engine.context(edge.acquisition.context).held;
      std::string to = describer.name(edge.to), from = describer.name(edge.from);
      ThreadTrace trace = describer.trace(edge.thread, edge.acquisition.witness,
                                          "takes '" + to + "' while holding '" + from + "'", held);
      // Where the held lock was taken, before the inner acquisition.
      const Witness &outer = describer.leaf(edge.held.witness);
      TraceStep step;
      step.place = describer.place(outer.range);
      step.function = describer.functionName(outer.function);
      step.message = "takes '" + from + "'";
      trace.path.insert(trace.path.end() - 1, std::move(step));
      finding.threads.push_back(std::move(trace));
    }
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
