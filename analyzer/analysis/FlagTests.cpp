// FlagTests: conditions of edges, and reachability.
#include "analyzer/analysis/FlagTests.h"

#include <algorithm>
#include <utility>

namespace threadlint {
namespace {

std::vector<bool> reachedFromEntry(const FunctionFacts &facts, const IsOpen &isOpen) {
  if (facts.entry >= facts.blocks.size())
    return std::vector<bool>(facts.blocks.size());
  std::vector<bool> result = reachedFrom(facts, {facts.entry}, isOpen);
  result[facts.entry] = true;
  return result;
}

} // namespace

std::vector<bool> reachedFrom(const FunctionFacts &facts, std::vector<BlockId> starts,
                              const IsOpen &isOpen) {
  std::vector<bool> seen(facts.blocks.size());
  std::vector<BlockId> work = std::move(starts);
  while (!work.empty()) {
    const BlockId block = work.back();
    work.pop_back();
    for (std::size_t e = 0; e < facts.blocks[block].edges.size(); ++e)
      if (const BlockId to = facts.blocks[block].edges[e].target;
          to < seen.size() && !seen[to] && (!isOpen || isOpen(block, e))) {
        seen[to] = true;
        work.push_back(to);
      }
  }
  return seen;
}

FlagTest testOn(const FunctionFacts &facts, const Edge &edge) {
  if ((edge.kind != EdgeKind::True && edge.kind != EdgeKind::False) || edge.condition == kNone)
    return {};
  bool isZero = edge.kind == EdgeKind::False;
  const Value *value = &facts.values[edge.condition];
  auto isWhole = [](const Value &operation) {
    return std::find(operation.operands.begin(), operation.operands.end(), kNone) ==
           operation.operands.end();
  };
  while (value->kind == ValueKind::Op && !value->operands.empty() && isWhole(*value) &&
         value->op != ValueOp::Add && value->op != ValueOp::Sub) {
    const bool isCompared = value->operands.size() == 2 &&
                            facts.values[value->operands[1]].kind == ValueKind::Int &&
                            facts.values[value->operands[1]].number == 0;
    if (value->op == ValueOp::Not || (value->op == ValueOp::Eq && isCompared))
      isZero = !isZero;
    else if ((value->op != ValueOp::Ne && value->op != ValueOp::Gt) || !isCompared)
      return {}; // what counts is not negative
    value = &facts.values[value->operands[0]];
  }
  // `users++` is told by the new count, less one.
  if (value->kind == ValueKind::Op && value->operands.size() == 2 && isWhole(*value) &&
      facts.values[value->operands[1]].kind == ValueKind::Int &&
      ((value->op == ValueOp::Sub && facts.values[value->operands[1]].number == 1) ||
       (value->op == ValueOp::Add && facts.values[value->operands[1]].number == -1)))
    value = &facts.values[value->operands[0]];
  if (value->kind != ValueKind::Load || value->path == kNone)
    return {};
  return {value->path, isZero};
}

bool isSamePlace(const Path &a, const Path &b) {
  auto isSame = [](const PathStep &x, const PathStep &y) {
    return x.kind == y.kind && x.field == y.field &&
           (x.kind == StepKind::Field || x.kind == StepKind::Deref);
  };
  return a.base == b.base && a.base != BaseKind::Unknown && a.id == b.id &&
         std::equal(a.steps.begin(), a.steps.end(), b.steps.begin(), b.steps.end(), isSame);
}

std::vector<Position> positionsOf(const FunctionFacts &facts, const SourceRange &range) {
  std::vector<Position> result;
  for (BlockId block = 0; block < facts.blocks.size(); ++block)
    for (std::size_t index = 0; index < facts.blocks[block].events.size(); ++index)
      if (facts.blocks[block].events[index].range == range)
        result.push_back({block, index});
  return result;
}

std::vector<bool> reachedWithoutEdge(const FunctionFacts &facts, BlockId from, std::size_t k) {
  return reachedFromEntry(facts,
                          [&](BlockId block, std::size_t e) { return block != from || e != k; });
}

std::vector<bool> reachedWithoutBlock(const FunctionFacts &facts, BlockId barred) {
  return reachedFromEntry(facts, [&](BlockId block, std::size_t) { return block != barred; });
}

std::vector<bool> reachedWithoutBlocks(const FunctionFacts &facts,
                                       const std::vector<bool> &barred) {
  return reachedFromEntry(facts, [&](BlockId block, std::size_t) { return !barred[block]; });
}

} // namespace threadlint
