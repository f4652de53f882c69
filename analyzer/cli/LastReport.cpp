// LastReport: everything the handlers touch is prepared in plain memory; they make system calls only.
#include "analyzer/cli/LastReport.h"

#include "analyzer/cli/Interruption.h"
#include "analyzer/cli/MemoryLimit.h"

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <fcntl.h>
#include <initializer_list>
#include <string_view>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

namespace threadlint {
namespace {

constexpr int kIncomplete = 3;

struct LastOutput {
  std::string path, temporary, bytes;
};

std::vector<std::vector<LastOutput>> prepared;

void writeAll(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    ssize_t count = write(descriptor, bytes.data(), bytes.size());
    if (count <= 0)
      return;
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
}

[[noreturn]] void giveUp(GiveUp reason) {
  for (const LastOutput &output : prepared[static_cast<std::size_t>(reason)]) {
    if (output.path.empty()) {
      writeAll(1, output.bytes);
      continue;
    }
    bool inPlace = output.temporary.empty();
    int descriptor = open(inPlace ? output.path.c_str() : output.temporary.c_str(),
                          inPlace ? O_WRONLY : O_WRONLY | O_CREAT | O_TRUNC, 0666);
    if (descriptor < 0)
      continue;
    writeAll(descriptor, output.bytes);
    if (close(descriptor) == 0 && !inPlace)
      rename(output.temporary.c_str(), output.path.c_str());
  }
  constexpr std::string_view kMessages[] = {
      "threadlint: error: interrupted, the report is partial\n",
      "threadlint: error: the time for the whole run is over, the report is partial\n",
      "threadlint: error: the memory limit is reached, the report is partial\n"};
  writeAll(2, kMessages[static_cast<std::size_t>(reason)]);
  _exit(kIncomplete);
}

void onInterruption(int) { giveUp(GiveUp::Interrupted); }
void onAlarm(int) { giveUp(GiveUp::OutOfTime); }

void handle(int number, void (*handler)(int)) {
  struct sigaction action{}, old{};
  action.sa_handler = handler;
  sigfillset(&action.sa_mask);
  if (sigaction(number, nullptr, &old) == 0 && old.sa_handler != SIG_IGN)
    sigaction(number, &action, nullptr);
}

bool isSpecial(const std::string &path) {
  struct stat status;
  return stat(path.c_str(), &status) == 0 && !S_ISREG(status.st_mode);
}

} // namespace

LastReport::LastReport(std::vector<std::vector<PreparedOutput>> outputs,
                       std::optional<std::chrono::steady_clock::time_point> deadline,
                       unsigned memoryMegabytes) {
  prepared.clear();
  for (std::vector<PreparedOutput> &list : outputs) {
    prepared.emplace_back();
    for (PreparedOutput &output : list) {
      std::string temporary = output.path.empty() || isSpecial(output.path)
                                  ? ""
                                  : output.path + ".tmp" + std::to_string(getpid());
      prepared.back().push_back(
          {std::move(output.path), std::move(temporary), std::move(output.bytes)});
    }
  }
  handle(SIGINT, onInterruption);
  handle(SIGTERM, onInterruption);
  if (isInterrupted())
    return; // the first signal came earlier: what was extracted is analysed, a second one ends that
  if (deadline) {
    handle(SIGALRM, onAlarm);
    auto left = std::chrono::duration_cast<std::chrono::microseconds>(
                    *deadline - std::chrono::steady_clock::now())
                    .count();
    left = std::max<decltype(left)>(left, 1'000'000); // what there is deserves a second
    itimerval timer{};
    timer.it_value.tv_sec = left / 1'000'000;
    timer.it_value.tv_usec = left % 1'000'000;
    setitimer(ITIMER_REAL, &timer, nullptr);
  }
  limitMemory(memoryMegabytes, [] { giveUp(GiveUp::OutOfMemory); });
}

LastReport::~LastReport() {
  itimerval none{};
  setitimer(ITIMER_REAL, &none, nullptr);
  noteInterruptions();
}

} // namespace threadlint
