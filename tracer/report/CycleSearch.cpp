// CycleSearch: adjacency lists sorted, recursion replaced by stacks of our own: a chain of 100,000 locks is no stack overflow.
#include "tracer/report/CycleSearch.h"

#include <algorithm>
#include <limits>

namespace threadlint::tracing {
namespace {

using Adjacency = std::vector<std::vector<Node>>;

Adjacency adjacency(std::size_t nodes, const std::vector<std::pair<Node, Node>> &edges) {
  Adjacency next(nodes);
  for (auto [from, to] : edges)
    next[from].push_back(to);
  for (std::vector<Node> &list : next) {
    std::sort(list.begin(), list.end());
    list.erase(std::unique(list.begin(), list.end()), list.end());
  }
  return next;
}

class Tarjan {
public:
  explicit Tarjan(const Adjacency &next)
      : next_(next), index_(next.size(), 0), low_(next.size(), 0), onStack_(next.size(), false) {}

  std::vector<std::vector<Node>> run() {
    for (Node node = 0; node < next_.size(); ++node)
      if (index_[node] == 0)
        visit(node);
    std::sort(found_.begin(), found_.end());
    return std::move(found_);
  }

private:
  void visit(Node root) {
    std::vector<std::pair<Node, std::size_t>> path; // node, next edge
    enter(root, path);
    while (!path.empty()) {
      auto &[node, edge] = path.back();
      if (edge < next_[node].size()) {
        Node to = next_[node][edge++];
        if (index_[to] == 0)
          enter(to, path);
        else if (onStack_[to])
          low_[node] = std::min(low_[node], index_[to]);
        continue;
      }
      Node done = node;
      path.pop_back();
      if (!path.empty())
        low_[path.back().first] = std::min(low_[path.back().first], low_[done]);
      if (low_[done] == index_[done])
        leave(done);
    }
  }
  void enter(Node node, std::vector<std::pair<Node, std::size_t>> &path) {
    index_[node] = low_[node] = ++counter_;
    stack_.push_back(node);
    onStack_[node] = true;
    path.emplace_back(node, 0);
  }
  void leave(Node root) {
    std::vector<Node> component;
    for (Node node = root + 1; node != root;) {
      node = stack_.back();
      stack_.pop_back();
      onStack_[node] = false;
      component.push_back(node);
    }
    bool isCycle =
        component.size() > 1 || std::binary_search(next_[root].begin(), next_[root].end(), root);
    if (!isCycle)
      return;
    std::sort(component.begin(), component.end());
    found_.push_back(std::move(component));
  }

  const Adjacency &next_;
  std::vector<std::size_t> index_, low_;
  std::vector<bool> onStack_;
  std::vector<Node> stack_;
  std::size_t counter_ = 0;
  std::vector<std::vector<Node>> found_;
};

constexpr std::size_t kFar = std::numeric_limits<std::size_t>::max();

/// The cycles of one component, nodes renumbered from 0 in their order.
class ComponentSearch {
public:
  ComponentSearch(Adjacency next, const CycleLimits &limits)
      : next_(std::move(next)), back_(next_.size()), distance_(next_.size(), kFar),
        threshold_(next_.size(), 1), onPath_(next_.size(), false), limits_(limits) {
    for (Node from = 0; from < next_.size(); ++from)
      for (Node to : next_[from])
        back_[to].push_back(from);
  }

  /// Whether the search came to its end.
  bool run() {
    for (;;) {
      length_ = *std::min_element(threshold_.begin(), threshold_.end());
      if (length_ == kFar)
        return true;
      for (Node start = 0; start < next_.size(); ++start)
        if (threshold_[start] == length_ && !searchFrom(start))
          return false;
      complete_ = length_;
    }
  }
  std::vector<NodeCycle> cycles;
  std::size_t complete() const { return complete_; }

private:
  /// Lengths of the ways to `start` over larger nodes.
  void measure(Node start) {
    for (Node node : measured_)
      distance_[node] = kFar;
    measured_.assign(1, start);
    distance_[start] = 0;
    for (std::size_t at = 0; at < measured_.size(); ++at) {
      for (Node node : back_[measured_[at]])
        if (node > start && distance_[node] == kFar) {
          distance_[node] = distance_[measured_[at]] + 1;
          measured_.push_back(node);
        }
      steps_ += back_[measured_[at]].size();
    }
  }

