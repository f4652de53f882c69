// TraceReader: every access is checked against the size of the file.
#include "tracer/report/TraceReader.h"

#include "tracer/report/RecordFile.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <map>
#include <optional>

namespace threadlint::tracing {
namespace {

namespace record = threadlint::trace;

class Reader {
public:
  explicit Reader(const RecordFile &file) : file_(file) {}

  Trace run() {
    trace_.program = file_.string(file_.header().executable);
    trace_.command = file_.string(file_.header().command);
    trace_.processId = file_.header().pid;
    trace_.end = file_.end();
    readModules();
    readCode();
    readStacks();
    readLocks();
    readThreads();
    readTuples();
    readEvents();
    readIncidents();
    readCoverage();
    trace_.overflows = file_.overflows();
    if (file_.endsUnseen())
      trace_.remarks.push_back("the trace ends before the process: it became a program that cannot "
                               "be traced, or ended by a system call of its own");
    if (dangling_ > 0)
      trace_.remarks.push_back(std::to_string(dangling_) +
                               " references of the trace lead nowhere: it is damaged");
    return std::move(trace_);
  }

private:
  /// `index` when there is such a published record, else kNone.
  std::uint32_t known(const std::vector<std::uint32_t> &map, std::uint32_t index) {
    if (index == record::kNone)
      return kNone;
    if (index < map.size() && map[index] != kNone)
      return map[index];
    ++dangling_;
    return kNone;
  }

  /// Adds the published rows of a table to `list` and remembers where they went.
  template <class Row, class T, class F>
  void readList(record::TableKind kind, std::vector<T> &list, std::vector<std::uint32_t> &map,
                F convert) {
    RecordRows<Row> table = file_.rows<Row>(kind);
    map.assign(table.size(), kNone);
    for (std::uint32_t i = 0; i < table.size(); ++i) {
      Row row = table.at(i);
      if (row.published == 0)
        continue;
      map[i] = static_cast<std::uint32_t>(list.size());
      list.push_back(convert(row));
    }
  }

  void readModules() {
    readList<record::Module>(
        record::TableKind::Modules, trace_.modules, modules_, [&](const record::Module &row) {
          Module module;
          module.path = file_.string(row.path);
          module.bias = row.bias;
          std::size_t size = std::min<std::size_t>(row.buildIdSize, sizeof row.buildId);
          for (std::size_t i = 0; i < size; ++i)
            for (int shift : {4, 0})
              module.buildId += "0123456789abcdef"[(row.buildId[i] >> shift) & 15];
          module.isLibrary = row.flags & (record::kModuleStandardLibrary | record::kModuleTracer |
                                          record::kModuleVdso);
          return module;
        });
  }

  void readCode() {
    readList<record::Frame>(record::TableKind::Frames, trace_.code, code_,
                            [&](const record::Frame &row) {
                              return CodeAddress{known(modules_, row.module), row.pc,
                                                 (row.flags & record::kFrameExact) != 0,
                                                 (row.flags & record::kFrameWrapper) != 0};
                            });
  }

  void readStacks() {
    RecordRows<std::uint32_t> frames = file_.rows<std::uint32_t>(record::TableKind::StackFrames);
    readList<record::Stack>(
        record::TableKind::Stacks, trace_.stacks, stacks_, [&](const record::Stack &row) {
          Stack stack;
          stack.isComplete = row.flags == 0;
          // The count may be damaged: a few rows must not become gigabytes.
          constexpr std::uint64_t kMostFrames = 256; // of the option stack-depth
          std::uint64_t end = row.first + std::min<std::uint64_t>(row.count, kMostFrames);
          for (std::uint64_t i = row.first; i < std::min<std::uint64_t>(end, frames.size()); ++i)
            if (std::uint32_t frame = known(code_, frames.at(static_cast<std::uint32_t>(i)));
                frame != kNone)
              stack.frames.push_back(frame);
          return stack;
        });
  }

