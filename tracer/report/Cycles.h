// Cycles: the lock-order cycles of a trace, each with the reason why it cannot close, if there is one.
//
//   acquisitions  =>  edges (held, acquired)  =>  elementary cycles  =>  an acquisition for each edge  =>  verdict
//
// A cycle of locks stays when acquisitions can be chosen for its edges that withstand every rule; else its reason is the first rule, in
// the order of PruneReason, that no choice withstands together with the rules before it. A thread that is joined while a lock is held
// takes part as a lock of kind Thread: it holds itself from its start to its end, and who joins it takes that.
// Incidents are facts: no rule applies to them.
// Source of the rules: Goodlock (Havelund 2000) with gate locks, Bensalem and Havelund 2005 for the orders.
#pragma once

#include "tracer/report/CycleSearch.h"
#include "tracer/report/Trace.h"

#include <optional>
#include <string_view>

namespace threadlint::tracing {

enum class PruneReason : std::uint8_t {
  SingleThread, ///< one thread would have to wait for itself
  Ordered,      ///< start, join, barriers or semaphores keep two of the acquisitions apart
  Guarded,      ///< two of the acquisitions are made under one lock that excludes them
  Readers,      ///< a lock is held shared and wanted shared, and no writer can come between
  BoundedWait,  ///< one of the acquisitions does not wait, or not for ever
};

/// "single-thread", "ordered", ...
std::string_view nameOf(PruneReason reason);

inline constexpr std::uint32_t kImplicit =
    kNone - 1; ///< in CycleEdge::held: the thread holds itself

/// One acquisition, and which of the locks held there is the cycle's.
struct CycleEdge {
  std::uint32_t acquisition = kNone;
  std::uint32_t held = kNone;
  bool operator==(const CycleEdge &) const = default;
};

struct TraceCycle {
  std::vector<std::uint32_t>
      locks; ///< edge i is from locks[i] to locks[i + 1], the last one to locks[0]
  std::vector<CycleEdge> edges; ///< of a pruned cycle: a choice that withstands the rules before
  std::optional<PruneReason> pruned;
  std::uint32_t incident = kNone; ///< the hang that this cycle is
};

struct CycleLimitsReached {
  std::vector<std::size_t> cutComponents; ///< sizes, in locks
  std::size_t completeLength = 0;
  std::size_t undecided =
      0; ///< cycles with more choices of acquisitions than were tried: neither reported nor pruned
};

struct TraceCycles {
  std::vector<TraceCycle> cycles; ///< incidents first, then by length and locks
  CycleLimitsReached limits;
};

TraceCycles findTraceCycles(const Trace &trace, const CycleLimits &limits = {});

/// The lock of kind Thread that stands for a thread; kNone when nobody joins it.
std::uint32_t lockOfThread(const Trace &trace, std::uint32_t thread);

} // namespace threadlint::tracing
