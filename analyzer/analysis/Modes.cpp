// Modes: what the tests on the way to a step have found, by the names of the flags.
#include "analyzer/analysis/Modes.h"

#include <algorithm>

namespace threadlint {

std::optional<Modes::Mode> Modes::nameOf(const Program &program, const Path &path) {
  if (!path.steps.empty()) {
    if (path.steps.back().kind != StepKind::Field)
      return std::nullopt;
    return Mode{true, program.wordOf(path.steps.back().field)};
  }
  if (path.base != BaseKind::Var || (program.vars[path.id].kind != VarKind::Global &&
                                     program.vars[path.id].kind != VarKind::StaticLocal))
    return std::nullopt;
  return Mode{false, path.id};
}

const Modes::ModeSet &Modes::atStep(FunctionId function, const SourceRange &range) {
  auto [it, isNew] = atStep_.try_emplace({function, range});
  if (!isNew)
    return it->second;
  const FunctionFacts &facts = engine_.program.functions[function].facts;
  const std::vector<Position> places = positionsOf(facts, range);
  for (BlockId from = 0; from < facts.blocks.size() && !places.empty(); ++from)
    for (std::size_t k = 0; k < facts.blocks[from].edges.size(); ++k) {
      const FlagTest test = testOn(facts, facts.blocks[from].edges[k]);
      if (test.path == kNone)
        continue;
      std::optional<Mode> mode = nameOf(engine_.program, facts.paths[test.path]);
      if (!mode)
        continue;
      const std::vector<bool> reached = reachedWithoutEdge(facts, from, k);
      if (std::any_of(places.begin(), places.end(),
                      [&](const Position &place) { return reached[place.block]; }))
        continue;
      mode->isZero = test.isZero;
      it->second.insert(*mode);
    }
  return it->second;
}

const Modes::ModeSet &Modes::onWay(WitnessId way) {
  auto [it, isNew] = onWay_.try_emplace(way);
  if (isNew)
    for (WitnessId at = way; at != kNoWitness; at = engine_.witness(at).next) {
      const ModeSet &here = atStep(engine_.witness(at).function, engine_.witness(at).range);
      it->second.insert(here.begin(), here.end());
    }
  return it->second;
}

/// By a thread, or by the code that starts it, from there on.
bool Modes::isChanged(const Mode &mode, WitnessId start) {
  if (!changed_) {
    changed_.emplace();
    for (const ThreadInstance &thread : model_.threads)
      if (thread.kind == RootKind::Spawned)
        for (const Access &access : thread.accesses)
          if (const TermNode &at = engine_.terms[access.location];
              access.isWrite && !(access.flags & Flag::Initialization)) {
            if (at.kind == TermKind::Field)
              changed_->emplace(true, engine_.program.wordOf(at.b));
            else if (at.kind == TermKind::Variable)
              changed_->emplace(false, at.a);
          }
  }
  if (changed_->count({mode.isField, mode.id}))
    return true;
  for (WitnessId at = start; at != kNoWitness; at = engine_.witness(at).next) {
    const FunctionFacts &facts = engine_.program.functions[engine_.witness(at).function].facts;
    const std::vector<Position> places = positionsOf(facts, engine_.witness(at).range);
    std::vector<BlockId> starts;
    for (const Position &place : places)
      starts.push_back(place.block);
    const std::vector<bool> later = reachedFrom(facts, starts);
    for (BlockId block = 0; block < facts.blocks.size(); ++block)
      for (std::size_t i = 0; i < facts.blocks[block].events.size(); ++i) {
        const Event &event = facts.blocks[block].events[i];
        if ((event.kind != EventKind::Write && event.kind != EventKind::ReadWrite) ||
            event.path == kNone)
          continue;
        const auto name = nameOf(engine_.program, facts.paths[event.path]);
        if (name && name->isField == mode.isField && name->id == mode.id &&
            (later[block] || std::any_of(places.begin(), places.end(), [&](const Position &place) {
               return place.block == block && i > place.index;
             })))
          return true;
      }
  }
  return false;
}

bool Modes::isWithoutThread(const Access &access, ThreadId other) {
  const ModeSet &found = onWay(access.witness);
  if (found.empty())
    return false;
  for (ThreadId at = other; at != kNoThread; at = model_.threads[at].parent) {
    const WitnessId start = model_.threads[at].spawnWitness;
    if (start == kNoWitness)
      continue;
    for (Mode mode : onWay(start)) {
      mode.isZero = !mode.isZero;
      if (found.count(mode) && !isChanged(mode, start))
        return true;
    }
  }
  return false;
}

} // namespace threadlint
