// Git: fork and exec with two temporary files for the output.
#include "analyzer/cli/Git.h"

#include "analyzer/cli/Errors.h"
#include "analyzer/cli/InputFile.h"
#include "analyzer/cli/Paths.h"
#include "analyzer/report/Escapes.h"

#include <llvm/ADT/SmallString.h>
#include <llvm/Support/FileSystem.h>
#include <llvm/Support/FileUtilities.h>
#include <llvm/Support/Program.h>

#include <optional>

namespace threadlint {
namespace {

/// What git prints, without its line end; nothing when it fails.
std::string askGit(const std::string &folder, const std::vector<std::string> &arguments) {
  llvm::Expected<std::string> output = runGit(folder, arguments, "ask git");
  if (output)
    return llvm::StringRef(*output).trim().str();
  llvm::consumeError(output.takeError());
  return {};
}

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
                                   const std::string &what, const std::string &indexFile) {
  llvm::ErrorOr<std::string> git = llvm::sys::findProgramByName("git");
  llvm::ErrorOr<std::string> env = llvm::sys::findProgramByName("env");
  if (!git || !env)
    return failure("cannot " + what + ": git is not installed");
  llvm::SmallString<128> outputPath, errorPath;
  if (llvm::sys::fs::createTemporaryFile("threadlint-git", "out", outputPath) ||
      llvm::sys::fs::createTemporaryFile("threadlint-git", "err", errorPath))
    return failure("cannot " + what + ": no temporary file");
  llvm::FileRemover removeOutput(outputPath), removeError(errorPath);

  std::vector<std::string> words{*env, "LC_ALL=C"};
  if (!indexFile.empty())
    words.push_back("GIT_INDEX_FILE=" + indexFile);
  words.insert(words.end(), {*git, "-C", folder});
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<llvm::StringRef> views(words.begin(), words.end());
  std::optional<llvm::StringRef> redirects[] = {llvm::StringRef(""), llvm::StringRef(outputPath),
                                                llvm::StringRef(errorPath)};
  std::string problem;
  int code = llvm::sys::ExecuteAndWait(*env, views, std::nullopt, redirects, 0, 0, &problem);
  llvm::Expected<std::string> output = readInputFile(std::string(outputPath));
  if (!output)
    return output.takeError();
  if (code == 0)
    return output;
  llvm::Expected<std::string> errors = readInputFile(std::string(errorPath));
  llvm::StringRef message = errors ? llvm::StringRef(*errors).trim() : llvm::StringRef(problem);
  message = message.split('\n').first;
  message.consume_front("fatal: ");
  if (!errors)
    llvm::consumeError(errors.takeError());
  return failure("cannot " + what + ": " + (message.empty() ? "git failed" : message.str()));
}

} // namespace threadlint
