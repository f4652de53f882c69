// CommandLine: what the user typed, before the configuration file is known.
//
//   threadlint [options] [file|glob]...            lint the files of a compile database
//   threadlint [options] file... -- [flags]        lint files with these flags
//   threadlint facts file -o facts [-- flags]      extract one translation unit
//   threadlint link facts...                       analyse and report extracted facts
//   threadlint explain check                       show the page of a check
//   threadlint baseline ACTION FILE [arguments]    keep a baseline
//   threadlint diff --previous A --current B       compare two reports
//   threadlint config ACTION                       show, check or make the configuration
//   threadlint merge static.json trace...          say which findings of a report happened in traced runs
//   threadlint doctor [-p DIR]                     say what is wrong with a compile database
#pragma once

#include "analyzer/cli/OptionTable.h"

#include <string>
#include <vector>

namespace threadlint {

/// One option with its value.
struct Setting {
  const OptionRow *row = nullptr;
  std::string value;
  std::string origin; ///< "command line", or "file.yaml:3"
};

struct CommandLine {
  Options start; ///< command, actions, inputs and fixed flags
  std::vector<Setting> settings;

  const Setting *find(std::string_view name) const;
};

/// `arguments` is without the program name.
llvm::Expected<CommandLine> parseCommandLine(const std::vector<std::string> &arguments);

/// The settings that count: those of the configuration that the command line does not replace, then the command line's.
std::vector<Setting> effectiveSettings(const CommandLine &line, const std::vector<Setting> &config);

/// All of it applied and checked for contradictions.
/// `isBeforeConfig`: only to see what is asked for, and where; the configuration is read then.
llvm::Expected<Options> makeOptions(const CommandLine &line, const std::vector<Setting> &config,
                                    bool isBeforeConfig = false);

/// The text of --help.
std::string helpText();

} // namespace threadlint
