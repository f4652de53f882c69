// Git: a child process with two pipes, so that nothing is left of it whatever ends this one.
#include "analyzer/cli/Git.h"

#include "analyzer/cli/Errors.h"
#include "analyzer/cli/Interruption.h"
#include "analyzer/cli/Paths.h"
#include "analyzer/report/Escapes.h"

#include <llvm/ADT/StringRef.h>
#include <llvm/Support/Program.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <optional>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace threadlint {
namespace {

constexpr int kPauseMilliseconds = 100; ///< between two looks at whether the run is interrupted

/// Our environment for git: messages in English, no questions, no locks and no downloads for their own sake. A git hook that runs us has variables for the
/// commit that is being made; they are not about what is checked out.
std::vector<std::string> gitEnvironment(const GitPlaces &places) {
  const bool isOther =
      !places.gitFolder.empty(); // another repository than the one a hook or the user speaks of
  const bool isPlaced = !isOther && std::getenv("GIT_WORK_TREE");
  std::vector<std::string> variables;
  for (char **entry = environ; *entry; ++entry) {
    llvm::StringRef name = llvm::StringRef(*entry).split('=').first;
    bool isOfHook = name == "GIT_INDEX_FILE" || name == "GIT_PREFIX" ||
                    (!isPlaced && (name == "GIT_DIR" || name == "GIT_COMMON_DIR")) ||
                    (isOther && (name == "GIT_WORK_TREE" || name == "GIT_ALLOW_PROTOCOL" ||
                                 name.starts_with("GIT_OBJECT_DIR") ||
                                 name.starts_with("GIT_ALTERNATE_OBJECT")));
    if (!isOfHook && name != "LC_ALL" && name != "LANGUAGE")
      variables.emplace_back(*entry);
  }
  for (const char *variable :
       {"LC_ALL=C", "GIT_OPTIONAL_LOCKS=0", "GIT_TERMINAL_PROMPT=0", "GIT_LFS_SKIP_SMUDGE=1"})
    variables.emplace_back(variable);
  if (isOther) // goes before what any configuration allows
    variables.insert(variables.end(), {"GIT_ALLOW_PROTOCOL=none", "GIT_NO_LAZY_FETCH=1"});
  if (!places.indexFile.empty())
    variables.push_back("GIT_INDEX_FILE=" + places.indexFile);
  return variables;
}

std::vector<char *> pointers(std::vector<std::string> &words) {
  std::vector<char *> result;
  for (std::string &word : words)
    result.push_back(word.data());
  result.push_back(nullptr);
  return result;
}

class GitProcess {
public:
  GitProcess(const std::string &program, std::vector<std::string> words,
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
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
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
      polled_[i] = {problem_ != 0 ? -1 : ends[i][0], POLLIN, 0};
    }
  }
  GitProcess(const GitProcess &) = delete;
  GitProcess &operator=(const GitProcess &) = delete;

  /// An errno value when it was not started.
  int problem() const { return problem_; }

  struct Result {
    int code = -1;
    std::string output, errors;
  };
  /// Waits for its end. An interruption of the run ends it early.
  Result finish() {
    Result result;
    std::string *const targets[] = {&result.output, &result.errors};
    bool isKilled = false;
    while (polled_[0].fd >= 0 || polled_[1].fd >= 0) {
      if (isInterrupted() && !isKilled) {
        kill(pid_, SIGTERM); // which lets it remove its own files
        isKilled = true;
      }
      if (poll(polled_, 2, kPauseMilliseconds) <= 0)
        continue;
      for (int i : {0, 1})
        if (polled_[i].fd >= 0 && polled_[i].revents != 0)
          receive(polled_[i].fd, *targets[i]);
    }
    int status = 0;
    while (waitpid(pid_, &status, 0) < 0 && errno == EINTR)
      continue;
    result.code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    return result;
  }

private:
  /// Closes the descriptor at the end of its stream.
  static void receive(int &descriptor, std::string &target) {
    std::array<char, 1 << 16> buffer;
    ssize_t count = read(descriptor, buffer.data(), buffer.size());
    if (count > 0) {
      target.append(buffer.data(), static_cast<std::size_t>(count));
    } else if (count == 0 || errno != EINTR) {
      close(descriptor);
      descriptor = -1;
    }
  }

  pid_t pid_ = -1;
  int problem_ = 0;
  pollfd polled_[2] = {};
};

/// A remote as a URI: `git@host:path` is ssh, a name and password of http stay at home.
std::string remoteUri(llvm::StringRef remote) {
  auto [scheme, rest] = remote.split("://");
  if (!rest.empty()) {
    auto [host, path] = rest.split('/');
    if (scheme.starts_with("http"))
      host = host.substr(host.rfind('@') + 1);
    return (scheme + "://" + host + "/" + path).str();
  }
  auto [host, path] = remote.split(':');
  if (!path.empty() && !host.contains('/'))
    return ("ssh://" + host + "/").str() + escapeUri(path.ltrim('/').str());
  return remote.starts_with("/") ? "file://" + escapeUri(remote.str()) : std::string();
}

} // namespace

std::string askGit(const std::string &folder, const std::vector<std::string> &arguments,
                   const GitPlaces &places) {
  llvm::Expected<std::string> output = runGit(folder, arguments, "ask git", places);
  if (output)
    return llvm::StringRef(*output).rtrim('\n').str();
  llvm::consumeError(output.takeError());
  return {};
}

std::optional<VersionControl> versionControlOf(const std::string &folder) {
  VersionControl state;
  state.revision = askGit(folder, {"rev-parse", "--verify", "-q", "HEAD"});
  if (state.revision.empty())
    return std::nullopt;
  state.top = absolutePath(askGit(folder, {"rev-parse", "--show-cdup"}), folder);
  state.branch = askGit(folder, {"symbolic-ref", "-q", "--short", "HEAD"});
  state.repository = remoteUri(askGit(folder, {"config", "--get", "remote.origin.url"}));
  if (state.repository.empty())
    state.repository = "file://" + escapeUri(state.top) + "/";
  return state;
}

llvm::Expected<std::string> runGit(const std::string &folder,
                                   const std::vector<std::string> &arguments,
                                   const std::string &what, const GitPlaces &places) {
  llvm::ErrorOr<std::string> git = llvm::sys::findProgramByName("git");
  if (!git)
    return failure("cannot " + what + ": git is not installed");
  std::vector<std::string> words{*git, "-C", folder};
  if (!places.gitFolder.empty())
    words.insert(words.end(), {"--git-dir=" + places.gitFolder, "--work-tree=" + places.workTree});
  words.insert(words.end(), arguments.begin(), arguments.end());
  GitProcess process(*git, words, gitEnvironment(places));
  if (int error = process.problem())
    return failure("cannot " + what + ": " + std::generic_category().message(error));
  auto [code, output, errors] = process.finish();
  if (isInterrupted())
    return failure("cannot " + what + ": the run was interrupted");
  if (code == 0)
    return std::move(output);
  llvm::StringRef message = llvm::StringRef(errors).trim();
  message = message.split('\n').first;
  message.consume_front("fatal: ");
  message.consume_front("error: ");
  return failure("cannot " + what + ": " + (message.empty() ? "git failed" : message.str()));
}

} // namespace threadlint
