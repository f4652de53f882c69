// ReportReader: reads what JsonWriter wrote, for `threadlint diff` and `threadlint merge`.
#pragma once

#include "analyzer/report/Report.h"

#include <string>
#include <string_view>

namespace threadlint {

struct ReportReadResult {
  Report report;     ///< findings (those set aside included), root
  std::string error; ///< empty on success
};

/// Members that a newer version may have added are ignored; what is there must have the right type.
ReportReadResult readReport(std::string_view text);

/// The same with what is set aside in its own list, limitations, lock order, lock sites and the counts of the summary. Of a report that an
/// earlier version wrote, what it did not have is empty.
ReportReadResult readWholeReport(std::string_view text);

} // namespace threadlint
