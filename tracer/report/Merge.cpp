// Merge: names first, then evidence for each static finding, then what is left of the trace's own findings.
#include "tracer/report/Merge.h"

#include "tracer/report/SiteMatch.h"
#include "tracer/report/TraceReport.h"

#include <algorithm>
#include <map>
#include <set>

namespace threadlint::tracing {
namespace {

/// One side of a static finding: a lock taken while another is held.
struct StaticEdge {
  Place place, heldPlace; ///< heldPlace without a line: unknown
  std::string from, to;   ///< names; empty: unknown
};

bool contains(const std::vector<std::uint32_t> &sorted, std::uint32_t element) {
  return std::binary_search(sorted.begin(), sorted.end(), element);
}

std::string places(std::size_t count, std::size_t of, const char *what) {
  return std::to_string(count) + " of " + std::to_string(of) + " " + what;
}

class Merger {
public:
  Merger(AnalysisResult &analysis, TraceResult &trace)
      : analysis_(analysis), trace_(trace), sitePlaces_(placesOf(analysis)),
        match_(trace.sites, withSteps(analysis, sitePlaces_)), claimedCycles_(trace.cycles.size()),
        claimedHangs_(trace.hangs.size()) {}

  void run() {
    nameLocks();
    for (Finding &finding : analysis_.findings)
      addEvidence(finding);
    addRuntimeFindings();
    mergeLockOrder();
    analysis_.limitations.insert(analysis_.limitations.end(), trace_.limitations.begin(),
                                 trace_.limitations.end());
  }

private:
  static Place point(const Place &place) { return {place.file, place.line, place.column, 0, 0}; }

  static std::set<Place> placesOf(const AnalysisResult &analysis) {
    std::set<Place> places;
    for (const LockSite &site : analysis.lockSites)
      places.insert(point(site.place));
    return places;
  }
  static std::set<Place> withSteps(const AnalysisResult &analysis, std::set<Place> places) {
    for (const Finding &finding : analysis.findings)
      for (const ThreadTrace &thread : finding.threads)
        for (const TraceStep &step : thread.path)
          if (step.message.starts_with("takes '"))
            places.insert(point(step.place));
    return places;
  }

  /// The static names of the lock that a site takes, at the call that takes it for its author if there are any.
  std::vector<std::string>
  namesAt(std::uint32_t index,
          const std::vector<std::map<std::size_t, std::set<std::string>>> &names) {
    const std::map<std::size_t, std::set<std::string>> &byFrame = names[index];
    auto best = byFrame.find(trace_.sites[index].taking);
    if (best == byFrame.end() && !byFrame.empty())
      best = std::prev(byFrame.end());
    return best == byFrame.end()
               ? std::vector<std::string>{}
               : std::vector<std::string>{best->second.begin(), best->second.end()};
  }

