// WaitGraph: see WaitGraph.h.
#include "tracer/run/WaitGraph.h"

#include <algorithm>
#include <map>

namespace threadlint::trace {

namespace {

bool isAnnounced(const LiveThread &thread) {
  return thread.isWaiting && thread.waiting.sinceNs && !(thread.waiting.flags & kWaitTimed);
}

bool waitsForLock(const LiveThread &thread) {
  return thread.waiting.op == static_cast<std::uint8_t>(Op::Acquire);
}

bool isWriterPreferred(const LiveTrace &trace, const LiveThread &thread) {
  const auto *lock = trace.get<Lock>(TableKind::Locks, thread.waiting.object);
  return lock && lock->flags & kLockWriterPreferred;
}

void findBlockers(const std::vector<const LiveTrace *> &processes, std::vector<WaitNode> &graph,
                  std::size_t number) {
  WaitNode &node = graph[number];
  const Waiting &waiting = node.thread.waiting;
  auto isShared = [](std::uint8_t mode) { return mode == static_cast<std::uint8_t>(Mode::Shared); };
  for (std::size_t other = 0; other < graph.size(); ++other) {
    const LiveThread &thread = graph[other].thread;
    if (waiting.op == static_cast<std::uint8_t>(Op::Join)) {
      if (graph[other].process == node.process && thread.index == waiting.object)
        node.blockers.push_back(other);
      continue;
    }
    if (!waitsForLock(node.thread))
      continue;
    bool holds = graph[other].process == node.process &&
                 std::any_of(thread.held.begin(), thread.held.end(), [&](const Held &held) {
                   return held.address == waiting.address &&
                          !(held.flags & (kHeldWaiting | kHeldGone)) &&
                          !(isShared(held.mode) && isShared(waiting.mode));
                 });
    bool owns = waiting.ownerTid && thread.tid == waiting.ownerTid;
    // A reader waits behind a waiting writer where the lock prefers writers.
    bool isAhead = other != number && graph[other].process == node.process &&
                   isShared(waiting.mode) && thread.isWaiting && waitsForLock(thread) &&
                   thread.waiting.address == waiting.address && !isShared(thread.waiting.mode) &&
                   !(thread.waiting.flags & kWaitTimed) &&
                   isWriterPreferred(*processes[node.process], node.thread);
    if (holds || owns || isAhead)
      node.blockers.push_back(other);
  }
}

std::string keyOf(const std::vector<WaitNode> &graph, std::vector<std::size_t> nodes) {
  std::sort(nodes.begin(), nodes.end());
  std::string key;
  for (std::size_t node : nodes)
    key += std::to_string(graph[node].pid) + '@' + std::to_string(graph[node].startNs) + ':' +
           std::to_string(graph[node].thread.index) + ':' +
           std::to_string(graph[node].thread.waiting.sequence) + ' ';
  return key;
}

/// Depth first from `node`; the path back to the start of a cycle, or nothing.
bool findCycle(const std::vector<WaitNode> &graph, std::size_t node, std::vector<std::size_t> &path,
               std::vector<char> &visited) {
  auto known = std::find(path.begin(), path.end(), node);
  if (known != path.end()) {
    path.erase(path.begin(), known);
    return true;
  }
  if (visited[node])
    return false;
  visited[node] = 1;
  path.push_back(node);
  for (std::size_t blocker : graph[node].blockers)
    if (findCycle(graph, blocker, path, visited))
      return true;
  path.pop_back();
  return false;
}

} // namespace

std::vector<WaitNode> buildWaitGraph(const std::vector<const LiveTrace *> &processes) {
  std::vector<WaitNode> graph;
  for (std::size_t process = 0; process < processes.size(); ++process)
    for (LiveThread &thread : processes[process]->threads())
      graph.push_back({process,
                       std::move(thread),
                       {},
                       processes[process]->header().pid,
                       processes[process]->header().startNs});
  for (std::size_t node = 0; node < graph.size(); ++node)
    if (isAnnounced(graph[node].thread))
      findBlockers(processes, graph, node);
  return graph;
}

std::vector<Hang> findDeadlocks(const std::vector<WaitNode> &graph) {
  std::map<std::string, Hang> hangs;
  for (std::size_t start = 0; start < graph.size(); ++start) {
    const LiveThread &thread = graph[start].thread;
    if (isAnnounced(thread) && thread.waiting.flags & kWaitSelf) {
      Hang hang{IncidentKind::SelfDeadlock, {start}, keyOf(graph, {start})};
      hangs.emplace(hang.key, hang);
      continue;
    }
    std::vector<std::size_t> path;
    std::vector<char> visited(graph.size());
    if (!findCycle(graph, start, path, visited))
      continue;
    // The smallest node first, whatever the search began with.
    std::rotate(path.begin(), std::min_element(path.begin(), path.end()), path.end());
    Hang hang{path.size() == 1 ? IncidentKind::SelfDeadlock : IncidentKind::Deadlock, path,
              keyOf(graph, path)};
    hangs.emplace(hang.key, hang);
  }
  std::vector<Hang> result;
  for (auto &[key, hang] : hangs)
    result.push_back(std::move(hang));
  return result;
}

std::vector<Hang> findStalls(const std::vector<WaitNode> &graph, std::uint64_t nowNs,
                             std::uint64_t patienceNs,
                             const std::function<bool(const WaitNode &)> &sleeps) {
  std::vector<Hang> result;
  for (std::size_t start = 0; start < graph.size(); ++start) {
    const LiveThread &thread = graph[start].thread;
    if (!graph[start].isBlocked() || !waitsForLock(thread) ||
        nowNs - thread.waiting.sinceNs < patienceNs)
      continue;
    std::vector<std::size_t> path{start};
    while (graph[path.back()].isBlocked() && path.size() <= graph.size())
      path.push_back(graph[path.back()].blockers.front());
    if (path.size() > graph.size() || !sleeps(graph[path.back()]))
      continue; // a deadlock, or the owner works
    result.push_back({IncidentKind::Stall, path, "stall " + keyOf(graph, {start})});
  }
  return result;
}

} // namespace threadlint::trace
