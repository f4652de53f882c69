// ReportReader: reads what JsonWriter wrote, for `threadlint diff` and `threadlint merge`.
#pragma once

#include "analyzer/report/Report.h"

#include <string>
#include <string_view>

namespace threadlint {

struct ReportReadResult {
  Report report;     ///< all but what JSON does not have: rules, category, state of the repository
  std::string error; ///< empty on success
};

/// Members that a newer version may have added are ignored; what is there must have the right type. Of a report that an earlier version
/// wrote, what it did not have is empty.
ReportReadResult readReport(std::string_view text);

} // namespace threadlint
