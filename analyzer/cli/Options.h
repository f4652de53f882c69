// Options: the command line as plain values.
//
//   threadlint [options] [file|glob]...            lint the files of a compile database
//   threadlint [options] file... -- [flags]        lint files with these flags
//   threadlint facts file -o facts [-- flags]      extract one translation unit
//   threadlint link facts...                       analyse and report extracted facts
//   threadlint explain check                       show the page of a check
#pragma once

#include "analyzer/report/Formats.h"

#include <llvm/Support/Error.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace threadlint {

enum class Command : std::uint8_t { Lint, Facts, Link, Explain, ListChecks, Version, Help };
enum class FactsForm : std::uint8_t { Binary, Json };
enum class ColorMode : std::uint8_t { Auto, Always, Never };
enum class Strictness : std::uint8_t { FromEnvironment, Strict, Lenient };

struct OutputTarget {
  OutputFormat format = OutputFormat::Text;
  std::string path; ///< empty = standard output
};

struct Options {
  Command command = Command::Lint;
  std::vector<std::string> inputs;      ///< files and globs, facts files, the check to explain
  std::optional<std::string> buildPath; ///< -p
  std::optional<std::vector<std::string>> fixedFlags; ///< what followed `--`
  std::vector<OutputTarget> outputs;                  ///< never empty after parsing
  std::string checks;                                 ///< comma-separated globs; empty = default
  Confidence minConfidence = Confidence::High;
  Severity failOn = Severity::Note;
  unsigned jobs = 0; ///< 0 = one per processor
  unsigned timeoutSeconds = 300;
  std::vector<std::string> extraArgs, excludes, headerFilters;
  std::optional<std::string> projectRoot;
  bool exitZero = false, quiet = false;
  Strictness strictness = Strictness::FromEnvironment;
  ColorMode color = ColorMode::Auto;
  std::string factsPath; ///< facts -o
  FactsForm factsForm = FactsForm::Binary;
};

/// The options, or what is wrong with the command line. `arguments` is without the program name.
llvm::Expected<Options> parseOptions(const std::vector<std::string> &arguments);

/// The text of --help.
std::string helpText();

} // namespace threadlint
