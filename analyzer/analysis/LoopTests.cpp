// LoopTests: what ends a loop, and what stays as it is in one.
//
// What a thread knows stays known while it waits in lock(), because what decides on a lock does not change meanwhile. The same goes for a
// loop that tries to take it: `if (log->m) while (trylock(log->m)) pause(); ... if (log->m) unlock(log->m);`.
#include "analyzer/analysis/Frame.h"

namespace threadlint {
namespace {
constexpr unsigned kMaxNesting = 20;
} // namespace

/// By block of a loop: an end can be reached from it without going round.
std::vector<bool> Frame::endsOf(BlockId header) const {
  const std::vector<bool> &body = loops_.body.at(header);
  std::vector<bool> ends(body.size(), false);
  for (bool changed = true; changed;) {
    changed = false;
    for (BlockId block = 0; block < body.size(); ++block)
      for (const Edge &edge : facts_.blocks[block].edges)
        if (body[block] && !ends[block] && edge.target < body.size() && edge.target != header &&
            (!body[edge.target] || ends[edge.target]))
          changed = ends[block] = true;
  }
  return ends;
}

/// What decides, or may decide, that a loop ends: all that is read where an end can be reached without going round.
const Frame::ExitTests &Frame::exitTestsOf(BlockId header) {
  auto [it, isNew] = exitTests_.try_emplace(header);
  if (!isNew)
    return it->second;
  const std::vector<bool> ends = endsOf(header);
  for (BlockId block = 0; block < ends.size(); ++block)
    for (const Event &event : facts_.blocks[block].events)
      if (ends[block] && event.path != kNone) {
        const Path &path = facts_.paths[event.path];
        if (const PathStep *step = lastOutsideArrays(path, path.steps.size());
            step && step->kind == StepKind::Field)
          it->second.fields.insert(step->field);
        else if (path.base == BaseKind::Var)
          it->second.vars.insert(path.id);
      }
  return it->second;
}

/// Whether a step takes a lock or fails to: itself, or in the function that it calls.
bool Frame::triesLock(const Event &event) const {
  auto tries = [this](const FunctionFacts &facts, const Event &step) {
    if (step.kind == EventKind::Acquire || step.kind == EventKind::GuardLock)
      return (step.flags & (Flag::Try | Flag::Timed)) != 0;
    return step.kind == EventKind::ReadWrite && (step.flags & Flag::Atomic) &&
           step.result != kNone && step.path != kNone &&
           program_.isSpinLock(facts.paths[step.path]);
  };
  if (event.kind != EventKind::Call || event.callee == 0)
    return tries(facts_, event);
  auto callee = program_.functionByKey.find(event.callee);
  if (callee == program_.functionByKey.end())
    return false;
  const FunctionFacts &facts = program_.functions[callee->second].facts;
  for (const Block &block : facts.blocks)
    for (const Event &step : block.events)
      if (tries(facts, step))
        return true;
  return false;
}

/// Of a loop that tries to take a lock: the fields and variables that it changes or that its ends look at, other than to get at the lock.
/// Null for any other loop.
const Frame::ExitTests *Frame::unsettledIn(BlockId header) {
  auto [it, isNew] = unsettled_.try_emplace(header);
  if (!isNew)
    return it->second ? &*it->second : nullptr;
  const std::vector<bool> &body = loops_.body.at(header);
  bool isWait = false;
  for (BlockId block = 0; block < body.size() && !isWait; ++block)
    if (body[block])
      for (const Event &event : facts_.blocks[block].events)
        isWait |= triesLock(event);
  if (!isWait)
    return nullptr;
  ExitTests found;
  std::function<void(const FunctionFacts &, ValueId, unsigned)> visit;
  auto note = [&](const Path &path) {
    if (const PathStep *step = lastOutsideArrays(path, path.steps.size());
        step && step->kind == StepKind::Field)
      found.fields.insert(step->field);
    else if (path.base == BaseKind::Var)
      found.vars.insert(path.id);
  };
  visit = [&](const FunctionFacts &facts, ValueId id, unsigned depth) {
    if (id == kNone || depth > kMaxNesting)
      return;
    const Value &value = facts.values[id];
    if (value.kind == ValueKind::Load)
      note(facts.paths[value.path]);
    for (ValueId operand : value.operands)
      visit(facts, operand, depth + 1);
  };
  auto isChange = [](const Event &event) {
    return event.kind == EventKind::Write || event.kind == EventKind::ReadWrite ||
           event.kind == EventKind::Define;
  };
  std::vector<bool> ends = endsOf(header);
  for (BlockId block = 0; block < body.size(); ++block) {
    if (!body[block])
      continue;
    for (const Event &event : facts_.blocks[block].events) {
      if (isChange(event) && event.path != kNone)
        note(facts_.paths[event.path]);
      if (isChange(event) && ends[block])
        visit(facts_, event.value, 0); // a copy that may be tested
      const auto callee = program_.calleeOf(event);
      if (!callee)
        continue;
      const FunctionFacts &called = program_.functions[*callee].facts;
      for (const Block &step : called.blocks) {
        for (const Event &inner : step.events) {
          if (isChange(inner) && inner.path != kNone)
            note(called.paths[inner.path]);
          if (inner.kind == EventKind::Return && ends[block])
            visit(called, inner.value, 0);
        }
        if (ends[block])
          for (const Edge &edge : step.edges)
            visit(called, edge.condition, 0);
      }
    }
    if (ends[block])
      for (const Edge &edge : facts_.blocks[block].edges)
        visit(facts_, edge.condition, 0);
  }
  it->second = std::move(found);
  return &*it->second;
}

} // namespace threadlint
