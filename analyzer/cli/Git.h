// Git: runs git and takes its output.
#pragma once

#include <llvm/Support/Error.h>

#include <string>
#include <vector>

namespace threadlint {

/// Standard output of `git -C folder arguments`. `what` is what could not be done when git fails: "cannot <what>: <git's message>".
/// `indexFile`: another index than the repository's; may be empty.
llvm::Expected<std::string> runGit(const std::string &folder,
                                   const std::vector<std::string> &arguments,
                                   const std::string &what, const std::string &indexFile = "");

} // namespace threadlint
