// OutputFile: POSIX calls, because every error of write and close counts.
#include "analyzer/cli/OutputFile.h"

#include "analyzer/cli/Errors.h"
#include "analyzer/cli/Interruption.h"

#include <llvm/ADT/StringRef.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <climits>
#include <csignal>
#include <cstdio>
#include <fcntl.h>
#include <filesystem>
#include <poll.h>
#include <random>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

namespace threadlint {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr milliseconds kPause{50};   ///< between two looks at a reader that takes nothing
constexpr milliseconds kGrace{3000}; ///< for a reader, when the run has to end
constexpr int kNobodyReads = -1;     ///< in the place of an errno value

constexpr std::array kEndingSignals{SIGHUP,  SIGINT,  SIGQUIT, SIGTERM,
                                    SIGXCPU, SIGALRM, SIGUSR1, SIGUSR2};
std::atomic<unsigned> heldSignals = 0; ///< bits of those that came
static_assert(std::atomic<unsigned>::is_always_lock_free, "a signal handler writes it");

/// While it lives, signals wait that would end the process, on whichever thread they come, and leave something that is not finished.
class SignalsWait {
public:
  SignalsWait() {
    struct sigaction action{};
    action.sa_handler = [](int number) { heldSignals |= 1u << number; };
    action.sa_flags = SA_RESTART;
    sigemptyset(&action.sa_mask);
    for (std::size_t i = 0; i < before_.size(); ++i)
      if (sigaction(kEndingSignals[i], nullptr, &before_[i]) == 0 &&
          before_[i].sa_handler != SIG_IGN)
        sigaction(kEndingSignals[i], &action, nullptr);
  }
  ~SignalsWait() {
    for (std::size_t i = 0; i < before_.size(); ++i)
      sigaction(kEndingSignals[i], &before_[i], nullptr);
    const unsigned came = heldSignals.exchange(0);
    for (int number : kEndingSignals)
      if (came & 1u << number)
        raise(number);
  }
  SignalsWait(const SignalsWait &) = delete;
  SignalsWait &operator=(const SignalsWait &) = delete;

private:
  std::array<struct sigaction, kEndingSignals.size()> before_{};
};

/// How long to wait for a reader.
class Patience {
public:
  explicit Patience(const std::optional<Clock::time_point> &deadline) : deadline_(deadline) {}

  void renew() { since_ = Clock::now(); }
  bool isOver() const {
    const Clock::time_point now = Clock::now();
    const bool hasToEnd = isInterrupted() || heldSignals != 0 || (deadline_ && now >= *deadline_);
    return hasToEnd && now >= since_ + kGrace;
  }

private:
  const std::optional<Clock::time_point> deadline_;
  Clock::time_point since_ = Clock::now();
};

/// 0, an errno value or kNobodyReads.
int writeAll(int descriptor, std::string_view bytes, Patience patience) {
  // So much does not block once poll() says that there is room.
  constexpr std::size_t kRoom = PIPE_BUF;
  struct stat status;
  const bool isFile = fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode);
  while (!bytes.empty()) {
    pollfd room{descriptor, POLLOUT, 0};
    if (!isFile && poll(&room, 1, static_cast<int>(kPause.count())) <= 0) {
      if (patience.isOver())
        return kNobodyReads;
      continue;
    }
    ssize_t count =
        write(descriptor, bytes.data(), isFile ? bytes.size() : std::min(bytes.size(), kRoom));
    if (count >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(count));
      patience.renew();
    } else if (errno != EINTR && errno != EAGAIN) {
      return errno;
    }
  }
  return 0;
}

int writeAndClose(int descriptor, std::string_view bytes, const Patience &patience) {
  int error = writeAll(descriptor, bytes, patience);
  if (close(descriptor) != 0 && error == 0)
    error = errno;
  return error;
}

/// Opens a device or a pipe, which has to have a reader. The descriptor, or -1 with `error` set.
int openSpecial(const std::string &path, const Patience &patience, int &error) {
  for (;;) {
    int descriptor = open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    error = errno;
    if (descriptor >= 0 || error != ENXIO)
      return descriptor;
    if (patience.isOver()) {
      error = kNobodyReads;
      return -1;
    }
    std::this_thread::sleep_for(kPause);
  }
}

llvm::Error result(const std::string &path, int error) {
  if (error == kNobodyReads)
    return failure("cannot write '" + path + "': nobody reads it");
  return error ? systemFailure("write", path, error) : llvm::Error::success();
}

/// The descriptor that a path names, or -1: what a shell has opened is written to, not replaced.
int descriptorOf(const std::string &path) {
  for (const auto &[name, descriptor] : {std::pair("/dev/stdout", 1), std::pair("/dev/stderr", 2)})
    if (path == name)
      return descriptor;
  int descriptor = -1;
  llvm::StringRef rest = path;
  return (rest.consume_front("/dev/fd/") || rest.consume_front("/proc/self/fd/")) &&
                 !rest.getAsInteger(10, descriptor)
             ? descriptor
             : -1;
}

