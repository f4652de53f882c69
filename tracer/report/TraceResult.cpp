// TraceResult: names, and joining results.
#include "tracer/report/TraceResult.h"

#include "analyzer/facts/ProjectPath.h"

#include <algorithm>
#include <cstdio>
#include <map>

namespace threadlint::tracing {
namespace {

void shift(std::uint32_t &index, std::size_t by) {
  if (index != kNone)
    index += static_cast<std::uint32_t>(by);
}

template <class T> void moveInto(std::vector<T> &into, std::vector<T> &from) {
  into.insert(into.end(), std::make_move_iterator(from.begin()),
              std::make_move_iterator(from.end()));
}

} // namespace

void TraceResult::append(TraceResult other) {
  for (ResolvedLock &lock : other.locks)
    shift(lock.thread, threads.size());
  for (ResolvedThread &thread : other.threads)
    shift(thread.parent, threads.size());
  for (ObservedEdge &edge : other.edges) {
    for (std::uint32_t *lock : {&edge.from, &edge.to})
      shift(*lock, locks.size());
    for (std::uint32_t &lock : edge.held)
      shift(lock, locks.size());
    for (std::uint32_t *site : {&edge.heldSite, &edge.site})
      shift(*site, sites.size());
    shift(edge.thread, threads.size());
  }
  for (ObservedCycle &cycle : other.cycles)
    for (std::uint32_t &edge : cycle.edges)
      shift(edge, edges.size());
  for (ObservedHang &hang : other.hangs) {
    for (std::uint32_t *thread : {&hang.thread, &hang.owner})
      shift(*thread, threads.size());
    for (std::uint32_t *site : {&hang.heldSite, &hang.site, &hang.ownerSite})
      shift(*site, sites.size());
    shift(hang.lock, locks.size());
  }
  moveInto(processes, other.processes);
  moveInto(sites, other.sites);
  moveInto(locks, other.locks);
  moveInto(threads, other.threads);
  moveInto(edges, other.edges);
  moveInto(cycles, other.cycles);
  moveInto(hangs, other.hangs);
  moveInto(observations, other.observations);
  moveInto(limitations, other.limitations);
  sortCycles();
}

void TraceResult::sortCycles() {
  std::vector<ObservedCycle> sorted;
  for (bool pruned : {false, true})
    for (ObservedCycle &cycle : cycles)
      if (cycle.pruned.has_value() == pruned)
        sorted.push_back(std::move(cycle));
  cycles = std::move(sorted);
}

void TraceResult::makeRelative(const std::string &root) {
  const ProjectRoot project(root);
  std::map<std::string, std::string> names;
  auto cut = [&](Place &place) {
    if (!place.file.starts_with('/'))
      return;
    auto [known, isNew] = names.try_emplace(place.file);
    if (isNew)
      known->second = project.name(place.file);
    place.file = known->second;
  };
  for (Site &site : sites)
    for (SiteFrame &frame : site.frames)
      cut(frame.place);
  for (ResolvedObservation &observation : observations)
    cut(observation.place);
}

std::string_view nameOf(LockKind kind) {
  switch (kind) {
  case LockKind::Mutex:
    return "mutex";
  case LockKind::RecursiveMutex:
    return "recursive mutex";
  case LockKind::ErrorCheckMutex:
    return "error-checking mutex";
  case LockKind::ReaderRwlock:
    return "rwlock";
  case LockKind::WriterRwlock:
    return "writer-preferring rwlock";
  case LockKind::Spinlock:
    return "spinlock";
  case LockKind::Thread:
    return "thread";
  case LockKind::Once:
    return "once flag";
  case LockKind::Other:
    return "object";
  }
  return "";
}

std::string_view nameOf(Way way) {
  switch (way) {
  case Way::Block:
    return "block";
  case Way::Timed:
    return "timed";
  case Way::Try:
    return "try";
  case Way::Reacquire:
    return "reacquire";
  case Way::Join:
    return "join";
  }
  return "";
}

std::string baseName(const std::string &path) { return path.substr(path.rfind('/') + 1); }

std::string hex(std::uint64_t number) {
  char text[32];
  std::snprintf(text, sizeof text, "0x%llx", static_cast<unsigned long long>(number));
  return text;
}

} // namespace threadlint::tracing