  /// A lock gets the name that most of its acquisition sites have; of equals the first.
  void nameLocks() {
    std::vector<std::map<std::size_t, std::set<std::string>>> names(trace_.sites.size());
    for (const LockSite &site : analysis_.lockSites)
      for (std::uint32_t at : match_.sitesAt(site.place))
        for (std::size_t i = 0; i <= trace_.sites[at].taking && i < trace_.sites[at].certain; ++i)
          if (trace_.sites[at].frames[i].place.line == site.place.line)
            names[at][i].insert(site.lock);
    std::vector<std::map<std::string, std::size_t>> votes(trace_.locks.size());
    auto vote = [&](std::uint32_t lock, std::uint32_t site) {
      // Which caller a function locked for must be certain.
      if (lock >= votes.size() || site >= names.size() ||
          trace_.sites[site].taking >= trace_.sites[site].certain)
        return;
      std::vector<std::string> candidates = namesAt(site, names);
      // Several objects of one name: which of them it is matters to nobody, as long as two locks are two.
      bool isOneName =
          std::all_of(candidates.begin(), candidates.end(), [&](const std::string &name) {
            return withoutOrigin(name) == withoutOrigin(candidates[0]);
          });
      if (isOneName)
        for (const std::string &candidate : candidates)
          ++votes[lock][candidate];
    };
    for (const ObservedEdge &edge : trace_.edges) {
      vote(edge.from, edge.heldSite);
      vote(edge.to, edge.site);
    }
    for (const ObservedHang &hang : trace_.hangs)
      vote(hang.lock, hang.site);
    isStatic_.assign(votes.size(), false);
    std::set<std::string> used;
    for (bool isAmbiguous : {false, true})
      for (std::uint32_t i = 0; i < votes.size(); ++i) {
        if (votes[i].empty() || trace_.locks[i].kind == LockKind::Thread)
          continue;
        std::size_t most = 0;
        for (const auto &[name, count] : votes[i])
          most = std::max(most, count);
        std::vector<std::string> best;
        for (const auto &[name, count] : votes[i])
          if (count == most && withoutOrigin(name) == withoutOrigin(best.empty() ? name : best[0]))
            best.push_back(name);
        if (isAmbiguous != (best.size() > 1))
          continue;
        auto free = std::find_if(best.begin(), best.end(),
                                 [&](const std::string &name) { return !used.contains(name); });
        std::string name = best.size() == 1     ? best[0]
                           : free != best.end() ? *free
                                                : withoutOrigin(best[0]);
        used.insert(name);
        trace_.locks[i].name = name;
        trace_.locks[i].isNamed = isStatic_[i] = true;
      }
  }

  /// "Account::mu" of "Account::mu (bank, bank.cpp:17) #2".
  static std::string withoutOrigin(const std::string &name) {
    return name.substr(0, std::min(name.find(" ("), name.find(" #")));
  }

  /// Whether the static analysis knows every order of a cycle, and finds that they do not make one: something keeps them apart.
  bool isOrdered(const ObservedCycle &cycle) const {
    return !cycle.isHang && analysis_.isComplete &&
           std::all_of(cycle.edges.begin(), cycle.edges.end(), [&](std::uint32_t index) {
             const ObservedEdge &edge = trace_.edges[index];
             return trace_.locks[edge.from].isNamed && trace_.locks[edge.to].isNamed &&
                    std::any_of(analysis_.lockOrder.begin(), analysis_.lockOrder.end(),
                                [&](const LockOrderEdge &known) {
                                  return !known.isInCycle &&
                                         known.from == trace_.locks[edge.from].name &&
                                         known.to == trace_.locks[edge.to].name;
                                });
           });
  }

  /// The step that takes the lock for its author: the outermost of the calls at the end of the path that stand at such places.
  Place takingPlace(const ThreadTrace &thread) const {
    std::size_t at = thread.path.size() - 1;
    while (at > 0 && thread.path[at - 1].message.starts_with("calls '") &&
           sitePlaces_.contains(point(thread.path[at - 1].place)))
      --at;
    return thread.path[at].place;
  }

  std::vector<StaticEdge> edgesOf(const Finding &finding) const {
    std::vector<StaticEdge> edges;
    for (const ThreadTrace &thread : finding.threads) {
      if (thread.path.empty())
        continue;
      StaticEdge edge;
      edge.place = takingPlace(thread);
      const std::string &last = thread.path.back().message;
      std::size_t at = last.rfind("while holding '");
      std::string held = at == std::string::npos ? "" : "takes '" + last.substr(at + 15);
      if (at != std::string::npos && last.starts_with("takes '") && last.ends_with("'")) {
        edge.from = last.substr(at + 15, last.size() - at - 16);
        edge.to = last.substr(7, last.rfind('\'', at) - 7);
      }
      for (const TraceStep &step : thread.path)
        if (&step != &thread.path.back() && step.message == held)
          edge.heldPlace = step.place;
      edges.push_back(std::move(edge));
    }
    return edges;
  }

