// LockOrder: which locks are acquired while which others are held, and the cycles that threads can close.
//
//   Acquisition  =>  edge (held, acquired)  =>  cycle of length 2..4  =>  inversion
//
// Nodes are lock classes: a resolved object is a node of its own, an unresolved one stands for its record's field. Edges made by a try
// acquisition or inside one std::lock group do not exist. A cycle is harmless when a lock that is not one of its own is held at two
// of its edges and not shared by both (gate lock), when its steps cannot run in parallel, or when both uses of one of
// its locks are shared.
// Algorithm: Tarjan 1972 for the components, then a bounded depth-first search inside each.
#pragma once

#include "analyzer/analysis/ThreadModel.h"
#include "analyzer/facts/Confidence.h"

namespace threadlint {

struct LockEdge {
  Term from = 0, to = 0; ///< nodes
  ThreadId thread = 0;
  Acquisition acquisition; ///< of `to`
  HeldLock held;           ///< `from`
  bool again = false;      ///< `to`, or another lock of its class, is held already, outside `from`
};

struct LockCycle {
  std::vector<LockEdge>
      edges; ///< edge i leads to the lock edge i+1 holds; edge 0 is the first in source order, one that waits for something else than a lock before all others
  Confidence confidence = Confidence::High;
  bool hasWait = false; ///< one of its nodes is no lock: WaitGraph.h
};

/// The cycles of the wait-for graph, with nodes of all kinds. One cycle per set of nodes.
std::vector<LockCycle> findLockCycles(Engine &engine, ThreadModel &model);

} // namespace threadlint
