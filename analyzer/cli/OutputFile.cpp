// OutputFile: POSIX calls, because every error of write and close counts.
#include "analyzer/cli/OutputFile.h"

#include "analyzer/cli/Errors.h"

#include <llvm/ADT/StringRef.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <fcntl.h>
#include <filesystem>
#include <random>
#include <sys/stat.h>
#include <unistd.h>

namespace threadlint {
namespace {

/// 0 or an errno value.
int writeAll(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    ssize_t count = write(descriptor, bytes.data(), bytes.size());
    if (count >= 0)
      bytes.remove_prefix(static_cast<std::size_t>(count));
    else if (errno != EINTR)
      return errno;
  }
  return 0;
}

int writeAndClose(int descriptor, std::string_view bytes) {
  int error = writeAll(descriptor, bytes);
  if (close(descriptor) != 0 && error == 0)
    error = errno;
  return error;
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

/// While it lives, signals wait that would end the process and leave a file that is not finished.
class SignalsWait {
public:
  SignalsWait() {
    sigset_t ending;
    sigemptyset(&ending);
    for (int number : {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGXCPU, SIGALRM, SIGUSR1, SIGUSR2})
      sigaddset(&ending, number);
    pthread_sigmask(SIG_BLOCK, &ending, &before_);
  }
  ~SignalsWait() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  SignalsWait(const SignalsWait &) = delete;
  SignalsWait &operator=(const SignalsWait &) = delete;

private:
  sigset_t before_;
};

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

/// The file itself when `path` is a symbolic link to one, so that the link survives.
std::string resolveLink(const std::string &path) {
  std::error_code error;
  std::filesystem::path target = std::filesystem::canonical(path, error);
  return error ? path : target.string();
}

} // namespace

llvm::Error writeOutputFile(const std::string &path, std::string_view bytes) {
  if (int descriptor = descriptorOf(path); descriptor >= 0) {
    int error = writeAll(descriptor, bytes);
    return error ? systemFailure("write", path, error) : llvm::Error::success();
  }
  if (isSpecial(path)) {
    int descriptor = open(path.c_str(), O_WRONLY | O_CLOEXEC);
    int error = descriptor < 0 ? errno : writeAndClose(descriptor, bytes);
    return error ? systemFailure("write", path, error) : llvm::Error::success();
  }
  std::string target = resolveLink(path);
  SignalsWait wait;
  std::string temporary;
  int descriptor = createBeside(target, temporary);
  int error = descriptor < 0 ? errno : writeAndClose(descriptor, bytes);
  if (error == 0 && rename(temporary.c_str(), target.c_str()) != 0)
    error = errno;
  if (error == 0)
    return llvm::Error::success();
  if (descriptor >= 0)
    unlink(temporary.c_str());
  return systemFailure("write", path, error);
}

llvm::Error writeStandardOutput(std::string_view bytes, const Environment &environment) {
  int error = environment.stdoutIsClosed ? EBADF : writeAll(1, bytes);
  return error
             ? failure("cannot write to standard output: " + std::generic_category().message(error))
             : llvm::Error::success();
}

llvm::Error checkWritable(const std::string &path) {
  struct stat status;
  if (stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode))
    return systemFailure("write", path, EISDIR);
  std::string folder = std::filesystem::path(path).parent_path().string();
  if (stat(path.c_str(), &status) != 0 && access(folder.empty() ? "." : folder.c_str(), W_OK) != 0)
    return systemFailure("write", path, errno);
  return llvm::Error::success();
}

} // namespace threadlint
