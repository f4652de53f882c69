// Claims: finds the stores that turn round what was tested before.
#include "analyzer/analysis/Claims.h"

#include <algorithm>

namespace threadlint {

const std::vector<Claims::Claim> &Claims::claimsIn(FunctionId function) {
  auto [it, isNew] = claims_.try_emplace(function);
  if (!isNew)
    return it->second;
  const FunctionFacts &facts = engine_.program.functions[function].facts;
  auto isTested = [&](const Position &store, const Path &path, bool isCleared) {
    for (BlockId from = 0; from < facts.blocks.size(); ++from)
      for (std::size_t k = 0; k < facts.blocks[from].edges.size(); ++k) {
        const FlagTest test = testOn(facts, facts.blocks[from].edges[k]);
        if (test.path != kNone && test.isZero != isCleared &&
            isSamePlace(facts.paths[test.path], path) &&
            !reachedWithoutEdge(facts, from, k)[store.block])
          return true;
      }
    return false;
  };
  for (BlockId block = 0; block < facts.blocks.size(); ++block)
    for (std::size_t i = 0; i < facts.blocks[block].events.size(); ++i) {
      const Event &event = facts.blocks[block].events[i];
      if (event.kind != EventKind::Write || !(event.flags & Flag::Atomic) ||
          (event.flags & Flag::Initialization) || event.path == kNone || event.value == kNone ||
          facts.values[event.value].kind != ValueKind::Int)
        continue;
      const Position store{block, i};
      if (isTested(store, facts.paths[event.path], facts.values[event.value].number == 0))
        it->second.push_back({store, reachedWithoutBlock(facts, block)});
    }
  return it->second;
}

/// The claims that each way to the access makes.
const Claims::Names &Claims::claimsOf(const Access &access) {
  auto [known, isNew] = names_.try_emplace(access.witness);
  Names &result = known->second;
  if (!isNew)
    return result;
  for (WitnessId at = access.witness; at != kNoWitness; at = engine_.witness(at).next) {
    const Witness &step = engine_.witness(at);
    const std::vector<Claim> &claims = claimsIn(step.function);
    if (claims.empty())
      continue;
    const std::vector<Position> places =
        positionsOf(engine_.program.functions[step.function].facts, step.range);
    for (std::size_t i = 0; i < claims.size(); ++i)
      if (!places.empty() && std::all_of(places.begin(), places.end(), [&](const Position &place) {
            return place.block == claims[i].store.block ? place.index > claims[i].store.index
                                                        : !claims[i].reachedWithout[place.block];
          }))
        result.emplace(step.function, i);
  }
  return result;
}

bool Claims::areOfOneClaim(const Access &a, const Access &b) {
  const Names &mine = claimsOf(a);
  if (mine.empty())
    return false;
  const Names &theirs = claimsOf(b);
  return std::any_of(mine.begin(), mine.end(),
                     [&](const auto &claim) { return theirs.count(claim) != 0; });
}

} // namespace threadlint
