// ChildGroup: runs a program, takes its output, and ends it together with whatever it has started.
//
// The program is in a session of its own: it has no terminal to ask at, and a signal for its group reaches its children and theirs. It is ended when the
// run is interrupted or out of time, gently first, and, with a guardian, when this process is gone.
#pragma once

#include "analyzer/cli/ScratchFolder.h"

#include <llvm/Support/Error.h>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace threadlint {

struct ChildLimits {
  std::optional<std::chrono::steady_clock::time_point> deadline;
  const ScratchFolder *guardian = nullptr;
};

struct ChildResult {
  int code = -1; ///< -1 when a signal ended it
  std::string output, errors;
};

/// The program's end, whoever brought it about. `words` begins with its name. The error is the cause for which it was not started, nothing more.
/// What the program leaves running in the background when it exits by itself is let live.
llvm::Expected<ChildResult> runChildGroup(const std::string &program,
                                          std::vector<std::string> words,
                                          std::vector<std::string> variables,
                                          const ChildLimits &limits);

} // namespace threadlint
