// LastReport: the report of a run that has to end in the middle of the analysis.
//
// Its bytes are made before the analysis starts. A signal handler then only writes them: SIGINT and SIGTERM, the end of
// --total-timeout, and running out of memory all leave complete documents that are marked as partial, and exit code 3.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace threadlint {

/// One output, complete.
struct PreparedOutput {
  std::string path; ///< empty = standard output
  std::string bytes;
};

enum class GiveUp : std::uint8_t { Interrupted, OutOfTime, OutOfMemory };

class LastReport {
public:
  /// From here on. `outputs` has one list per GiveUp.
  LastReport(std::vector<std::vector<PreparedOutput>> outputs,
             std::optional<std::chrono::steady_clock::time_point> deadline,
             unsigned memoryMegabytes);
  /// The analysis came to its end: signals are noted again.
  ~LastReport();
  LastReport(const LastReport &) = delete;
  LastReport &operator=(const LastReport &) = delete;
};

} // namespace threadlint