  /// The stack that begins at a site: `stack` without the frames above the site. A site alone is a stack of one.
  /// With `kNodeSiteStack` in `flags` its callers may be those of another time.
  std::uint32_t stackAt(std::uint32_t siteRow, std::uint32_t stackRow, std::uint16_t flags = 0) {
    std::uint32_t site = known(code_, siteRow), stack = known(stacks_, stackRow);
    if (site == kNone)
      return stack;
    bool isOther = flags & record::kNodeSiteStack;
    auto [place, isNew] = sites_.try_emplace({site, stack, isOther}, kNone);
    if (!isNew)
      return place->second;
    Stack result;
    result.frames = {site};
    if (stack != kNone) {
      const std::vector<std::uint32_t> &all = trace_.stacks[stack].frames;
      result.isComplete = trace_.stacks[stack].isComplete;
      result.mayBeAnother = isOther;
      if (auto at = std::find(all.begin(), all.end(), site); at != all.end()) {
        result.frames.assign(at, all.end());
      } else {
        // The stack was walked from elsewhere: its wrappers are not of this site.
        auto isWrapper = [&](std::uint32_t frame) { return trace_.code[frame].isWrapper; };
        auto rest = std::find_if_not(all.begin(), all.end(), isWrapper);
        if (rest != all.end())
          result.frames.insert(result.frames.end(), rest + 1, all.end());
      }
    }
    place->second = static_cast<std::uint32_t>(trace_.stacks.size());
    trace_.stacks.push_back(std::move(result));
    return place->second;
  }

  static LockKind kindOf(const record::Lock &row) {
    switch (static_cast<record::LockKind>(row.kind)) {
    case record::LockKind::Mutex:
      return row.flags & record::kLockRecursive    ? LockKind::RecursiveMutex
             : row.flags & record::kLockErrorCheck ? LockKind::ErrorCheckMutex
                                                   : LockKind::Mutex;
    case record::LockKind::RwLock:
      return row.flags & record::kLockWriterPreferred ? LockKind::WriterRwlock
                                                      : LockKind::ReaderRwlock;
    case record::LockKind::Spin:
      return LockKind::Spinlock;
    case record::LockKind::Once:
    case record::LockKind::StaticGuard:
      return LockKind::Once;
    case record::LockKind::Semaphore:
    case record::LockKind::Barrier:
    case record::LockKind::Condition:
    case record::LockKind::Custom:
      return LockKind::Other;
    }
    return LockKind::Other;
  }

  void readLocks() {
    readList<record::Lock>(record::TableKind::Locks, trace_.locks, locks_,
                           [&](const record::Lock &row) {
                             Lock lock;
                             lock.kind = kindOf(row);
                             lock.address = row.address;
                             lock.name = file_.string(row.name);
                             lock.module = known(modules_, row.module);
                             lock.isPassedOn = (row.flags & record::kLockPassedOn) != 0;
                             lock.contended = row.contended;
                             lock.acquisitions = row.acquisitions;
                             lock.holdNs = row.holdNs;
                             lock.holdMaxNs = row.holdMaxNs;
                             lock.waitNs = row.waitNs;
                             lock.waitMaxNs = row.waitMaxNs;
                             return lock;
                           });
  }

  void readThreads() {
    RecordRows<record::Thread> table = file_.rows<record::Thread>(record::TableKind::Threads);
    readList<record::Thread>(
        record::TableKind::Threads, trace_.threads, threads_, [&](const record::Thread &row) {
          Thread thread;
          thread.nativeId = row.tid;
          const char *end = std::find(row.name, row.name + sizeof row.name, '\0');
          thread.name.assign(row.name, end);
          thread.entry = known(code_, row.startFrame);
          thread.stack = stackAt(row.createSite, row.createStack);
          thread.isMain = row.flags & record::kThreadMain;
          thread.hasEnded = row.state >= static_cast<std::uint32_t>(record::RunState::Ended);
          return thread;
        });
    for (std::uint32_t i = 0; i < table.size(); ++i)
      if (threads_[i] != kNone) {
        record::Thread row = table.at(i);
        trace_.threads[threads_[i]].parent = known(threads_, row.parent);
        trace_.threads[threads_[i]].parentEpoch = row.createEpoch;
      }
  }

  /// The lock that stands for a thread.
  std::uint32_t threadLock(std::uint32_t thread) {
    if (thread == kNone)
      return kNone;
    auto [place, isNew] = threadLocks_.try_emplace(thread, kNone);
    if (isNew) {
      place->second = static_cast<std::uint32_t>(trace_.locks.size());
      Lock lock;
      lock.kind = LockKind::Thread;
      lock.thread = thread;
      trace_.locks.push_back(lock);
    }
    return place->second;
  }

  std::optional<record::Node> node(std::uint32_t index) {
    if (index == record::kNone)
      return std::nullopt;
    RecordRows<record::Node> table = file_.rows<record::Node>(record::TableKind::Nodes);
    if (index < table.size())
      if (record::Node row = table.at(index); row.published != 0)
        return row;
    ++dangling_;
    return std::nullopt;
  }