  bool isExecuted(const Place &place) { return !match_.sitesAt(place).empty(); }

  /// At its places, or between locks of its names. One name twice says nothing: then the places count.
  bool isEdge(const StaticEdge &edge, const ObservedEdge &observed) {
    return isAtPlaces(edge, observed) ||
           (!edge.from.empty() && edge.from != edge.to && isNamed(observed.from, edge.from) &&
            isNamed(observed.to, edge.to));
  }
  bool isNamed(std::uint32_t lock, const std::string &name) const {
    return isStatic_[lock] && trace_.locks[lock].name == name;
  }
  bool isAtPlaces(const StaticEdge &edge, const ObservedEdge &observed) {
    return contains(match_.sitesAt(edge.place), observed.site) &&
           (edge.heldPlace.line == 0 || !isKnownSite(observed.heldSite) ||
            contains(match_.sitesAt(edge.heldPlace), observed.heldSite));
  }
  /// A held lock without a site, as of a thread that is joined, matches every place.
  bool isKnownSite(std::uint32_t site) const { return site < trace_.sites.size(); }

  /// Whether each edge of one is an edge of the other.
  bool isCycle(const std::vector<StaticEdge> &edges, const ObservedCycle &cycle) {
    auto observed = [&](std::uint32_t index) -> const ObservedEdge & {
      return trace_.edges[index];
    };
    return std::all_of(edges.begin(), edges.end(),
                       [&](const StaticEdge &edge) {
                         return std::any_of(
                             cycle.edges.begin(), cycle.edges.end(),
                             [&](std::uint32_t i) { return isEdge(edge, observed(i)); });
                       }) &&
           std::all_of(cycle.edges.begin(), cycle.edges.end(), [&](std::uint32_t i) {
             return std::any_of(edges.begin(), edges.end(),
                                [&](const StaticEdge &edge) { return isEdge(edge, observed(i)); });
           });
  }

  void addEvidence(Finding &finding) {
    std::vector<StaticEdge> edges = edgesOf(finding);
    if (edges.empty())
      return;
    std::optional<RuntimeEvidence> evidence;
    if (finding.check == "lock-order-inversion")
      evidence = judgeCycle(edges, finding);
    else if (finding.check == "self-deadlock")
      evidence = judgeSelf(edges[0]);
    else if (finding.check == "wait-deadlock")
      evidence = judgeWait(edges);
    if (!evidence)
      return;
    evidence->before = finding.confidence;
    if (evidence->verdict == EvidenceVerdict::Confirmed)
      finding.confidence = Confidence::High;
    else if (evidence->verdict == EvidenceVerdict::Contradicted)
      finding.confidence =
          finding.confidence == Confidence::High ? Confidence::Medium : Confidence::Low;
    std::erase_if(finding.notes,
                  [](const std::string &note) { return note.starts_with("at run time "); });
    finding.notes.insert(finding.notes.begin(), "at run time " + evidence->detail);
    finding.evidence = std::move(evidence);
  }

  static RuntimeEvidence verdict(EvidenceVerdict verdict, std::string detail, bool isHang = false) {
    RuntimeEvidence evidence;
    evidence.verdict = verdict;
    evidence.isHang = isHang;
    evidence.detail = std::move(detail);
    return evidence;
  }

