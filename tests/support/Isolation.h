// Isolation: runs test code in a forked process, so that a crash fails one test and not the whole binary.
#pragma once

#include <functional>
#include <string>

namespace threadlint {

/// What `body` returns, or a text that says how its process ended (a signal, or more than a minute of time).
std::string runIsolated(const std::function<std::string()> &body);

} // namespace threadlint
