// Git: fork and exec with two temporary files for the output.
#include "analyzer/cli/Git.h"

#include "analyzer/cli/Errors.h"
#include "analyzer/cli/InputFile.h"

#include <llvm/ADT/SmallString.h>
#include <llvm/Support/FileSystem.h>
#include <llvm/Support/FileUtilities.h>
#include <llvm/Support/Program.h>

#include <optional>

namespace threadlint {

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
