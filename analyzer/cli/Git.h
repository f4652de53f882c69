// Git: runs git and takes its output.
#pragma once

#include "analyzer/report/Report.h"

#include <llvm/Support/Error.h>

#include <optional>
#include <string>
#include <vector>

namespace threadlint {

/// Standard output of `git -C folder arguments`. `what` is what could not be done when git fails: "cannot <what>: <git's message>".
/// `indexFile`: another index than the repository's; may be empty.
llvm::Expected<std::string> runGit(const std::string &folder,
                                   const std::vector<std::string> &arguments,
                                   const std::string &what, const std::string &indexFile = "");

/// The state of the repository that `folder` lies in; nothing when there is none, or no commit yet. Its URI is that of the remote
/// `origin`, without passwords, else that of its folder.
std::optional<VersionControl> versionControlOf(const std::string &folder);

} // namespace threadlint
