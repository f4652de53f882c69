// Revision: rewritten compile commands over a scratch checkout.
#include "analyzer/cli/Revision.h"

#include "analyzer/cli/Errors.h"
#include "analyzer/cli/Git.h"
#include "analyzer/cli/Paths.h"
#include "analyzer/cli/RevisionCheckout.h"
#include "analyzer/facts/ProjectPath.h"

#include <llvm/ADT/StringRef.h>

#include <algorithm>
#include <filesystem>
#include <map>

namespace threadlint {
namespace {

namespace fs = std::filesystem;
using llvm::StringRef;

std::string trimmed(const std::string &text) { return StringRef(text).trim().str(); }

bool isUnder(const std::string &path, const std::string &folder) {
  return path == folder || path.starts_with(folder.ends_with('/') ? folder : folder + "/");
}

/// Options whose value is a path, joined or as the next word.
constexpr StringRef kPathOptions[] = {"-I",         "-isystem",  "-iquote",      "-idirafter",
                                      "-include",   "-imacros",  "-F",           "-iframework",
                                      "--sysroot=", "-isysroot", "-cxx-isystem", "-iprefix"};

class MovedCommands {
public:
  MovedCommands(const std::string &top, std::string scratch, const std::string &database)
      : root_(top), top_(root_.folder()), scratch_(std::move(scratch)) {
    std::string build = inTop(fs::path(database).parent_path().string());
    if (!build.empty() && build != top_ && isUnder(build, top_))
      build_ = build;
  }

  /// The command with its paths in the scratch folder, or nothing when its file is not there.
  std::optional<CompileCommand> moved(const CompileCommand &command,
                                      const std::map<std::string, std::string> &oldNames) const {
    CompileCommand result = command;
    const std::string file = inTop(command.file);
    std::string relative =
        isUnder(file, top_) ? file.substr(std::min(file.size(), top_.size() + 1)) : file;
    if (auto old = oldNames.find(relative); old != oldNames.end())
      relative = old->second;
    if (isMovable(file)) {
      result.file = scratch_ + "/" + relative;
      if (!isPresent(result.file))
        return std::nullopt;
    }
    result.directory = movedPath(command.directory, command.directory);
    bool isValue = false;
    for (std::string &word : result.arguments) {
      if (absolutePath(word, command.directory) == command.file)
        word = result.file;
      else
        word = movedWord(word, command.directory, isValue);
      isValue = std::find(std::begin(kPathOptions), std::end(kPathOptions), StringRef(word)) !=
                std::end(kPathOptions);
    }
    return result;
  }

private:
  /// A path that leads into the repository by another name, through a symbolic link above it, by its name there.
  std::string inTop(const std::string &path) const {
    if (path.empty() || isUnder(path, top_))
      return path;
    if (resolvedPath(path) == top_)
      return top_;
    // The name of the file itself stays: that may be a link which git knows.
    const fs::path folder = fs::path(path).parent_path();
    const std::string name = root_.name(folder.string());
    if (name == top_ || !name.starts_with('/'))
      return (top_ / (name == top_ ? fs::path() : fs::path(name)) / fs::path(path).filename())
          .string();
    return path;
  }

  bool isMovable(const std::string &path) const {
    return isUnder(path, top_) && (build_.empty() || !isUnder(path, build_));
  }

  /// The counterpart in the scratch folder when there is one; what git does not know stays where it is.
  std::string movedPath(const std::string &path, const std::string &directory) const {
    std::string full = inTop(absolutePath(path, directory));
    if (!isMovable(full))
      return full;
    std::string counterpart = full == top_ ? scratch_ : scratch_ + full.substr(top_.size());
    return isPresent(counterpart) ? counterpart : full;
  }

  std::string movedWord(const std::string &word, const std::string &directory, bool isValue) const {
    if (isValue)
      return movedPath(word, directory);
    for (StringRef option : kPathOptions)
      if (StringRef(word).starts_with(option) && word.size() > option.size()) {
        StringRef value = StringRef(word).drop_front(option.size());
        std::string equals = value.consume_front("=") ? "=" : "";
        return option.str() + equals + movedPath(value.str(), directory);
      }
    return word.starts_with('/') ? movedPath(word, directory) : word;
  }

