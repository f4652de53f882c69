// ReportCommand: `threadlint-trace report TRACE... [options]`: the report of traced runs, with the analyzer's options, formats and exit codes.
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <string_view>

namespace threadlint::trace {

/// `arguments` follow the word `report`: record files or folders of them, and options of `threadlint` about reports and the gate. Errors are
/// printed. Returns the exit code: 0 clean, 1 findings, 2 could not run.
int reportCommand(std::span<const std::string> arguments);

/// Checks options before there is a trace: formats, files to write, suppressions. 0, or 2 after the error was printed.
int checkReportOptions(std::span<const std::string> arguments);

struct ReportSize {
  std::size_t findings = 0, suppressed = 0, limits = 0; ///< limits that were reached
  bool hasText = false;                                 ///< the report as text is not empty
};
using ReportFilter = std::function<bool(const ReportSize &)>;

/// Like reportCommand for the record file with these bytes, which `path` names in messages; `arguments` are options only.
/// `isWanted` sees how large a report is before anything is written; when it says no, nothing is.
int reportOn(const std::string &path, std::string_view bytes,
             std::span<const std::string> arguments, const ReportFilter &isWanted = {});

} // namespace threadlint::trace
