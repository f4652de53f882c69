// SourceSelection: every input has to select something, so that a typing mistake does not pass for a clean run.
#include "analyzer/cli/SourceSelection.h"

#include "analyzer/cli/CompileDatabase.h"
#include "analyzer/cli/Errors.h"
#include "analyzer/cli/InputFile.h"
#include "analyzer/cli/OutputConflicts.h"
#include "analyzer/cli/Paths.h"
#include "analyzer/cli/Suggestion.h"
#include "analyzer/facts/ProjectPath.h"
#include "analyzer/report/Glob.h"

#include <algorithm>
#include <filesystem>
#include <map>

namespace threadlint {
namespace {

bool isGlob(const std::string &text) { return text.find_first_of("*?[") != std::string::npos; }

bool isFolder(const std::string &path) {
  std::error_code error;
  return std::filesystem::is_directory(path, error);
}

/// What to add about an input that is not there: it may have been meant as a command.
std::string hintOfCommand(const std::string &input) {
  static constexpr std::string_view kCommands[] = {"facts",   "link",  "explain", "baseline",
                                                   "diff",    "merge", "config",  "doctor",
                                                   "version", "help"};
  for (std::string_view command : kCommands)
    if (input == command)
      return "; the command '" + input + "' goes before all options";
  return input.find('.') == std::string::npos ? didYouMean(input, kCommands) : "";
}

class Selector {
public:
  Selector(const Options &options, const Environment &environment, const std::string &root)
      : options_(options), environment_(environment), root_(root),
        workingFolder_(environment.workingFolder) {}

  llvm::Expected<SelectedSources> run() {
    if (options_.fixedFlags)
      return withFlags(*options_.fixedFlags);
    std::optional<std::string> database = databasePath();
    if (!database && options_.inputs.empty())
      return failure("no compile_commands.json found in '" + environment_.workingFolder +
                     "', its build/ or above: pass '-p DIR', or 'FILE... -- FLAGS'");
    if (!database) {
      llvm::Expected<SelectedSources> sources = withFlags({});
      if (sources)
        sources->remark = "no compile_commands.json found, using default compiler flags" +
                          (sources->remark.empty() ? "" : "; " + sources->remark);
      return sources;
    }
    llvm::Expected<std::vector<CompileCommand>> commands = readCompileDatabase(*database);
    if (!commands)
      return commands.takeError();
    return fromDatabase(std::move(*commands), *database);
  }

private:
  std::optional<std::string> databasePath() const {
    if (!options_.buildPath)
      return findCompileDatabase(environment_.workingFolder);
    const std::string &path = *options_.buildPath;
    const bool namesFile = isPresent(path) ? !isFolder(path) : path.ends_with(".json");
    return namesFile ? path : (std::filesystem::path(path) / "compile_commands.json").string();
  }

  llvm::Expected<SelectedSources> withFlags(const std::vector<std::string> &flags) const {
    SelectedSources sources;
    for (const std::string &input : options_.inputs) {
      if (llvm::Error error = checkReadable(input)) {
        return failure(llvm::toString(std::move(error)) + hintOfCommand(input));
      }
      if (llvm::Error error = checkSourceName(input, flags))
        return std::move(error);
      if (isHeaderName(input) && sources.remark.empty())
        sources.remark =
            "'" + input + "' is a header: what the files that include it do is not seen";
      CompileCommand command;
      command.directory = environment_.workingFolder;
      command.file = absolutePath(input, environment_.workingFolder);
      command.arguments.push_back(isCName(input) ? "clang" : "clang++");
      command.arguments.insert(command.arguments.end(), flags.begin(), flags.end());
      command.arguments.push_back(command.file);
      sources.commands.push_back(std::move(command));
    }
    if (options_.areIncludesTyped)
      if (llvm::Error error = checkIncludes(sources.commands, "the arguments"))
        return std::move(error);
    if (llvm::Error error = keepIncluded(sources.commands))
      return std::move(error);
    sources.unusedExcludes = unusedExcludes(sources.commands);
    dropExcluded(sources.commands);
    sortCommands(sources.commands);
    return sources;
  }

  llvm::Expected<SelectedSources> fromDatabase(std::vector<CompileCommand> commands,
                                               const std::string &database) const {
    SelectedSources sources;
    sources.database = absolutePath(database, environment_.workingFolder);
    sources.unusedExcludes = unusedExcludes(commands);
    if (llvm::Error error = checkIncludes(commands, "'" + database + "'"))
      return std::move(error);
    if (options_.inputs.empty()) {
      sources.commands = std::move(commands);
    } else {
      std::vector<bool> isWanted(commands.size(), false);
      for (const std::string &input : options_.inputs) {
        bool found = false;
        for (std::size_t i = 0; i < commands.size(); ++i)
          if (selects(input, commands[i])) {
            isWanted[i] = true;
            found = true;
          }
        if (!found)
          return notFound(input, database);
      }
      for (std::size_t i = 0; i < commands.size(); ++i)
        if (isWanted[i])
          sources.commands.push_back(std::move(commands[i]));
    }
    if (llvm::Error error = keepIncluded(sources.commands))
      return std::move(error);
    dropExcluded(sources.commands);
    if (sources.commands.empty())
      return failure("'--exclude' leaves no file of '" + database + "'");
    return sources;
  }

