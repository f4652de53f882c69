// RunCommand: `threadlint-trace run`, the launcher.
//
// Makes a session folder in memory, starts the target with the library preloaded, watches for hangs, forwards signals, waits, and lets
// `report` write what was asked for. The target's own output and status are never changed: what goes wrong with the tracing is one
// message on stderr, and the target runs untraced.
#pragma once

#include <span>
#include <string>

namespace threadlint::trace {

/// The exit status. When the target was killed by a signal, this process ends by the same one.
int runCommand(std::span<const std::string> arguments);

} // namespace threadlint::trace
