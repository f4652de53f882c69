// Usage: counts places, writers and readers.
#include "analyzer/analysis/Usage.h"

#include <algorithm>
#include <functional>

namespace threadlint {
namespace {

bool loads(const FunctionFacts &facts, ValueId id, const std::function<bool(const Path &)> &isIt,
           unsigned depth = 0) {
  constexpr unsigned kMaxDepth = 8;
  if (id == kNone || depth > kMaxDepth)
    return false;
  const Value &value = facts.values[id];
  if (value.kind == ValueKind::Load && value.path != kNone && isIt(facts.paths[value.path]))
    return true;
  return std::any_of(value.operands.begin(), value.operands.end(),
                     [&](ValueId operand) { return loads(facts, operand, isIt, depth + 1); });
}

bool isInitialization(const Access &access) { return (access.flags & Flag::Initialization) != 0; }

} // namespace

void Usage::clear() {
  accesses_.clear();
  isSetting_.reset();
  isRarelyUnder_.clear();
}

bool Usage::isUnder(const Access &access, Term lock) const {
  const std::uint64_t cls = engine_.lockClass(lock);
  const std::vector<HeldLock> &held = engine_.context(access.context).held;
  return std::any_of(held.begin(), held.end(), [&](const HeldLock &h) {
    return !h.may && (h.lock == lock || (cls != 0 && engine_.lockClass(h.lock) == cls));
  });
}

bool Usage::isRarelyUnder(Term lock) {
  auto [result, isNew] = isRarelyUnder_.try_emplace(lock, false);
  if (!isNew)
    return result->second;
  constexpr std::size_t kFew = 4; ///< one of so many
  std::map<SourceRange, bool> places;
  bool isWrittenWithout = false;
  for (const Use &use : accesses_) {
    if (isInitialization(*use.access))
      continue;
    const bool isHeld = isUnder(*use.access, lock);
    bool &known = places[engine_.leaf(use.access->witness).range];
    known = known || isHeld;
    isWrittenWithout |= use.access->isWrite && !isHeld;
  }
  const auto held = static_cast<std::size_t>(
      std::count_if(places.begin(), places.end(), [](const auto &place) { return place.second; }));
  return result->second = isWrittenWithout && held * kFew <= places.size();
}

bool Usage::isForgotten(const Access &open, Term lock) const {
  const SourceRange &place = engine_.leaf(open.witness).range;
  std::map<SourceRange, bool> places;
  for (const Use &use : accesses_) {
    if (isInitialization(*use.access))
      continue;
    const SourceRange &range = engine_.leaf(use.access->witness).range;
    const bool isHeld = isUnder(*use.access, lock);
    if (use.access->isWrite && !isHeld && range != place)
      return false;
    bool &known = places.try_emplace(range, true).first->second;
    known = known && isHeld;
  }
  const auto held = static_cast<std::size_t>(
      std::count_if(places.begin(), places.end(), [](const auto &p) { return p.second; }));
  return held >= 2 && held * 2 > places.size();
}

bool Usage::endsLoop(const Access &access) {
  for (WitnessId at = access.witness; at != kNoWitness; at = engine_.witness(at).next) {
    const Witness &step = engine_.witness(at);
    const FunctionFacts &facts = engine_.program.functions[step.function].facts;
    const Engine::Loops &loops = engine_.loops(step.function);
    for (BlockId block = 0; block < facts.blocks.size(); ++block)
      for (const Event &event : facts.blocks[block].events) {
        if (!(event.range == step.range) || !loops.isInLoop(block))
          continue;
        auto isIt = [&](const Path &path) {
          if (event.result != kNone && path.base == BaseKind::Temp && path.id == event.result)
            return true;
          return event.path != kNone && path.base == facts.paths[event.path].base &&
                 path.id == facts.paths[event.path].id;
        };
        const std::vector<bool> &body = loops.body.at(loops.innermost[block]);
        for (BlockId from = 0; from < body.size(); ++from)
          if (body[from])
            for (const Edge &edge : facts.blocks[from].edges)
              if (edge.target < body.size() && !body[edge.target] &&
                  loads(facts, edge.condition, isIt))
                return true;
      }
  }
  return false;
}

bool Usage::isSetting() {
  if (isSetting_)
    return *isSetting_;
  isSetting_ = false;
  std::set<FunctionId> writers, readers;
  for (const Use &use : accesses_) {
    const Access &access = *use.access;
    const FunctionId leaf = engine_.leaf(access.witness).function;
    const ThreadInstance &thread = model_.threads[use.thread];
    if (!access.isWrite)
      readers.insert(leaf);
    else if (!isInitialization(access))
      writers.insert(leaf);
    const std::vector<HeldLock> &held = engine_.context(access.context).held;
    if (access.isWrite && !isInitialization(access) &&
        (thread.kind != RootKind::Interface || !held.empty()))
      return false;
  }
  if (std::any_of(writers.begin(), writers.end(),
                  [&](FunctionId writer) { return readers.count(writer) != 0; }))
    return false; // what was there before matters
  for (const Use &use : accesses_)
    if (model_.threads[use.thread].kind == RootKind::Spawned && endsLoop(*use.access))
      return false; // `while (!stop)` waits for one who comes later
  return *(isSetting_ = true);
}

} // namespace threadlint