  /// The locks on the path from a node to the root, outermost first.
  std::vector<Held> heldAt(std::uint32_t index) {
    std::vector<Held> held;
    std::uint32_t depth = 0xffffffff;
    for (auto at = node(index); at && at->depth < depth; at = node(at->parent)) {
      depth = at->depth; // parents are nearer to the root: a damaged file does not make this a loop
      auto op = static_cast<record::Op>(at->op);
      if (op != record::Op::Acquire && op != record::Op::CondReacquire)
        continue;
      std::uint32_t lock = known(locks_, at->object);
      if (lock != kNone && trace_.locks[lock].isPassedOn)
        continue; // one thread takes it and another one releases it: its holder need not be who can release it
      if (lock != kNone)
        held.push_back({lock, modeOf(at->mode), stackAt(at->site, at->stack, at->flags)});
    }
    std::reverse(held.begin(), held.end());
    return held;
  }
  /// A lock that another thread held; the hot path gives no node to what it takes.
  std::vector<Held> heldAcross(const record::Event &event) {
    if (event.other != record::kNone)
      return heldAt(event.other);
    std::uint32_t lock = known(locks_, event.object);
    if (lock == kNone)
      return {};
    return {{lock, LockMode::Exclusive, stackAt(event.site, record::kNone)}};
  }
  static LockMode modeOf(std::uint8_t mode) {
    return mode == static_cast<std::uint8_t>(record::Mode::Shared) ? LockMode::Shared
                                                                   : LockMode::Exclusive;
  }
  static Way wayOf(const record::Node &row) {
    if (row.flags & record::kNodeTry)
      return Way::Try;
    if (row.flags & record::kNodeTimed)
      return Way::Timed;
    return static_cast<record::Op>(row.op) == record::Op::CondReacquire ? Way::Reacquire
                                                                        : Way::Block;
  }

  void readTuples() {
    RecordRows<record::Tuple> table = file_.rows<record::Tuple>(record::TableKind::Tuples);
    for (std::uint32_t i = 0; i < table.size(); ++i) {
      record::Tuple tuple = table.at(i);
      std::optional<record::Node> what;
      if (tuple.published == 0 || !(what = node(tuple.node)))
        continue;
      std::uint32_t thread = known(threads_, tuple.thread);
      if (thread != kNone)
        addTuple(tuple, *what, thread);
    }
  }

  void addTuple(const record::Tuple &tuple, const record::Node &what, std::uint32_t thread) {
    std::uint32_t stack = stackAt(what.site, what.stack, what.flags);
    switch (static_cast<record::Op>(what.op)) {
    case record::Op::Acquire:
    case record::Op::CondReacquire:
    case record::Op::Join: {
      bool isJoin = static_cast<record::Op>(what.op) == record::Op::Join;
      // No wait of its own: a rest of a chain, or a lock that the thread has already.
      if (what.flags & (record::kNodeDerived | record::kNodeAgain))
        return;
      Acquisition acquisition;
      acquisition.thread = thread;
      acquisition.lock =
          isJoin ? threadLock(known(threads_, what.object)) : known(locks_, what.object);
      if (acquisition.lock == kNone)
        return;
      acquisition.mode = modeOf(what.mode);
      acquisition.way = isJoin ? Way::Join : wayOf(what);
      acquisition.stack = stack;
      acquisition.held = heldAt(what.parent);
      std::uint32_t count = std::clamp<std::uint32_t>(tuple.rangeCount, 1, record::kRanges);
      for (std::uint32_t range = 0; range < count; ++range) {
        acquisition.epochs = {tuple.ranges[range].first, tuple.ranges[range].last};
        trace_.acquisitions.push_back(acquisition);
      }
      return;
    }
    case record::Op::CondWait:
      return observeWait(thread, stack, what, "a condition variable");
    case record::Op::SemWait:
      return observeWait(thread, stack, what, "a semaphore");
    case record::Op::BarrierWait:
      return observeWait(thread, stack, what, "a barrier");
    case record::Op::Fork:
      trace_.observations.push_back(
          {ObservationKind::HeldAcrossFork, thread, stack, heldAt(what.parent), "itself"});
      return;
    case record::Op::ThreadExit:
      trace_.observations.push_back(
          {ObservationKind::HeldAtExit, thread, stack, heldAt(what.parent), {}});
      return;
    }
  }

  void observeWait(std::uint32_t thread, std::uint32_t stack, const record::Node &what,
                   const char *object) {
    if (std::vector<Held> held = heldAt(what.parent); !held.empty())
      trace_.observations.push_back(
          {ObservationKind::WaitWithLock, thread, stack, std::move(held), object});
  }

