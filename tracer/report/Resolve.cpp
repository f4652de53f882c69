// Resolve: sites are found once for each distinct list of calls; edges once for each pair of sites, and where a cycle needs them.
#include "tracer/report/Resolve.h"

#include "tracer/report/Symbolizer.h"

#include <algorithm>
#include <map>
#include <set>

namespace threadlint::tracing {
namespace {

constexpr std::size_t kFrames = 40; ///< calls kept of a site

class Resolver {
public:
  Resolver(const Trace &trace, const ResolveOptions &options)
      : trace_(trace), options_(options), symbolizer_(trace),
        stackSites_(trace.stacks.size(), kNone) {}

  TraceResult run() {
    result_.processes.push_back({trace_.program, trace_.command, trace_.end, trace_.processId});
    for (const Coverage &site : trace_.coverage)
      siteOf(site.stack);
    findWrappers();
    TraceCycles cycles = findTraceCycles(trace_, options_.limits);
    addThreads();
    addLocks();
    addCycles(cycles);
    addEdges();
    addHangs();
    addObservations();
    addLimitations(cycles.limits);
    return std::move(result_);
  }

private:
  std::vector<SiteFrame> framesAt(std::uint32_t code) {
    return options_.frames ? options_.frames(code) : symbolizer_.frames(code);
  }

  /// The user's calls of a stack.
  std::vector<SiteFrame> callsOf(const Stack &stack) {
    std::vector<SiteFrame> calls, first;
    for (std::uint32_t code : stack.frames) {
      std::uint32_t module = trace_.code[code].module;
      bool isLibrary = module < trace_.modules.size() && trace_.modules[module].isLibrary;
      for (SiteFrame &frame : framesAt(code)) {
        if (first.empty())
          first.push_back(frame);
        if (!isLibrary && !isForeign(frame) && calls.size() < kFrames)
          calls.push_back(std::move(frame));
      }
    }
    return calls.empty() ? first : calls;
  }

  const std::vector<SiteFrame> &stackCalls(std::uint32_t stack) {
    if (calls_.empty())
      calls_.resize(trace_.stacks.size());
    if (calls_[stack].empty()) {
      calls_[stack] = callsOf(trace_.stacks[stack]);
      if (calls_[stack].empty())
        calls_[stack].push_back({{}, "?"});
    }
    return calls_[stack];
  }

  /// Functions that returned while the lock they had taken was held, and never were still running then: they lock for their callers. Told
  /// by the stacks: where an outer lock's and an inner lock's part ways inside one function, the calls below it have returned.
  void findWrappers() {
    struct Votes {
      std::size_t returned = 0, running = 0;
    };
    std::map<std::string, Votes> votes;
    std::set<std::pair<std::uint32_t, std::uint32_t>> seen;
    for (const Acquisition &acquisition : trace_.acquisitions)
      for (const Held &held : acquisition.held) {
        if (held.stack >= trace_.stacks.size() || acquisition.stack >= trace_.stacks.size() ||
            trace_.stacks[held.stack].mayBeAnother ||
            trace_.stacks[acquisition.stack].mayBeAnother ||
            !seen.emplace(held.stack, acquisition.stack).second)
          continue;
        const std::vector<SiteFrame> outer = stackCalls(held.stack),
                                     &inner = stackCalls(acquisition.stack);
        std::size_t common = 0;
        while (common < outer.size() && common < inner.size() &&
               outer[outer.size() - 1 - common] == inner[inner.size() - 1 - common])
          ++common;
        bool isComplete =
            trace_.stacks[held.stack].isComplete && trace_.stacks[acquisition.stack].isComplete;
        if (common >= outer.size() || common >= inner.size() || (common == 0 && !isComplete))
          continue;
        std::size_t fork = outer.size() - 1 - common;
        if (outer[fork].function != inner[inner.size() - 1 - common].function)
          continue;
        ++votes[outer[fork].function].running;
        for (std::size_t i = 0; i < fork; ++i)
          ++votes[outer[i].function].returned;
      }
    for (const auto &[function, count] : votes)
      if (count.returned > 0 && count.running == 0)
        wrappers_.insert(function);
  }

