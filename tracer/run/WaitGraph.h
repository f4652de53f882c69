// WaitGraph: who waits for whom among the threads of the traced processes, at one moment.
//
//   LiveTrace::threads of each process  =>  edges waiter -> holder  =>  hangs
//
// A lock is identified by its process and address; where nobody traced holds it, by the owner that glibc's lock names (which also joins
// processes that share it). A thread waits for all its blockers, so one cycle among them is a deadlock. Waits with a time limit end by
// themselves and are no part of any.
#pragma once

#include "tracer/run/LiveTrace.h"

#include <functional>
#include <string>
#include <vector>

namespace threadlint::trace {

/// A thread of one of the processes.
struct WaitNode {
  std::size_t process = 0;
  LiveThread thread;
  std::vector<std::size_t> blockers; ///< other nodes; empty: not blocked by a thread that is known
  std::uint32_t pid = 0;
  std::uint64_t startNs = 0; ///< of the process, or of its image since exec
  bool isBlocked() const { return !blockers.empty(); }
};

struct Hang {
  IncidentKind kind = IncidentKind::Deadlock;
  std::vector<std::size_t>
      nodes; ///< in the order of the cycle; stall: waiters, and last who sleeps
  std::string
      key; ///< the same hang has the same key, and no other: processes, threads and wait numbers
};

/// Nodes for every thread, with what they wait for. Only waits that were announced block.
std::vector<WaitNode> buildWaitGraph(const std::vector<const LiveTrace *> &processes);
/// Deadlocks and self-deadlocks: each cycle once.
std::vector<Hang> findDeadlocks(const std::vector<WaitNode> &graph);
/// Chains of waiters that end in a thread which sleeps in something else. `sleeps(node)`: it runs nothing now.
std::vector<Hang> findStalls(const std::vector<WaitNode> &graph, std::uint64_t nowNs,
                             std::uint64_t patienceNs,
                             const std::function<bool(const WaitNode &)> &sleeps);

} // namespace threadlint::trace
