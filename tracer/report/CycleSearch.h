// CycleSearch: the elementary cycles of a directed graph, shortest first, each once.
//
//   edges  =>  strongly connected components  =>  cycles inside each, by length 2, 3, ...
//
// Complete up to the limits. A limit that was reached is in the result, never silent: the number of cycles, and the number of steps
// of the search, both for each component, so that one tangled component does not hide the others'. Self-loops are cycles of length one.
// A cycle starts at its smallest node. The result is sorted by length, then by nodes.
// Algorithm: Tarjan 1972, iterative; then from each node of a component a depth-first search over larger nodes, deepened iteratively
// like IDA* (Korf 1985): the length of the way back to the start, by breadth-first search, bounds what is left from below.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace threadlint::tracing {

using Node = std::uint32_t;
using NodeCycle = std::vector<Node>; ///< node i leads to node i + 1, the last one to the first

struct CycleLimits {
  std::size_t cycles = 10'000;    ///< for each component
  std::size_t steps = 50'000'000; ///< for each component
};

struct CycleSearchResult {
  std::vector<NodeCycle> cycles;
  std::vector<std::size_t> cut; ///< sizes of the components that were not searched completely
  std::size_t completeLength =
      0; ///< up to this length every cycle of every component is there; when nothing was cut: the longest
};

/// The components of more than one node, and single nodes with an edge to themselves. Nodes and components are sorted.
std::vector<std::vector<Node>> components(std::size_t nodes,
                                          const std::vector<std::pair<Node, Node>> &edges);

CycleSearchResult findCycles(std::size_t nodes, std::vector<std::pair<Node, Node>> edges,
                             const CycleLimits &limits = {});

} // namespace threadlint::tracing