  ProjectRoot root_;
  std::string top_, scratch_, build_;
};

} // namespace

llvm::Expected<std::string> commitOf(const Git &git, const std::string &folder,
                                     const std::string &rev) {
  auto output = git.run(folder, {"rev-parse", "--verify", "--end-of-options", rev + "^{commit}"},
                        "find the revision '" + rev + "'");
  if (!output)
    return output.takeError();
  return trimmed(*output).substr(trimmed(*output).rfind('\n') + 1);
}

llvm::Expected<std::string> mergeBase(const Git &git, const std::string &folder,
                                      const std::string &ref) {
  llvm::Expected<std::string> commit = commitOf(git, folder, ref);
  if (!commit)
    return commit.takeError();
  auto output = git.run(folder, {"merge-base", "HEAD", *commit},
                        "find the merge base of HEAD and '" + ref +
                            "' (a shallow clone has none: fetch more history)");
  if (!output)
    return output.takeError();
  return trimmed(*output);
}

llvm::Expected<Baseline> findingsAtRevision(const Run &run, const std::string &commit,
                                            const Sources &sources, const ScratchFolder &scratch,
                                            Report &report) {
  const Git git({run.deadline(), &scratch});
  auto up = git.run(run.root, {"rev-parse", "--show-cdup"}, "find the top of the repository");
  if (!up)
    return up.takeError();
  std::string top = absolutePath(trimmed(*up), run.root);
  llvm::Expected<RevisionCheckout> checkedOut = checkOutRevision(git, top, commit, scratch.path());
  if (!checkedOut)
    return checkedOut.takeError();
  for (const MissingSubmodule &submodule : checkedOut->missing) {
    LimitationReport limitation;
    limitation.kind = kMissingSubmodule;
    limitation.place.file = projectPath(top + "/" + submodule.path, run.root);
    limitation.message =
        (submodule.isRemoved
             ? "this submodule was removed since, and findings that it had a part in may show as "
               "new: its commit "
             : "this submodule is compared as it is now, so what is new in it does not show: its "
               "commit ") +
        submodule.commit.substr(0, 12) + " of then is not in the repository here";
    limitation.incomplete = true;
    report.limitations.push_back(std::move(limitation));
    ++report.incompleteCount;
    ++report.missingSubmodules;
  }

  const std::string tree = scratch.path() + "/tree";
  MovedCommands commands(top, tree, sources.database);
  Sources moved{{}, sources.database};
  std::vector<std::string> absent;
  for (const CompileCommand &command : sources.commands)
    if (std::optional<CompileCommand> old = commands.moved(command, checkedOut->oldNames))
      moved.commands.push_back(std::move(*old));
    else
      absent.push_back(projectPath(command.file, run.root));
  if (!absent.empty()) {
    std::string list;
    for (std::size_t i = 0; i < absent.size() && i < 5; ++i)
      list += (i > 0 ? ", " : "") + absent[i];
    run.note(counted(absent.size(), "file is", "files are") + " not in " + commit.substr(0, 12) +
             ": " + list + (absent.size() > 5 ? ", ..." : ""));
  }
  Baseline before;
  if (moved.commands.empty())
    return before;
  std::string root = top == run.root ? tree : tree + "/" + projectPath(run.root, top);
  llvm::Expected<RunFacts> facts = extractSources(run, std::move(moved), root);
  if (!facts)
    return facts.takeError();
  std::size_t incomplete = 0;
  for (const TuFacts &tu : facts->tus)
    incomplete += isIncomplete(tu);
  if (incomplete > 0)
    run.note(counted(incomplete, "file", "files") + " of " + commit.substr(0, 12) +
             " could not be analysed completely");
  SelectionOptions selection = selectionFor(run, *facts);
  selection.minConfidence = Confidence::Low;
  selection.tellUnused = false;
  Report old;
  old.root = root;
  selectFindings(analyzeWatched(run, *facts, report), selection, old);
  for (const ReportedFinding &finding : old.findings)
    before.push_back(baselineEntry(finding));
  return before;
}

} // namespace threadlint
