// Options: everything a user can set, as plain values.
//
//   arguments  --CommandLine-->  settings --+
//                                           +--makeOptions-->  Options
//   .threadlint.yaml  --ConfigFile-->  settings --+
//
// A setting of the command line replaces what the configuration file says about the same option.
#pragma once

#include "analyzer/report/Formats.h"

#include <llvm/Support/Error.h>

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace threadlint {

enum class Command : std::uint8_t {
  Lint,
  Facts,
  Link,
  Explain,
  Baseline,
  Diff,
  Config,
  Doctor,
  Merge,
  ListChecks,
  Version,
  Help
};
enum class BaselineAction : std::uint8_t { Create, Update, Prune, Show };
enum class ConfigAction : std::uint8_t { Dump, Explain, Verify, Schema, Init };
enum class FactsForm : std::uint8_t { Binary, Json };
enum class ColorMode : std::uint8_t { Auto, Always, Never };
enum class Strictness : std::uint8_t { FromEnvironment, Strict, Lenient };
enum class FailOn : std::uint8_t { Error, Warning, Note, Never };
enum class StaleBaseline : std::uint8_t { Ignore, Warn, Error };

struct OutputTarget {
  OutputFormat format = OutputFormat::Text;
  std::string path; ///< empty = standard output
};

struct Options {
  Command command = Command::Lint;
  BaselineAction baselineAction = BaselineAction::Show;
  ConfigAction configAction = ConfigAction::Dump;
  bool fromFacts =
      false; ///< `link`, also behind `baseline create FILE`: the inputs are facts files
  std::vector<std::string> inputs;      ///< files and globs, facts files, the check to explain
  std::optional<std::string> buildPath; ///< -p
  std::optional<std::vector<std::string>> fixedFlags; ///< what followed `--`
  std::vector<OutputTarget> outputs;                  ///< never empty after parsing
  std::string checks;                                 ///< comma-separated globs; empty = default
  Confidence minConfidence = Confidence::High;
  std::vector<std::string> extraArgs, includes, excludes, headerFilters;
  std::string category = "threadlint";
  std::string docsUrl; ///< of the pages of the checks, with "{check}" in it; empty = none
  /// They come from the command line, not from a shared file.
  bool areIncludesTyped = false, areExcludesTyped = false, areHeaderFiltersTyped = false;
  std::optional<std::string> projectRoot;
  unsigned jobs = 0; ///< 0 = one per processor
  unsigned timeoutSeconds = 300;
  unsigned totalTimeoutSeconds = 0; ///< 0 = none
  unsigned memoryMegabytes = 0;     ///< 0 = none
  bool quiet = false;
  ColorMode color = ColorMode::Auto;

  // The gate.
  FailOn failOn = FailOn::Note;
  std::string warningsAsErrors;                            ///< comma-separated globs
  std::map<std::string, Severity, std::less<>> severities; ///< by bare check id
  unsigned errorExitCode = 1;
  bool exitZero = false;
  Strictness strictness = Strictness::FromEnvironment;

  // What is already known.
  std::string baselinePath; ///< --baseline, or the file of `threadlint baseline`
  StaleBaseline staleBaseline = StaleBaseline::Warn;
  std::string newFromRev, newFromMergeBase;
  std::string previousPath, currentPath; ///< diff
  std::string suppressionsPath;
  bool showGenerated = false;
  bool requireReason = false, warnUnusedSuppressions = false, showSuppressed = false;

  std::string factsPath; ///< facts -o
  FactsForm factsForm = FactsForm::Binary;

  // Traces of runs.
  std::vector<std::string>
      traces; ///< --trace: record files, their folders, or JSON reports of them
  std::optional<EvidenceVerdict> minEvidence; ///< what is weaker, or has no evidence, does not gate

  std::vector<std::string> warnings; ///< about options without effect
};

} // namespace threadlint
