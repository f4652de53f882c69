// Session: see Session.h.
#include "tracer/run/Session.h"

#include "analyzer/cli/OutputFile.h"
#include "tracer/report/ReportCommand.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iostream>
#include <signal.h>
#include <sstream>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <tuple>
#include <unistd.h>
#include <utility>

namespace threadlint::trace {

namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kLeastRoom = 4 << 20;

/// What is open already, and devices: all processes share them.
bool isShared(const std::string &path) {
  struct stat status{};
  return path == "-" || path == "/dev/stdout" || path == "/dev/stderr" ||
         path.starts_with("/dev/fd/") || path.starts_with("/proc/self/fd/") ||
         (stat(path.c_str(), &status) == 0 && S_ISCHR(status.st_mode));
}

/// The path for one of several processes: %p, or "-PID" before the extension for all but the first; "-N" for the N-th image after exec.
std::string pathFor(const std::string &path, const Header &header, bool isFirst) {
  if (isShared(path))
    return path;
  bool hasPid = path.find("%p") != std::string::npos;
  std::string number;
  if (!hasPid && !isFirst)
    number += "-" + std::to_string(header.pid);
  if (header.imageNumber && (hasPid || !isFirst))
    number += "-" + std::to_string(header.imageNumber);
  fs::path name = fs::path(path).filename();
  std::string extension = name.extension().string();
  if (extension.find("%p") != std::string::npos)
    extension.clear();
  std::string stem = path.substr(0, path.size() - extension.size());
  return withPid(stem + number + extension, header.pid);
}

/// The options of the report on one process; `path` names its files.
std::vector<std::string>
reportArguments(const RunOptions &options,
                const std::function<std::string(const std::string &)> &path) {
  std::vector<std::string> arguments = options.reportOptions;
  for (const std::string &output : options.outputs) {
    std::size_t colon = output.find(':');
    arguments.push_back("--output=" +
                        (colon == std::string::npos
                             ? output
                             : output.substr(0, colon + 1) + path(output.substr(colon + 1))));
  }
  if (options.outputs.empty())
    arguments.push_back("--output=text:/dev/stderr");
  return arguments;
}

/// Where the texts of a report go.
struct TextTargets {
  bool isOnOutput = false, isOnErrors = false;
  std::vector<std::string> files;
  bool isAll = true; ///< there are no other outputs than on the terminal
};

TextTargets textTargets(const RunOptions &options,
                        const std::function<std::string(const std::string &)> &path) {
  TextTargets targets;
  targets.isOnErrors = options.outputs.empty();
  for (const std::string &output : options.outputs) {
    std::size_t colon = output.find(':');
    std::string format = output.substr(0, colon),
                file = colon == std::string::npos ? "" : path(output.substr(colon + 1));
    bool isText = format == "text" || format == "full";
    if (isText && (file.empty() || file == "-" || file == "/dev/stdout"))
      targets.isOnOutput = true;
    else if (isText && file == "/dev/stderr")
      targets.isOnErrors = true;
    else
      targets.isAll = false;
    if (isText && !file.empty())
      targets.files.push_back(file);
  }
  return targets;
}

std::string counted(std::size_t count, const std::string &noun) {
  return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
}

/// Writes `head` before what a file has; what is no file, or shared, is left alone.
void putInFront(const std::string &head, const std::string &path) {
  struct stat status{};
  if (isShared(path) || stat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode))
    return;
  std::ostringstream content;
  content << std::ifstream(path, std::ios::binary).rdbuf();
  if (llvm::Error error = writeOutputFile(path, head + content.str()))
    std::cerr << "threadlint-trace: " << llvm::toString(std::move(error)) << "\n";
}

/// The folder, locked until it is closed or this process ends; -1 when another one has locked it, or it is no folder of this user.
int lockFolder(const std::string &path) {
  int folder = open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  struct stat status{};
  if (folder >= 0 && flock(folder, LOCK_EX | LOCK_NB) == 0 && fstat(folder, &status) == 0 &&
      status.st_uid == geteuid())
    return folder;
  if (folder >= 0)
    close(folder);
  return -1;
}

/// Folders of launchers that were killed. A launcher in another PID namespace is not seen, but its folder is locked.
void removeLeftOvers(const std::string &base) {
  std::error_code failed, ignored;
  for (fs::directory_iterator at(base, failed), end; at != end; at.increment(failed)) {
    std::string name = at->path().filename().string();
    int pid = 0;
    if (std::sscanf(name.c_str(), "threadlint-%d-", &pid) != 1 || pid <= 0 || kill(pid, 0) == 0 ||
        errno != ESRCH)
      continue;
    if (int lock = lockFolder(at->path().string()); lock >= 0) {
      fs::remove_all(at->path(), ignored);
      close(lock);
    }
  }
}

/// Makes a folder and locks it. Where folders cannot be locked nobody removes another's.
bool makeFolder(const std::string &base, std::string &folder, int &lock) {
  for (int turn = 0; turn < 10; ++turn) {
    folder = base + "/threadlint-" + std::to_string(getpid()) + "-XXXXXX";
    if (!mkdtemp(folder.data()))
      return false;
    lock = lockFolder(folder);
    struct stat status{};
    if (lock < 0 && errno == EWOULDBLOCK)
      continue; // another launcher was faster, and removes it
    if (stat(folder.c_str(), &status) == 0)
      return true;
    if (lock >= 0)
      close(lock);
  }
  return false;
}

} // namespace

