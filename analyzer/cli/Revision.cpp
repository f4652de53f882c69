// Revision: a scratch checkout through an index of its own, and rewritten compile commands.
#include "analyzer/cli/Revision.h"

#include "analyzer/cli/Errors.h"
#include "analyzer/cli/Git.h"
#include "analyzer/cli/Paths.h"

#include <llvm/ADT/SmallString.h>
#include <llvm/ADT/StringRef.h>
#include <llvm/Support/FileSystem.h>

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

class Checkout {
public:
  Checkout(std::string top, std::string scratch, const std::string &database)
      : top_(std::move(top)), scratch_(std::move(scratch)) {
    std::string build = fs::path(database).parent_path().string();
    if (!build.empty() && build != top_ && isUnder(build, top_))
      build_ = build;
  }

  /// The command with its paths in the scratch folder, or nothing when its file is not there.
  std::optional<CompileCommand> moved(const CompileCommand &command,
                                      const std::map<std::string, std::string> &oldNames) const {
    CompileCommand result = command;
    std::string relative = projectPath(command.file, top_);
    if (auto old = oldNames.find(relative); old != oldNames.end())
      relative = old->second;
    if (isMovable(command.file)) {
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
  bool isMovable(const std::string &path) const {
    return isUnder(path, top_) && (build_.empty() || !isUnder(path, build_));
  }

  /// The counterpart in the scratch folder when there is one; what git does not know stays where it is.
  std::string movedPath(const std::string &path, const std::string &directory) const {
    std::string full = absolutePath(path, directory);
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

  std::string top_, scratch_, build_;
};

/// Removes the folder at the end.
struct ScratchFolder {
  std::string path;
  ~ScratchFolder() {
    std::error_code error;
    if (!path.empty())
      fs::remove_all(path, error);
  }
};

/// Everything of the commit, submodules as links to what is checked out now.
llvm::Error checkOut(const std::string &top, const std::string &commit,
                     const std::string &scratch) {
  std::string index = scratch + ".index";
  std::string what = "check out '" + commit + "'";
  auto read = runGit(top, {"read-tree", commit}, what, index);
  if (!read)
    return read.takeError();
  auto written = runGit(top, {"checkout-index", "--all", "--prefix=" + scratch + "/"}, what, index);
  std::error_code ignored;
  if (!written) {
    fs::remove(index, ignored);
    return written.takeError();
  }
  auto entries = runGit(top, {"ls-files", "--stage", "-z"}, what, index);
  fs::remove(index, ignored);
  if (!entries)
    return entries.takeError();
  llvm::SmallVector<StringRef> list;
  StringRef(*entries).split(list, '\0', -1, /*KeepEmpty=*/false);
  for (StringRef entry : list)
    if (entry.starts_with("160000 ")) {
      std::string name = entry.split('\t').second.str();
      fs::remove(scratch + "/" + name, ignored);
      fs::create_directories(fs::path(scratch + "/" + name).parent_path(), ignored);
      fs::create_directory_symlink(top + "/" + name, scratch + "/" + name, ignored);
    }
  return llvm::Error::success();
}

/// New name to old name of the files that were renamed since.
std::map<std::string, std::string> renamedSince(const std::string &top, const std::string &commit) {
  std::map<std::string, std::string> names;
  auto output = runGit(
      top,
      {"diff", "--name-status", "--find-renames", "--diff-filter=R", "-z", "--no-relative", commit},
      "compare with '" + commit + "'");
  if (!output) {
    llvm::consumeError(output.takeError());
    return names;
  }
  llvm::SmallVector<StringRef> fields; // "R087", old, new
  StringRef(*output).split(fields, '\0', -1, /*KeepEmpty=*/false);
  for (std::size_t i = 0; i + 2 < fields.size(); i += 3)
    names[fields[i + 2].str()] = fields[i + 1].str();
  return names;
}

} // namespace

llvm::Expected<std::string> commitOf(const std::string &folder, const std::string &rev) {
  auto output = runGit(folder, {"rev-parse", "--verify", "--end-of-options", rev + "^{commit}"},
                       "find the revision '" + rev + "'");
  if (!output)
    return output.takeError();
  return trimmed(*output).substr(trimmed(*output).rfind('\n') + 1);
}

llvm::Expected<std::string> mergeBase(const std::string &folder, const std::string &ref) {
  llvm::Expected<std::string> commit = commitOf(folder, ref);
  if (!commit)
    return commit.takeError();
  auto output = runGit(folder, {"merge-base", "HEAD", *commit},
                       "find the merge base of HEAD and '" + ref +
                           "' (a shallow clone has none: fetch more history)");
  if (!output)
    return output.takeError();
  return trimmed(*output);
}

llvm::Expected<Baseline> findingsAtRevision(const Run &run, const std::string &commit,
                                            const Sources &sources, Report &report) {
  auto up = runGit(run.root, {"rev-parse", "--show-cdup"}, "find the top of the repository");
  if (!up)
    return up.takeError();
  std::string top = absolutePath(trimmed(*up), run.root);
  llvm::SmallString<128> folder;
  if (llvm::sys::fs::createUniqueDirectory("threadlint-revision", folder))
    return failure("cannot make a scratch folder");
  ScratchFolder scratch{std::string(folder)};
  std::string tree = scratch.path + "/tree";
  if (llvm::Error error = checkOut(top, commit, tree))
    return std::move(error);

  Checkout checkout(top, tree, sources.database);
  std::map<std::string, std::string> oldNames = renamedSince(top, commit);
  Sources moved{{}, sources.database};
  std::vector<std::string> absent;
  for (const CompileCommand &command : sources.commands)
    if (std::optional<CompileCommand> old = checkout.moved(command, oldNames))
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
  std::size_t incomplete =
      static_cast<std::size_t>(std::count_if(facts->tus.begin(), facts->tus.end(), isIncomplete));
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
