// CommandLine: words to settings, settings to options.
#include "analyzer/cli/CommandLine.h"

#include "analyzer/cli/Errors.h"
#include "analyzer/cli/OptionScope.h"
#include "analyzer/cli/Suggestion.h"

#include <llvm/ADT/StringRef.h>

#include <algorithm>

namespace threadlint {
namespace {

using llvm::Error;
using llvm::StringRef;

struct CommandRow {
  std::string_view name;
  Command command;
};

constexpr CommandRow kCommands[] = {{"facts", Command::Facts},     {"link", Command::Link},
                                    {"explain", Command::Explain}, {"baseline", Command::Baseline},
                                    {"diff", Command::Diff},       {"config", Command::Config},
                                    {"doctor", Command::Doctor},   {"merge", Command::Merge},
                                    {"version", Command::Version}, {"help", Command::Help}};

constexpr std::string_view kBaselineActions[] = {"create", "update", "prune", "show"};
constexpr std::string_view kConfigActions[] = {"dump", "explain", "verify", "schema", "init"};

/// `-std=c++20`, `-Iinclude`: what people forget to put behind `--`.
bool looksLikeCompilerFlag(StringRef argument) {
  if (argument.size() < 3 || argument[1] == '-')
    return false;
  StringRef text = argument.drop_front();
  return StringRef("DILUWfmx").contains(text[0]) || text.starts_with("std=") ||
         text.starts_with("isystem") || text.starts_with("include") || text == "pthread" ||
         text == "nostdinc" || text == "nostdinc++" || (text[0] == 'O' && text.size() == 2);
}

Error unknownOption(StringRef argument) {
  StringRef name = argument.split('=').first;
  if (std::string twoDashes = "-" + name.str(); findOption(twoDashes))
    return failure("unknown option '" + name.str() + "', did you mean '" + twoDashes + "'?");
  if (looksLikeCompilerFlag(argument))
    return failure("unknown option '" + argument.str() + "': compiler flags go after '--'");
  std::vector<std::string_view> names;
  for (const OptionRow &row : optionTable())
    names.push_back(row.name);
  return failure("unknown option '" + name.str() + "'" + didYouMean(name, names));
}

/// Splits `-j4` and `-pDIR`, which have no '='.
bool splitShortOption(StringRef argument, StringRef &name, StringRef &value) {
  if (argument.size() < 3 || argument[1] == '-')
    return false;
  if (findOption("-" + argument.split('=').first.str()))
    return false; // a long option with one dash
  name = argument.take_front(2);
  value = argument.drop_front(2);
  value.consume_front("=");
  const OptionRow *row = findOption(name);
  return row && !row->argument.empty();
}

/// Reads arguments[at], which starts with '-', and moves `at` past a separate value.
Error readOption(const std::vector<std::string> &arguments, std::size_t &at, CommandLine &line) {
  StringRef argument = arguments[at];
  auto [name, value] = argument.split('=');
  bool hasValue = argument.contains('=');
  const OptionRow *row = findOption(name);
  if (StringRef shortName, shortValue; !row && splitShortOption(argument, shortName, shortValue)) {
    row = findOption(shortName);
    name = shortName;
    value = shortValue;
    hasValue = true;
  }
  if (!row)
    return unknownOption(argument);
  if (row->name == "-p" && line.find("-p"))
    return failure("option '-p' is given more than once");
  if (row->argument.empty() && hasValue)
    return failure("option '" + name.str() + "' takes no value");
  if (!row->argument.empty() && !hasValue) {
    if (at + 1 == arguments.size())
      return failure("option '" + name.str() + "' needs a value");
    value = arguments[++at];
  }
  line.settings.push_back({row, value.str(), "command line"});
  return Error::success();
}

template <class Enum>
Error readAction(const std::vector<std::string> &arguments, std::span<const std::string_view> names,
                 Enum &action) {
  std::string list;
  for (std::string_view name : names)
    list += (list.empty() ? "" : name == names.back() ? " or " : ", ") + std::string(name);
  if (arguments.size() < 2 || arguments[1].starts_with("-"))
    return failure("'threadlint " + arguments[0] + "' needs an action: " + list);
  auto place = std::find(names.begin(), names.end(), arguments[1]);
  if (place == names.end()) {
    std::string suggestion = didYouMean(arguments[1], names);
    return failure("unknown action '" + arguments[1] + "' of 'threadlint " + arguments[0] + "'" +
                   (suggestion.empty() ? ": there are " + list : suggestion));
  }
  action = static_cast<Enum>(place - names.begin());
  return Error::success();
}

/// The command and what belongs to it; `at` becomes the first word after it.
Error readCommand(const std::vector<std::string> &arguments, std::size_t &at, Options &options) {
  if (arguments.empty())
    return Error::success();
  for (const CommandRow &row : kCommands)
    if (arguments[0] == row.name) {
      options.command = row.command;
      at = 1;
    }
  options.fromFacts = options.command == Command::Link;
  if (options.command == Command::Config) {
    if (Error error = readAction(arguments, kConfigActions, options.configAction))
      return error;
    at = 2;
  }
  if (options.command == Command::Baseline) {
    if (Error error = readAction(arguments, kBaselineActions, options.baselineAction))
      return error;
    if (arguments.size() < 3 || arguments[2].empty() || arguments[2].starts_with("-"))
      return failure("'threadlint baseline " + arguments[1] + "' needs a file");
    options.baselinePath = arguments[2];
    at = 3;
    if (arguments.size() > 3 && arguments[3] == "link") {
      options.fromFacts = true;
      at = 4;
    }
  }
  return Error::success();
}

Error checkOutputs(const Options &options) {
  auto isStdout = [](const OutputTarget &target) { return target.path.empty(); };
  if (std::count_if(options.outputs.begin(), options.outputs.end(), isStdout) > 1)
    return failure("option '--output' without a path is given more than once");
  for (const OutputTarget &target : options.outputs)
    if (!target.path.empty() &&
        std::count_if(options.outputs.begin(), options.outputs.end(),
                      [&](const OutputTarget &other) { return other.path == target.path; }) > 1)
      return failure("'" + target.path + "' is given for two outputs");
  return Error::success();
}

Error checkConsistency(const Options &options) {
  if (Error error = checkOutputs(options))
    return error;
  std::size_t inputs = options.inputs.size();
  if (options.command == Command::Facts && inputs != 1)
    return failure(inputs == 0 ? "'threadlint facts' needs a source file"
                               : "'threadlint facts' takes one source file");
  if (options.fromFacts && inputs == 0)
    return failure("'threadlint link' needs facts files");
  if (options.command == Command::Explain && inputs != 1)
    return failure("'threadlint explain' needs the name of a check");
  if (options.command == Command::Diff &&
      (options.previousPath.empty() || options.currentPath.empty()))
    return failure("'threadlint diff' needs '--previous FILE' and '--current FILE'");
  bool hasDiffOption = !options.previousPath.empty() || !options.currentPath.empty();
  if (hasDiffOption && options.command != Command::Diff)
    return failure("options '--previous' and '--current' belong to 'threadlint diff'");
  bool hasFactsOption = !options.factsPath.empty() || options.factsForm != FactsForm::Binary;
  if (hasFactsOption && options.command != Command::Facts)
    return failure("options '-o' and '--format' belong to 'threadlint facts'");
  if (options.command == Command::Merge && !options.traces.empty())
    return failure("'threadlint merge' takes traces without '--trace'");
  bool hasTraces = options.command == Command::Merge || options.command == Command::Diff ||
                   !options.traces.empty();
  if (options.minEvidence && !hasTraces)
    return failure("option '--min-evidence' needs a trace: '--trace=FILE' or 'threadlint merge'");
  if (options.fixedFlags && options.buildPath)
    return failure("option '-p' and flags after '--' exclude each other");
  const bool extractsBaseline = options.command == Command::Baseline &&
                                options.baselineAction != BaselineAction::Show &&
                                !options.fromFacts;
  const bool extracts =
      options.command == Command::Lint || options.command == Command::Doctor || extractsBaseline;
  if (options.fixedFlags && extracts && inputs == 0)
    return failure("no source files before '--'");
  bool comparesRevisions = !options.newFromRev.empty() || !options.newFromMergeBase.empty();
  if (comparesRevisions && options.fromFacts)
    return failure("facts belong to one revision: compare reports with 'threadlint diff' instead");
  if (!options.newFromRev.empty() && !options.newFromMergeBase.empty())
    return failure("options '--new-from-rev' and '--new-from-merge-base' exclude each other");
  return Error::success();
}

} // namespace

const Setting *CommandLine::find(std::string_view name) const {
  for (const Setting &setting : settings)
    if (setting.row->name == name)
      return &setting;
  return nullptr;
}

llvm::Expected<CommandLine> parseCommandLine(const std::vector<std::string> &arguments) {
  CommandLine line;
  std::size_t at = 0;
  if (Error error = readCommand(arguments, at, line.start))
    return std::move(error);
  for (; at < arguments.size(); ++at) {
    const std::string &argument = arguments[at];
    if (argument == "--") {
      line.start.fixedFlags.emplace(arguments.begin() + static_cast<std::ptrdiff_t>(at) + 1,
                                    arguments.end());
      break;
    }
    if (argument.empty())
      return failure("an argument is empty");
    if (argument.size() > 1 && argument[0] == '-') {
      if (Error error = readOption(arguments, at, line))
        return std::move(error);
    } else {
      line.start.inputs.push_back(argument);
    }
  }
  return line;
}

std::vector<Setting> effectiveSettings(const CommandLine &line,
                                       const std::vector<Setting> &config) {
  std::vector<Setting> settings;
  for (const Setting &setting : config) {
    std::string_view key = setting.row->key.empty() ? "strict" : setting.row->key;
    bool replaced =
        std::any_of(line.settings.begin(), line.settings.end(), [&](const Setting &other) {
          return other.row == setting.row ||
                 (key == "strict" && other.row->name.ends_with("strict"));
        });
    // Flags after `--` stand for a compile database.
    bool meaningless = line.start.fixedFlags && setting.row->name == "-p";
    if (!replaced && !meaningless)
      settings.push_back(setting);
  }
  settings.insert(settings.end(), line.settings.begin(), line.settings.end());
  return settings;
}

llvm::Expected<Options> makeOptions(const CommandLine &line, const std::vector<Setting> &config,
                                    bool isBeforeConfig) {
  Options options = line.start;
  for (const Setting &setting : effectiveSettings(line, config)) {
    std::string file = options.baselinePath;
    if (Error error = applyOption(*setting.row, setting.value, options)) {
      if (setting.origin == "command line")
        return std::move(error);
      return failure(setting.origin + ": " + llvm::toString(std::move(error)));
    }
    if (options.command == Command::Baseline)
      options.baselinePath = file; // `baseline` in the configuration is about lint runs
  }
  bool informs = options.command == Command::Help || options.command == Command::Version;
  if (!informs) {
    if (Error error = checkConsistency(options))
      return std::move(error);
    if (Error error = checkScopes(line, options, isBeforeConfig))
      return std::move(error);
  }
  if (options.outputs.empty())
    options.outputs.emplace_back();
  options.warnings = uselessOptions(line, options);
  options.areIncludesTyped = line.find("--include") != nullptr;
  options.areExcludesTyped = line.find("--exclude") != nullptr;
  options.areHeaderFiltersTyped = line.find("--header-filter") != nullptr;
  return options;
}

std::string helpText() {
  std::string text =
      "threadlint finds data races, deadlocks and thread-lifetime bugs in C and C++\n\n"
      "usage: threadlint [options] [file|glob]...        lint the files of a compile database\n"
      "       threadlint [options] file... -- [flags]    lint files with these compiler flags\n"
      "       threadlint facts file -o FILE [-- flags]   extract the facts of one file\n"
      "       threadlint link facts...                   analyse extracted facts\n"
      "       threadlint explain check                   show what a check finds and how to fix "
      "it\n"
      "       threadlint baseline create|update|prune|show FILE [arguments of a run]\n"
      "                                                  keep the list of known findings\n"
      "       threadlint diff --previous A --current B   compare two JSON reports\n"
      "       threadlint config dump|explain|verify|schema|init\n"
      "                                                  show, check or make .threadlint.yaml\n"
      "       threadlint merge static.json trace...      say which findings of a report happened "
      "in "
      "traced runs\n"
      "       threadlint doctor [-p DIR]                 say what is wrong with a compile "
      "database\n\n"
      "options:\n";
  for (const OptionRow &row : optionTable()) {
    std::string left = "  " + std::string(row.name);
    if (!row.argument.empty())
      left += (row.name.size() > 2 ? "=" : " ") + std::string(row.argument);
    left.resize(std::max<std::size_t>(left.size() + 2, 30), ' ');
    text += left + std::string(row.help) + "\n";
  }
  text += "\noutput formats:";
  for (std::string_view format : formatNames())
    text += " " + std::string(format);
  return text + "\nexit codes: 0 clean, 1 findings, 2 could not run, 3 incomplete under --strict\n";
}

} // namespace threadlint
