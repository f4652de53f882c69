// DoctorCommand: `threadlint doctor [-p DIR]`: whether a compile database can be analysed, and what to do when not.
//
// It extracts every file and groups what Clang says; nothing is analysed.
#include "analyzer/cli/Commands.h"
#include "analyzer/cli/Errors.h"
#include "analyzer/cli/OutputFile.h"
#include "analyzer/cli/Run.h"
#include "analyzer/cli/SourceSelection.h"
#include "analyzer/facts/ProjectPath.h"
#include "analyzer/report/Escapes.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>

namespace threadlint {
namespace {

struct Advice {
  std::string_view part, advice; ///< of a message
};

/// The first row whose part is in the message counts.
constexpr Advice kAdvice[] = {
    {"took longer", "raise --timeout, or leave the file out with --exclude"},
    {"needs more than", "raise --memory-limit"},
    {"crashed", "leave the file out with --exclude, and report the crash"},
    {"response file", "build the project once, so that its response files are there"},
    {"unknown argument", "the database was written for another compiler: drop the argument, or "
                         "configure the project with clang"},
    {"unsupported option", "the database was written for another compiler: configure the project "
                           "with clang"},
    {"No such file or directory",
     "the source is not there: generated files appear when the project "
     "is built"},
    {"'stddef.h' file not found", "the compiler's own headers are missing: install clang-22"},
    {"file not found", "a header is missing: build the project once so that generated headers are "
                       "there, install the libraries' headers, or add '--extra-arg=-I...'"},
    {"precompiled", "build the project once, or configure it without precompiled headers"},
    {"module", "build the project once, so that its modules are there"},
    {"unknown type name",
     "often an earlier header is missing, or the language standard is too old: "
     "see the flags in the database"},
    {"requires", "the language standard of the command is too old: see the flags in the database"},
};

std::string adviceFor(const std::string &message) {
  for (const Advice &row : kAdvice)
    if (message.find(row.part) != std::string::npos)
      return std::string(row.advice);
  return "compile the file with 'clang++-22 -fsyntax-only' and its flags: Clang must accept it";
}

constexpr std::string_view kNotFound = "' file not found";

/// The message, and for a missing header only which: without the way there and without what Clang guesses.
std::string causeOf(const std::string &message) {
  const std::size_t end = message.find(kNotFound);
  if (end == std::string::npos || end == 0)
    return message;
  std::size_t start = message.rfind('\'', end - 1);
  start = start == std::string::npos ? 0 : start + 1;
  std::string header = message.substr(start, end - start);
  while (header.starts_with("../") || header.starts_with("./"))
    header.erase(0, header.find('/') + 1);
  return "'" + header + std::string(kNotFound);
}

/// Files by what is wrong with them; of each file the missing header, from which other errors follow, else the first message.
std::map<std::string, std::vector<std::string>> problemsOf(const std::vector<TuFacts> &tus) {
  std::map<std::string, std::vector<std::string>> problems;
  for (const TuFacts &facts : tus) {
    const std::string *first = nullptr;
    for (const Limitation &limitation : facts.limitations) {
      const std::string &message = facts.strings[limitation.message];
      if (!limitation.incomplete || (first && (message.find(kNotFound) == std::string::npos ||
                                               first->find(kNotFound) != std::string::npos)))
        continue;
      first = &message;
    }
    if (first)
      problems[causeOf(*first)].push_back(facts.mainFile);
  }
  return problems;
}

} // namespace

llvm::Expected<int> runDoctor(const Options &options, const Environment &environment) {
  llvm::Expected<Run> run = startRun(options, environment);
  if (!run)
    return run.takeError();
  llvm::Expected<SelectedSources> sources = selectSources(options, environment, run->root);
  if (!sources)
    return sources.takeError();
  if (!sources->remark.empty())
    run->note(sources->remark);
  const std::vector<CompileCommand> &commands = sources->commands;
  if (commands.empty())
    return failure("'--exclude' leaves no file");

  std::set<std::string> files, folders;
  std::size_t outside = 0;
  for (const CompileCommand &command : commands) {
    outside +=
        files.insert(command.file).second && projectPath(command.file, run->root).starts_with('/');
    std::error_code error;
    if (!std::filesystem::is_directory(command.directory, error))
      folders.insert(command.directory);
  }
  std::string text = "project root: " + onOneLine(run->root) + "\n" +
                     counted(commands.size(), "command", "commands") + " for " +
                     counted(files.size(), "file", "files") + "\n";
  if (outside > 0)
    text += counted(outside, "file lies", "files lie") +
            " outside of the project root: set --project-root\n";
  for (const std::string &folder : folders)
    text += "the folder '" + onOneLine(folder) + "' does not exist: configure the project again\n";

  llvm::Expected<std::vector<TuFacts>> tus = extractWithProgress(*run, commands, run->root);
  if (!tus)
    return tus.takeError();
  std::map<std::string, std::vector<std::string>> problems = problemsOf(*tus);
  std::vector<std::pair<std::string, std::vector<std::string>>> sorted(problems.begin(),
                                                                       problems.end());
  std::sort(sorted.begin(), sorted.end(), [](const auto &a, const auto &b) {
    return std::make_pair(b.second.size(), a.first) < std::make_pair(a.second.size(), b.first);
  });
  std::size_t broken = 0;
  for (const auto &[message, broke] : sorted) {
    broken += broke.size();
    text += "\n" + onOneLine(message) + "\n  in " + counted(broke.size(), "file", "files") + ": " +
            onOneLine(broke[0]) + (broke.size() > 1 ? ", ..." : "") +
            "\n  what to do: " + adviceFor(message) + "\n";
  }
  text += broken == 0
              ? "every file can be analysed\n"
              : "\n" + counted(broken, "file cannot", "files cannot") + " be analysed completely\n";
  if (llvm::Error error = writeStandardOutput(text, environment))
    return std::move(error);
  return broken == 0 && folders.empty() ? 0 : 3;
}

} // namespace threadlint
