// OptionTable: the rows, in the order of --help.
#include "analyzer/cli/OptionTable.h"

#include "analyzer/cli/CheckSelection.h"
#include "analyzer/cli/Errors.h"
#include "analyzer/cli/Suggestion.h"
#include "checks/Checks.h"

#include <llvm/ADT/STLExtras.h>
#include <llvm/ADT/StringExtras.h>
#include <llvm/ADT/StringRef.h>

#include <algorithm>

namespace threadlint {
namespace {

using llvm::Error;
using llvm::StringRef;

constexpr std::string_view kConfidences[] = {"high", "medium", "low"};
constexpr std::string_view kSeverities[] = {"error", "warning", "note"};
constexpr std::string_view kFailOn[] = {"error", "warning", "note", "never"};
constexpr std::string_view kColors[] = {"auto", "always", "never"};
constexpr std::string_view kFactsForms[] = {"binary", "json"};
constexpr std::string_view kEvidence[] = {"contradicted", "never-executed", "order-observed",
                                          "confirmed"};
constexpr std::string_view kStale[] = {"ignore", "warn", "error"};

Error done() { return Error::success(); }

/// Looks `text` up among `names`; the enumerator is the position.
template <class Enum>
Error parseEnum(StringRef text, std::span<const std::string_view> names, const char *what,
                Enum &result) {
  auto place = std::find(names.begin(), names.end(), std::string_view(text));
  if (place == names.end())
    return failure(std::string("unknown ") + what + " '" + text.str() + "'" +
                   didYouMean(text, names));
  result = static_cast<Enum>(place - names.begin());
  return done();
}

Error parseNumber(StringRef text, const char *what, unsigned &result) {
  if (text.getAsInteger(10, result) || result > 1'000'000)
    return failure(std::string("invalid ") + what + " '" + text.str() + "'");
  return done();
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
  return done();
}

Error parseSeverityOverride(StringRef text, Options &options) {
  auto [check, level] = text.split('=');
  StringRef bare = check;
  bare.consume_front("threadlint-");
  std::vector<std::string_view> ids = knownChecks();
  if (std::find(ids.begin(), ids.end(), std::string_view(bare)) == ids.end())
    return failure("unknown check '" + check.str() + "'" + didYouMean(bare, ids));
  Severity severity;
  if (Error error = parseEnum(level, kSeverities, "severity", severity))
    return error;
  options.severities[bare.str()] = severity;
  return done();
}

bool isNumber(StringRef text) { return llvm::all_of(text, llvm::isDigit); }

bool isHost(StringRef text) {
  if (text.consume_front("[")) {
    if (!text.contains(']'))
      return false;
    auto [address, port] = text.split(']');
    auto isOfAddress = [](char c) { return llvm::isHexDigit(c) || c == ':' || c == '.'; };
    return address.contains(':') && llvm::all_of(address, isOfAddress) &&
           (port.empty() || (port.consume_front(":") && isNumber(port)));
  }
  auto [name, port] = text.split(':');
  return !name.empty() && isNumber(port) && port.size() <= 5 &&
         name.find_first_of("[]") == StringRef::npos;
}

/// A URI of the web by RFC 3986: what SARIF's helpUri has to be.
bool isWebAddress(StringRef text) {
  if (!text.consume_front_insensitive("https://") && !text.consume_front_insensitive("http://"))
    return false;
  constexpr StringRef kMarks = "-._~:/?#[]@!$&'()*+,;=";
  for (std::size_t i = 0; i < text.size(); ++i)
    if (text[i] == '%' ? i + 2 >= text.size() || !llvm::isHexDigit(text[i + 1]) ||
                             !llvm::isHexDigit(text[i + 2])
                       : !llvm::isAlnum(text[i]) && !kMarks.contains(text[i]))
      return false;
  const StringRef authority = text.substr(0, text.find_first_of("/?#"));
  const StringRef rest = text.drop_front(authority.size());
  const std::size_t user = authority.find('@');
  return rest.find_first_of("[]") == StringRef::npos && rest.count('#') <= 1 &&
         authority.count('@') <= 1 &&
         isHost(user == StringRef::npos ? authority : authority.drop_front(user + 1));
}

Error parseDocsUrl(StringRef text, Options &options) {
  constexpr StringRef kPlace = "{check}";
  std::string example = text.str();
  for (std::size_t at; (at = example.find(kPlace)) != std::string::npos;)
    example.replace(at, kPlace.size(), "data-race");
  if (!text.contains(kPlace) || !isWebAddress(example))
    return failure("invalid address '" + text.str() +
                   "': it has to look like 'https://example.org/checks/{check}.html'");
  options.docsUrl = text.str();
  return done();
}

Error parseExitCode(StringRef text, Options &options) {
  if (text.getAsInteger(10, options.errorExitCode) || options.errorExitCode > 255)
    return failure("invalid exit code '" + text.str() + "'");
  return done();
}

Error appendGlobs(const char *option, StringRef value, std::string &globs) {
  if (value.trim(", ").empty())
    return failure(std::string("option '") + option + "' names no check");
  globs += (globs.empty() ? "" : ",") + value.str();
  return done();
}

using enum OptionKind;

const OptionRow kOptions[] = {
    {"-p", "build-path", "DIR",
     "folder or file of the compile database (default: searched upward and in build/)", Value, true,
     [](StringRef value, Options &o) { return o.buildPath = value.str(), done(); }},
    {"--output", "output", "FORMAT[:PATH]",
     "report in a format (see below), to standard output or PATH; repeatable", List, false,
     parseOutput},
    {"--checks", "checks", "GLOBS",
     "checks to run, comma-separated; '-' before a glob removes them", List, false,
     [](StringRef value, Options &o) { return appendGlobs("--checks", value, o.checks); }},
    {"--min-confidence", "min-confidence", "LEVEL", "high (default), medium or low", Value, false,
     [](StringRef value, Options &o) {
       return parseEnum(value, kConfidences, "confidence", o.minConfidence);
     },
     kConfidences},
    {"--list-checks", "", "", "print the selected checks", Switch, false,
     [](StringRef, Options &o) { return o.command = Command::ListChecks, done(); }},
    {"-j", "jobs", "N", "number of worker processes (default: one per processor)", Value, false,
     [](StringRef value, Options &o) { return parseNumber(value, "number of jobs", o.jobs); }},
    {"--extra-arg", "extra-arg", "ARG", "compiler argument to append; repeatable", List, false,
     [](StringRef value, Options &o) { return o.extraArgs.push_back(value.str()), done(); }},
    {"--include", "include", "GLOB", "analyse only files whose path matches; repeatable", List,
     false, [](StringRef value, Options &o) { return o.includes.push_back(value.str()), done(); }},
    {"--exclude", "exclude", "GLOB", "leave out files and findings whose path matches; repeatable",
     List, false,
     [](StringRef value, Options &o) { return o.excludes.push_back(value.str()), done(); }},
    {"--header-filter", "header-filter", "GLOB",
     "of the findings in headers show those whose path matches; repeatable", List, false,
     [](StringRef value, Options &o) { return o.headerFilters.push_back(value.str()), done(); }},
    {"--show-generated", "show-generated", "",
     "also show findings in files that say they are generated", Switch, false,
     [](StringRef, Options &o) { return o.showGenerated = true, done(); }},
    {"--project-root", "project-root", "DIR",
     "folder that reported paths are relative to (default: nearest .git)", Value, true,
     [](StringRef value, Options &o) { return o.projectRoot = value.str(), done(); }},
    {"--category", "category", "NAME",
     "tells several runs for one commit apart in SARIF (default: threadlint)", Value, false,
     [](StringRef value, Options &o) { return o.category = value.str(), done(); }},
    {"--docs-url", "docs-url", "URL",
     "where your copy of the checks' pages is published, with {check} for the name of a check",
     Value, false, parseDocsUrl},
    {"--fail-on", "fail-on", "SEVERITY",
     "least severity that makes the exit code 1: error, warning, note (default) or never", Value,
     false,
     [](StringRef value, Options &o) { return parseEnum(value, kFailOn, "severity", o.failOn); },
     kFailOn},
    {"--warnings-as-errors", "warnings-as-errors", "GLOBS",
     "checks whose warnings become errors, comma-separated", List, false,
     [](StringRef value, Options &o) {
       return appendGlobs("--warnings-as-errors", value, o.warningsAsErrors);
     }},
    {"--severity", "severity", "CHECK=LEVEL",
     "report a check as error, warning or note; repeatable", Map, false, parseSeverityOverride,
     kSeverities},
    {"--error-exitcode", "error-exitcode", "N", "exit code for findings (default: 1)", Value, false,
     parseExitCode},
    {"--exit-zero", "exit-zero", "", "exit 0 even with findings", Switch, false,
     [](StringRef, Options &o) { return o.exitZero = true, done(); }},
    {"--strict",
     "strict",
     "",
     "exit 3 when a file could not be analysed completely (default when CI is set)",
     Switch,
     false,
     [](StringRef, Options &o) { return o.strictness = Strictness::Strict, done(); },
     {},
     "--no-strict"},
    {"--no-strict", "", "", "the opposite of --strict", Switch, false,
     [](StringRef, Options &o) { return o.strictness = Strictness::Lenient, done(); }},
    {"--baseline", "baseline", "FILE", "show only findings that FILE does not know", Value, true,
     [](StringRef value, Options &o) { return o.baselinePath = value.str(), done(); }},
    {"--baseline-stale", "baseline-stale", "WHAT",
     "on entries that no finding uses: ignore, warn (default) or error", Value, false,
     [](StringRef value, Options &o) {
       return parseEnum(value, kStale, "reaction", o.staleBaseline);
     },
     kStale},
    {"--new-from-rev", "new-from-rev", "REV",
     "analyse git revision REV as well and show only findings it does not have", Value, false,
     [](StringRef value, Options &o) { return o.newFromRev = value.str(), done(); }},
    {"--new-from-merge-base", "new-from-merge-base", "REF",
     "the same with the merge base of HEAD and REF", Value, false,
     [](StringRef value, Options &o) { return o.newFromMergeBase = value.str(), done(); }},
    {"--suppressions", "suppressions", "FILE", "rules for findings to hide, in YAML", Value, true,
     [](StringRef value, Options &o) { return o.suppressionsPath = value.str(), done(); }},
    {"--require-reason", "require-reason", "", "suppressions without a reason do not hide anything",
     Switch, false, [](StringRef, Options &o) { return o.requireReason = true, done(); }},
    {"--unused-suppressions", "unused-suppressions", "", "say which suppressions hide nothing",
     Switch, false, [](StringRef, Options &o) { return o.warnUnusedSuppressions = true, done(); }},
    {"--show-suppressed", "show-suppressed", "",
     "also write suppressed findings, marked; they never gate", Switch, false,
     [](StringRef, Options &o) { return o.showSuppressed = true, done(); }},
    {"--trace", "trace", "FILE",
     "say of each lock finding what this trace of a run shows; repeatable", List, true,
     [](StringRef value, Options &o) { return o.traces.push_back(value.str()), done(); }},
    {"--min-evidence", "min-evidence", "VERDICT",
     "let only findings with at least this evidence gate: confirmed, order-observed, "
     "never-executed or contradicted",
     Value, false,
     [](StringRef value, Options &o) {
       return parseEnum(value, kEvidence, "evidence", o.minEvidence.emplace());
     },
     kEvidence},
    {"--timeout", "timeout", "SECONDS",
     "time for one file before it is given up (default: 300, 0 = no limit)", Value, false,
     [](StringRef value, Options &o) { return parseNumber(value, "timeout", o.timeoutSeconds); }},
    {"--total-timeout", "total-timeout", "SECONDS",
     "time for the run; then a partial report (default: 0 = no limit)", Value, false,
     [](StringRef value, Options &o) {
       return parseNumber(value, "timeout", o.totalTimeoutSeconds);
     }},
    {"--memory-limit", "memory-limit", "MB",
     "address space of each process before it is given up (default: 0 = no limit)", Value, false,
     [](StringRef value, Options &o) {
       return parseNumber(value, "memory limit", o.memoryMegabytes);
     }},
    {"--no-cache", "", "", "neither read nor write a facts cache", Switch, false,
     [](StringRef, Options &) { return done(); }},
    {"--color", "color", "WHEN", "auto (default), always or never", Value, false,
     [](StringRef value, Options &o) { return parseEnum(value, kColors, "colour mode", o.color); },
     kColors},
    {"--quiet", "quiet", "", "no progress and no summary on standard error", Switch, false,
     [](StringRef, Options &o) { return o.quiet = true, done(); }},
    {"--config", "", "FILE", "configuration file (default: the nearest .threadlint.yaml)", Value,
     false, [](StringRef, Options &) { return done(); }},
    {"--no-config", "", "", "read no configuration file", Switch, false,
     [](StringRef, Options &) { return done(); }},
    {"--previous", "", "FILE", "diff: the earlier JSON report or baseline", Value, false,
     [](StringRef value, Options &o) { return o.previousPath = value.str(), done(); }},
    {"--current", "", "FILE", "diff: the later JSON report", Value, false,
     [](StringRef value, Options &o) { return o.currentPath = value.str(), done(); }},
    {"-o", "", "FILE", "facts: where to write (default: the file's name with .tlf)", Value, false,
     [](StringRef value, Options &o) { return o.factsPath = value.str(), done(); }},
    {"--format", "", "FORM", "facts: binary (default) or json", Value, false,
     [](StringRef value, Options &o) {
       return parseEnum(value, kFactsForms, "facts format", o.factsForm);
     }},
    {"--version", "", "", "print the version", Switch, false,
     [](StringRef, Options &o) { return o.command = Command::Version, done(); }},
    {"--help", "", "", "print this text", Switch, false,
     [](StringRef, Options &o) { return o.command = Command::Help, done(); }},
};

struct ShortForm {
  std::string_view form, name;
};
constexpr ShortForm kShortForms[] = {{"-h", "--help"},
                                     {"--jobs", "-j"},
                                     {"-q", "--quiet"},
                                     {"--colour", "--color"},
                                     {"--build-path", "-p"}};

} // namespace

std::span<const OptionRow> optionTable() { return kOptions; }

llvm::Error applyOption(const OptionRow &row, llvm::StringRef value, Options &options) {
  if (value.empty() && !row.argument.empty())
    return failure("option '" + std::string(row.name) + "' has an empty value");
  return row.apply(value, options);
}

const OptionRow *findOption(std::string_view name) {
  for (const ShortForm &form : kShortForms)
    if (name == form.form)
      name = form.name;
  for (const OptionRow &row : kOptions)
    if (name == row.name)
      return &row;
  return nullptr;
}

} // namespace threadlint
