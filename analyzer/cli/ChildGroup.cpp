// ChildGroup: posix_spawn with two pipes, and a poll loop that looks at the clock.
#include "analyzer/cli/ChildGroup.h"

#include "analyzer/cli/Errors.h"
#include "analyzer/cli/Interruption.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace threadlint {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr milliseconds kPause{50};   ///< between two looks at whether the run has to end
constexpr milliseconds kGrace{2000}; ///< to remove its own files, after it was asked to end
/// For the last words of a program that is gone, while something it left behind keeps its streams open.
constexpr milliseconds kLastWords{200};

std::vector<char *> pointers(std::vector<std::string> &words) {
  std::vector<char *> result;
  for (std::string &word : words)
    result.push_back(word.data());
  result.push_back(nullptr);
  return result;
}

class Child {
public:
  Child(const std::string &program, std::vector<std::string> words,
        std::vector<std::string> variables) {
    std::array<int, 2> ends[2] = {{-1, -1}, {-1, -1}};
    for (std::array<int, 2> &pipe : ends)
      if (problem_ == 0 && pipe2(pipe.data(), O_CLOEXEC) != 0)
        problem_ = errno;
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, ends[0][1], 1);
    posix_spawn_file_actions_adddup2(&actions, ends[1][1], 2);
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    sigset_t ignored;
    sigemptyset(&ignored);
    sigaddset(&ignored, SIGPIPE);
    sigaddset(&ignored, SIGXFSZ);
    posix_spawnattr_setsigdefault(&attributes, &ignored);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSID);
    if (problem_ == 0)
      problem_ = posix_spawn(&pid_, program.c_str(), &actions, &attributes, pointers(words).data(),
                             pointers(variables).data());
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    for (int i : {0, 1}) {
      if (ends[i][1] >= 0)
        close(ends[i][1]);
      if (problem_ != 0 && ends[i][0] >= 0)
        close(ends[i][0]);
      polled_[i].fd = problem_ != 0 ? -1 : ends[i][0];
    }
    if (problem_ == 0) // an old kernel has none, then the pause does
      polled_[2].fd = static_cast<int>(syscall(SYS_pidfd_open, pid_, 0));
  }
  Child(const Child &) = delete;
  Child &operator=(const Child &) = delete;

  /// An errno value when it was not started.
  int problem() const { return problem_; }
  pid_t group() const { return pid_; }

  ChildResult finish(const ChildLimits &limits) {
    std::optional<Clock::time_point> asked, gone;
    while (polled_[0].fd >= 0 || polled_[1].fd >= 0 || !gone) {
      const Clock::time_point now = Clock::now();
      if (!gone && isGone()) {
        gone = now;
        closeStream(polled_[2]);
      }
      if (!asked && (isInterrupted() || (limits.deadline && now >= *limits.deadline))) {
        kill(-pid_, SIGTERM);
        asked = now;
      }
      // What it wrote is in the pipes by now. What it left behind may keep them open.
      const bool hasNews = receive(gone ? milliseconds(0) : kPause);
      if ((gone && (!hasNews || now >= *gone + kLastWords)) || (asked && now >= *asked + kGrace))
        break;
    }
    // The process is not waited for yet, so the id of the group is still its own.
    if (asked)
      kill(-pid_, SIGKILL);
    if (limits.guardian)
      limits.guardian->unguard(pid_);
    for (pollfd &stream : polled_)
      closeStream(stream);
    int status = -1;
    while (waitpid(pid_, &status, 0) < 0 && errno == EINTR)
      continue;
    result_.code = status != -1 && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    return std::move(result_);
  }

private:
  bool isGone() const {
    siginfo_t info{};
    if (waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG | WNOWAIT) == 0)
      return info.si_pid == pid_;
    return true; // somebody else has waited for it
  }

  static void closeStream(pollfd &stream) {
    if (stream.fd >= 0)
      close(stream.fd);
    stream.fd = -1;
  }

  /// Takes what has come, or comes within the pause; false: nothing. Closes what is at its end.
  bool receive(milliseconds pause) {
    if (poll(polled_, 3, static_cast<int>(pause.count())) <= 0)
      return false;
    std::array<char, 1 << 16> buffer;
    for (int i : {0, 1}) {
      pollfd &stream = polled_[i];
      if (stream.fd < 0 || stream.revents == 0)
        continue;
      ssize_t count = read(stream.fd, buffer.data(), buffer.size());
      if (count > 0)
        (i == 0 ? result_.output : result_.errors)
            .append(buffer.data(), static_cast<std::size_t>(count));
      else if (count == 0 || errno != EINTR)
        closeStream(stream);
    }
    return true;
  }

  pid_t pid_ = -1;
  int problem_ = 0;
  pollfd polled_[3] = {
      {-1, POLLIN, 0}, {-1, POLLIN, 0}, {-1, POLLIN, 0}}; ///< output, errors, its end
  ChildResult result_;
};

} // namespace

llvm::Expected<ChildResult> runChildGroup(const std::string &program,
                                          std::vector<std::string> words,
                                          std::vector<std::string> variables,
                                          const ChildLimits &limits) {
  Child child(program, std::move(words), std::move(variables));
  if (int error = child.problem())
    return failure(std::generic_category().message(error));
  if (limits.guardian)
    limits.guardian->guard(child.group());
  return child.finish(limits);
}

} // namespace threadlint
