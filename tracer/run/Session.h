// Session: the folder that holds the trace files of one run, and what becomes of them.
#pragma once

#include "tracer/run/LiveTrace.h"
#include "tracer/run/RunOptions.h"

#include <memory>
#include <string>
#include <vector>

namespace threadlint::trace {

class Session {
public:
  /// Makes the folder, in memory where there is room; false, with a sentence in `error`.
  bool open(std::string &error);
  ~Session();
  const std::string &folder() const { return folder_; }
  /// LD_PRELOAD's entry for the library: a name without characters that have a meaning there.
  std::string library(std::string &error) const;
  /// The traces, those of the process `root` first, then by start.
  std::vector<std::unique_ptr<LiveTrace>> traces(int root) const;

private:
  std::string folder_;
  int lock_ = -1; ///< the folder, locked as long as the launcher lives
};

/// Whether all that writeReports will be asked for can be done, as far as is known before the run; else an error was printed.
bool checkOutputs(const RunOptions &options);
/// Keeps trace files and writes reports, as the options say. Whether there are findings.
bool writeReports(const std::vector<std::unique_ptr<LiveTrace>> &traces, const RunOptions &options);

} // namespace threadlint::trace