bool Session::open(std::string &error) {
  const char *temporary = std::getenv("TMPDIR");
  for (std::string base : {std::string("/dev/shm"), std::string(temporary ? temporary : ""),
                           std::string("/tmp"), std::string("/var/tmp")}) {
    struct statvfs status{};
    if (base.size() > 150) { // longer ones do not fit into the tracer
      error = "the path '" + base + "' is too long";
      continue;
    }
    if (base.empty() || statvfs(base.c_str(), &status) != 0)
      continue;
    if (status.f_bavail * status.f_frsize < kLeastRoom) {
      error = "no space in '" + base + "'";
      continue;
    }
    removeLeftOvers(base);
    if (std::string folder; makeFolder(base, folder, lock_)) {
      folder_ = folder;
      return true;
    }
    error = "cannot make a folder in '" + base + "': " + std::strerror(errno);
  }
  return false;
}

Session::~Session() {
  std::error_code ignored;
  if (!folder_.empty())
    fs::remove_all(folder_, ignored);
  if (lock_ >= 0)
    close(lock_);
}

std::string Session::library(std::string &error) const {
  std::error_code failed;
  fs::path program = fs::read_symlink("/proc/self/exe", failed);
  for (const fs::path &candidate :
       {program.parent_path().parent_path() / "lib" / "libthreadlint-trace.so",
        program.parent_path() / "libthreadlint-trace.so"}) {
    if (!fs::exists(candidate, failed))
      continue;
    std::string path = candidate.string();
    if (path.find_first_of(" :") == std::string::npos)
      return path;
    fs::path link = fs::path(folder_) / "libthreadlint-trace.so";
    fs::create_symlink(candidate, link, failed);
    return link.string();
  }
  error = "libthreadlint-trace.so is not beside the program '" + program.string() + "'";
  return {};
}

std::vector<std::unique_ptr<LiveTrace>> Session::traces(int root) const {
  std::vector<std::unique_ptr<LiveTrace>> traces;
  std::error_code failed;
  for (fs::directory_iterator at(folder_, failed), end; at != end; at.increment(failed)) {
    std::string path = at->path().string(), error;
    if (path.ends_with(kFileSuffix))
      if (std::unique_ptr<LiveTrace> trace = LiveTrace::open(path, error))
        traces.push_back(std::move(trace));
  }
  auto key = [&](const std::unique_ptr<LiveTrace> &trace) {
    return std::tuple(static_cast<int>(trace->header().pid) != root, trace->header().startNs,
                      trace->path());
  };
  std::sort(traces.begin(), traces.end(),
            [&](const auto &a, const auto &b) { return key(a) < key(b); });
  return traces;
}

bool checkOutputs(const RunOptions &options) {
  auto path = [](const std::string &name) {
    return withPid(name, static_cast<std::uint32_t>(getpid()));
  };
  if (checkReportOptions(reportArguments(options, path)) != 0)
    return false;
  if (options.traceFile.empty())
    return true;
  std::string problem;
  if (llvm::Error error = checkWritable(path(options.traceFile)))
    problem = llvm::toString(std::move(error));
  for (const std::string &output : options.outputs)
    if (std::size_t colon = output.find(':'); problem.empty() && colon != std::string::npos &&
                                              output.substr(colon + 1) == options.traceFile)
      problem = "'" + options.traceFile + "' is given for the trace and for an output";
  if (problem.empty())
    return true;
  std::cerr << "threadlint-trace: error: " << problem << "\n";
  return false;
}

bool writeReports(const std::vector<std::unique_ptr<LiveTrace>> &traces,
                  const RunOptions &options) {
  bool gates = false, hadFirst = false;
  std::size_t processes = 0, withFindings = 0, suppressed = 0;
  for (const std::unique_ptr<LiveTrace> &trace : traces) {
    const Header &header = trace->header();
    bool isFirst = !std::exchange(hadFirst, true);
    auto path = [&](const std::string &name) { return pathFor(name, header, isFirst); };
    std::string bytes = trace->compacted();
    if (!options.traceFile.empty())
      if (llvm::Error error = writeOutputFile(path(options.traceFile), bytes))
        std::cerr << "threadlint-trace: " << llvm::toString(std::move(error)) << "\n";
    std::vector<std::string> arguments = reportArguments(options, path);
    arguments.push_back("--quiet");
    TextTargets texts = textTargets(options, path);
    std::string head = "threadlint-trace: process " + std::to_string(header.pid) + " (" +
                       trace->text(header.command) + "): ";
    bool isWritten = false;
    int code = reportOn(trace->path(), bytes, arguments, [&](const ReportSize &size) {
      ++processes;
      withFindings += size.findings > 0;
      suppressed += size.suppressed;
      head += counted(size.findings, "finding") + "\n";
      bool isShown = size.findings > 0 || size.limits > 0 || traces.size() == 1;
      isWritten = isShown || (isFirst && !texts.isAll); // whoever names a file wants one
      if (isWritten && texts.isOnOutput && (isShown || size.hasText))
        std::cout << head << std::flush;
      if (isWritten && texts.isOnErrors && size.hasText)
        std::cerr << head;
      return isWritten;
    });
    gates |= code == 1;
    if (code < 2 && isWritten)
      for (const std::string &file : texts.files)
        putInFront(head, file);
  }
  std::string result = processes != 1 ? std::to_string(withFindings) + " with findings"
                       : withFindings ? "with findings"
                                      : "without findings";
  if (suppressed)
    result += ", " + std::to_string(suppressed) + " suppressed";
  if (processes)
    std::cerr << "threadlint-trace: " << processes << (processes == 1 ? " process" : " processes")
              << " traced, " << result << "\n";
  return gates;
}

} // namespace threadlint::trace