  std::uint32_t siteOf(std::uint32_t stack) {
    if (stack >= stackSites_.size())
      return kNone;
    if (stackSites_[stack] != kNone)
      return stackSites_[stack];
    Site site;
    site.frames = stackCalls(stack);
    while (site.taking + 1 < site.frames.size() &&
           wrappers_.contains(site.frames[site.taking].function))
      ++site.taking;
    site.certain = static_cast<std::uint32_t>(site.frames.size());
    if (const Stack &row = trace_.stacks[stack]; row.mayBeAnother && !row.frames.empty()) {
      Stack own;
      own.frames = {row.frames[0]};
      site.certain = static_cast<std::uint32_t>(
          std::clamp<std::size_t>(callsOf(own).size(), 1, site.frames.size()));
    }
    auto [place, isNew] = sites_.try_emplace(site, result_.sites.size());
    if (isNew)
      result_.sites.push_back(std::move(site));
    return stackSites_[stack] = place->second;
  }

  /// The function of the user's that all of a thread's stacks come from.
  std::string entryOf(std::uint32_t thread) {
    std::uint32_t entry = trace_.threads[thread].entry;
    if (trace_.threads[thread].isMain)
      return "main";
    if (entry < trace_.code.size()) {
      std::uint32_t module = trace_.code[entry].module;
      SiteFrame frame = framesAt(entry).back();
      if (!isForeign(frame) &&
          !(module < trace_.modules.size() && trace_.modules[module].isLibrary))
        return frame.function;
    }
    for (const Acquisition &acquisition : trace_.acquisitions)
      if (acquisition.thread == thread && acquisition.stack < trace_.stacks.size() &&
          trace_.stacks[acquisition.stack].isComplete &&
          !trace_.stacks[acquisition.stack].mayBeAnother)
        return result_.sites[siteOf(acquisition.stack)].frames.back().function;
    return "?";
  }

  void addThreads() {
    for (std::uint32_t i = 0; i < trace_.threads.size(); ++i) {
      const Thread &thread = trace_.threads[i];
      ResolvedThread resolved;
      resolved.name = thread.isMain ? "main" : "thread " + std::to_string(i);
      if (!thread.isMain && !thread.name.empty())
        resolved.name += " '" + thread.name + "'";
      resolved.entry = entryOf(i);
      resolved.nativeId = thread.nativeId;
      resolved.parent = thread.parent;
      result_.threads.push_back(std::move(resolved));
    }
  }

  /// "mutex bank.cpp:12": where it was taken first.
  std::string nameBySite(std::uint32_t lock, std::uint32_t stack) {
    std::string name(nameOf(trace_.locks[lock].kind));
    std::uint32_t site = siteOf(stack);
    if (site == kNone)
      return name;
    const SiteFrame &frame = result_.sites[site].place();
    return name + " " +
           (frame.place.file.empty()
                ? frame.function
                : baseName(frame.place.file) + ":" + std::to_string(frame.place.line));
  }

  void addLocks() {
    // The first place, of those that are certain to be the lock's if there are any.
    std::vector<std::uint32_t> first(trace_.locks.size(), kNone);
    auto see = [&](std::uint32_t lock, std::uint32_t stack) {
      auto isCertain = [&](std::uint32_t index) {
        if (index >= trace_.stacks.size())
          return false;
        if (!trace_.stacks[index].mayBeAnother)
          return true;
        const Site &site = result_.sites[siteOf(index)];
        return site.taking < site.certain;
      };
      if (first[lock] == kNone || (!isCertain(first[lock]) && isCertain(stack)))
        first[lock] = stack;
    };
    for (const Acquisition &acquisition : trace_.acquisitions) {
      for (const Held &held : acquisition.held)
        see(held.lock, held.stack);
      see(acquisition.lock, acquisition.stack);
    }
    std::map<std::string, int> uses;
    for (std::uint32_t i = 0; i < trace_.locks.size(); ++i) {
      const Lock &lock = trace_.locks[i];
      ResolvedLock resolved;
      resolved.kind = lock.kind;
      resolved.name = lock.name;
      if (lock.kind == LockKind::Thread && lock.thread < result_.threads.size())
        resolved.name = "the end of " + result_.threads[lock.thread].name;
      if (resolved.name.empty() && lock.module != kNone)
        resolved.name = symbolizer_.data(lock.module, lock.address);
      resolved.isNamed = !resolved.name.empty();
      if (!resolved.isNamed) {
        resolved.name = nameBySite(i, first[i]);
        if (int number = ++uses[resolved.name]; number > 1)
          resolved.name += " #" + std::to_string(number);
      }
      resolved.address = lock.address;
      resolved.thread = lock.thread;
      resolved.contended = lock.contended;
      resolved.acquisitions = lock.acquisitions;
      resolved.holdNs = lock.holdNs;
      resolved.holdMaxNs = lock.holdMaxNs;
      resolved.waitNs = lock.waitNs;
      resolved.waitMaxNs = lock.waitMaxNs;
      result_.locks.push_back(std::move(resolved));
    }
  }

