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
#include <vector>

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

/// What a revision has is not always writable for its owner. The lock goes last: without it nobody would remove the rest.
void removeTree(const std::string &path) {
  std::error_code error;
  for (fs::directory_iterator at(path, error), end; !error && at != end; at.increment(error))
    if (std::error_code ignored; at->path() != path + kLockName)
      fs::remove_all(at->path(), ignored);
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

/// The descriptor of the new folder's lock, or -1 with errno set. It has its name only when it is held: who finds it free has found an abandoned one.
int makeLock(const std::string &folder) {
  const std::string name = folder + kLockName, before = name + ".new";
  int lock = open(before.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_CREAT | O_EXCL, 0600);
  if (lock >= 0 && flock(lock, LOCK_EX | LOCK_NB) == 0 && rename(before.c_str(), name.c_str()) == 0)
    return lock;
  int error = errno;
  if (lock >= 0)
    close(lock);
  errno = error;
  return -1;
}

/// The descriptor of the lock, or -1 when another process holds it, or has just removed it.
int takeLock(const std::string &folder) {
  const std::string name = folder + kLockName;
  int lock = open(name.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW);
  struct stat held, named;
  if (lock >= 0 && flock(lock, LOCK_EX | LOCK_NB) == 0 && fstat(lock, &held) == 0 &&
      lstat(name.c_str(), &named) == 0 && held.st_ino == named.st_ino)
    return lock;
  if (lock >= 0)
    close(lock);
  return -1;
}

constexpr pid_t kFarewell = 0; ///< nothing is left to do

/// A killed process writes on until it is scheduled. One that nobody waits for never ends for kill(), so there is a limit.
void endGroup(pid_t group) {
  constexpr int kAttempts = 50;
  kill(-group, SIGKILL);
  for (int i = 0; i < kAttempts && kill(-group, 0) == 0; ++i)
    usleep(10'000);
}

/// The messages are groups, negative when they are no longer guarded.
[[noreturn]] void beGuardian(int lifeline, const std::string &path) {
  std::vector<pid_t> groups;
  pid_t message = kFarewell;
  ssize_t count;
  while ((count = read(lifeline, &message, sizeof message)) != 0) {
    if (count < 0 && errno == EINTR)
      continue;
    if (count != sizeof message || message == kFarewell)
      _exit(0);
    if (message > 0)
      groups.push_back(message);
    else
      std::erase(groups, -message);
  }
  for (pid_t group : groups)
    endGroup(group);
  removeTree(path);
  _exit(0);
}

void removeAbandoned(const std::string &prefix) {
  std::error_code error;
  const fs::path folder = fs::path(prefix).parent_path();
  const std::string start = fs::path(prefix).filename().string();
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    const std::string path = at->path().string();
    if (!at->path().filename().string().starts_with(start) || !isOwnFolder(path))
      continue;
    if (int lock = takeLock(path); lock >= 0) {
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
  int lock = makeLock(path);
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
    beGuardian(ends[0], path_);
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

void ScratchFolder::tellGuardian(pid_t message) const {
  while (write(lifeline_, &message, sizeof message) < 0 && errno == EINTR)
    continue;
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
    tellGuardian(kFarewell);
    close(lifeline_);
    while (waitpid(guardian_, nullptr, 0) < 0 && errno == EINTR)
      continue;
  }
  close(lock_);
}

} // namespace threadlint
