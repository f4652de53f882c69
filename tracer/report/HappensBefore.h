// HappensBefore: which stretches of threads cannot overlap, whatever the schedule.
//
// Made of the syncs of a trace: start, join, barriers, semaphores that had no unit left. Locks and condition variables order nothing here,
// because another schedule orders them otherwise.
// Algorithm: vector clocks (Mattern 1989) over epochs instead of events, in the order of time; a clock is kept for each epoch that learns
// something. Clocks are trees that never change and share what they have in common, so that thousands of threads need little memory.
#pragma once

#include "tracer/report/Trace.h"

#include <array>
#include <map>
#include <vector>

namespace threadlint::tracing {

/// Clocks: for each thread the first of its epochs that is not over, mostly 0.
class Clocks {
public:
  using Clock = std::uint32_t;           ///< position of the root of its tree
  static constexpr Clock kBeginning = 0; ///< nothing is over

  explicit Clocks(std::uint32_t threadCount);
  std::uint32_t at(Clock clock, std::uint32_t thread) const;
  /// The clock with at least `epoch` for the thread; `clock` itself when that changes nothing.
  Clock raised(Clock clock, std::uint32_t thread, std::uint32_t epoch);
  /// The later of both for every thread; `clock` itself when that changes nothing.
  Clock merged(Clock clock, Clock other) { return merged(clock, other, depth_); }

private:
  static constexpr std::uint32_t kBits = 3;           ///< of the thread's number, for each level
  using Node = std::array<std::uint32_t, 1 << kBits>; ///< positions of nodes; in a leaf epochs

  Clock raised(Clock clock, std::uint32_t thread, std::uint32_t epoch, std::uint32_t level);
  Clock merged(Clock clock, Clock other, std::uint32_t level);
  Clock add(const Node &node);

  std::vector<Node> nodes_{Node{}}; ///< the first is the tree of zeros, on every level
  std::uint32_t depth_ = 1;
};

class HappensBefore {
public:
  explicit HappensBefore(const Trace &trace);

  /// Whether all of epoch `a` of thread `from` comes before all of epoch `b` of thread `to`. Within one thread: a < b.
  bool precedes(std::uint32_t from, std::uint32_t a, std::uint32_t to, std::uint32_t b) const;
  /// Whether some epoch of `a` and some epoch of `b`, of different threads, may overlap.
  bool mayOverlap(std::uint32_t from, EpochRange a, std::uint32_t to, EpochRange b) const;

private:
  using Clock = Clocks::Clock;
  /// What is over when an epoch runs.
  Clock clockAt(std::uint32_t thread, std::uint32_t epoch) const;
  Clocks clocks_;
  std::vector<std::map<std::uint32_t, Clock>> changes_; ///< by thread: from an epoch on
};

} // namespace threadlint::tracing
