// OutputConflicts: no output replaces what the run reads, or another output.
#pragma once

#include "analyzer/cli/Options.h"

#include <llvm/Support/Error.h>

#include <string>
#include <vector>

namespace threadlint {

/// Where `threadlint facts` writes; empty = standard output.
std::string factsOutputPath(const Options &options);

/// Files that this command writes: reports, facts, a baseline.
std::vector<std::string> outputPaths(const Options &options);

/// An error when an output is one of these files, however the two are spelled. What is not a regular file is never replaced.
llvm::Error checkInputsSurvive(const Options &options, const std::vector<std::string> &inputs);

/// The same for every file that the options name (`configPath`: the configuration file, or empty), and for two outputs.
llvm::Error checkOutputConflicts(const Options &options, const std::string &configPath);

} // namespace threadlint