  void readEvents() {
    RecordRows<record::Event> table = file_.rows<record::Event>(record::TableKind::Events);
    std::vector<std::pair<std::uint64_t, Sync>> syncs;
    std::map<std::array<std::uint64_t, 3>, std::uint64_t> channels;
    for (std::uint32_t i = 0; i < table.size(); ++i) {
      record::Event event = table.at(i);
      if (event.published == 0)
        continue;
      Sync sync;
      sync.thread = known(threads_, event.thread);
      sync.epoch = event.epoch;
      if (sync.thread != kNone)
        lastEpoch_[sync.thread] = std::max(lastEpoch_[sync.thread], event.epoch);
      auto add = [&](SyncKind kind, std::uint64_t what, std::uint64_t object, std::uint64_t value) {
        sync.kind = kind;
        sync.channel = channels.try_emplace({what, object, value}, channels.size()).first->second;
        syncs.emplace_back(event.sequence, sync);
      };
      switch (static_cast<record::EventKind>(event.kind)) {
      case record::EventKind::ThreadJoin:
        sync.kind = SyncKind::Join;
        sync.other = known(threads_, event.other);
        if (sync.other != kNone)
          syncs.emplace_back(event.sequence, sync);
        break;
      case record::EventKind::BarrierArrive:
        add(SyncKind::Release, 0, event.object, event.value);
        break;
      case record::EventKind::BarrierLeave:
        add(SyncKind::Acquire, 0, event.object, event.value);
        break;
      case record::EventKind::SemPost:
        add(SyncKind::Release, 1, event.object, 0);
        break;
      case record::EventKind::SemWait:
        if (event.value == 1) // every unit was taken, so every post before was needed
          add(SyncKind::Acquire, 1, event.object, 0);
        break;
      case record::EventKind::HappensBefore:
        add(SyncKind::Release, 2, event.value, 0);
        break;
      case record::EventKind::HappensAfter:
        add(SyncKind::Acquire, 2, event.value, 0);
        break;
      case record::EventKind::OnceDone:
        add(SyncKind::Release, 3, event.object, 0);
        break;
      case record::EventKind::OncePassed:
        add(SyncKind::Acquire, 3, event.object, 0);
        break;
      case record::EventKind::HeldAtThreadEnd:
        trace_.observations.push_back(
            {ObservationKind::HeldAtExit, sync.thread, kNone, heldAt(event.other), {}});
        break;
      case record::EventKind::HeldAcrossFork:
        if (event.value == 0) // else a node says it
          trace_.observations.push_back({ObservationKind::HeldAcrossFork,
                                         sync.thread,
                                         stackAt(event.site, record::kNone),
                                         heldAcross(event),
                                         {}});
        break;
      case record::EventKind::ThreadCreate: // the table of threads tells it
      case record::EventKind::ThreadStart:
      case record::EventKind::ThreadEnd:
      case record::EventKind::CondSignal: // orders nothing: another schedule needs no wake-up
      case record::EventKind::CondBroadcast:
      case record::EventKind::CondWake:
      case record::EventKind::LockRelease:
      case record::EventKind::Fork:
      case record::EventKind::Exec:
      case record::EventKind::ModuleLoad:
      case record::EventKind::ModuleUnload:
        break;
      }
    }
    std::sort(syncs.begin(), syncs.end(),
              [](const auto &a, const auto &b) { return a.first < b.first; });
    for (auto &[sequence, sync] : syncs)
      if (sync.thread != kNone)
        trace_.syncs.push_back(sync);
  }

  static const char *sleepName(std::uint8_t op) {
    switch (static_cast<record::Op>(op)) {
    case record::Op::CondWait:
    case record::Op::CondReacquire:
      return "a condition wait";
    case record::Op::Join:
      return "a join";
    case record::Op::SemWait:
      return "a semaphore wait";
    case record::Op::BarrierWait:
      return "a barrier";
    case record::Op::Acquire:
    case record::Op::Fork:
    case record::Op::ThreadExit:
      return "a system call";
    }
    return "a system call";
  }

  /// The lock that a participant waits for. One that was never taken under another one, nor held over a wait, has no record of its own.
  std::uint32_t lockOf(const record::Participant &row) {
    if (row.object != record::kNone || row.address == 0 ||
        static_cast<record::Op>(row.op) != record::Op::Acquire)
      return known(locks_, row.object);
    for (std::uint32_t i = static_cast<std::uint32_t>(trace_.locks.size()); i-- > 0;)
      if (trace_.locks[i].address == row.address && trace_.locks[i].kind != LockKind::Thread)
        return i;
    record::Lock lock{};
    lock.kind = row.kind;
    Lock made;
    made.kind = kindOf(lock);
    made.address = row.address;
    RecordRows<record::Module> modules = file_.rows<record::Module>(record::TableKind::Modules);
    for (std::uint32_t i = 0; i < modules.size(); ++i)
      if (record::Module module = modules.at(i);
          module.published != 0 && !module.unloadedSequence && module.start <= row.address &&
          row.address < module.end)
        made.module = known(modules_, i);
    trace_.locks.push_back(made);
    return static_cast<std::uint32_t>(trace_.locks.size() - 1);
  }

