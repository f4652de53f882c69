// LockGraph: pairs of terms first, names once per pair.
#include "checks/LockGraph.h"

#include "checks/Describe.h"
#include "checks/LockFunctions.h"

#include <map>
#include <set>

namespace threadlint {
namespace {

/// What a lock is called in reports: the object, when it is known.
Term lockObject(PointsTo &points, Term lock) {
  const std::vector<Term> &locations = points.locations(lock);
  return locations.size() == 1 ? points.normalized(locations[0]) : lock;
}

} // namespace

std::vector<LockOrderEdge> lockGraph(const Analysis &analysis) {
  Describer describer(analysis);
  const Engine &engine = *analysis.engine;
  PointsTo &points = analysis.model->pointsTo();
  auto object = [&](Term lock) { return lockObject(points, lock); };
  std::map<std::pair<std::string, std::string>, LockOrderEdge> edges;
  auto add = [&](Term from, Term to, const Acquisition &acquisition, bool isInCycle) {
    const Witness &leaf = describer.leaf(acquisition.witness);
    LockOrderEdge edge{describer.name(from), describer.name(to), describer.place(leaf.range),
                       analysis.program->functionName(leaf.function), isInCycle};
    if (edge.from == edge.to && !isInCycle)
      return; // two objects that have one name
    auto [known, isNew] = edges.try_emplace({edge.from, edge.to}, edge);
    if (isNew)
      return;
    known->second.isInCycle |= isInCycle;
    if (edge.place < known->second.place) {
      known->second.place = edge.place;
      known->second.function = edge.function;
    }
  };
  std::set<std::tuple<Term, Term, WitnessId>> seen;
  for (const ThreadInstance &thread : analysis.model->threads)
    for (const Acquisition &acquisition : thread.acquisitions) {
      if (acquisition.isTry || acquisition.witness == kNoWitness)
        continue;
      for (const HeldLock &held : engine.context(acquisition.context).held) {
        if (!engine.areTakenTogether(held, acquisition) && !held.may &&
            seen.emplace(held.lock, acquisition.lock, acquisition.witness).second)
          add(object(held.lock), object(acquisition.lock), acquisition, false);
      }
    }
  for (const LockCycle &cycle : analysis.cycles)
    for (const LockEdge &edge : cycle.edges)
      if (edge.acquisition.witness != kNoWitness)
        add(edge.from, edge.to, edge.acquisition, true);
  std::vector<LockOrderEdge> result;
  for (auto &[names, edge] : edges)
    result.push_back(std::move(edge));
  return result;
}

std::vector<LockSite> lockSites(const Analysis &analysis) {
  Describer describer(analysis);
  PointsTo &points = analysis.model->pointsTo();
  std::set<std::pair<Term, WitnessId>> seen;
  std::set<LockSite> sites;
  for (const ThreadInstance &thread : analysis.model->threads)
    for (const Acquisition &acquisition : thread.acquisitions) {
      if (acquisition.witness == kNoWitness ||
          !seen.emplace(acquisition.lock, acquisition.witness).second)
        continue;
      const Witness &step = takingStep(analysis, acquisition.witness);
      sites.insert({describer.place(step.range),
                    describer.name(lockObject(points, acquisition.lock)),
                    describer.functionName(step.function)});
    }
  return {sites.begin(), sites.end()};
}

} // namespace threadlint
