// TraceReport: wording.
#include "tracer/report/TraceReport.h"

#include "analyzer/report/Fingerprint.h"

#include <algorithm>
#include <cstdio>
#include <map>
#include <set>

namespace threadlint::tracing {
namespace {

constexpr std::uint32_t kDeadlockCwe = 833; ///< CWE-833, Deadlock

const char *verbOf(const ObservedEdge &edge) {
  switch (edge.way) {
  case Way::Try:
    return "tries to take";
  case Way::Timed:
    return "takes for a limited time";
  case Way::Reacquire:
    return "takes again, after a wait,";
  case Way::Join:
    return "waits for";
  case Way::Block:
    return edge.mode == LockMode::Shared ? "takes shared" : "takes";
  }
  return "takes";
}

class Wording {
public:
  explicit Wording(const TraceResult &result) : result_(result) {}

  std::string lock(std::uint32_t index) const {
    return index < result_.locks.size() ? result_.locks[index].name : "?";
  }
  std::string thread(std::uint32_t index) const {
    return index < result_.threads.size() ? result_.threads[index].name : "a thread";
  }
  std::string entry(std::uint32_t index) const {
    return index < result_.threads.size() ? result_.threads[index].entry : "?";
  }
  const Site *site(std::uint32_t index) const {
    return index < result_.sites.size() ? &result_.sites[index] : nullptr;
  }
  /// A place that reports can show: where there is no line, the program's file.
  Place place(const SiteFrame &frame) const {
    Place place = frame.place;
    if (place.file.empty() && !result_.processes.empty())
      place.file = result_.processes[0].program;
    return place;
  }
  std::vector<std::string> names(const std::vector<std::uint32_t> &locks) const {
    std::vector<std::string> names;
    for (std::uint32_t index : locks)
      names.push_back(lock(index));
    return names;
  }

  /// The calls from the outermost one to a site, or to its frame `last`; `skip` of them were told already.
  void addCalls(const Site &site, std::size_t skip, const std::vector<std::string> &held,
                ThreadTrace &trace, std::size_t last = 0) const {
    last = std::max<std::size_t>(last, std::min(site.taking, site.certain - 1));
    for (std::size_t i = site.certain; i-- > last + 1;)
      if (site.frames.size() - 1 - i >= skip)
        trace.path.push_back({place(site.frames[i]), site.frames[i].function,
                              "calls '" + site.frames[i - 1].function + "'", held});
  }

  /// The frame of `inner` in the function that took `outer`, whose own callers are not certain; that many frames when there is none.
  static std::size_t frameOfBoth(const Site &outer, const Site &inner) {
    std::size_t frame = std::min(inner.taking, inner.certain - 1);
    while (frame < inner.certain &&
           inner.frames[frame].function != outer.frames[outer.certain - 1].function)
      ++frame;
    return frame < inner.certain ? frame : inner.frames.size();
  }

  /// From the thread's entry over the held lock to the acquisition.
  ThreadTrace trace(const ObservedEdge &edge, const std::string &what) const {
    ThreadTrace trace;
    trace.entry = entry(edge.thread);
    const Site *outer = site(edge.heldSite), *inner = site(edge.site);
    std::vector<std::string> held = names(edge.held);
    std::size_t common = 0;
    if (outer) {
      std::vector<std::string> before(held.begin(),
                                      std::find(held.begin(), held.end(), lock(edge.from)));
      if (std::size_t both =
              inner && outer->certain < outer->frames.size() ? frameOfBoth(*outer, *inner) : kNone;
          inner && both < inner->frames.size()) {
        addCalls(*inner, 0, before, trace, both);
        common = inner->frames.size() - 1 - both;
      }
      addCalls(*outer, 0, before, trace);
      trace.path.push_back({place(outer->place()), outer->place().function,
                            (edge.heldMode == LockMode::Shared ? "takes shared '" : "takes '") +
                                lock(edge.from) + "'",
                            before});
      if (inner && outer->certain == outer->frames.size())
        while (common + 1 + outer->taking < outer->frames.size() &&
               common + 1 + inner->taking < inner->frames.size() &&
               outer->frames[outer->frames.size() - 1 - common] ==
                   inner->frames[inner->frames.size() - 1 - common])
          ++common;
    }
    if (inner) {
      addCalls(*inner, common, held, trace);
      trace.path.push_back({place(inner->place()), inner->place().function, what, std::move(held)});
    }
    return trace;
  }

