// HappensBefore: one pass over the syncs.
#include "tracer/report/HappensBefore.h"

#include <algorithm>
#include <limits>

namespace threadlint::tracing {
namespace {

using Clock = std::vector<std::uint32_t>;

bool merge(Clock &into, const Clock &from) {
  bool changed = false;
  for (std::size_t i = 0; i < from.size(); ++i)
    if (into[i] < from[i]) {
      into[i] = from[i];
      changed = true;
    }
  return changed;
}

} // namespace

HappensBefore::HappensBefore(const Trace &trace) : clocks_(trace.threads.size()) {
  const auto count = static_cast<std::uint32_t>(trace.threads.size());
  std::vector<Clock> now(count);
  /// Threads know from their start on what their parent knew then. The parent's own syncs before that came earlier.
  auto start = [&](auto &&self, std::uint32_t thread) -> void {
    if (!now[thread].empty())
      return;
    now[thread].assign(count, 0);
    const Thread &row = trace.threads[thread];
    if (row.parent >= count || row.parent == thread)
      return;
    self(self, row.parent);
    if (const Clock *known = clockAt(row.parent, row.parentEpoch))
      now[thread] = *known;
    now[thread][row.parent] = std::max(now[thread][row.parent], row.parentEpoch + 1);
    clocks_[thread].emplace(0, now[thread]);
  };
  std::map<std::uint64_t, Clock> channels;
  for (const Sync &sync : trace.syncs) {
    if (sync.thread >= count)
      continue;
    start(start, sync.thread);
    Clock &clock = now[sync.thread];
    bool learns = false;
    switch (sync.kind) {
    case SyncKind::Release: {
      Clock &channel = channels.try_emplace(sync.channel, Clock(count, 0)).first->second;
      merge(channel, clock);
      channel[sync.thread] = std::max(channel[sync.thread], sync.epoch + 1);
      break;
    }
    case SyncKind::Acquire:
      if (auto channel = channels.find(sync.channel); channel != channels.end())
        learns = merge(clock, channel->second);
      break;
    case SyncKind::Join:
      if (sync.other >= count || sync.other == sync.thread)
        break;
      start(start, sync.other);
      learns = merge(clock, now[sync.other]);
      clock[sync.other] = std::numeric_limits<std::uint32_t>::max();
      learns = true;
      break;
    }
    if (learns)
      clocks_[sync.thread].insert_or_assign(sync.epoch + 1, clock);
  }
  for (std::uint32_t thread = 0; thread < count; ++thread)
    start(start, thread);
}

const HappensBefore::Clock *HappensBefore::clockAt(std::uint32_t thread,
                                                   std::uint32_t epoch) const {
  auto after = clocks_[thread].upper_bound(epoch);
  return after == clocks_[thread].begin() ? nullptr : &std::prev(after)->second;
}

bool HappensBefore::precedes(std::uint32_t from, std::uint32_t a, std::uint32_t to,
                             std::uint32_t b) const {
  if (from == to)
    return a < b;
  if (to >= clocks_.size() || from >= clocks_.size())
    return false;
  const Clock *clock = clockAt(to, b);
  return clock && (*clock)[from] > a;
}

bool HappensBefore::mayOverlap(std::uint32_t from, EpochRange a, std::uint32_t to,
                               EpochRange b) const {
  if (from >= clocks_.size() || to >= clocks_.size())
    return true;
  /// Epoch `mine` against those of b: the earlier ones of b that may still run, up to the first that comes after it.
  auto overlaps = [&](std::uint32_t mine) {
    const Clock *clock = clockAt(from, mine);
    std::uint32_t first = std::max(b.first, clock ? (*clock)[to] : 0);
    return first <= b.last && !precedes(from, mine, to, first);
  };
  // What is over changes only where the thread learns something; before that the latest epoch has the most epochs of b after it.
  if (overlaps(a.last))
    return true;
  for (auto at = clocks_[from].upper_bound(a.first);
       at != clocks_[from].end() && at->first <= a.last; ++at)
    if (overlaps(at->first - 1))
      return true;
  return false;
}

} // namespace threadlint::tracing