  /// The cycle itself, when it was seen: a hang says most, a pruned one least.
  std::optional<RuntimeEvidence> seenCycle(const std::vector<StaticEdge> &edges, Finding &finding) {
    const ObservedCycle *best = nullptr;
    for (std::size_t i = 0; i < trace_.cycles.size(); ++i) {
      const ObservedCycle &cycle = trace_.cycles[i];
      if (!isCycle(edges, cycle))
        continue;
      if (!cycle.pruned)
        claimedCycles_[i] = true;
      auto rank = [](const ObservedCycle &c) { return c.isHang ? 0 : c.pruned ? 2 : 1; };
      if (!best || rank(cycle) < rank(*best))
        best = &cycle;
    }
    if (!best)
      return std::nullopt;
    for (std::uint32_t index : best->edges)
      addPlace(edges, trace_.edges[index], finding);
    if (best->isHang)
      return verdict(EvidenceVerdict::Confirmed, "the deadlock itself was seen", true);
    if (!best->pruned)
      return verdict(EvidenceVerdict::Confirmed,
                     "every order of the cycle was executed, and nothing kept the threads apart");
    return verdict(EvidenceVerdict::Contradicted,
                   "every order of the cycle was executed, but it cannot close: " +
                       std::string(nameOf(*best->pruned)));
  }

  /// Where an order was executed, when the finding tells another way.
  void addPlace(const std::vector<StaticEdge> &edges, const ObservedEdge &observed,
                Finding &finding) {
    bool isTold = std::any_of(edges.begin(), edges.end(),
                              [&](const StaticEdge &edge) { return isAtPlaces(edge, observed); });
    if (isTold || !isKnownSite(observed.site))
      return;
    const SiteFrame &frame = trace_.sites[observed.site].place();
    std::string message = "seen at run time: '" + trace_.locks[observed.to].name +
                          "' is taken here while '" + trace_.locks[observed.from].name +
                          "' is held";
    if (observed.thread < trace_.threads.size())
      message += ", by " + trace_.threads[observed.thread].name;
    finding.related.push_back({frame.place, message});
  }

  RuntimeEvidence judgeCycle(const std::vector<StaticEdge> &edges, Finding &finding) {
    if (auto seen = seenCycle(edges, finding))
      return *seen;
    std::size_t observed = 0, executed = 0, sites = 0;
    for (const StaticEdge &edge : edges) {
      observed += std::any_of(trace_.edges.begin(), trace_.edges.end(),
                              [&](const ObservedEdge &other) { return isEdge(edge, other); });
      for (const Place &place : {edge.place, edge.heldPlace})
        if (place.line != 0) {
          ++sites;
          executed += isExecuted(place);
        }
    }
    if (observed > 0)
      return verdict(EvidenceVerdict::OrderObserved,
                     places(observed, edges.size(), "orders of the cycle were executed") +
                         (observed == edges.size() ? ", but not with the same locks" : ""));
    if (executed < sites)
      return verdict(EvidenceVerdict::NeverExecuted,
                     places(executed, sites, "places that take the locks were executed"));
    return verdict(EvidenceVerdict::Contradicted,
                   "every place that takes the locks was executed, never one under the other");
  }

  std::optional<RuntimeEvidence> judgeSelf(const StaticEdge &edge) {
    bool isSeen = false;
    for (std::size_t i = 0; i < trace_.hangs.size(); ++i) {
      const ObservedHang &hang = trace_.hangs[i];
      if (hang.kind != IncidentKind::SelfDeadlock ||
          !contains(match_.sitesAt(edge.place), hang.site))
        continue;
      claimedHangs_[i] = isSeen = true;
    }
    if (isSeen)
      return verdict(EvidenceVerdict::Confirmed, "the deadlock itself was seen", true);
    if (!isExecuted(edge.place))
      return verdict(EvidenceVerdict::NeverExecuted, "the second acquisition was not executed");
    for (const ObservedEdge &other : trace_.edges)
      if (isAtPlaces(edge, other))
        return verdict(EvidenceVerdict::OrderObserved,
                       "the second acquisition was executed under the first one, of another lock");
    return verdict(EvidenceVerdict::Contradicted,
                   "the second acquisition was executed, never under the first one");
  }

