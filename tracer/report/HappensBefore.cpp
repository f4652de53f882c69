// HappensBefore: one pass over the syncs.
#include "tracer/report/HappensBefore.h"

#include <algorithm>
#include <limits>

namespace threadlint::tracing {

Clocks::Clocks(std::uint32_t threadCount) {
  for (std::uint64_t room = 1 << kBits; room < threadCount; room <<= kBits)
    ++depth_;
}

std::uint32_t Clocks::at(Clock clock, std::uint32_t thread) const {
  for (std::uint32_t level = depth_; level-- > 0;)
    clock = nodes_[clock][thread >> kBits * level & ((1 << kBits) - 1)];
  return clock;
}

Clocks::Clock Clocks::add(const Node &node) {
  nodes_.push_back(node);
  return static_cast<Clock>(nodes_.size() - 1);
}

Clocks::Clock Clocks::raised(Clock clock, std::uint32_t thread, std::uint32_t epoch) {
  return at(clock, thread) >= epoch ? clock : raised(clock, thread, epoch, depth_);
}

Clocks::Clock Clocks::raised(Clock clock, std::uint32_t thread, std::uint32_t epoch,
                             std::uint32_t level) {
  if (level == 0)
    return epoch;
  Node node = nodes_[clock];
  std::uint32_t &place = node[thread >> kBits * (level - 1) & ((1 << kBits) - 1)];
  place = raised(place, thread, epoch, level - 1);
  return add(node);
}

Clocks::Clock Clocks::merged(Clock clock, Clock other, std::uint32_t level) {
  if (level == 0)
    return std::max(clock, other);
  if (clock == other || other == kBeginning)
    return clock;
  if (clock == kBeginning)
    return other;
  const Node mine = nodes_[clock], theirs = nodes_[other];
  Node node;
  for (std::size_t i = 0; i < node.size(); ++i)
    node[i] = merged(mine[i], theirs[i], level - 1);
  return node == mine ? clock : node == theirs ? other : add(node);
}

HappensBefore::HappensBefore(const Trace &trace)
    : clocks_(static_cast<std::uint32_t>(trace.threads.size())), changes_(trace.threads.size()) {
  const auto count = static_cast<std::uint32_t>(trace.threads.size());
  std::vector<Clock> now(count, Clocks::kBeginning);
  std::vector<char> isStarted(count);
  std::vector<std::uint32_t> ancestors;
  /// Threads know from their start on what their parent knew then. The parent's own syncs before that came earlier.
  auto start = [&](std::uint32_t thread) {
    ancestors.clear();
    for (; thread < count && !isStarted[thread]; thread = trace.threads[thread].parent) {
      isStarted[thread] = 1;
      ancestors.push_back(thread);
    }
    for (; !ancestors.empty(); ancestors.pop_back()) {
      thread = ancestors.back();
      const Thread &row = trace.threads[thread];
      if (row.parent >= count || row.parent == thread)
        continue;
      now[thread] =
          clocks_.raised(clockAt(row.parent, row.parentEpoch), row.parent, row.parentEpoch + 1);
      changes_[thread].emplace(0, now[thread]);
    }
  };
  std::map<std::uint64_t, Clock> channels;
  for (const Sync &sync : trace.syncs) {
    if (sync.thread >= count)
      continue;
    start(sync.thread);
    Clock &clock = now[sync.thread];
    const Clock before = clock;
    switch (sync.kind) {
    case SyncKind::Release: {
      Clock &channel = channels[sync.channel];
      channel = clocks_.raised(clocks_.merged(channel, clock), sync.thread, sync.epoch + 1);
      break;
    }
    case SyncKind::Acquire:
      if (auto channel = channels.find(sync.channel); channel != channels.end())
        clock = clocks_.merged(clock, channel->second);
      break;
    case SyncKind::Join:
      if (sync.other >= count || sync.other == sync.thread)
        break;
      start(sync.other);
      clock = clocks_.raised(clocks_.merged(clock, now[sync.other]), sync.other,
                             std::numeric_limits<std::uint32_t>::max());
      break;
    }
    if (clock != before)
      changes_[sync.thread].insert_or_assign(sync.epoch + 1, clock);
  }
  for (std::uint32_t thread = 0; thread < count; ++thread)
    start(thread);
}

HappensBefore::Clock HappensBefore::clockAt(std::uint32_t thread, std::uint32_t epoch) const {
  auto after = changes_[thread].upper_bound(epoch);
  return after == changes_[thread].begin() ? Clocks::kBeginning : std::prev(after)->second;
}

bool HappensBefore::precedes(std::uint32_t from, std::uint32_t a, std::uint32_t to,
                             std::uint32_t b) const {
  if (from == to)
    return a < b;
  if (to >= changes_.size() || from >= changes_.size())
    return false;
  return clocks_.at(clockAt(to, b), from) > a;
}

bool HappensBefore::mayOverlap(std::uint32_t from, EpochRange a, std::uint32_t to,
                               EpochRange b) const {
  if (from >= changes_.size() || to >= changes_.size())
    return true;
  /// Epoch `mine` against those of b: the earlier ones of b that may still run, up to the first that comes after it.
  auto overlaps = [&](std::uint32_t mine) {
    std::uint32_t first = std::max(b.first, clocks_.at(clockAt(from, mine), to));
    return first <= b.last && !precedes(from, mine, to, first);
  };
  // What is over changes only where the thread learns something; before that the latest epoch has the most epochs of b after it.
  if (overlaps(a.last))
    return true;
  for (auto at = changes_[from].upper_bound(a.first);
       at != changes_[from].end() && at->first <= a.last; ++at)
    if (overlaps(at->first - 1))
      return true;
  return false;
}

} // namespace threadlint::tracing
