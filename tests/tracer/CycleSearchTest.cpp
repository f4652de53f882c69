// CycleSearchTest: small tables, limits, long rings, and random graphs against a slow obvious search.
#include "tracer/report/CycleSearch.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>

namespace threadlint::tracing {
namespace {

using Edges = std::vector<std::pair<Node, Node>>;

/// Every sequence of different nodes that is a cycle and starts with its smallest node.
void extend(const std::set<std::pair<Node, Node>> &edges, std::size_t nodes, NodeCycle &path,
            std::vector<NodeCycle> &found) {
  if (edges.contains({path.back(), path.front()}))
    found.push_back(path);
  for (Node next = path.front() + 1; next < nodes; ++next)
    if (edges.contains({path.back(), next}) &&
        std::find(path.begin(), path.end(), next) == path.end()) {
      path.push_back(next);
      extend(edges, nodes, path, found);
      path.pop_back();
    }
}

std::vector<NodeCycle> bruteForce(std::size_t nodes, const Edges &edges) {
  std::set<std::pair<Node, Node>> set(edges.begin(), edges.end());
  std::vector<NodeCycle> found;
  for (Node start = 0; start < nodes; ++start) {
    NodeCycle path{start};
    extend(set, nodes, path, found);
  }
  std::sort(found.begin(), found.end(), [](const NodeCycle &a, const NodeCycle &b) {
    return a.size() != b.size() ? a.size() < b.size() : a < b;
  });
  return found;
}

TEST(CycleSearch, FindsWhatIsThere) {
  struct Row {
    Edges edges;
    std::vector<NodeCycle> cycles;
  };
  for (const Row &row : std::vector<Row>{
           {{}, {}},
           {{{0, 1}, {1, 2}, {0, 2}}, {}},
           {{{0, 1}, {1, 0}}, {{0, 1}}},
           {{{3, 3}}, {{3}}},
           {{{0, 1}, {1, 2}, {2, 0}}, {{0, 1, 2}}},
           {{{0, 1}, {1, 0}, {1, 2}, {2, 1}}, {{0, 1}, {1, 2}}},
           {{{0, 1}, {1, 0}, {0, 1}}, {{0, 1}}},
           {{{0, 1}, {1, 2}, {2, 0}, {0, 2}, {2, 1}, {1, 0}},
            {{0, 1}, {0, 2}, {1, 2}, {0, 1, 2}, {0, 2, 1}}},
           {{{0, 1}, {1, 0}, {2, 3}, {3, 2}, {1, 2}}, {{0, 1}, {2, 3}}},
       })
    EXPECT_EQ(findCycles(4, row.edges).cycles, row.cycles);
}

TEST(CycleSearch, AgreesWithBruteForceOnRandomGraphs) {
  std::mt19937 random(7);
  for (int round = 0; round < 3000; ++round) {
    std::size_t nodes = 1 + random() % 7;
    Edges edges;
    for (std::size_t i = random() % (nodes * 3); i > 0; --i)
      edges.emplace_back(random() % nodes, random() % nodes);
    CycleSearchResult result = findCycles(nodes, edges);
    std::vector<NodeCycle> expected = bruteForce(nodes, edges);
    ASSERT_EQ(result.cycles, expected) << "round " << round;
    EXPECT_TRUE(result.cut.empty());
    std::set<Node> inCycles, inComponents;
    for (const NodeCycle &cycle : expected)
      inCycles.insert(cycle.begin(), cycle.end());
    for (const std::vector<Node> &component : components(nodes, edges))
      inComponents.insert(component.begin(), component.end());
    EXPECT_EQ(inCycles, inComponents) << "round " << round;
  }
}

TEST(CycleSearch, WhatALimitCutsIsSaidAndTheShortestCyclesStay) {
  Edges edges; // every two of twelve: more cycles than anybody wants to read
  for (Node from = 0; from < 12; ++from)
    for (Node to = 0; to < 12; ++to)
      if (from != to)
        edges.emplace_back(from, to);
  edges.emplace_back(12, 13);
  edges.emplace_back(13, 12);
  CycleSearchResult result = findCycles(14, edges, {.cycles = 300});
  EXPECT_EQ(result.cut, std::vector<std::size_t>{12});
  EXPECT_EQ(result.completeLength, 2u);
  std::size_t pairs = 0;
  for (const NodeCycle &cycle : result.cycles)
    pairs += cycle.size() == 2;
  EXPECT_EQ(pairs, 12u * 11 / 2 + 1) << "the other component is searched as well";

  result = findCycles(14, edges, {.steps = 2000});
  EXPECT_EQ(result.cut, std::vector<std::size_t>{12});
}

TEST(CycleSearch, LongRingsAreFound) {
  constexpr Node kSize = 100'000;
  Edges edges;
  for (Node node = 0; node < kSize; ++node)
    edges.emplace_back(node, (node + 1) % kSize);
  edges.emplace_back(1, 0);
  CycleSearchResult result = findCycles(kSize, edges);
  ASSERT_EQ(result.cycles.size(), 2u);
  EXPECT_EQ(result.cycles[0], (NodeCycle{0, 1}));
  EXPECT_EQ(result.cycles[1].size(), kSize);
  EXPECT_TRUE(result.cut.empty());
}

} // namespace
} // namespace threadlint::tracing
