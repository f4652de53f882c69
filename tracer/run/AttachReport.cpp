// AttachReport: see AttachReport.h.
#include "tracer/run/AttachReport.h"

#include "tracer/run/ThreadText.h"
#include "tracer/run/WaitGraph.h"
#include "tracer/run/Watch.h"

#include <llvm/ADT/StringRef.h>

#include <cstring>
#include <fstream>
#include <iostream>
#include <sys/stat.h>

namespace threadlint::trace {

namespace {

const char *const kHelp = R"(usage: threadlint-trace attach-report PID

Shows what the threads of a process that runs under the tracer hold and wait for. Does not stop or change it. Ends with 1 when
threads are deadlocked, 2 when the process is not traced.
)";

/// The trace file that the process has mapped, or empty.
std::string traceOf(const std::string &pid, std::string &error) {
  std::ifstream maps("/proc/" + pid + "/maps");
  if (!maps) {
    struct stat status{};
    error = stat(("/proc/" + pid).c_str(), &status) != 0
                ? "there is no process " + pid
                : "cannot look at process " + pid + ": " + std::strerror(errno);
    return {};
  }
  for (std::string line; std::getline(maps, line);) {
    std::size_t path = line.find('/');
    std::string suffix = kFileSuffix, deleted = " (deleted)";
    if (path == std::string::npos)
      continue;
    std::string name = line.substr(path);
    if (name.ends_with(suffix))
      return name;
    if (name.ends_with(suffix + deleted)) // the launcher has ended
      return "/proc/" + pid + "/map_files/" + line.substr(0, line.find(' '));
  }
  error = "process " + pid + " is not traced: start it with 'threadlint-trace run'";
  return {};
}

} // namespace

int attachReportCommand(std::span<const std::string> arguments) {
  if (arguments.size() == 1 && (arguments[0] == "--help" || arguments[0] == "-h")) {
    std::cout << kHelp;
    return 0;
  }
  unsigned pid = 0;
  if (arguments.size() != 1 || llvm::StringRef(arguments[0]).getAsInteger(10, pid) || !pid) {
    std::cerr << "threadlint-trace: attach-report needs the number of a process; see "
                 "'threadlint-trace attach-report --help'\n";
    return 2;
  }
  std::string error, path = traceOf(arguments[0], error);
  std::unique_ptr<LiveTrace> trace = path.empty() ? nullptr : LiveTrace::open(path, error);
  if (!trace) {
    std::cerr << "threadlint-trace: " << error << "\n";
    return 2;
  }
  Places places;
  std::vector<LiveThread> threads = trace->threads();
  std::size_t held = 0, waiting = 0;
  for (const LiveThread &thread : threads) {
    held += thread.held.size();
    waiting += thread.isWaiting;
  }
  std::cout << "process " << pid << " (" << trace->text(trace->header().command)
            << "): " << threads.size() << " threads run, " << trace->count(TableKind::Threads)
            << " in all; " << held << " locks held, " << waiting << " threads wait\n";
  for (const LiveThread &thread : threads)
    std::cout << threadText(places, *trace, thread, "", "", "runs");
  std::vector<const LiveTrace *> processes{trace.get()};
  std::vector<WaitNode> graph = buildWaitGraph(processes);
  std::vector<Hang> hangs = findDeadlocks(graph);
  for (const Hang &hang : hangs)
    std::cout << describeHangNow(processes, graph, hang);
  return hangs.empty() ? 0 : 1;
}

} // namespace threadlint::trace
