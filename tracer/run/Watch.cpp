// Watch: see Watch.h.
#include "tracer/run/Watch.h"

#include "tracer/run/ThreadText.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <linux/futex.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace threadlint::trace {

namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kConfirmNs = 100'000'000;

/// Runs a command and waits for its end; false when it cannot be started. system() would hand on that this thread blocks all signals.
bool runShell(const std::string &command) {
  posix_spawnattr_t attributes;
  if (posix_spawnattr_init(&attributes) != 0)
    return false;
  sigset_t none;
  sigemptyset(&none);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
  const char *arguments[] = {"sh", "-c", command.c_str(), nullptr};
  pid_t shell = 0;
  int error = posix_spawn(&shell, "/bin/sh", nullptr, &attributes,
                          const_cast<char *const *>(arguments), environ);
  posix_spawnattr_destroy(&attributes);
  if (error != 0)
    return false;
  while (waitpid(shell, nullptr, 0) < 0 && errno == EINTR) {
  }
  return true;
}

/// Does the thread run nothing at this moment?
bool sleepsNow(const LiveTrace &trace, const LiveThread &thread) {
  std::ifstream file("/proc/" + std::to_string(trace.header().pid) + "/task/" +
                     std::to_string(thread.tid) + "/stat");
  std::string line;
  std::getline(file, line);
  std::size_t name = line.rfind(')');
  return name != std::string::npos && name + 2 < line.size() &&
         (line[name + 2] == 'S' || line[name + 2] == 'D');
}

/// A record for the lock that is waited for, which its holder, another process, has given none in this trace.
std::uint32_t addShared(LiveTrace &trace, const Waiting &waiting) {
  Lock lock{};
  lock.kind = static_cast<std::uint8_t>(waiting.kind);
  lock.flags = kLockProcessShared;
  lock.address = waiting.address;
  lock.module = lock.firstSite = lock.firstStack = lock.holdMaxSite = lock.waitMaxSite = kNone;
  lock.firstThread = kNone;
  return trace.append(TableKind::Locks, lock);
}

} // namespace

std::string withPid(std::string text, std::uint32_t pid) {
  for (std::size_t at = 0; (at = text.find("%p", at)) != std::string::npos;)
    text.replace(at, 2, std::to_string(pid));
  return text;
}

bool Watch::start(const std::string &folder, const WatchOptions &options, std::string &error) {
  folder_ = folder;
  options_ = options;
  std::string path = folder + "/wake";
  int file = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  void *memory = MAP_FAILED;
  if (file >= 0 && posix_fallocate(file, 0, 4096) == 0)
    memory = mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  if (memory == MAP_FAILED)
    error = "cannot make '" + path + "': " + std::strerror(errno);
  if (file >= 0)
    close(file);
  if (memory == MAP_FAILED)
    return false;
  wake_ = static_cast<std::uint32_t *>(memory);
  thread_ = std::thread([this] { loop(); });
  return true;
}

void Watch::stop() {
  if (!thread_.joinable())
    return;
  stopping_ = true;
  __atomic_fetch_add(wake_, 1, __ATOMIC_SEQ_CST);
  syscall(SYS_futex, wake_, FUTEX_WAKE, 1, nullptr, nullptr, 0);
  thread_.join();
}

void Watch::loop() {
  while (!stopping_) {
    std::uint32_t seen = __atomic_load_n(wake_, __ATOMIC_SEQ_CST);
    bool again = look();
    timespec shortly{0, 20'000'000}, later{0, 500'000'000};
    bool hasCandidates = !candidates_.empty();
    syscall(SYS_futex, wake_, FUTEX_WAIT, seen,
            !again          ? nullptr
            : hasCandidates ? &shortly
                            : &later,
            nullptr, 0);
  }
}

void Watch::findTraces() {
  std::error_code failed;
  for (fs::directory_iterator at(folder_, failed), end; at != end; at.increment(failed)) {
    std::string path = at->path().string(), error;
    if (!path.ends_with(kFileSuffix) || traces_.contains(path))
      continue;
    if (std::unique_ptr<LiveTrace> trace = LiveTrace::open(path, error))
      traces_.emplace(path, std::move(trace));
  }
  std::erase_if(traces_, [](const auto &entry) {
    const Header &header = entry.second->header();
    return header.state != static_cast<std::uint32_t>(ProcessState::Running) ||
           (kill(static_cast<pid_t>(header.pid), 0) != 0 && errno == ESRCH);
  });
}