/// Existing things that are no regular files (devices, pipes) cannot be replaced.
bool isSpecial(const std::string &path) {
  struct stat status;
  return stat(path.c_str(), &status) == 0 && !S_ISREG(status.st_mode);
}

/// A new file beside `target`, open for writing, with the mode of the file that it is to replace; -1 with errno set. A name that
/// is free: what an earlier run left, or a link that somebody put there, is not written to.
int createBeside(const std::string &target, std::string &temporary) {
  constexpr int kAttempts = 100;
  const std::filesystem::path folder = std::filesystem::path(target).parent_path();
  std::random_device random;
  for (int i = 0; i < kAttempts; ++i) {
    temporary = (folder / (".threadlint-" + std::to_string(random()) + ".tmp")).string();
    int descriptor = open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (descriptor >= 0) {
      struct stat old;
      if (stat(target.c_str(), &old) == 0)
        (void)!fchmod(descriptor, old.st_mode & 0777);
      return descriptor;
    }
    if (errno != EEXIST)
      return -1;
  }
  return -1;
}

bool isLink(const std::string &path) {
  std::error_code error;
  return std::filesystem::is_symlink(path, error);
}

/// A folder that takes no new file, or a file that is a mount point, as containers have them.
bool cannotBeReplaced(int error) {
  return error == EACCES || error == EPERM || error == EROFS || error == EBUSY;
}

/// 0 or an errno value. What does not fit leaves an empty file, not a part.
int writeInPlace(const std::string &target, std::string_view bytes) {
  int descriptor = open(target.c_str(), O_WRONLY | O_TRUNC | O_CLOEXEC);
  if (descriptor < 0)
    return errno;
  int error = writeAll(descriptor, bytes, Patience({}));
  if (error != 0)
    (void)!ftruncate(descriptor, 0);
  if (close(descriptor) != 0 && error == 0)
    error = errno;
  return error;
}

/// 0 or an errno value.
int replaceFile(const std::string &target, std::string_view bytes) {
  std::string temporary;
  int descriptor = createBeside(target, temporary);
  int error = descriptor < 0 ? errno : writeAndClose(descriptor, bytes, Patience({}));
  if (error == 0 && rename(temporary.c_str(), target.c_str()) != 0)
    error = errno;
  if (error != 0 && descriptor >= 0)
    unlink(temporary.c_str());
  if (cannotBeReplaced(error) && access(target.c_str(), W_OK) == 0)
    return writeInPlace(target, bytes);
  return error;
}

} // namespace

std::string outputTarget(const std::string &path) {
  constexpr int kMostLinks = 40;
  std::filesystem::path target = path;
  for (int i = 0; i < kMostLinks && isLink(target.string()); ++i) {
    std::error_code error;
    std::filesystem::path next = std::filesystem::read_symlink(target, error);
    if (error)
      return path;
    target = next.is_absolute() ? next : target.parent_path() / next;
  }
  return isLink(target.string()) ? path : target.string();
}

llvm::Error writeOutputFile(const std::string &path, std::string_view bytes,
                            const std::optional<Clock::time_point> &deadline) {
  if (int descriptor = descriptorOf(path); descriptor >= 0) {
    SignalsWait wait;
    return result(path, writeAll(descriptor, bytes, Patience(deadline)));
  }
  if (isSpecial(path)) {
    int error = 0;
    int descriptor = openSpecial(path, Patience(deadline), error);
    if (descriptor < 0)
      return result(path, error);
    SignalsWait wait;
    return result(path, writeAndClose(descriptor, bytes, Patience(deadline)));
  }
  const std::string target = outputTarget(path);
  if (isLink(target))
    return systemFailure("write", path, ELOOP);
  SignalsWait wait;
  return result(path, replaceFile(target, bytes));
}

llvm::Error writeStandardOutput(std::string_view bytes, const Environment &environment) {
  SignalsWait wait;
  int error = environment.stdoutIsClosed ? EBADF : writeAll(1, bytes, Patience({}));
  if (error == kNobodyReads)
    return failure("cannot write to standard output: nobody reads it");
  return error
             ? failure("cannot write to standard output: " + std::generic_category().message(error))
             : llvm::Error::success();
}

llvm::Error checkWritable(const std::string &path) {
  struct stat status;
  if (descriptorOf(path) >= 0)
    return llvm::Error::success();
  const std::string target = outputTarget(path);
  if (isLink(target))
    return systemFailure("write", path, ELOOP);
  const bool isThere = stat(target.c_str(), &status) == 0;
  if (isThere && S_ISDIR(status.st_mode))
    return systemFailure("write", path, EISDIR);
  std::string folder = std::filesystem::path(target).parent_path().string();
  if (access(folder.empty() ? "." : folder.c_str(), W_OK) == 0)
    return llvm::Error::success();
  int error = errno;
  if (isThere && access(target.c_str(), W_OK) == 0)
    return llvm::Error::success();
  return systemFailure("write", path, error);
}

} // namespace threadlint
