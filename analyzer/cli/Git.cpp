// Git: its environment, and what its answers mean.
#include "analyzer/cli/Git.h"

#include "analyzer/cli/Errors.h"
#include "analyzer/cli/Interruption.h"
#include "analyzer/cli/Paths.h"
#include "analyzer/report/Escapes.h"

#include <llvm/ADT/StringExtras.h>
#include <llvm/ADT/StringRef.h>
#include <llvm/Support/Program.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <unistd.h>

namespace threadlint {
namespace {

/// What GIT_DIR and the like mean for a call.
enum class Naming : std::uint8_t {
  Dropped, ///< the repository is the one that the folder lies in, or that GitPlaces names
  Kept,    ///< as they are
};

/// Our environment for git: messages in English, no questions, no locks and no downloads for their own sake. A git hook that runs us has variables for the
/// commit that is being made; they are not about what is checked out.
std::vector<std::string> gitEnvironment(const GitPlaces &places, Naming naming) {
  const bool isOther =
      !places.gitFolder.empty(); // another repository than the one a hook or the user speaks of
  std::vector<std::string> variables;
  for (char **entry = environ; *entry; ++entry) {
    auto [name, value] = llvm::StringRef(*entry).split('=');
    const bool namesRepository = name == "GIT_DIR" || name == "GIT_COMMON_DIR";
    bool isOfHook = name == "GIT_INDEX_FILE" || name == "GIT_PREFIX" ||
                    (naming == Naming::Dropped && namesRepository) ||
                    (isOther && (name == "GIT_WORK_TREE" || name == "GIT_ALLOW_PROTOCOL" ||
                                 name.starts_with("GIT_OBJECT_DIR") ||
                                 name.starts_with("GIT_ALTERNATE_OBJECT")));
    if (isOfHook || name == "LC_ALL" || name == "LANGUAGE")
      continue;
    if (namesRepository || name == "GIT_WORK_TREE") // -C would change what they name
      variables.push_back((name + "=").str() +
                          absolutePath(value.str(), std::filesystem::current_path().string()));
    else
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

/// A URI as a user wrote it, with what none may have escaped.
std::string escapedWhereNeeded(llvm::StringRef uri) {
  std::string result;
  for (char c : uri)
    if (llvm::isPrint(c) && !llvm::StringRef(" \"<>\\^`{|}").contains(c))
      result += c;
    else
      result += escapeUri(std::string_view(&c, 1));
  return result;
}

/// A remote as a URI: `git@host:path` is ssh. Passwords, and for http names, which may be tokens, stay at home.
std::string remoteUri(llvm::StringRef remote) {
  auto [scheme, rest] = remote.split("://");
  if (!rest.empty()) {
    auto [place, path] = rest.split('/');
    auto [user, host] = place.rsplit('@');
    if (host.empty())
      host = user, user = "";
    user = scheme.starts_with_insensitive("http") ? "" : user.split(':').first;
    return escapedWhereNeeded(
        (scheme + "://" + user + (user.empty() ? "" : "@") + host + "/" + path).str());
  }
  auto [host, path] = remote.split(':');
  if (!path.empty() && !host.contains('/'))
    return ("ssh://" + host + "/").str() + escapeUri(path.ltrim('/').str());
  return remote.starts_with("/") ? "file://" + escapeUri(remote.str()) : std::string();
}

} // namespace

llvm::Expected<ChildResult> Git::call(const std::vector<std::string> &arguments,
                                      std::vector<std::string> variables) const {
  llvm::ErrorOr<std::string> git = llvm::sys::findProgramByName("git");
  if (!git)
    return failure("git is not installed");
  std::vector<std::string> words{*git};
  words.insert(words.end(), arguments.begin(), arguments.end());
  InterruptionsWait wait;
  return runChildGroup(*git, std::move(words), std::move(variables), limits_);
}

/// A hook, or who runs one, names the repository of the commit that is being made, the user a repository that is not where its files are. The folder
/// tells which: one that lies in a repository belongs to that.
std::vector<std::string> Git::environmentFor(const std::string &folder,
                                             const GitPlaces &places) const {
  auto answer = [&](const std::vector<std::string> &arguments, Naming naming) {
    llvm::Expected<ChildResult> result = call(arguments, gitEnvironment({}, naming));
    if (result && result->code == 0)
      return llvm::StringRef(result->output).rtrim('\n').str();
    llvm::consumeError(result.takeError());
    return std::string();
  };
  if (!places.gitFolder.empty() || !std::getenv("GIT_DIR"))
    return gitEnvironment(places, Naming::Dropped);
  if (std::getenv("GIT_WORK_TREE"))
    return gitEnvironment(places, Naming::Kept);
  if (!answer({"-C", folder, "rev-parse", "--git-dir"}, Naming::Dropped).empty())
    return gitEnvironment(places, Naming::Dropped);
  std::vector<std::string> variables = gitEnvironment(places, Naming::Kept);
  // To git the files are then where it is started, which -C would change.
  std::string top = answer({"rev-parse", "--show-toplevel"}, Naming::Kept);
  if (!top.empty())
    variables.push_back("GIT_WORK_TREE=" + top);
  return variables;
}

llvm::Expected<std::string> Git::run(const std::string &folder,
                                     const std::vector<std::string> &arguments,
                                     const std::string &what, const GitPlaces &places) const {
  std::vector<std::string> words{"-C", folder};
  if (!places.gitFolder.empty())
    words.insert(words.end(), {"--git-dir=" + places.gitFolder, "--work-tree=" + places.workTree});
  words.insert(words.end(), arguments.begin(), arguments.end());
  llvm::Expected<ChildResult> result = call(words, environmentFor(folder, places));
  if (!result)
    return failure("cannot " + what + ": " + llvm::toString(result.takeError()));
  if (result->code == 0)
    return std::move(result->output);
  llvm::StringRef message = llvm::StringRef(result->errors).trim();
  message = message.split('\n').first;
  message.consume_front("fatal: ");
  message.consume_front("error: ");
  if (isInterrupted())
    message = "the run was interrupted";
  else if (limits_.deadline && std::chrono::steady_clock::now() >= *limits_.deadline)
    message = "the time for the whole run is over";
  return failure("cannot " + what + ": " + (message.empty() ? "git failed" : message.str()));
}

std::string Git::ask(const std::string &folder, const std::vector<std::string> &arguments,
                     const GitPlaces &places) const {
  llvm::Expected<std::string> output = run(folder, arguments, "ask git", places);
  if (output)
    return llvm::StringRef(*output).rtrim('\n').str();
  llvm::consumeError(output.takeError());
  return {};
}

std::optional<VersionControl> versionControlOf(const std::string &folder, const Git &git) {
  VersionControl state;
  state.revision = git.ask(folder, {"rev-parse", "--verify", "-q", "HEAD"});
  if (state.revision.empty())
    return std::nullopt;
  state.top = absolutePath(git.ask(folder, {"rev-parse", "--show-cdup"}), folder);
  state.branch = git.ask(folder, {"symbolic-ref", "-q", "--short", "HEAD"});
  state.repository = remoteUri(git.ask(folder, {"config", "--get", "remote.origin.url"}));
  if (state.repository.empty())
    state.repository = "file://" + escapeUri(state.top) + "/";
  return state;
}

} // namespace threadlint
