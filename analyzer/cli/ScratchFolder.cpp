// ScratchFolder: flock() for the abandoned, a pipe and a child for the killed.
#include "analyzer/cli/ScratchFolder.h"

#include "analyzer/cli/Errors.h"

#include <llvm/ADT/SmallString.h>
#include <llvm/Support/FileSystem.h>
#include <llvm/Support/Path.h>

#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <filesystem>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

namespace threadlint {
namespace {

namespace fs = std::filesystem;

constexpr const char *kLockName = "/lock";

std::string temporaryFolder() {
  llvm::SmallString<128> folder;
  llvm::sys::path::system_temp_directory(/*ErasedOnReboot=*/true, folder);
  llvm::sys::fs::make_absolute(folder);
  return std::string(folder);
}

/// What a revision has is not always writable for its owner.
void removeTree(const std::string &path) {
  std::error_code error;
  if (fs::remove_all(path, error); !error)
    return;
  for (fs::recursive_directory_iterator at(path, error), end; !error && at != end;
       at.increment(error))
    if (at->is_directory(error) && !at->is_symlink(error))
      fs::permissions(at->path(), fs::perms::owner_all, fs::perm_options::add, error);
  fs::remove_all(path, error);
}

bool isOwnFolder(const std::string &path) {
  struct stat status;
  return lstat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode) && status.st_uid == geteuid();
}

/// The descriptor of the lock, or -1 when another process holds it.
int takeLock(const std::string &folder, int flags) {
  int lock = open((folder + kLockName).c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW | flags, 0600);
  if (lock >= 0 && flock(lock, LOCK_EX | LOCK_NB) == 0)
    return lock;
  if (lock >= 0)
    close(lock);
  return -1;
}

void removeAbandoned(const std::string &prefix) {
  std::error_code error;
  const fs::path folder = fs::path(prefix).parent_path();
  const std::string start = fs::path(prefix).filename().string();
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    const std::string path = at->path().string();
    if (!at->path().filename().string().starts_with(start) || !isOwnFolder(path))
      continue;
    if (int lock = takeLock(path, 0); lock >= 0) {
      removeTree(path);
      close(lock);
    }
  }
}

} // namespace

llvm::Expected<ScratchFolder> ScratchFolder::make(const std::string &purpose) {
  const std::string prefix = temporaryFolder() + "/threadlint-" + purpose + "-";
  removeAbandoned(prefix);
  std::string path = prefix + "XXXXXX";
  if (!mkdtemp(path.data()))
    return systemFailure("make a scratch folder in", temporaryFolder(), errno);
  int lock = takeLock(path, O_CREAT);
  if (lock < 0) {
    int error = errno;
    removeTree(path);
    return systemFailure("write", path + kLockName, error);
  }
  ScratchFolder folder(std::move(path), lock);
  if (llvm::Error error = folder.startGuardian())
    return std::move(error);
  return folder;
}

llvm::Error ScratchFolder::startGuardian() {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0)
    return failure("cannot start a process: " + std::generic_category().message(errno));
  guardian_ = fork();
  if (guardian_ == 0) {
    // Signals that end the run, by a terminal or for its process group, must not end this process first.
    setsid();
    (void)!chdir("/");
    for (int number : {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGPIPE})
      signal(number, SIG_IGN);
    for (int descriptor : {0, 1, 2, ends[1]})
      close(descriptor);
    char byte;
    ssize_t count;
    while ((count = read(ends[0], &byte, 1)) < 0 && errno == EINTR)
      continue;
    if (count == 0)
      removeTree(path_);
    _exit(0);
  }
  int error = errno;
  close(ends[0]);
  if (guardian_ < 0) {
    close(ends[1]);
    return failure("cannot start a process: " + std::generic_category().message(error));
  }
  lifeline_ = ends[1];
  return llvm::Error::success();
}

ScratchFolder::ScratchFolder(ScratchFolder &&other) noexcept
    : path_(std::exchange(other.path_, {})), lock_(std::exchange(other.lock_, -1)),
      lifeline_(std::exchange(other.lifeline_, -1)), guardian_(std::exchange(other.guardian_, -1)) {
}

ScratchFolder::~ScratchFolder() {
  if (path_.empty())
    return;
  removeTree(path_);
  if (lifeline_ >= 0) {
    [[maybe_unused]] ssize_t ignored = write(lifeline_, "", 1); // nothing is left to do
    close(lifeline_);
    while (waitpid(guardian_, nullptr, 0) < 0 && errno == EINTR)
      continue;
  }
  close(lock_);
}

} // namespace threadlint