  /// Only cycles of locks and joins are in traces. What waits otherwise has no evidence unless its places were not executed.
  std::optional<RuntimeEvidence> judgeWait(const std::vector<StaticEdge> &edges) {
    for (std::size_t i = 0; i < trace_.cycles.size(); ++i) {
      const ObservedCycle &cycle = trace_.cycles[i];
      bool matches =
          !cycle.pruned && std::all_of(edges.begin(), edges.end(), [&](const StaticEdge &e) {
            return std::any_of(cycle.edges.begin(), cycle.edges.end(),
                               [&](std::uint32_t index) { return isEdge(e, trace_.edges[index]); });
          });
      if (!matches)
        continue;
      claimedCycles_[i] = true;
      return verdict(EvidenceVerdict::Confirmed,
                     cycle.isHang ? "the deadlock itself was seen" : "all of it was executed",
                     cycle.isHang);
    }
    std::size_t locks = 0, executed = 0;
    for (const StaticEdge &edge : edges)
      for (const Place &place : {edge.place, edge.heldPlace})
        if (sitePlaces_.contains(point(place))) {
          ++locks;
          executed += isExecuted(place);
        }
    if (executed < locks)
      return verdict(EvidenceVerdict::NeverExecuted,
                     places(executed, locks, "places that take the locks were executed"));
    return std::nullopt;
  }

  void addRuntimeFindings() {
    TraceResult rest = trace_;
    rest.cycles.clear();
    rest.hangs.clear();
    TraceResult ordered = rest;
    for (std::size_t i = 0; i < trace_.cycles.size(); ++i)
      if (!claimedCycles_[i] && !trace_.cycles[i].pruned)
        (isOrdered(trace_.cycles[i]) ? ordered : rest).cycles.push_back(trace_.cycles[i]);
    for (std::size_t i = 0; i < trace_.hangs.size(); ++i)
      if (!claimedHangs_[i])
        rest.hangs.push_back(trace_.hangs[i]);
    for (Finding &finding : traceFindings(rest))
      analysis_.findings.push_back(std::move(finding));
    for (Finding &finding : traceFindings(ordered)) {
      finding.evidence->verdict = EvidenceVerdict::OrderObserved;
      finding.evidence->detail +=
          "; the static analysis knows these orders, and finds that they cannot meet";
      std::erase_if(finding.notes,
                    [](const std::string &note) { return note.starts_with("at run time "); });
      finding.notes.insert(finding.notes.begin(), "at run time " + finding.evidence->detail);
      analysis_.findings.push_back(std::move(finding));
    }
    std::sort(analysis_.findings.begin(), analysis_.findings.end(),
              [](const Finding &a, const Finding &b) {
                return std::tie(a.place, a.check, a.fingerprint, a.message) <
                       std::tie(b.place, b.check, b.fingerprint, b.message);
              });
  }

  void mergeLockOrder() {
    std::map<std::pair<std::string, std::string>, LockOrderEdge> edges;
    for (LockOrderEdge &edge : analysis_.lockOrder)
      edges.emplace(std::pair(edge.from, edge.to), edge);
    for (LockOrderEdge &edge : traceLockOrder(trace_)) {
      auto [place, isNew] = edges.try_emplace({edge.from, edge.to}, edge);
      if (isNew)
        continue;
      place->second.origin = EdgeOrigin::Both;
      place->second.isInCycle |= edge.isInCycle;
    }
    analysis_.lockOrder.clear();
    for (auto &[names, edge] : edges)
      analysis_.lockOrder.push_back(std::move(edge));
  }

  AnalysisResult &analysis_;
  TraceResult &trace_;
  std::set<Place> sitePlaces_; ///< of AnalysisResult::lockSites
  std::vector<bool> isStatic_; ///< by lock: whether its name is the static one
  SiteMatch match_;
  std::vector<bool> claimedCycles_, claimedHangs_; ///< what static findings have
};

} // namespace

void mergeTrace(AnalysisResult &analysis, TraceResult &result) { Merger(analysis, result).run(); }

} // namespace threadlint::tracing