  ObservedEdge edgeOf(const CycleEdge &edge, std::uint32_t from) {
    const Acquisition &acquisition = trace_.acquisitions[edge.acquisition];
    ObservedEdge observed;
    observed.from = from;
    observed.to = acquisition.lock;
    observed.site = siteOf(acquisition.stack);
    observed.thread = acquisition.thread;
    observed.mode = acquisition.mode;
    observed.way = acquisition.way;
    for (const Held &held : acquisition.held)
      observed.held.push_back(held.lock);
    if (edge.held < acquisition.held.size()) {
      observed.heldSite = siteOf(acquisition.held[edge.held].stack);
      observed.heldMode = acquisition.held[edge.held].mode;
    }
    return observed;
  }

  std::uint32_t addEdge(const ObservedEdge &edge) {
    auto [place, isNew] = edges_.try_emplace(edge, result_.edges.size());
    if (isNew)
      result_.edges.push_back(edge);
    return place->second;
  }

  void addCycles(const TraceCycles &cycles) {
    using Key = std::vector<std::pair<std::uint32_t, std::uint32_t>>;
    std::map<std::tuple<Key, bool, std::optional<PruneReason>>, std::size_t> known;
    for (const TraceCycle &cycle : cycles.cycles) {
      ObservedCycle observed;
      observed.pruned = cycle.pruned;
      observed.isHang = cycle.incident != kNone;
      std::vector<ObservedEdge> edges;
      for (std::size_t i = 0; i < cycle.edges.size(); ++i)
        edges.push_back(edgeOf(cycle.edges[i], cycle.locks[i]));
      // The same places in the same order are one cycle, wherever it starts.
      Key best;
      for (std::size_t turn = 0; turn < edges.size(); ++turn) {
        Key key;
        for (std::size_t i = 0; i < edges.size(); ++i) {
          const ObservedEdge &edge = edges[(turn + i) % edges.size()];
          key.emplace_back(edge.heldSite, edge.site);
        }
        if (turn == 0 || key < best)
          best = std::move(key);
        if (edges.size() > 1000)
          break; // as it is
      }
      auto [place, isNew] = known.try_emplace({std::move(best), observed.isHang, observed.pruned},
                                              result_.cycles.size());
      if (!isNew) {
        ++result_.cycles[place->second].count;
        continue;
      }
      for (const ObservedEdge &edge : edges)
        observed.edges.push_back(addEdge(edge));
      result_.cycles.push_back(std::move(observed));
    }
    result_.sortCycles();
  }

  /// One of each pair of sites.
  void addEdges() {
    std::set<std::tuple<std::uint32_t, std::uint32_t, LockMode, LockMode, Way>> known;
    auto key = [](const ObservedEdge &edge) {
      return std::tuple(edge.heldSite, edge.site, edge.heldMode, edge.mode, edge.way);
    };
    for (const ObservedEdge &edge : result_.edges)
      known.insert(key(edge));
    for (std::uint32_t i = 0; i < trace_.acquisitions.size(); ++i) {
      const Acquisition &acquisition = trace_.acquisitions[i];
      for (std::uint32_t h = 0; h < acquisition.held.size(); ++h) {
        if (acquisition.held[h].lock == acquisition.lock)
          continue;
        ObservedEdge edge = edgeOf({i, h}, acquisition.held[h].lock);
        if (known.insert(key(edge)).second)
          addEdge(edge);
      }
      if (acquisition.held.empty())
        siteOf(acquisition.stack);
    }
  }

