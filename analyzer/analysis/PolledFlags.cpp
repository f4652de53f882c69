// PolledFlags: plain flags that loops wait for, read off the facts.
#include "analyzer/analysis/Engine.h"

#include <algorithm>
#include <functional>

namespace threadlint {
namespace {

bool isFlag(const Program &program, const Path &path) {
  if (path.steps.empty())
    return path.base == BaseKind::Var && program.flagVars.count(path.id);
  return path.steps.back().kind == StepKind::Field &&
         program.flagFields.count(path.steps.back().field);
}

/// Calls `visit` with each path that a value loads from.
void forEachLoad(const FunctionFacts &facts, ValueId id,
                 const std::function<void(const Path &)> &visit, unsigned depth = 0) {
  constexpr unsigned kMaxDepth = 8;
  if (id == kNone || depth > kMaxDepth)
    return;
  const Value &value = facts.values[id];
  if (value.kind == ValueKind::Load)
    visit(facts.paths[value.path]);
  for (ValueId operand : value.operands)
    forEachLoad(facts, operand, visit, depth + 1);
}

/// What a condition gives when what it loads is `loaded`.
std::optional<std::int64_t> valueWith(const FunctionFacts &facts, ValueId id, std::int64_t loaded,
                                      unsigned depth = 0) {
  constexpr unsigned kMaxDepth = 8;
  if (id == kNone || depth > kMaxDepth)
    return std::nullopt;
  const Value &value = facts.values[id];
  if (value.kind == ValueKind::Int)
    return value.number;
  if (value.kind == ValueKind::Load)
    return loaded;
  if (value.kind != ValueKind::Op || value.operands.empty())
    return std::nullopt;
  auto first = valueWith(facts, value.operands[0], loaded, depth + 1);
  if (value.op == ValueOp::Not && first)
    return *first == 0;
  if (value.operands.size() != 2 || (value.op != ValueOp::Eq && value.op != ValueOp::Ne))
    return std::nullopt;
  auto second = valueWith(facts, value.operands[1], loaded, depth + 1);
  return first && second ? std::optional((*first == *second) == (value.op == ValueOp::Eq))
                         : std::nullopt;
}

/// Whether an edge is surely taken only while what its condition loads is zero.
bool needsZero(const FunctionFacts &facts, const Edge &edge) {
  auto zero = valueWith(facts, edge.condition, 0), one = valueWith(facts, edge.condition, 1);
  const bool wanted = edge.kind == EdgeKind::True;
  return (edge.kind == EdgeKind::True || edge.kind == EdgeKind::False) && zero && one &&
         (*zero != 0) == wanted && (*one != 0) != wanted;
}

} // namespace

/// A loop ends because a flag was raised, or a local variable that the loop loads it into.
void Engine::findPolledFlags() {
  polled_.emplace();
  auto note = [&](const Path &path) {
    if (path.steps.empty())
      polled_->insert({false, path.id});
    else
      polled_->insert({true, path.steps.back().field});
  };
  for (FunctionId id = 0; id < program.functions.size(); ++id) {
    const FunctionFacts &facts = program.functions[id].facts;
    if (std::none_of(facts.values.begin(), facts.values.end(), [&](const Value &value) {
          return value.kind == ValueKind::Load && isFlag(program, facts.paths[value.path]);
        }))
      continue;
    for (const auto &[header, body] : loops(id).body) {
      std::set<std::pair<BaseKind, std::uint32_t>> tested;
      for (BlockId block = 0; block < body.size(); ++block)
        if (body[block])
          for (const Edge &edge : facts.blocks[block].edges)
            if (edge.condition != kNone && edge.target < body.size() && !body[edge.target] &&
                !needsZero(facts, edge))
              forEachLoad(facts, edge.condition, [&](const Path &path) {
                if (isFlag(program, path))
                  note(path);
                else if (path.steps.empty())
                  tested.emplace(path.base, path.id);
              });
      for (BlockId block = 0; block < body.size() && !tested.empty(); ++block)
        if (body[block])
          for (const Event &event : facts.blocks[block].events)
            if (event.path != kNone && facts.paths[event.path].steps.empty() &&
                tested.count({facts.paths[event.path].base, facts.paths[event.path].id}))
              forEachLoad(facts, event.value, [&](const Path &path) {
                if (isFlag(program, path))
                  note(path);
              });
    }
  }
}

std::int64_t Engine::raisedIn(Term location) {
  if (!polled_)
    findPolledFlags();
  const TermNode &node = terms[location];
  if (node.kind == TermKind::Field)
    return polled_->count({true, node.b}) ? program.flagFields.at(node.b).raised : 0;
  if (node.kind != TermKind::Variable || node.b != kGlobalChain ||
      program.vars[node.a].addressTaken || !polled_->count({false, node.a}))
    return 0;
  return program.flagVars.at(node.a).raised;
}

} // namespace threadlint
