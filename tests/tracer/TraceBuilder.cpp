// TraceBuilder: keeps what each thread holds and in which epoch it is.
#include "tests/tracer/TraceBuilder.h"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <sstream>

namespace threadlint::tracing {
namespace {

class Builder {
public:
  Trace build(const std::string &steps) {
    std::istringstream lines(steps);
    for (std::string line; std::getline(lines, line, ';'); ++step_) {
      std::istringstream words(line);
      std::string actor, verb, object;
      words >> actor >> verb >> object;
      run(actor, verb, object);
    }
    return std::move(trace_);
  }

private:
  std::uint32_t thread(const std::string &name) {
    auto [place, isNew] = threads_.try_emplace(name, trace_.threads.size());
    if (isNew) {
      trace_.threads.push_back({});
      trace_.threads.back().name = name;
      held_.emplace_back();
      epochs_.push_back(0);
    }
    return place->second;
  }
  std::uint32_t lock(const std::string &name) {
    auto [place, isNew] = locks_.try_emplace(name, trace_.locks.size());
    if (isNew) {
      trace_.locks.push_back({});
      trace_.locks.back().name = name;
    }
    return place->second;
  }
  std::uint32_t threadLock(const std::string &name) {
    std::uint32_t id = lock("thread " + name);
    trace_.locks[id].kind = LockKind::Thread;
    trace_.locks[id].thread = thread(name);
    return id;
  }
  std::uint32_t stack() {
    trace_.code.push_back({kNone, 1000 * (step_ + 1), false, false});
    trace_.stacks.push_back({{static_cast<std::uint32_t>(trace_.code.size() - 1)}});
    return static_cast<std::uint32_t>(trace_.stacks.size() - 1);
  }
  std::uint32_t acquire(std::uint32_t who, std::uint32_t what, LockMode mode, Way way) {
    Acquisition a;
    a.thread = who;
    a.epochs = {epochs_[who], epochs_[who]};
    a.lock = what;
    a.mode = mode;
    a.way = way;
    a.stack = stack();
    a.held = held_[who];
    trace_.acquisitions.push_back(a);
    return static_cast<std::uint32_t>(trace_.acquisitions.size() - 1);
  }
  void take(std::uint32_t who, std::uint32_t what, LockMode mode, Way way) {
    std::uint32_t stack = trace_.acquisitions[acquire(who, what, mode, way)].stack;
    held_[who].push_back({what, mode, stack});
  }
  void release(std::uint32_t who, std::uint32_t what) {
    for (std::size_t i = held_[who].size(); i-- > 0;)
      if (held_[who][i].lock == what) {
        held_[who].erase(held_[who].begin() + static_cast<std::ptrdiff_t>(i));
        return;
      }
    ADD_FAILURE() << "step " << step_ << ": not held";
  }
  void order(std::uint32_t from, std::uint32_t to) {
    trace_.syncs.push_back({SyncKind::Release, from, epochs_[from]++, ++channel_, kNone});
    trace_.syncs.push_back({SyncKind::Acquire, to, epochs_[to]++, channel_, kNone});
  }

  void run(const std::string &actor, const std::string &verb, const std::string &object) {
    if (actor == "kind") {
      static const std::map<std::string, LockKind> kKinds{{"recursive", LockKind::RecursiveMutex},
                                                          {"rwlock", LockKind::ReaderRwlock},
                                                          {"wrwlock", LockKind::WriterRwlock},
                                                          {"spin", LockKind::Spinlock}};
      trace_.locks[lock(verb)].kind = kKinds.at(object);
    } else if (actor == "hang") {
      Incident incident;
      for (const std::string &name : {verb, object})
        if (!name.empty())
          incident.waiters.push_back({wants_.at(name)});
      trace_.incidents.push_back(incident);
    } else if (actor == "self") {
      Incident incident;
      incident.kind = IncidentKind::SelfDeadlock;
      incident.waiters.push_back({wants_.at(verb)});
      trace_.incidents.push_back(incident);
    } else {
      step(thread(actor), actor, verb, object);
    }
  }
  void step(std::uint32_t who, const std::string &actor, const std::string &verb,
            const std::string &object) {
    if (verb == "lock")
      take(who, lock(object), LockMode::Exclusive, Way::Block);
    else if (verb == "try")
      take(who, lock(object), LockMode::Exclusive, Way::Try);
    else if (verb == "timed")
      take(who, lock(object), LockMode::Exclusive, Way::Timed);
    else if (verb == "rlock")
      take(who, lock(object), LockMode::Shared, Way::Block);
    else if (verb == "reacquire")
      take(who, lock(object), LockMode::Exclusive, Way::Reacquire);
    else if (verb == "unlock")
      release(who, lock(object));
    else if (verb == "wants")
      trace_
          .acquisitions[wants_[actor] = acquire(who, lock(object), LockMode::Exclusive, Way::Block)]
          .isPending = true;
    else if (verb == "start") {
      std::uint32_t child = thread(object);
      trace_.threads[child].parent = who;
      trace_.threads[child].parentEpoch = epochs_[who]++;
    } else if (verb == "join") {
      acquire(who, threadLock(object), LockMode::Exclusive, Way::Join);
      std::uint32_t child = thread(object);
      trace_.threads[child].hasEnded = true;
      trace_.syncs.push_back({SyncKind::Join, who, epochs_[who]++, 0, child});
    } else if (verb == "hb")
      order(who, thread(object));
    else
      ADD_FAILURE() << "unknown step '" << verb << "'";
  }

  Trace trace_;
  std::size_t step_ = 0;
  std::uint64_t channel_ = 0;
  std::map<std::string, std::uint32_t> threads_, locks_, wants_;
  std::vector<std::vector<Held>> held_;
  std::vector<std::uint32_t> epochs_;
};

} // namespace

Trace buildTrace(const std::string &steps) { return Builder().build(steps); }

} // namespace threadlint::tracing
