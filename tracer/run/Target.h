// Target: what kind of program a command is, before it is run.
#pragma once

#include <string>

namespace threadlint::trace {

enum class TargetProblem {
  None,
  NotFound,
  NotExecutable,
  Static,       ///< and without the tracer in it
  OtherMachine, ///< 32-bit, or another processor
  Privileged,   ///< setuid, setgid or with file capabilities: the kernel drops LD_PRELOAD
};

struct Target {
  std::string path;
  TargetProblem problem = TargetProblem::None;
  std::string message; ///< empty: no problem
};

/// Looks the command up like execvp, follows scripts to their interpreter, and reads the file.
Target examineTarget(const std::string &command);

} // namespace threadlint::trace
