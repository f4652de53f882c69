// HappensBefore: which stretches of threads cannot overlap, whatever the schedule.
//
// Made of the syncs of a trace: start, join, barriers, semaphores that had no unit left. Locks and condition variables order nothing here,
// because another schedule orders them otherwise.
// Algorithm: vector clocks (Mattern 1989) over epochs instead of events, in the order of time; a clock is kept for each epoch that learns
// something.
#pragma once

#include "tracer/report/Trace.h"

#include <map>
#include <vector>

namespace threadlint::tracing {

class HappensBefore {
public:
  explicit HappensBefore(const Trace &trace);

  /// Whether all of epoch `a` of thread `from` comes before all of epoch `b` of thread `to`. Within one thread: a < b.
  bool precedes(std::uint32_t from, std::uint32_t a, std::uint32_t to, std::uint32_t b) const;
  /// Whether some epoch of `a` and some epoch of `b`, of different threads, may overlap.
  bool mayOverlap(std::uint32_t from, EpochRange a, std::uint32_t to, EpochRange b) const;

private:
  using Clock = std::vector<std::uint32_t>; ///< by thread: the first of its epochs that is not over
  /// What is over when an epoch runs; null = nothing.
  const Clock *clockAt(std::uint32_t thread, std::uint32_t epoch) const;
  std::vector<std::map<std::uint32_t, Clock>> clocks_; ///< by thread: from an epoch on
};

} // namespace threadlint::tracing
