// SettledFlags: which blocks are reached without passing a store.
#include "analyzer/analysis/SettledFlags.h"

#include "analyzer/analysis/FlagTests.h"

#include <algorithm>

namespace threadlint {
namespace {
constexpr unsigned kMaxDepth = 8;
constexpr std::uint8_t kNever = 0, kRaised = 1, kOtherwise = 2;
} // namespace

/// Whether an event stores a constant other than zero in a variable.
bool SettledFlags::raises(const FunctionFacts &facts, const Event &event) {
  return event.kind == EventKind::Write && facts.paths[event.path].steps.empty() &&
         event.value != kNone && facts.values[event.value].kind == ValueKind::Int &&
         facts.values[event.value].number != 0;
}

bool SettledFlags::isRaisedForGood(VarId flag) {
  if (!stores_) {
    stores_.emplace(program_.vars.size(), kNever);
    for (const Function &function : program_.functions)
      for (const Block &block : function.facts.blocks)
        for (const Event &event : block.events) {
          if ((event.kind != EventKind::Write && event.kind != EventKind::ReadWrite) ||
              event.path == kNone || (event.flags & Flag::Initialization) ||
              function.hasFlag(FunctionFlag::GlobalInit))
            continue;
          const Path &path = function.facts.paths[event.path];
          if (path.base != BaseKind::Var)
            continue;
          std::uint8_t &known = (*stores_)[path.id];
          known = std::max(known, raises(function.facts, event) ? kRaised : kOtherwise);
        }
  }
  const VarFacts &facts = program_.vars[flag];
  const bool isScalar = facts.type.cls == TypeClass::Integer || facts.type.cls == TypeClass::Bool ||
                        facts.type.cls == TypeClass::Enum;
  return (facts.kind == VarKind::Global || facts.kind == VarKind::StaticLocal) && isScalar &&
         !facts.addressTaken && (*stores_)[flag] == kRaised &&
         (!facts.external || (facts.isDefinition && !program_.mains.empty()));
}

bool SettledFlags::sets(const FunctionFacts &facts, const Event &event, VarId flag,
                        unsigned depth) {
  if (event.kind == EventKind::Write && event.path != kNone) {
    const Path &path = facts.paths[event.path];
    return path.base == BaseKind::Var && path.id == flag && raises(facts, event);
  }
  StringId callee = 0;
  if (event.kind == EventKind::Call && !(event.flags & Flag::Virtual))
    callee = event.callee;
  else if (event.kind == EventKind::Once && event.value != kNone)
    callee = facts.values[event.value].function; // who does not run it waits for who does
  auto it = program_.functionByKey.find(callee);
  return callee && it != program_.functionByKey.end() && isSetAlways(it->second, flag, depth + 1);
}

/// By block: whether some way gets to its start without passing a store to the flag or finding it set.
std::vector<bool> SettledFlags::reachedUnset(const FunctionFacts &facts, VarId flag,
                                             unsigned depth) {
  std::vector<bool> seen(facts.blocks.size());
  std::vector<BlockId> work;
  auto visit = [&](BlockId block) {
    if (block < seen.size() && !seen[block]) {
      seen[block] = true;
      work.push_back(block);
    }
  };
  visit(facts.entry);
  while (!work.empty()) {
    const Block &block = facts.blocks[work.back()];
    work.pop_back();
    bool isSet = false;
    for (const Event &event : block.events) {
      visit(event.unwind); // it may not have got to its end
      if ((isSet = sets(facts, event, flag, depth)))
        break;
    }
    for (const Edge &edge : block.edges)
      if (!isSet) {
        const FlagTest test = testOn(facts, edge);
        const bool isFound =
            test.path != kNone && !test.isZero && facts.paths[test.path].base == BaseKind::Var &&
            facts.paths[test.path].id == flag && facts.paths[test.path].steps.empty();
        if (!isFound)
          visit(edge.target);
      }
  }
  return seen;
}

bool SettledFlags::isSetAlways(FunctionId function, VarId flag, unsigned depth) {
  auto [known, isNew] = always_.try_emplace({function, flag}, false);
  if (!isNew || depth > kMaxDepth)
    return known->second;
  const FunctionFacts &facts = program_.functions[function].facts;
  if (facts.exit >= facts.blocks.size())
    return false;
  const bool result = !reachedUnset(facts, flag, depth)[facts.exit];
  return always_[{function, flag}] = result;
}

bool SettledFlags::isSetBefore(FunctionId function, const SourceRange &step, VarId flag) {
  const FunctionFacts &facts = program_.functions[function].facts;
  const std::vector<Position> positions = positionsOf(facts, step);
  if (positions.empty())
    return false;
  const std::vector<bool> unset = reachedUnset(facts, flag, 0);
  return std::all_of(positions.begin(), positions.end(), [&](const Position &at) {
    if (!unset[at.block])
      return true;
    const std::vector<Event> &events = facts.blocks[at.block].events;
    return std::any_of(events.begin(), events.begin() + static_cast<std::ptrdiff_t>(at.index),
                       [&](const Event &event) { return sets(facts, event, flag, 0); });
  });
}

bool SettledFlags::isSetAtStartup(VarId flag, FunctionId except) {
  if (!startups_) {
    startups_ = program_.initializers;
    for (FunctionId id = 0; id < program_.functions.size(); ++id)
      if (program_.functions[id].hasFlag(FunctionFlag::Startup))
        startups_->push_back(id);
  }
  return std::any_of(startups_->begin(), startups_->end(),
                     [&](FunctionId id) { return id != except && isSetAlways(id, flag, 0); });
}

} // namespace threadlint