  /// Clang takes what has another name for an object file, and there would be nothing to analyse.
  static llvm::Error checkSourceName(const std::string &input,
                                     const std::vector<std::string> &flags) {
    static constexpr std::string_view kMore[] = {".i",   ".ii", ".inc", ".ipp", ".inl",
                                                 ".tpp", ".cu", ".m",   ".mm"};
    const std::string extension = std::filesystem::path(input).extension().string();
    bool hasLanguage = std::any_of(flags.begin(), flags.end(),
                                   [](const std::string &flag) { return flag.starts_with("-x"); });
    if (hasLanguage || isSourceName(input) || isHeaderName(input) ||
        std::find(std::begin(kMore), std::end(kMore), extension) != std::end(kMore))
      return llvm::Error::success();
    return failure("'" + input +
                   "' is not named like a C or C++ source: pass '-x c++' after '--' "
                   "if it is one");
  }

  struct Names {
    std::string inProject, here, resolved;
  };

  const Names &namesOf(const CompileCommand &command) const {
    auto [place, isNew] = names_.try_emplace(command.file);
    if (isNew)
      place->second = {root_.name(command.file), workingFolder_.name(command.file),
                       resolvedPath(command.file)};
    return place->second;
  }

  /// A file, a folder of files, or a glob on the path relative to the project root or to the working folder.
  bool selects(const std::string &input, const CompileCommand &command) const {
    const Names &names = namesOf(command);
    if (isGlob(input))
      return matchesPath(input, names.inProject) || matchesPath(input, names.here) ||
             matchesPath(input, command.file) || matchesPath(input, names.resolved);
    const std::string path = resolvedPath(absolutePath(input, environment_.workingFolder));
    return names.resolved == path || names.resolved.starts_with(path + "/");
  }

  llvm::Error notFound(const std::string &input, const std::string &database) const {
    if (isGlob(input))
      return failure("no file of '" + database + "' matches '" + input + "'");
    if (llvm::Error error = isFolder(input) ? llvm::Error::success() : checkReadable(input))
      return failure(llvm::toString(std::move(error)) + hintOfCommand(input));
    if (isHeaderName(input))
      return failure("'" + input + "' is a header and not in '" + database +
                     "': give a source file that includes it");
    return failure("'" + input + "' is not in '" + database + "': pass its flags after '--'");
  }

  /// Every glob has to match something, whatever the arguments choose of it.
  llvm::Error checkIncludes(const std::vector<CompileCommand> &commands,
                            const std::string &from) const {
    auto matches = [&](const std::string &glob, const CompileCommand &command) {
      return matchesPath(glob, namesOf(command).inProject);
    };
    for (const std::string &glob : options_.includes)
      if (std::none_of(commands.begin(), commands.end(),
                       [&](const CompileCommand &command) { return matches(glob, command); }))
        return failure("no file of " + from + " matches '--include=" + glob + "'");
    return llvm::Error::success();
  }

  llvm::Error keepIncluded(std::vector<CompileCommand> &commands) const {
    if (options_.includes.empty())
      return llvm::Error::success();
    std::erase_if(commands, [&](const CompileCommand &command) {
      return !matchesAnyPath(options_.includes, namesOf(command).inProject);
    });
    if (commands.empty())
      return failure("'--include' leaves none of the given files");
    return llvm::Error::success();
  }

  std::vector<std::string> unusedExcludes(const std::vector<CompileCommand> &commands) const {
    std::vector<std::string> unused = options_.excludes;
    std::erase_if(unused, [&](const std::string &glob) {
      return std::any_of(commands.begin(), commands.end(), [&](const CompileCommand &command) {
        return matchesPath(glob, namesOf(command).inProject);
      });
    });
    return unused;
  }

  void dropExcluded(std::vector<CompileCommand> &commands) const {
    std::erase_if(commands, [&](const CompileCommand &command) {
      return matchesAnyPath(options_.excludes, namesOf(command).inProject);
    });
  }

  const Options &options_;
  const Environment &environment_;
  const ProjectRoot root_, workingFolder_;
  mutable std::map<std::string, Names> names_; ///< of what was asked for
};

} // namespace

llvm::Expected<SelectedSources>
selectSources(const Options &options, const Environment &environment, const std::string &root) {
  llvm::Expected<SelectedSources> sources = Selector(options, environment, root).run();
  if (!sources)
    return sources;
  std::vector<std::string> files{sources->database};
  for (const CompileCommand &command : sources->commands)
    files.push_back(command.file);
  if (llvm::Error error = checkInputsSurvive(options, files))
    return std::move(error);
  return sources;
}

} // namespace threadlint
