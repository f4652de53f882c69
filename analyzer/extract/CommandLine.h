// CommandLine: a compile command of any compiler -> arguments Clang's driver understands, for parsing only.
//
// What selects inputs, outputs or foreign precompiled headers goes; what changes the meaning of the source stays. Options Clang does
// not know are dropped, because a GCC build is not a broken build.
#pragma once

#include "analyzer/extract/Extract.h"

#include <string>
#include <vector>

namespace threadlint {

/// Arguments for clang::createInvocation, the driver first and the source file last.
std::vector<std::string> parsingArguments(const CompileCommand &command,
                                          const ExtractOptions &options);

} // namespace threadlint
