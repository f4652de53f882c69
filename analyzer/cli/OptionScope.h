// OptionScope: which options mean something for which command, so that none is ignored in silence.
//
// Only the command line is checked: a configuration file is shared by all commands.
#pragma once

#include "analyzer/cli/CommandLine.h"

namespace threadlint {

/// An error for the first word of the command line that the command has no use for: "option '--include' has no effect with 'threadlint
/// link'". Limits of time, memory and workers are none.
/// `isBeforeConfig`: what needs another option may still find it in the configuration.
llvm::Error checkScopes(const CommandLine &line, const Options &options,
                        bool isBeforeConfig = false);

/// One sentence for each of those limits, and for each option on the command line that another one leaves without effect.
std::vector<std::string> uselessOptions(const CommandLine &line, const Options &options);

} // namespace threadlint