  void addHangs() {
    for (const Incident &incident : trace_.incidents) {
      if (incident.kind == IncidentKind::Deadlock || incident.waiters.empty())
        continue;
      const Acquisition &wait = trace_.acquisitions[incident.waiters[0].acquisition];
      ObservedHang hang;
      hang.kind = incident.kind;
      hang.thread = wait.thread;
      hang.lock = wait.lock;
      hang.site = siteOf(wait.stack);
      for (const Held &held : wait.held)
        if (held.lock == wait.lock)
          hang.heldSite = siteOf(held.stack);
      hang.owner = incident.sleeper;
      hang.ownerSite = siteOf(incident.sleeperStack);
      hang.sleep = incident.sleep;
      result_.hangs.push_back(std::move(hang));
    }
  }

  std::string threadName(std::uint32_t thread) const {
    return thread < result_.threads.size() ? result_.threads[thread].name : "a thread";
  }

  void addObservations() {
    for (const Observation &observation : trace_.observations) {
      if (observation.held.empty())
        continue;
      std::string locks;
      for (const Held &held : observation.held)
        locks += (locks.empty() ? "'" : ", '") + result_.locks[held.lock].name + "'";
      ResolvedObservation resolved;
      std::uint32_t site = siteOf(observation.stack);
      if (site == kNone) // where the newest of the locks was taken
        site = siteOf(observation.held.back().stack);
      if (site != kNone) {
        resolved.place = result_.sites[site].place().place;
        resolved.function = result_.sites[site].place().function;
      }
      std::string who = threadName(observation.thread);
      switch (observation.kind) {
      case ObservationKind::HeldAtExit:
        resolved.kind = "held-at-exit";
        resolved.message = who + " ended while it held " + locks;
        break;
      case ObservationKind::HeldAcrossFork:
        resolved.kind = "held-across-fork";
        resolved.message = who + " held " + locks + " while " +
                           (observation.what.empty() ? "another thread" : "it") +
                           " forked: in the child nobody releases " +
                           (observation.held.size() > 1 ? "them" : "it");
        break;
      case ObservationKind::WaitWithLock:
        resolved.kind = "wait-with-lock";
        resolved.message = who + " waits for " + observation.what + " here while it holds " + locks;
        break;
      }
      result_.observations.push_back(std::move(resolved));
    }
    std::sort(result_.observations.begin(), result_.observations.end());
    auto &list = result_.observations;
    list.erase(std::unique(list.begin(), list.end()), list.end());
  }

  void limit(const char *kind, std::string message) {
    result_.limitations.push_back({kind, std::move(message), {}, false});
  }

  void addLimitations(const CycleLimitsReached &limits) {
    for (const Overflow &overflow : trace_.overflows)
      limit("trace-limit", std::to_string(overflow.count) + " " + overflow.limit);
    for (std::size_t size : limits.cutComponents)
      limit("cycle-limit", "a group of " + std::to_string(size) +
                               " locks that are taken in many orders has more cycles than are "
                               "looked for: those of up to " +
                               std::to_string(limits.completeLength) + " locks are complete");
    if (limits.undecided > 0)
      limit("cycle-limit", std::to_string(limits.undecided) +
                               " cycles have more ways to close than were tried: they are neither "
                               "reported nor pruned");
    for (std::string &problem : symbolizer_.problems())
      limit("symbols", std::move(problem));
    for (const std::string &remark : trace_.remarks)
      limit("trace", remark);
  }

  const Trace &trace_;
  const ResolveOptions &options_;
  Symbolizer symbolizer_;
  TraceResult result_;
  std::vector<std::vector<SiteFrame>> calls_; ///< by stack
  std::set<std::string> wrappers_;            ///< functions
  std::vector<std::uint32_t> stackSites_;
  std::map<Site, std::uint32_t> sites_;
  std::map<ObservedEdge, std::uint32_t> edges_;
};

} // namespace

bool isForeign(const SiteFrame &frame) {
  const std::string &file = frame.place.file, &function = frame.function;
  for (const char *folder : {"/usr/include/", "/usr/lib/", "/usr/local/include/c++/"})
    if (file.starts_with(folder))
      return true;
  if (file.find("/include/c++/") != std::string::npos || file.find("/c++/v1/") != std::string::npos)
    return true;
  return function.starts_with("std::") || function.starts_with("__gnu_cxx::") ||
         function.starts_with("__gthread_") || function.starts_with("void std::") ||
         function == "_start" || function.starts_with("__libc_start");
}

TraceResult resolveTrace(const Trace &trace, const ResolveOptions &options) {
  return Resolver(trace, options).run();
}

} // namespace threadlint::tracing
