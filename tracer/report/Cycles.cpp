// Cycles: cycles of locks first, acquisitions for their edges second.
#include "tracer/report/Cycles.h"

#include "tracer/report/HappensBefore.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <tuple>

namespace threadlint::tracing {
namespace {

constexpr std::size_t kSteps = 1'000'000; ///< of the search for a choice, for each cycle

using Rule =
    std::size_t; ///< how many of the rules hold: those before the enumerator of that number
constexpr Rule kAllRules = 5;

bool isShared(LockMode mode) { return mode == LockMode::Shared; }

/// What of an acquisition matters to the rules.
class Judge {
public:
  explicit Judge(const Trace &trace) : trace_(trace), before_(trace) {
    for (const Acquisition &acquisition : trace.acquisitions)
      if (acquisition.mode == LockMode::Exclusive)
        writers_[acquisition.lock].insert(acquisition.thread);
  }

  const Acquisition &acquisition(const CycleEdge &edge) const {
    return trace_.acquisitions[edge.acquisition];
  }
  LockMode heldMode(const CycleEdge &edge) const {
    return edge.held == kImplicit ? LockMode::Exclusive : acquisition(edge).held[edge.held].mode;
  }

  /// What one acquisition alone decides.
  bool stands(const CycleEdge &edge, Rule rules) const {
    const Acquisition &a = acquisition(edge);
    return !(rules > index(PruneReason::BoundedWait) && (a.way == Way::Try || a.way == Way::Timed));
  }
  /// What any two of them decide.
  bool stands(const CycleEdge &one, const CycleEdge &two, Rule rules) const {
    const Acquisition &a = acquisition(one), &b = acquisition(two);
    if (rules > index(PruneReason::SingleThread) && a.thread == b.thread)
      return false;
    if (rules > index(PruneReason::Ordered) &&
        !before_.mayOverlap(a.thread, a.epochs, b.thread, b.epochs))
      return false;
    return !(rules > index(PruneReason::Guarded) && areGuarded(a, b));
  }
  /// What `wanting` waits for is what `holding` holds.
  bool blocks(const CycleEdge &holding, const CycleEdge &wanting, Rule rules,
              const std::vector<CycleEdge> &cycle) const {
    if (rules <= index(PruneReason::Readers))
      return true;
    const Acquisition &wants = acquisition(wanting);
    if (!isShared(wants.mode) || !isShared(heldMode(holding)))
      return true;
    if (trace_.locks[wants.lock].kind != LockKind::WriterRwlock)
      return false;
    auto writers = writers_.find(wants.lock);
    return writers != writers_.end() &&
           std::any_of(writers->second.begin(), writers->second.end(), [&](std::uint32_t thread) {
             return std::none_of(cycle.begin(), cycle.end(), [&](const CycleEdge &edge) {
               return acquisition(edge).thread == thread;
             });
           });
  }
  static constexpr Rule index(PruneReason reason) { return static_cast<Rule>(reason); }

private:
  static bool areGuarded(const Acquisition &a, const Acquisition &b) {
    for (const Held &one : a.held)
      for (const Held &two : b.held)
        if (one.lock == two.lock && !(isShared(one.mode) && isShared(two.mode)))
          return true;
    return false;
  }

  const Trace &trace_;
  HappensBefore before_;
  std::map<std::uint32_t, std::set<std::uint32_t>> writers_; ///< by lock: threads
};

/// Chooses an acquisition for each edge of one cycle.
class Choice {
public:
  Choice(const Judge &judge, std::vector<const std::vector<CycleEdge> *> candidates)
      : judge_(judge), candidates_(std::move(candidates)) {}

  std::optional<std::vector<CycleEdge>> find(Rule rules) {
    rules_ = rules;
    chosen_.clear();
    if (extend())
      return chosen_;
    return std::nullopt;
  }
  bool gaveUp() const { return steps_ >= kSteps; }

private:
  bool extend() {
    if (chosen_.size() == candidates_.size())
      return closes();
    for (const CycleEdge &edge : *candidates_[chosen_.size()]) {
      if (++steps_ >= kSteps)
        return false;
      if (!fits(edge))
        continue;
      chosen_.push_back(edge);
      if (extend())
        return true;
      chosen_.pop_back();
    }
    return false;
  }
  bool fits(const CycleEdge &edge) const {
    return judge_.stands(edge, rules_) &&
           std::all_of(chosen_.begin(), chosen_.end(),
                       [&](const CycleEdge &other) { return judge_.stands(other, edge, rules_); });
  }
  bool closes() const {
    for (std::size_t i = 0; i < chosen_.size(); ++i)
      if (!judge_.blocks(chosen_[(i + 1) % chosen_.size()], chosen_[i], rules_, chosen_))
        return false;
    return true;
  }