  /// The cycles of exactly length_ whose smallest node is `start`. Then its threshold is the least length of those that are left.
  bool searchFrom(Node start) {
    measure(start);
    std::size_t least = kFar;
    std::vector<std::pair<Node, std::size_t>> path{{start, 0}};
    onPath_[start] = true;
    bool goesOn = true;
    while (!path.empty() && goesOn) {
      auto &[node, edge] = path.back();
      if (edge == next_[node].size()) {
        onPath_[node] = false;
        path.pop_back();
        continue;
      }
      Node to = next_[node][edge++];
      goesOn = ++steps_ < limits_.steps;
      if (to == start) {
        if (path.size() == length_) {
          addCycle(path);
          goesOn = goesOn && cycles.size() < limits_.cycles;
        }
      } else if (to > start && !onPath_[to] && distance_[to] != kFar) {
        if (std::size_t whole = path.size() + distance_[to]; whole > length_) {
          least = std::min(least, whole);
        } else {
          onPath_[to] = true;
          path.emplace_back(to, 0);
        }
      }
    }
    for (const auto &[node, ignored] : path)
      onPath_[node] = false;
    threshold_[start] = least;
    return goesOn;
  }

  void addCycle(const std::vector<std::pair<Node, std::size_t>> &path) {
    NodeCycle cycle;
    for (const auto &[member, ignored] : path)
      cycle.push_back(member);
    cycles.push_back(std::move(cycle));
  }

  Adjacency next_, back_;
  std::vector<std::size_t> distance_;
  std::vector<Node> measured_;
  std::vector<std::size_t> threshold_; ///< by start: no cycle from there that is shorter is left
  std::vector<bool> onPath_;
  const CycleLimits &limits_;
  std::size_t length_ = 0, complete_ = 0, steps_ = 0;
};

} // namespace

std::vector<std::vector<Node>> components(std::size_t nodes,
                                          const std::vector<std::pair<Node, Node>> &edges) {
  return Tarjan(adjacency(nodes, edges)).run();
}

CycleSearchResult findCycles(std::size_t nodes, std::vector<std::pair<Node, Node>> edges,
                             const CycleLimits &limits) {
  CycleSearchResult result;
  result.completeLength = kFar;
  Adjacency next = adjacency(nodes, edges);
  std::vector<Node> position(nodes, 0);
  std::vector<std::size_t> memberOf(nodes, kFar);
  std::vector<std::vector<Node>> parts = Tarjan(next).run();
  for (std::size_t part = 0; part < parts.size(); ++part) {
    for (Node i = 0; i < parts[part].size(); ++i) {
      position[parts[part][i]] = i;
      memberOf[parts[part][i]] = part;
    }
    Adjacency inside(parts[part].size());
    for (Node i = 0; i < parts[part].size(); ++i)
      for (Node to : next[parts[part][i]])
        if (memberOf[to] == part)
          inside[i].push_back(position[to]);
    ComponentSearch search(std::move(inside), limits);
    if (!search.run()) {
      result.cut.push_back(parts[part].size());
      result.completeLength = std::min(result.completeLength, search.complete());
    }
    for (NodeCycle &cycle : search.cycles) {
      for (Node &node : cycle)
        node = parts[part][node];
      result.cycles.push_back(std::move(cycle));
    }
  }
  std::sort(result.cycles.begin(), result.cycles.end(), [](const NodeCycle &a, const NodeCycle &b) {
    return a.size() != b.size() ? a.size() < b.size() : a < b;
  });
  if (result.cut.empty())
    result.completeLength = result.cycles.empty() ? 0 : result.cycles.back().size();
  return result;
}

} // namespace threadlint::tracing
