// AttachReport: `threadlint-trace attach-report PID`, what the threads of a traced process hold and wait for now.
#pragma once

#include <span>
#include <string>

namespace threadlint::trace {

/// 0: no hang, 1: a hang, 2: the process is not traced or cannot be read.
int attachReportCommand(std::span<const std::string> arguments);

} // namespace threadlint::trace