  const Judge &judge_;
  std::vector<const std::vector<CycleEdge> *> candidates_;
  std::vector<CycleEdge> chosen_;
  Rule rules_ = 0;
  std::size_t steps_ = 0;
};

/// Acquisitions that the rules cannot tell apart.
auto signature(const Trace &trace, const CycleEdge &edge) {
  const Acquisition &a = trace.acquisitions[edge.acquisition];
  std::vector<std::pair<std::uint32_t, LockMode>> held;
  for (const Held &lock : a.held)
    held.emplace_back(lock.lock, lock.mode);
  LockMode mode = edge.held == kImplicit ? LockMode::Exclusive : a.held[edge.held].mode;
  return std::tuple(a.thread, a.epochs, a.mode, a.way, mode, std::move(held));
}

/// The lock order: every acquisition under every lock held there, sorted by the two locks. There may be millions, few of them in cycles.
class LockOrder {
public:
  explicit LockOrder(const Trace &trace) : trace_(trace) {
    std::map<std::uint32_t, std::uint32_t> joined; // thread -> its lock, when joined under a lock
    for (const Acquisition &a : trace.acquisitions)
      if (a.way == Way::Join && !a.held.empty())
        joined[trace.locks[a.lock].thread] = a.lock;
    for (std::uint32_t i = 0; i < trace.acquisitions.size(); ++i) {
      const Acquisition &a = trace.acquisitions[i];
      bool isAgain = std::any_of(a.held.begin(), a.held.end(),
                                 [&](const Held &held) { return held.lock == a.lock; });
      if (isAgain) // waits for nobody but itself
        continue;
      for (std::uint32_t h = 0; h < a.held.size(); ++h)
        rows_.push_back({a.held[h].lock, a.lock, i, h});
      if (auto thread = joined.find(a.thread); thread != joined.end() && thread->second != a.lock)
        rows_.push_back({thread->second, a.lock, i, kImplicit});
    }
    std::sort(rows_.begin(), rows_.end());
  }

  std::vector<std::pair<Node, Node>> pairs() const {
    std::vector<std::pair<Node, Node>> pairs;
    for (const Row &row : rows_)
      if (pairs.empty() || pairs.back() != std::pair<Node, Node>(row.from, row.to))
        pairs.emplace_back(row.from, row.to);
    return pairs;
  }