  void setPlace(std::uint32_t index, Finding &finding) const {
    if (const Site *at = site(index)) {
      finding.place = place(at->place());
      finding.function = at->place().function;
    }
  }
  std::string functionOf(std::uint32_t index) const {
    const Site *at = site(index);
    return at ? at->place().function : "";
  }

private:
  const TraceResult &result_;
};

Finding deadlock(const char *check) {
  Finding finding;
  finding.check = check;
  finding.severity = Severity::Error;
  finding.cwe = {kDeadlockCwe};
  return finding;
}

RuntimeEvidence runtimeOnly(bool isHang, std::string detail) {
  RuntimeEvidence evidence;
  evidence.verdict = EvidenceVerdict::Confirmed;
  evidence.isHang = isHang;
  evidence.isRuntimeOnly = true;
  evidence.detail = std::move(detail);
  return evidence;
}

} // namespace

Finding describeCycle(const TraceResult &result, const ObservedCycle &cycle) {
  Wording words(result);
  std::vector<const ObservedEdge *> edges;
  bool hasThread = false;
  // A writer that holds nothing, and waits between a reader that has the lock and one that wants it.
  auto isWriterBetween = [&](const ObservedEdge *edge) {
    return edge->from == edge->to && edge->heldSite == kNone;
  };
  for (std::uint32_t index : cycle.edges) {
    edges.push_back(&result.edges[index]);
    for (std::uint32_t lock : {edges.back()->from, edges.back()->to})
      hasThread |= result.locks[lock].kind == LockKind::Thread;
  }
  // Told from the first inner acquisition in source order; a join goes before all others.
  auto order = [&](const ObservedEdge *edge) {
    const Site *site = words.site(edge->site);
    return std::tuple(isWriterBetween(edge), edge->way != Way::Join,
                      site ? words.place(site->place()) : Place{});
  };
  auto first = std::min_element(edges.begin(), edges.end(),
                                [&](const auto *a, const auto *b) { return order(a) < order(b); });
  std::rotate(edges.begin(), first, edges.end());

  auto writers =
      static_cast<std::size_t>(std::count_if(edges.begin(), edges.end(), isWriterBetween));
  bool isReentrance = writers > 0 && edges.size() - writers == 1;
  Finding finding = deadlock(hasThread      ? "wait-deadlock"
                             : isReentrance ? "self-deadlock"
                                            : "lock-order-inversion");
  const ObservedEdge &primary = *edges[0];
  words.setPlace(primary.site, finding);
  std::string chain;
  constexpr std::size_t kNamed = 8;
  for (std::size_t i = 0; i < edges.size() && i < kNamed; ++i)
    if (!isWriterBetween(edges[i]))
      chain += words.lock(edges[i]->from) + " -> ";
  if (edges.size() > kNamed)
    chain += "... (" + std::to_string(edges.size()) + " locks) -> ";
  chain += words.lock(primary.from);
  std::string to = words.lock(primary.to), from = words.lock(primary.from);
  std::string waits =
      primary.way == Way::Join ? to + " is waited for here" : "'" + to + "' is taken here";
  if (isReentrance)
    finding.message = "'" + to +
                      "' is taken shared here while this thread holds it shared already, and a "
                      "writer waits in between: neither goes on";
  else if (cycle.isHang)
    finding.message =
        "deadlock " + chain + ": " + waits + " while '" + from + "' is held, and for ever";
  else if (hasThread)
    finding.message = "wait deadlock " + chain + ": " + waits + " while '" + from +
                      "' is held, which the other side needs to go on";
  else
    finding.message = "lock order inversion " + chain + ": " + waits + " while '" + from +
                      "' is held, and elsewhere the other way round";

  std::vector<std::string> parts{"runtime", finding.check};
  std::vector<std::string> functions;
  for (const ObservedEdge *edge : edges) {
    std::string what = std::string(verbOf(*edge)) + (edge->way == Way::Join ? " " : " '") +
                       words.lock(edge->to) + (edge->way == Way::Join ? "" : "'");
    if (isWriterBetween(edge))
      what = "waits to take '" + words.lock(edge->to) + "', which stops further readers";
    else if (edge->heldSite != kNone)
      what += " while holding '" + words.lock(edge->from) + "'";
    else if (result.locks[edge->from].kind == LockKind::Thread)
      what += " before it ends";
    finding.threads.push_back(words.trace(*edge, what));
    functions.push_back(words.functionOf(edge->heldSite) + " -> " + words.functionOf(edge->site));
  }
  std::sort(functions.begin(), functions.end());
  parts.insert(parts.end(), functions.begin(), functions.end());
  finding.fingerprint = fingerprint(parts);

  std::set<std::string> names;
  for (const ObservedEdge *edge : edges)
    names.insert(words.thread(edge->thread));
  std::string threads;
  for (const std::string &name : names)
    threads += (threads.empty() ? "" : ", ") + name;
  std::string detail = cycle.isHang
                           ? "the deadlock itself was seen: " + threads + " wait for each other"
                           : "every order of the cycle was executed, by " + threads;
  if (!cycle.pruned)
    finding.evidence = runtimeOnly(cycle.isHang, detail);
  finding.notes.push_back("at run time " + detail);
  if (cycle.count > 1)
    finding.notes.push_back("the same at these places with other locks: " +
                            std::to_string(cycle.count - 1) + " more cycles");
  finding.notes.push_back(hasThread ? "fix: join without holding a lock that the thread takes"
                          : isReentrance
                              ? "fix: do not take a lock for reading again while holding it so"
                              : "fix: take the locks in one order everywhere, or together with "
                                "std::scoped_lock or std::lock");
  return finding;
}

Finding describeHang(const TraceResult &result, const ObservedHang &hang) {
  Wording words(result);
  bool isStall = hang.kind == IncidentKind::Stall;
  Finding finding = deadlock(isStall ? "stall" : "self-deadlock");
  words.setPlace(hang.site, finding);
  std::string name = words.lock(hang.lock), detail;
  ObservedEdge edge;
  edge.from = edge.to = hang.lock;
  edge.heldSite = isStall ? kNone : hang.heldSite;
  edge.site = hang.site;
  edge.thread = hang.thread;
  if (isStall) {
    finding.severity = Severity::Warning;
    finding.message = "'" + name + "' is waited for here while " + words.thread(hang.owner) +
                      ", which holds it, sleeps in " + hang.sleep;
    finding.threads.push_back(words.trace(edge, "waits for '" + name + "'"));
    bool isSleepPlace = hang.sleep != "a system call";
    if (const Site *sleeper = words.site(hang.ownerSite)) {
      ThreadTrace trace;
      trace.entry = words.entry(hang.owner);
      words.addCalls(*sleeper, 0, isSleepPlace ? std::vector{name} : std::vector<std::string>{},
                     trace);
      if (isSleepPlace)
        trace.path.push_back({words.place(sleeper->place()),
                              sleeper->place().function,
                              "sleeps in " + hang.sleep,
                              {name}});
      else
        trace.path.push_back({words.place(sleeper->place()),
                              sleeper->place().function,
                              "takes '" + name + "', and sleeps in " + hang.sleep + " later",
                              {name}});
      finding.threads.push_back(std::move(trace));
    }
    detail =
        "it was seen: " + words.thread(hang.thread) + " waited for " + words.thread(hang.owner);
    finding.notes.push_back("fix: do not sleep while holding a lock that others need");
  } else {
    edge.held = {hang.lock};
    finding.message =
        "'" + name + "' is taken here while this thread holds it: it waits for itself";
    finding.threads.push_back(words.trace(edge, "takes '" + name + "' while holding it"));
    detail = "the deadlock itself was seen: " + words.thread(hang.thread) + " waits for itself";
    finding.notes.push_back("fix: do not take it again, or make it recursive");
  }
  finding.notes.insert(finding.notes.begin(), "at run time " + detail);
  finding.evidence = runtimeOnly(true, detail);
  std::vector<std::string> parts{"runtime", finding.check, words.functionOf(hang.heldSite),
                                 words.functionOf(hang.site), words.functionOf(hang.ownerSite)};
  finding.fingerprint = fingerprint(parts);
  return finding;
}

std::vector<Finding> traceFindings(const TraceResult &result) {
  // Several runs say the same: a hang says most.
  std::map<std::string, Finding> byFingerprint;
  auto add = [&](Finding finding) {
    auto [place, isNew] = byFingerprint.try_emplace(finding.fingerprint, finding);
    if (!isNew && finding.evidence->isHang && !place->second.evidence->isHang)
      place->second = std::move(finding);
  };
  for (const ObservedCycle &cycle : result.cycles)
    if (!cycle.pruned)
      add(describeCycle(result, cycle));
  for (const ObservedHang &hang : result.hangs)
    add(describeHang(result, hang));
  std::vector<Finding> findings;
  for (auto &[fingerprint, finding] : byFingerprint)
    findings.push_back(std::move(finding));
  std::sort(findings.begin(), findings.end(), [](const Finding &a, const Finding &b) {
    return std::tie(a.place, a.check, a.fingerprint) < std::tie(b.place, b.check, b.fingerprint);
  });
  return findings;
}

std::vector<LockOrderEdge> traceLockOrder(const TraceResult &result) {
  std::set<std::uint32_t> inCycle;
  for (const ObservedCycle &cycle : result.cycles)
    if (!cycle.pruned)
      inCycle.insert(cycle.edges.begin(), cycle.edges.end());
  Wording words(result);
  std::map<std::pair<std::string, std::string>, LockOrderEdge> edges;
  for (std::uint32_t i = 0; i < result.edges.size(); ++i) {
    const ObservedEdge &edge = result.edges[i];
    bool isInCycle = inCycle.contains(i);
    const Site *site = words.site(edge.site);
    bool waits = edge.way != Way::Try || isInCycle;
    if (!site || !waits || (words.lock(edge.from) == words.lock(edge.to) && !isInCycle))
      continue;
    LockOrderEdge row{words.lock(edge.from),  words.lock(edge.to), words.place(site->place()),
                      site->place().function, isInCycle,           EdgeOrigin::Runtime};
    auto [place, isNew] = edges.try_emplace({row.from, row.to}, row);
    if (isNew)
      continue;
    place->second.isInCycle |= isInCycle;
    if (row.place < place->second.place) {
      place->second.place = row.place;
      place->second.function = row.function;
    }
  }
  std::vector<LockOrderEdge> list;
  for (auto &[names, edge] : edges)
    list.push_back(std::move(edge));
  return list;
}

namespace {
/// With the option `times`: how long the locks of each name were held and waited for, the longest held first.
std::vector<ObservationReport> lockTimes(const TraceResult &result) {
  constexpr std::size_t kMostClasses = 20;
  struct Times {
    std::string name;
    std::uint64_t locks = 0, acquisitions = 0, holdNs = 0, holdMaxNs = 0, contended = 0, waitNs = 0;
  };
  std::map<std::string, Times> byName;
  for (const ResolvedLock &lock : result.locks) {
    if (lock.acquisitions == 0)
      continue;
    std::string name = lock.isNamed ? lock.name : lock.name.substr(0, lock.name.find(" #"));
    Times &times = byName[name];
    times.name = name;
    ++times.locks;
    times.acquisitions += lock.acquisitions;
    times.holdNs += lock.holdNs;
    times.holdMaxNs = std::max(times.holdMaxNs, lock.holdMaxNs);
    times.contended += lock.contended;
    times.waitNs += lock.waitNs;
  }
  std::vector<Times> rows;
  for (auto &[name, times] : byName)
    rows.push_back(std::move(times));
  std::sort(rows.begin(), rows.end(), [](const Times &a, const Times &b) {
    return std::tie(b.holdNs, a.name) < std::tie(a.holdNs, b.name);
  });
  rows.resize(std::min(rows.size(), kMostClasses));
  auto milliseconds = [](std::uint64_t ns) {
    char text[40];
    std::snprintf(text, sizeof text, "%.3f ms", static_cast<double>(ns) / 1e6);
    return std::string(text);
  };
  std::vector<ObservationReport> list;
  for (const Times &times : rows)
    list.push_back({"lock-times",
                    {},
                    {},
                    "'" + times.name + "'" +
                        (times.locks > 1 ? " (" + std::to_string(times.locks) + " locks)" : "") +
                        " taken " + std::to_string(times.acquisitions) + " times, held " +
                        milliseconds(times.holdNs) + " in all and " +
                        milliseconds(times.holdMaxNs) + " at most; waited for " +
                        std::to_string(times.contended) + " times, " + milliseconds(times.waitNs) +
                        " in all"});
  return list;
}
} // namespace

std::vector<ObservationReport> traceObservations(const TraceResult &result) {
  std::vector<ObservationReport> list;
  for (const ObservedCycle &cycle : result.cycles)
    if (cycle.pruned) {
      Finding finding = describeCycle(result, cycle);
      std::string chain = finding.message.substr(0, finding.message.find(": "));
      list.push_back({"pruned", finding.place, finding.function,
                      "not reported, " + std::string(nameOf(*cycle.pruned)) + ": " + chain});
    }
  for (const ResolvedObservation &observation : result.observations)
    list.push_back(
        {observation.kind, observation.place, observation.function, observation.message});
  std::sort(list.begin(), list.end());
  list.erase(std::unique(list.begin(), list.end()), list.end());
  for (ObservationReport &times : lockTimes(result))
    list.push_back(std::move(times));
  return list;
}

AnalysisResult traceAnalysis(const TraceResult &result) {
  AnalysisResult analysis;
  analysis.findings = traceFindings(result);
  analysis.limitations = result.limitations;
  analysis.lockOrder = traceLockOrder(result);
  return analysis;
}

std::vector<Rule> traceRules() {
  return {{"stall", Severity::Warning, kDeadlockCwe, false,
           "a thread waits for a lock whose owner sleeps", ""}};
}

} // namespace threadlint::tracing
