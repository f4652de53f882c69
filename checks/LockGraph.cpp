// LockGraph: pairs of terms first, names once per lock.
#include "checks/LockGraph.h"

#include "checks/Describe.h"
#include "checks/LockFunctions.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

namespace threadlint {
namespace {

/// Names for locks that tell apart what the analysis tells apart.
class LockNames {
public:
  /// One lock that is known apart from others, or all that a pointer may lead to, by class and name.
  using Key = std::tuple<Term, std::uint64_t, std::string>;

  LockNames(const Analysis &analysis, const Describer &describer)
      : analysis_(analysis), engine_(*analysis.engine), points_(analysis.model->pointsTo()),
        describer_(describer) {
    std::map<Key, Term> locks;
    auto add = [&](Term lock) { locks.try_emplace(key(lock), lock); };
    std::set<std::pair<Term, ContextId>> seen;
    for (const ThreadInstance &thread : analysis.model->threads)
      for (const Acquisition &acquisition : thread.acquisitions) {
        if (!seen.emplace(acquisition.lock, acquisition.context).second)
          continue;
        add(object(acquisition.lock));
        for (const HeldLock &held : engine_.context(acquisition.context).held)
          add(object(held.lock));
      }
    for (const LockCycle &cycle : analysis.cycles)
      for (const LockEdge &edge : cycle.edges) {
        add(edge.from);
        add(edge.to);
      }
    std::map<std::string, std::vector<Key>> byName;
    for (const auto &[lockKey, lock] : locks)
      byName[std::get<std::string>(lockKey)].push_back(lockKey);
    for (const auto &[name, keys] : byName) {
      std::map<std::string, unsigned> used;
      for (const Key &each : keys) {
        std::string label = name;
        if (std::string where = origin(locks.at(each));
            keys.size() > 1 && std::get<Term>(each) != 0 && !where.empty())
          label += " (" + where + ")";
        if (unsigned count = ++used[label]; count > 1)
          label += " #" + std::to_string(count);
        labels_[each] = label;
      }
    }
  }

  /// What a lock is called in reports: the object, when it is known.
  Term object(Term lock) const {
    const std::vector<Term> &locations = points_.locations(lock);
    return locations.size() == 1 ? points_.normalized(locations[0]) : lock;
  }

  /// Elements with a known index are locks of their own, the others are one.
  Key key(Term lock) const {
    std::string name = describer_.name(lock);
    if (engine_.terms[lock].kind == TermKind::Element)
      lock = engine_.terms.withoutElements(lock);
    return points_.isConcrete(lock) ? Key{lock, 0, name} : Key{0, engine_.lockClass(lock), name};
  }

  const std::string &label(const Key &lock) const { return labels_.at(lock); }

private:
  /// Where the variable or allocation is that a lock is a part of, as far as it tells locks of one name apart.
  std::string origin(Term lock) const {
    Term root = engine_.terms.root(lock);
    const TermNode &node = engine_.terms[root], &own = engine_.terms[lock];
    std::string name;
    if (own.kind == TermKind::Index)
      name = "element " + std::to_string(own.n) + ", ";
    if (engine_.terms.withoutElements(lock) != root)
      name += describer_.name(root) + ", ";
    if (node.kind == TermKind::Variable) {
      Place place = describer_.place(analysis_.program->vars[node.a].range);
      return name + place.file + ":" + std::to_string(place.line);
    }
    if (node.kind != TermKind::Object)
      return {};
    const Site &site = engine_.siteInfo(node.a);
    return name + "made in " + describer_.functionName(site.function);
  }

  const Analysis &analysis_;
  const Engine &engine_;
  PointsTo &points_;
  const Describer &describer_;
  std::map<Key, std::string> labels_;
};

std::vector<LockOrderEdge> orderEdges(const Analysis &analysis, const Describer &describer,
                                      const LockNames &names) {
  const Engine &engine = *analysis.engine;
  std::map<std::pair<std::string, std::string>, LockOrderEdge> edges;
  auto add = [&](Term from, Term to, const Acquisition &acquisition, bool isInCycle) {
    const Witness &leaf = describer.leaf(acquisition.witness);
    LockOrderEdge edge{names.label(names.key(from)), names.label(names.key(to)),
                       describer.place(leaf.range), analysis.program->functionName(leaf.function),
                       isInCycle};
    if (edge.from == edge.to && !isInCycle)
      return; // two objects that nobody can tell apart
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
          add(names.object(held.lock), names.object(acquisition.lock), acquisition, false);
      }
    }
  for (const LockCycle &cycle : analysis.cycles)
    for (const LockEdge &edge : cycle.edges)
      if (edge.acquisition.witness != kNoWitness)
        add(edge.from, edge.to, edge.acquisition, true);
  std::vector<LockOrderEdge> result;
  for (auto &[pair, edge] : edges)
    result.push_back(std::move(edge));
  return result;
}

std::vector<LockSite> takingSites(const Analysis &analysis, const Describer &describer,
                                  const LockNames &names) {
  std::set<std::pair<Term, WitnessId>> seen;
  std::set<LockSite> sites;
  for (const ThreadInstance &thread : analysis.model->threads)
    for (const Acquisition &acquisition : thread.acquisitions) {
      if (acquisition.witness == kNoWitness ||
          !seen.emplace(acquisition.lock, acquisition.witness).second)
        continue;
      const Witness &step = takingStep(analysis, acquisition.witness);
      sites.insert({describer.place(step.range),
                    names.label(names.key(names.object(acquisition.lock))),
                    describer.functionName(step.function)});
    }
  return {sites.begin(), sites.end()};
}

} // namespace

void addLockGraph(const Analysis &analysis, AnalysisResult &result) {
  Describer describer(analysis);
  LockNames names(analysis, describer);
  result.lockOrder = orderEdges(analysis, describer, names);
  result.lockSites = takingSites(analysis, describer, names);
}

} // namespace threadlint
