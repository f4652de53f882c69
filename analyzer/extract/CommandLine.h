// CommandLine: a compile command of any compiler -> arguments Clang's driver understands, for parsing only.
//
// What selects inputs, outputs or foreign precompiled headers goes; what changes the meaning of the source stays. Options that only
// another compiler has are dropped, because a GCC build is not a broken build; what no compiler takes is a problem to tell.
#pragma once

#include "analyzer/extract/Extract.h"

#include <string>
#include <vector>

namespace threadlint {

struct ParsingArguments {
  std::vector<std::string>
      arguments; ///< for clang::createInvocation, the driver first and the source file last
  std::vector<std::string> problems; ///< what is wrong with the command: response files and options
};

ParsingArguments parsingArguments(const CompileCommand &command, const ExtractOptions &options);

} // namespace threadlint
