// Session: see Session.h.
#include "tracer/run/Session.h"

#include "tracer/report/ReportCommand.h"
#include "tracer/run/LiveTrace.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <signal.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>
#include <utility>

namespace threadlint::trace {

namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kLeastRoom = 4 << 20;

/// The path for one of several processes: %p, or ".PID" after it for all but the first.
std::string pathFor(const std::string &path, const Header &header, bool isFirst) {
  std::string result = withPid(path, header.pid);
  bool hasPid = result != path;
  if (!hasPid && !isFirst)
    result += "." + std::to_string(header.pid);
  if (header.imageNumber && (hasPid || !isFirst))
    result += "-" + std::to_string(header.imageNumber);
  return result;
}

/// Folders of launchers that were killed.
void removeLeftOvers(const std::string &base) {
  std::error_code failed;
  for (const fs::directory_entry &entry : fs::directory_iterator(base, failed)) {
    std::string name = entry.path().filename().string();
    struct stat status{};
    int pid = 0;
    if (std::sscanf(name.c_str(), "threadlint-%d-", &pid) == 1 && pid > 0 && kill(pid, 0) != 0 &&
        errno == ESRCH && lstat(entry.path().c_str(), &status) == 0 && S_ISDIR(status.st_mode) &&
        status.st_uid == geteuid())
      fs::remove_all(entry.path(), failed);
  }
}

bool writeFile(const std::string &path, const std::string &bytes, std::string &error) {
  std::string temporary = path + ".tmp" + std::to_string(getpid());
  std::ofstream file(temporary, std::ios::binary);
  file << bytes;
  file.close();
  if (file && rename(temporary.c_str(), path.c_str()) == 0)
    return true;
  error = "cannot write '" + path + "': " + std::strerror(errno);
  unlink(temporary.c_str());
  return false;
}

} // namespace

bool Session::open(std::string &error) {
  const char *temporary = std::getenv("TMPDIR");
  for (std::string base : {std::string("/dev/shm"), std::string(temporary ? temporary : ""),
                           std::string("/tmp"), std::string("/var/tmp")}) {
    struct statvfs status{};
    if (base.empty() || statvfs(base.c_str(), &status) != 0)
      continue;
    if (status.f_bavail * status.f_frsize < kLeastRoom) {
      error = "no space in '" + base + "'";
      continue;
    }
    removeLeftOvers(base);
    std::string folder = base + "/threadlint-" + std::to_string(getpid()) + "-XXXXXX";
    if (mkdtemp(folder.data())) {
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

std::vector<std::string> Session::traceFiles(int root) const {
  struct Found {
    bool isOther;
    std::uint64_t start;
    std::string path;
    auto operator<=>(const Found &) const = default;
  };
  std::vector<Found> found;
  std::error_code failed;
  for (const fs::directory_entry &entry : fs::directory_iterator(folder_, failed)) {
    std::string path = entry.path().string(), error;
    if (!path.ends_with(kFileSuffix))
      continue;
    if (std::unique_ptr<LiveTrace> trace = LiveTrace::open(path, error))
      found.push_back(
          {static_cast<int>(trace->header().pid) != root, trace->header().startNs, path});
  }
  std::sort(found.begin(), found.end());
  std::vector<std::string> paths;
  for (Found &entry : found)
    paths.push_back(std::move(entry.path));
  return paths;
}

bool writeReports(const Session &session, const RunOptions &options, int root) {
  bool hasFindings = false, hadFirst = false;
  std::string shown = session.folder() + "/shown.txt";
  for (const std::string &path : session.traceFiles(root)) {
    std::string error;
    std::unique_ptr<LiveTrace> trace = LiveTrace::open(path, error);
    if (!trace)
      continue;
    const Header &header = trace->header();
    bool isFirst = !std::exchange(hadFirst, true);
    std::string compact = session.folder() + "/report.trace";
    if (!options.traceFile.empty())
      compact = pathFor(options.traceFile, header, isFirst);
    if (!writeFile(compact, trace->compacted(), error)) {
      std::cerr << "threadlint-trace: " << error << "\n";
      continue;
    }
    std::vector<std::string> arguments{compact};
    arguments.insert(arguments.end(), options.reportOptions.begin(), options.reportOptions.end());
    for (const std::string &output : options.outputs) {
      std::size_t colon = output.find(':');
      arguments.push_back(
          "--output=" +
          (colon == std::string::npos
               ? output
               : output.substr(0, colon + 1) + pathFor(output.substr(colon + 1), header, isFirst)));
    }
    if (options.outputs.empty())
      arguments.push_back("--output=text:" + shown);
    hasFindings |= reportCommand(arguments) == 1;
    if (options.outputs.empty()) {
      std::ifstream text(shown);
      if (text.peek() != std::ifstream::traits_type::eof())
        std::cerr << text.rdbuf();
      unlink(shown.c_str());
    }
  }
  return hasFindings;
}

} // namespace threadlint::trace
