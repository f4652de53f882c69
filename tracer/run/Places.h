// Places: code addresses of a trace in words, for what is told while the program runs.
#pragma once

#include "tracer/run/LiveTrace.h"

#include <memory>
#include <string>
#include <vector>

namespace threadlint::trace {

class Places {
public:
  Places();
  ~Places();
  Places(const Places &) = delete;
  Places &operator=(const Places &) = delete;

  /// "function file:line:column" of the calls at a frame, innermost first; those of the standard library that were inlined are left out.
  std::vector<std::string> callsAt(const LiveTrace &trace, std::uint32_t frame);
  /// The name of static data, or empty.
  std::string dataAt(const LiveTrace &trace, std::uint32_t module, std::uint64_t address);

private:
  struct Tables;
  std::unique_ptr<Tables> tables_;
};

/// "mutex 'name'", "mutex counters.mu", "mutex 0x7f..." by what is known.
std::string lockName(Places &places, const LiveTrace &trace, std::uint32_t lock,
                     std::uint64_t address, LockKind kind);
/// "thread 3 'worker' (tid 4711)".
std::string threadName(const LiveTrace &trace, std::uint32_t thread);
/// A stack, one indented line for each call.
std::string stackText(Places &places, const LiveTrace &trace, std::uint32_t stack,
                      const std::string &indent);
/// "at place" of one frame, innermost call outside the standard library's wrappers.
std::string siteText(Places &places, const LiveTrace &trace, std::uint32_t frame);

} // namespace threadlint::trace