  /// What a participant waits for, as an acquisition that does not end.
  std::uint32_t addWait(const record::Participant &row) {
    Acquisition acquisition;
    acquisition.thread = known(threads_, row.thread);
    bool isJoin = static_cast<record::Op>(row.op) == record::Op::Join;
    acquisition.lock = isJoin ? threadLock(known(threads_, row.object)) : lockOf(row);
    if (acquisition.thread == kNone || acquisition.lock == kNone)
      return kNone;
    acquisition.mode = modeOf(row.mode);
    acquisition.way = isJoin ? Way::Join : row.flags & record::kWaitTimed ? Way::Timed : Way::Block;
    acquisition.stack = stackAt(row.site, row.stack);
    acquisition.held = heldAt(row.node);
    acquisition.isPending = true;
    // It waits in the last epoch of its thread.
    std::uint32_t epoch = lastEpoch_[acquisition.thread] + 1;
    acquisition.epochs = {epoch, epoch};
    trace_.acquisitions.push_back(std::move(acquisition));
    return static_cast<std::uint32_t>(trace_.acquisitions.size() - 1);
  }

  void readIncidents() {
    RecordRows<record::Incident> table = file_.rows<record::Incident>(record::TableKind::Incidents);
    RecordRows<record::Participant> participants =
        file_.rows<record::Participant>(record::TableKind::Participants);
    for (std::uint32_t i = 0; i < table.size(); ++i) {
      record::Incident row = table.at(i);
      if (row.published == 0 || row.kind > static_cast<std::uint8_t>(record::IncidentKind::Stall))
        continue;
      Incident incident;
      incident.kind = static_cast<IncidentKind>(row.kind);
      bool isWhole = true;
      std::uint32_t others = 0;
      for (std::uint32_t p = 0; p < row.count && row.first + p < participants.size(); ++p) {
        record::Participant participant = participants.at(row.first + p);
        if (participant.published == 0)
          continue;
        if (participant.pid != 0) { // its numbers are those of another trace
          others = participant.pid;
          continue;
        }
        if (incident.kind == IncidentKind::Stall && p + 1 == row.count && p > 0) {
          incident.sleeper = known(threads_, participant.thread);
          incident.sleeperStack = stackAt(participant.site, participant.stack);
          incident.sleep = sleepName(participant.op);
          continue;
        }
        std::uint32_t wait = addWait(participant);
        isWhole &= wait != kNone;
        if (wait != kNone)
          incident.waiters.push_back({wait});
      }
      if (others != 0 && incident.sleep.empty())
        incident.sleep =
            (incident.kind == IncidentKind::Stall ? "process " : "a deadlock with process ") +
            std::to_string(others);
      if (others != 0)
        incident.kind = IncidentKind::Stall;
      if (!isWhole)
        trace_.remarks.push_back("a hang was seen, but not all of its threads are in the trace");
      if (!incident.waiters.empty())
        trace_.incidents.push_back(std::move(incident));
    }
  }

  void readCoverage() {
    RecordRows<record::Site> table = file_.rows<record::Site>(record::TableKind::Sites);
    for (std::uint32_t i = 0; i < table.size(); ++i)
      if (record::Site row = table.at(i); row.published != 0)
        if (std::uint32_t stack = stackAt(row.frame, row.stack); stack != kNone)
          trace_.coverage.push_back({stack});
  }

  const RecordFile &file_;
  Trace trace_;
  std::uint64_t dangling_ = 0;
  // By record number: positions in the trace's lists.
  std::vector<std::uint32_t> modules_, code_, stacks_, locks_, threads_;
  std::map<std::uint32_t, std::uint32_t> threadLocks_, lastEpoch_;
  std::map<std::tuple<std::uint32_t, std::uint32_t, bool>, std::uint32_t> sites_;
};

} // namespace

bool looksLikeRecord(std::string_view bytes) { return RecordFile::isOne(bytes); }

TraceReadResult readTrace(std::string_view bytes) {
  TraceReadResult result;
  RecordFile file(bytes);
  result.error = file.error();
  if (result.error.empty())
    result.trace = Reader(file).run();
  return result;
}

} // namespace threadlint::tracing
