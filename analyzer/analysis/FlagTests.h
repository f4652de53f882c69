// FlagTests: what a branch tells of a place in memory, and which steps stand behind it on every way.
//
// Read off the facts of one function: paths are compared as they are written.
#pragma once

#include "analyzer/facts/TuFacts.h"

#include <functional>
#include <vector>

namespace threadlint {

/// On an edge, what is stored at `path` was found to be zero, or found to be something else; kNone where an edge tells nothing such.
struct FlagTest {
  PathId path = kNone;
  bool isZero = false;
};
FlagTest testOn(const FunctionFacts &facts, const Edge &edge);

/// Base and fields, with every pointer on the way; no elements of arrays, which are not told apart.
bool isSamePlace(const Path &a, const Path &b);

/// A step of a function: an event of a block.
struct Position {
  BlockId block = 0;
  std::size_t index = 0;
};
/// Where the steps with this range stand.
std::vector<Position> positionsOf(const FunctionFacts &facts, const SourceRange &range);

/// By block: whether a way of one edge or more leads there from one of `starts`, over edges that are open: number `e` of a block. Without
/// `isOpen` all are.
using IsOpen = std::function<bool(BlockId block, std::size_t e)>;
std::vector<bool> reachedFrom(const FunctionFacts &facts, std::vector<BlockId> starts,
                              const IsOpen &isOpen = {});

/// By block: whether a way from the entry gets there that does not take edge `k` of block `from`.
std::vector<bool> reachedWithoutEdge(const FunctionFacts &facts, BlockId from, std::size_t k);
/// By block: whether a way from the entry gets there that does not run through a barred block, which may be where it ends.
std::vector<bool> reachedWithoutBlock(const FunctionFacts &facts, BlockId barred);
std::vector<bool> reachedWithoutBlocks(const FunctionFacts &facts, const std::vector<bool> &barred);

} // namespace threadlint
