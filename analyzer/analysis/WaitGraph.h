// WaitGraph: the part of the wait-for graph that is not about locks alone.
//
//   Wait, Signal, Acquisition of every thread  =>  edges from and to wait nodes  =>  the cycles of LockOrder
//
// A wait node is the end of a thread, or a condition variable, semaphore, barrier, latch or future as one thread waits for it. An edge
// `lock -> wait node` says that a thread waits while it holds the lock. An edge `wait node -> y` says that nobody can provide what is waited
// for without getting y first: the joined thread takes y; every thread that signals took y on its way; for a barrier one participant is enough.
// Waits with a limit of time are no waits. A semaphore that starts with permits provides from those; one that starts with a
// single one is held between wait and post, like a lock.
// Left out: predicates of condition variables, counts of latches, signals by code outside the program.
#pragma once

#include "analyzer/analysis/LockOrder.h"

#include <functional>
#include <optional>

namespace threadlint {

struct WaitNode {
  WaitKind kind = WaitKind::Join;
  Term object = 0; ///< node of the location waited on; nothing for Join
  ThreadId thread =
      kNoThread; ///< Join: the thread waited for; else the waiter, unless it has several at once
};

/// What a node of the graph is when it is no lock.
std::optional<WaitNode> waitNodeOf(const Terms &terms, Term node);

/// Every edge with a wait node at one end, for the threads of one tree. `nodesOf` names locations as LockOrder does.
std::vector<LockEdge> waitEdges(Engine &engine, ThreadModel &model, std::uint32_t tree,
                                const std::function<std::vector<Term>(Term)> &nodesOf);

} // namespace threadlint
