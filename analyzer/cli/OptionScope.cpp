// OptionScope: what a command does, as a set; and for each option the parts of the work that it is about.
#include "analyzer/cli/OptionScope.h"

#include "analyzer/cli/Errors.h"

#include <algorithm>

namespace threadlint {
namespace {

/// Parts of the work.
enum Part : unsigned {
  kExtracts = 1,    ///< reads sources
  kAnalyzes = 2,    ///< makes findings
  kSelects = 4,     ///< chooses among findings
  kReports = 8,     ///< writes a report, and gates
  kCompletes = 16,  ///< may be incomplete, which has an exit code
  kHasPaths = 32,   ///< has paths that are relative to the project
  kKnows = 64,      ///< leaves out known findings
  kJudges = 128,    ///< gives findings a severity
  kCompares = 256,  ///< can analyse another revision
  kHasChecks = 512, ///< is about a list of checks
};

unsigned partsOf(const Options &options) {
  constexpr unsigned kAnyReport =
      kSelects | kReports | kCompletes | kHasPaths | kKnows | kJudges | kHasChecks;
  switch (options.command) {
  case Command::Lint:
    return kExtracts | kAnalyzes | kCompares | kAnyReport;
  case Command::Link:
    return kAnalyzes | kAnyReport;
  case Command::Merge:
    return kAnyReport;
  case Command::Diff:
    return kReports | kCompletes | kHasPaths;
  case Command::Baseline:
    if (options.baselineAction == BaselineAction::Show)
      return 0;
    return (options.fromFacts ? 0u : kExtracts) | kAnalyzes | kSelects | kCompletes | kHasPaths |
           kHasChecks;
  case Command::Facts:
    return kExtracts | kCompletes | kHasPaths;
  case Command::Doctor:
    return kExtracts | kHasPaths;
  case Command::ListChecks:
    return kHasChecks;
  case Command::Explain:
  case Command::Config:
  case Command::Version:
  case Command::Help:
    return 0;
  }
  return 0;
}

struct Scope {
  std::string_view option;
  unsigned parts; ///< any of them
  bool isLimit =
      false; ///< of what a run may use, which changes no report: scripts give it to every command
};

/// Options that are not here are about how threadlint speaks, or have their own rule among the contradictions of CommandLine.
constexpr Scope kScopes[] = {
    {"-p", kExtracts},
    {"-j", kExtracts, true},
    {"--extra-arg", kExtracts},
    {"--include", kExtracts},
    {"--exclude", kExtracts | kSelects},
    {"--timeout", kExtracts, true},
    {"--total-timeout", kExtracts | kAnalyzes, true},
    {"--memory-limit", kExtracts | kAnalyzes, true},
    {"--project-root", kHasPaths},
    {"--checks", kHasChecks},
    {"--min-confidence", kSelects},
    {"--header-filter", kSelects},
    {"--show-generated", kAnalyzes},
    {"--suppressions", kSelects},
    {"--require-reason", kSelects},
    {"--unused-suppressions", kKnows},
    {"--show-suppressed", kKnows},
    {"--trace", kAnalyzes},
    {"--output", kReports},
    {"--category", kReports},
    {"--docs-url", kReports},
    {"--fail-on", kReports},
    {"--error-exitcode", kReports},
    {"--exit-zero", kReports},
    {"--min-evidence", kReports},
    {"--strict", kCompletes},
    {"--no-strict", kCompletes},
    {"--severity", kJudges},
    {"--warnings-as-errors", kJudges},
    {"--baseline", kKnows},
    {"--baseline-stale", kKnows},
    {"--new-from-rev", kCompares},
    {"--new-from-merge-base", kCompares},
};

std::string spoken(const Options &options) {
  static constexpr std::string_view kBaselineActions[] = {"create", "update", "prune", "show"};
  static constexpr std::string_view kConfigActions[] = {"dump", "explain", "verify", "schema",
                                                        "init"};
  auto name = [&]() -> std::string {
    switch (options.command) {
    case Command::Facts:
      return "facts";
    case Command::Link:
      return "link";
    case Command::Explain:
      return "explain";
    case Command::Baseline:
      return "baseline " +
             std::string(kBaselineActions[static_cast<std::size_t>(options.baselineAction)]) +
             (options.fromFacts ? " FILE link" : "");
    case Command::Diff:
      return "diff";
    case Command::Config:
      return "config " +
             std::string(kConfigActions[static_cast<std::size_t>(options.configAction)]);
    case Command::Doctor:
      return "doctor";
    case Command::Merge:
      return "merge' and 'threadlint-trace report";
    case Command::ListChecks:
      return "--list-checks";
    case Command::Lint:
    case Command::Version:
    case Command::Help:
      break;
    }
    return "";
  }();
  return "'" + (name.starts_with("--") || name.empty() ? name : "threadlint " + name) + "'";
}

/// Whether words that are no options mean something.
bool takesInputs(const Options &options) {
  switch (options.command) {
  case Command::Diff:
  case Command::ListChecks:
    return false;
  case Command::Config:
    return options.configAction == ConfigAction::Verify;
  case Command::Baseline:
    return options.baselineAction != BaselineAction::Show;
  default:
    return true;
  }
}

bool writes(const Options &options, OutputFormat format) {
  return std::any_of(options.outputs.begin(), options.outputs.end(),
                     [&](const OutputTarget &target) { return target.format == format; });
}

const Scope *scopeOf(const Setting &setting) {
  for (const Scope &scope : kScopes)
    if (scope.option == setting.row->name)
      return &scope;
  return nullptr;
}

/// The options of the command line that the command has no use for.
std::vector<const Scope *> idle(const CommandLine &line, const Options &options) {
  const bool showsSettings =
      options.command == Command::Config && (options.configAction == ConfigAction::Dump ||
                                             options.configAction == ConfigAction::Explain ||
                                             options.configAction == ConfigAction::Verify);
  std::vector<const Scope *> found;
  if (!showsSettings)
    for (const Setting &setting : line.settings)
      if (const Scope *scope = scopeOf(setting); scope && (scope->parts & partsOf(options)) == 0)
        found.push_back(scope);
  return found;
}

std::string hasNoEffect(const Scope &scope, const Options &options) {
  return "option '" + std::string(scope.option) + "' has no effect with " + spoken(options);
}

} // namespace

llvm::Error checkScopes(const CommandLine &line, const Options &options, bool isBeforeConfig) {
  const unsigned parts = partsOf(options);
  for (const Scope *scope : idle(line, options))
    if (!scope->isLimit)
      return failure(hasNoEffect(*scope, options));
  if (!options.inputs.empty() && !takesInputs(options))
    return failure("'" + options.inputs[0] + "' has no effect with " + spoken(options));
  if (options.fixedFlags && (parts & kExtracts) == 0)
    return failure("flags after '--' have no effect with " + spoken(options));
  const bool hasStale = line.find("--baseline-stale") && (parts & kKnows) != 0;
  if (hasStale && !isBeforeConfig && options.baselinePath.empty())
    return failure("option '--baseline-stale' needs a baseline: '--baseline=FILE'");
  return llvm::Error::success();
}

std::vector<std::string> uselessOptions(const CommandLine &line, const Options &options) {
  std::vector<std::string> useless;
  for (const Scope *scope : idle(line, options))
    if (scope->isLimit)
      useless.push_back(hasNoEffect(*scope, options));
  auto without = [&](const char *option, const std::string &why) {
    if (line.find(option))
      useless.push_back("option '" + std::string(option) + "' has no effect " + why);
  };
  if (options.exitZero) {
    without("--error-exitcode", "with '--exit-zero'");
    without("--fail-on", "with '--exit-zero'");
    without("--min-evidence", "with '--exit-zero'");
  }
  if ((partsOf(options) & kReports) != 0 && !writes(options, OutputFormat::Sarif)) {
    without("--category", "without '--output=sarif'");
    if (!writes(options, OutputFormat::Rdjsonl))
      without("--docs-url", "without '--output=sarif' or '--output=rdjsonl'");
  }
  return useless;
}

} // namespace threadlint