bool Watch::look() {
  findTraces();
  std::vector<const LiveTrace *> processes;
  for (const auto &[path, trace] : traces_)
    processes.push_back(trace.get());
  std::vector<WaitNode> graph = buildWaitGraph(processes);
  std::uint64_t now = monotonicNs();
  std::map<std::string, Candidate> candidates;
  for (const Hang &hang : findDeadlocks(graph)) {
    if (reported_.contains(hang.key))
      continue;
    auto known = candidates_.find(hang.key);
    bool isSure = std::any_of(hang.nodes.begin(), hang.nodes.end(), [&](std::size_t node) {
      return graph[node].thread.waiting.flags & kWaitSelf;
    });
    if (!isSure && (known == candidates_.end() || now - known->second.firstSeenNs < kConfirmNs)) {
      candidates.emplace(hang.key, known != candidates_.end()
                                       ? std::move(known->second)
                                       : Candidate{now, describeHangNow(processes, graph, hang)});
      continue;
    }
    reported_.insert(hang.key);
    report(processes, graph, hang, known != candidates_.end() ? std::move(known->second.text) : "");
  }
  candidates_ = std::move(candidates);
  if (options_.stallNs)
    for (const Hang &hang : findStalls(graph, now, options_.stallNs, [&](const WaitNode &node) {
           return sleepsNow(*processes[node.process], node.thread);
         }))
      if (reported_.insert(hang.key).second)
        report(processes, graph, hang, "");
  return std::any_of(graph.begin(), graph.end(),
                     [](const WaitNode &node) { return node.isBlocked(); });
}

std::string describeHangNow(const std::vector<const LiveTrace *> &processes,
                            const std::vector<WaitNode> &graph, const Hang &hang) {
  Places places;
  const LiveTrace &first = *processes[graph[hang.nodes.front()].process];
  std::string text = "threadlint-trace: ";
  text += hang.kind == IncidentKind::Stall          ? "stall"
          : hang.kind == IncidentKind::SelfDeadlock ? "self-deadlock"
                                                    : "deadlock";
  text += " in process " + std::to_string(first.header().pid) + " (" +
          first.text(first.header().command) + ")\n";
  for (std::size_t number : hang.nodes) {
    const WaitNode &node = graph[number];
    const LiveTrace &trace = *processes[node.process];
    std::string process = node.process == graph[hang.nodes.front()].process
                              ? ""
                              : " of process " + std::to_string(trace.header().pid);
    text += threadText(places, trace, node.thread, "  ", process, "sleeps");
  }
  return text;
}

void Watch::report(const std::vector<const LiveTrace *> &processes,
                   const std::vector<WaitNode> &graph, const Hang &hang, std::string text) {
  ++incidents_;
  auto &trace = const_cast<LiveTrace &>(*processes[graph[hang.nodes.front()].process]);
  Incident incident{};
  incident.kind = static_cast<std::uint8_t>(hang.kind);
  incident.count = static_cast<std::uint32_t>(hang.nodes.size());
  auto number = static_cast<std::uint32_t>(trace.count(TableKind::Incidents));
  incident.first = static_cast<std::uint32_t>(trace.count(TableKind::Participants));
  bool isShared = std::any_of(hang.nodes.begin(), hang.nodes.end(), [&](std::size_t node) {
    return processes[graph[node].process] != &trace;
  });
  for (std::size_t at : hang.nodes) {
    const WaitNode &node = graph[at];
    const Waiting &waiting = node.thread.waiting;
    Participant participant{};
    participant.incident = number;
    // A thread that runs has announced nothing: what stands there is of an earlier wait.
    std::uint64_t pc = waiting.pc;
    bool isSleeper = !node.thread.isWaiting;
    if (isSleeper)
      for (const Held &held : node.thread.held)
        if (held.address == graph[hang.nodes.front()].thread.waiting.address)
          pc = held.pc;
    participant.thread = node.thread.index;
    participant.op = isSleeper ? static_cast<std::uint8_t>(Op::Acquire) : waiting.op;
    participant.mode = waiting.mode;
    participant.flags = waiting.flags;
    participant.object = node.thread.isWaiting ? waiting.object : kNone;
    if (participant.object == kNone && waiting.op == static_cast<std::uint8_t>(Op::Acquire) &&
        processes[node.process] == &trace) {
      participant.object =
          trace.newestLockAt(waiting.address); // its holder has given it a number meanwhile
      if (participant.object == kNone && isShared && !isSleeper)
        participant.object = addShared(trace, waiting);
    }
    participant.site = frameWithPc(trace, pc);
    participant.stack =
        node.thread.isWaiting ? waitStack(*processes[node.process], waiting) : kNone;
    participant.node = node.thread.held.empty() ? kNone : node.thread.held.back().node;
    participant.address = waiting.address;
    participant.kind = waiting.kind;
    const Header &header = processes[node.process]->header();
    participant.pid = header.pid == trace.header().pid ? 0 : header.pid;
    incident.formedNs = std::max(incident.formedNs, waiting.sinceNs);
    trace.append(TableKind::Participants, participant);
  }
  if (text.empty())
    text = describeHangNow(processes, graph, hang);
  std::fwrite(text.data(), 1, text.size(), stderr);
  std::fflush(stderr);
  incident.reportedNs = monotonicNs();
  trace.append(TableKind::Incidents, incident);
  if (hang.kind == IncidentKind::Stall)
    return;
  std::uint32_t pid = trace.header().pid;
  if (options_.onDeadlock == OnDeadlock::Abort)
    kill(static_cast<pid_t>(pid), SIGABRT);
  if (options_.onDeadlock == OnDeadlock::Run)
    if (!runShell(withPid(options_.command, pid)))
      std::fprintf(stderr, "threadlint-trace: cannot run '%s'\n", options_.command.c_str());
}

} // namespace threadlint::trace
