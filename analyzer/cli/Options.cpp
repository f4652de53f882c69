// Options: one table row per option; the help text and the suggestions come from the same table.
#include "analyzer/cli/Options.h"

#include "analyzer/cli/Errors.h"
#include "analyzer/cli/Suggestion.h"

#include <llvm/ADT/StringRef.h>

#include <algorithm>
#include <array>

namespace threadlint {
namespace {

using llvm::Error;
using llvm::StringRef;

/// Looks `text` up among `names`; the enumerator is the position.
template <class Enum>
Error parseEnum(StringRef text, std::span<const std::string_view> names, const char *what,
                Enum &result) {
  auto place = std::find(names.begin(), names.end(), std::string_view(text));
  if (place == names.end())
    return failure(std::string("unknown ") + what + " '" + text.str() + "'" +
                   didYouMean(text, names));
  result = static_cast<Enum>(place - names.begin());
  return Error::success();
}

Error parseNumber(StringRef text, const char *what, unsigned &result) {
  if (text.getAsInteger(10, result) || result > 1'000'000)
    return failure(std::string("invalid ") + what + " '" + text.str() + "'");
  return Error::success();
}

Error parseOutput(StringRef text, Options &options) {
  auto [format, path] = text.split(':');
  OutputTarget target;
  if (Error error = parseEnum(format, formatNames(), "output format", target.format))
    return error;
  if (text.contains(':') && path.empty())
    return failure("missing path after '" + text.str() + "'");
  target.path = path == "-" ? "" : path.str();
  options.outputs.push_back(std::move(target));
  return Error::success();
}

Error parseConfidence(StringRef text, Options &options) {
  static constexpr std::array<std::string_view, 3> kNames{"high", "medium", "low"};
  return parseEnum(text, kNames, "confidence", options.minConfidence);
}

Error parseSeverity(StringRef text, Options &options) {
  static constexpr std::array<std::string_view, 3> kNames{"error", "warning", "note"};
  return parseEnum(text, kNames, "severity", options.failOn);
}

Error parseColor(StringRef text, Options &options) {
  static constexpr std::array<std::string_view, 3> kNames{"auto", "always", "never"};
  return parseEnum(text, kNames, "colour mode", options.color);
}

Error parseFactsForm(StringRef text, Options &options) {
  static constexpr std::array<std::string_view, 2> kNames{"binary", "json"};
  return parseEnum(text, kNames, "facts format", options.factsForm);
}

struct OptionRow {
  std::string_view name, argument, help; ///< no argument = a switch
  Error (*apply)(StringRef value, Options &options);
};

Error done() { return Error::success(); }

const OptionRow kOptions[] = {
    {"-p", "DIR", "folder or file of the compile database (default: searched upward and in build/)",
     [](StringRef value, Options &o) { return o.buildPath = value.str(), done(); }},
    {"--output", "FORMAT[:PATH]",
     "report in a format (see below), to standard output or PATH; repeatable", parseOutput},
    {"--checks", "GLOBS", "checks to run, comma-separated; '-' before a glob removes them",
     [](StringRef value, Options &o) {
       return o.checks += (o.checks.empty() ? "" : ",") + value.str(), done();
     }},
    {"--min-confidence", "LEVEL", "high (default), medium or low", parseConfidence},
    {"--list-checks", "", "print the selected checks",
     [](StringRef, Options &o) { return o.command = Command::ListChecks, done(); }},
    {"-j", "N", "number of worker processes (default: one per processor)",
     [](StringRef value, Options &o) { return parseNumber(value, "number of jobs", o.jobs); }},
    {"--extra-arg", "ARG", "compiler argument to append; repeatable",
     [](StringRef value, Options &o) { return o.extraArgs.push_back(value.str()), done(); }},
    {"--exclude", "GLOB", "leave out files and findings whose path matches; repeatable",
     [](StringRef value, Options &o) { return o.excludes.push_back(value.str()), done(); }},
    {"--header-filter", "GLOB",
     "of the findings in headers show those whose path matches; repeatable",
     [](StringRef value, Options &o) { return o.headerFilters.push_back(value.str()), done(); }},
    {"--project-root", "DIR", "folder that reported paths are relative to (default: nearest .git)",
     [](StringRef value, Options &o) { return o.projectRoot = value.str(), done(); }},
    {"--fail-on", "SEVERITY",
     "least severity that makes the exit code 1: error, warning, note (default)", parseSeverity},
    {"--exit-zero", "", "exit 0 even with findings",
     [](StringRef, Options &o) { return o.exitZero = true, done(); }},
    {"--strict", "", "exit 3 when a file could not be analysed completely (default when CI is set)",
     [](StringRef, Options &o) { return o.strictness = Strictness::Strict, done(); }},
    {"--no-strict", "", "the opposite of --strict",
     [](StringRef, Options &o) { return o.strictness = Strictness::Lenient, done(); }},
    {"--timeout", "SECONDS", "time for one file before it is given up (default: 300, 0 = no limit)",
     [](StringRef value, Options &o) { return parseNumber(value, "timeout", o.timeoutSeconds); }},
    {"--no-cache", "", "neither read nor write a facts cache",
     [](StringRef, Options &) { return done(); }},
    {"--color", "WHEN", "auto (default), always or never", parseColor},
    {"--quiet", "", "no progress and no summary on standard error",
     [](StringRef, Options &o) { return o.quiet = true, done(); }},
    {"-o", "FILE", "facts: where to write (default: the file's name with .tlf)",
     [](StringRef value, Options &o) { return o.factsPath = value.str(), done(); }},
    {"--format", "FORM", "facts: binary (default) or json", parseFactsForm},
    {"--version", "", "print the version",
     [](StringRef, Options &o) { return o.command = Command::Version, done(); }},
    {"--help", "", "print this text",
     [](StringRef, Options &o) { return o.command = Command::Help, done(); }},
};

struct CommandRow {
  std::string_view name;
  Command command;
};

constexpr CommandRow kCommands[] = {{"facts", Command::Facts},
                                    {"link", Command::Link},
                                    {"explain", Command::Explain},
                                    {"version", Command::Version},
                                    {"help", Command::Help}};

const OptionRow *findOption(std::string_view name) {
  for (const OptionRow &row : kOptions)
    if (name == row.name || (name == "-h" && row.name == "--help") ||
        (name == "--jobs" && row.name == "-j") || (name == "-q" && row.name == "--quiet") ||
        (name == "--colour" && row.name == "--color"))
      return &row;
  return nullptr;
}

Error unknownOption(StringRef name) {
  std::vector<std::string_view> names;
  for (const OptionRow &row : kOptions)
    names.push_back(row.name);
  return failure("unknown option '" + name.str() + "'" + didYouMean(name, names));
}

/// Splits `-j4` and `-pDIR`, which have no '='.
bool splitShortOption(StringRef argument, StringRef &name, StringRef &value) {
  if (argument.size() < 3 || argument[1] == '-')
    return false;
  name = argument.take_front(2);
  value = argument.drop_front(2);
  value.consume_front("=");
  const OptionRow *row = findOption(name);
  return row && !row->argument.empty();
}

/// Applies arguments[at], which starts with '-', and moves `at` past a separate value.
Error applyOption(const std::vector<std::string> &arguments, std::size_t &at, Options &options) {
  StringRef argument = arguments[at];
  auto [name, value] = argument.split('=');
  bool hasValue = argument.contains('=');
  const OptionRow *row = findOption(name);
  if (!row && splitShortOption(argument, name, value)) {
    row = findOption(name);
    hasValue = true;
  }
  if (!row)
    return unknownOption(name);
  if (row->argument.empty() && hasValue)
    return failure("option '" + name.str() + "' takes no value");
  if (!row->argument.empty() && !hasValue) {
    if (at + 1 == arguments.size())
      return failure("option '" + name.str() + "' needs a value");
    value = arguments[++at];
  }
  return row->apply(value, options);
}

Error checkConsistency(const Options &options) {
  auto isStdout = [](const OutputTarget &target) { return target.path.empty(); };
  if (std::count_if(options.outputs.begin(), options.outputs.end(), isStdout) > 1)
    return failure("option '--output' without a path is given more than once");
  for (const OutputTarget &target : options.outputs)
    if (!target.path.empty() &&
        std::count_if(options.outputs.begin(), options.outputs.end(),
                      [&](const OutputTarget &other) { return other.path == target.path; }) > 1)
      return failure("'" + target.path + "' is given for two outputs");
  std::size_t inputs = options.inputs.size();
  if (options.command == Command::Facts && inputs != 1)
    return failure(inputs == 0 ? "'threadlint facts' needs a source file"
                               : "'threadlint facts' takes one source file");
  if (options.command == Command::Link && inputs == 0)
    return failure("'threadlint link' needs facts files");
  if (options.command == Command::Explain && inputs != 1)
    return failure("'threadlint explain' needs the name of a check");
  bool hasFactsOption = !options.factsPath.empty() || options.factsForm != FactsForm::Binary;
  if (hasFactsOption && options.command != Command::Facts)
    return failure("options '-o' and '--format' belong to 'threadlint facts'");
  if (options.fixedFlags && options.buildPath)
    return failure("option '-p' and flags after '--' exclude each other");
  if (options.fixedFlags && options.command == Command::Lint && inputs == 0)
    return failure("no source files before '--'");
  return Error::success();
}

} // namespace

llvm::Expected<Options> parseOptions(const std::vector<std::string> &arguments) {
  Options options;
  std::size_t at = 0;
  if (!arguments.empty())
    for (const CommandRow &row : kCommands)
      if (arguments[0] == row.name) {
        options.command = row.command;
        at = 1;
      }
  for (; at < arguments.size(); ++at) {
    const std::string &argument = arguments[at];
    if (argument == "--") {
      options.fixedFlags.emplace(arguments.begin() + static_cast<std::ptrdiff_t>(at) + 1,
                                 arguments.end());
      break;
    }
    if (argument.size() > 1 && argument[0] == '-') {
      if (Error error = applyOption(arguments, at, options))
        return std::move(error);
    } else {
      options.inputs.push_back(argument);
    }
  }
  bool informs = options.command == Command::Help || options.command == Command::Version;
  if (!informs)
    if (Error error = checkConsistency(options))
      return std::move(error);
  if (options.outputs.empty())
    options.outputs.emplace_back();
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
      "it\n\n"
      "options:\n";
  for (const OptionRow &row : kOptions) {
    std::string left = "  " + std::string(row.name);
    if (!row.argument.empty())
      left += (row.name.size() > 2 ? "=" : " ") + std::string(row.argument);
    left.resize(std::max<std::size_t>(left.size() + 2, 28), ' ');
    text += left + std::string(row.help) + "\n";
  }
  text += "\noutput formats:";
  for (std::string_view format : formatNames())
    text += " " + std::string(format);
  text += "\nexit codes: 0 clean, 1 findings, 2 could not run, 3 incomplete under --strict\n";
  return text;
}

} // namespace threadlint