  /// The edges from one lock to another, one of each kind.
  const std::vector<CycleEdge> &between(std::uint32_t from, std::uint32_t to) {
    auto [place, isNew] = known_.try_emplace({from, to});
    if (!isNew)
      return place->second;
    std::set<decltype(signature(trace_, CycleEdge{}))> seen;
    for (auto row = std::lower_bound(rows_.begin(), rows_.end(), Row{from, to, 0, 0});
         row != rows_.end() && row->from == from && row->to == to; ++row)
      if (CycleEdge edge{row->acquisition, row->held}; seen.insert(signature(trace_, edge)).second)
        place->second.push_back(edge);
    return place->second;
  }

private:
  struct Row {
    std::uint32_t from, to, acquisition, held;
    auto operator<=>(const Row &) const = default;
  };
  const Trace &trace_;
  std::vector<Row> rows_;
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::vector<CycleEdge>> known_;
};

std::size_t threadCount(const Trace &trace,
                        const std::vector<const std::vector<CycleEdge> *> &candidates) {
  std::set<std::uint32_t> threads;
  for (const std::vector<CycleEdge> *choices : candidates)
    for (const CycleEdge &edge : *choices)
      threads.insert(trace.acquisitions[edge.acquisition].thread);
  return threads.size();
}

/// The cycle as it is written: its smallest lock first.
template <class T> void rotate(std::vector<std::uint32_t> &locks, std::vector<T> &edges) {
  auto first = std::min_element(locks.begin(), locks.end()) - locks.begin();
  std::rotate(locks.begin(), locks.begin() + first, locks.end());
  std::rotate(edges.begin(), edges.begin() + first, edges.end());
}

/// Which of the locks held at an acquisition a hang's waiter holds against the others.
std::uint32_t heldIndex(const Trace &trace, const Acquisition &a, std::uint32_t lock) {
  for (std::uint32_t h = static_cast<std::uint32_t>(a.held.size()); h-- > 0;)
    if (a.held[h].lock == lock)
      return h;
  return trace.locks[lock].kind == LockKind::Thread && trace.locks[lock].thread == a.thread
             ? kImplicit
             : kNone;
}

std::vector<TraceCycle> incidentCycles(const Trace &trace) {
  std::vector<TraceCycle> cycles;
  for (std::uint32_t i = 0; i < trace.incidents.size(); ++i) {
    const Incident &incident = trace.incidents[i];
    if (incident.kind != IncidentKind::Deadlock || incident.waiters.empty())
      continue;
    TraceCycle cycle;
    cycle.incident = i;
    for (std::size_t w = 0; w < incident.waiters.size(); ++w) {
      std::uint32_t last =
          incident.waiters[w == 0 ? incident.waiters.size() - 1 : w - 1].acquisition;
      std::uint32_t lock = trace.acquisitions[last].lock;
      std::uint32_t own = incident.waiters[w].acquisition;
      cycle.locks.push_back(lock);
      cycle.edges.push_back({own, heldIndex(trace, trace.acquisitions[own], lock)});
    }
    rotate(cycle.locks, cycle.edges);
    cycles.push_back(std::move(cycle));
  }
  std::sort(cycles.begin(), cycles.end(), [](const TraceCycle &a, const TraceCycle &b) {
    return std::tie(a.locks, a.incident) < std::tie(b.locks, b.incident);
  });
  return cycles;
}

} // namespace

std::string_view nameOf(PruneReason reason) {
  switch (reason) {
  case PruneReason::SingleThread:
    return "single-thread";
  case PruneReason::Ordered:
    return "ordered";
  case PruneReason::Guarded:
    return "guarded";
  case PruneReason::Readers:
    return "readers";
  case PruneReason::BoundedWait:
    return "bounded-wait";
  }
  return "";
}

std::uint32_t lockOfThread(const Trace &trace, std::uint32_t thread) {
  for (std::uint32_t i = 0; i < trace.locks.size(); ++i)
    if (trace.locks[i].kind == LockKind::Thread && trace.locks[i].thread == thread)
      return i;
  return kNone;
}

TraceCycles findTraceCycles(const Trace &trace, const CycleLimits &limits) {
  TraceCycles result;
  result.cycles = incidentCycles(trace);
  std::set<std::vector<std::uint32_t>> known;
  for (const TraceCycle &cycle : result.cycles)
    known.insert(cycle.locks);

  LockOrder order(trace);
  CycleSearchResult found = findCycles(trace.locks.size(), order.pairs(), limits);
  result.limits.cutComponents = found.cut;
  result.limits.completeLength = found.completeLength;

  Judge judge(trace);
  for (NodeCycle &locks : found.cycles) {
    if (known.contains(locks))
      continue;
    std::vector<const std::vector<CycleEdge> *> candidates;
    for (std::size_t i = 0; i < locks.size(); ++i)
      candidates.push_back(&order.between(locks[i], locks[(i + 1) % locks.size()]));
    TraceCycle cycle{std::move(locks), {}, {}, kNone};
    if (threadCount(trace, candidates) < candidates.size()) {
      for (const std::vector<CycleEdge> *choices : candidates)
        cycle.edges.push_back(choices->front());
      cycle.pruned = PruneReason::SingleThread;
      result.cycles.push_back(std::move(cycle));
      continue;
    }
    Choice choice(judge, std::move(candidates));
    std::optional<std::vector<CycleEdge>> chosen = choice.find(kAllRules);
    for (Rule rules = 0; !chosen && !choice.gaveUp() && rules < kAllRules; ++rules) {
      if (auto better = choice.find(rules)) {
        cycle.edges = std::move(*better);
        continue;
      }
      if (rules > 0)
        cycle.pruned = static_cast<PruneReason>(rules - 1);
      break;
    }
    if (choice.gaveUp()) {
      ++result.limits.undecided;
      continue;
    }
    if (chosen)
      cycle.edges = std::move(*chosen);
    else if (!cycle.pruned)
      cycle.pruned = static_cast<PruneReason>(kAllRules - 1);
    result.cycles.push_back(std::move(cycle));
  }
  return result;
}

} // namespace threadlint::tracing
