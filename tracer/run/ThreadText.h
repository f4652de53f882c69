// ThreadText: a running thread in words: what it waits for, with its stack, and what it holds.
//
// For the message about a hang and for attach-report.
#pragma once

#include "tracer/run/Places.h"

namespace threadlint::trace {

/// Lines that begin with `indent`. `about` follows the thread's name; `otherwise` is said of a thread that waits for nothing.
std::string threadText(Places &places, const LiveTrace &trace, const LiveThread &thread,
                       const std::string &indent, const std::string &about, const char *otherwise);

/// Where a thread waits: its own stack when it has waited for a while; else, as for what is no lock, that of the first time at this place.
std::uint32_t waitStack(const LiveTrace &trace, const Waiting &waiting);
/// The frame with a code address, or kNone.
std::uint32_t frameWithPc(const LiveTrace &trace, std::uint64_t pc);

/// The clock of Waiting::sinceNs.
std::uint64_t monotonicNs();

} // namespace threadlint::trace
