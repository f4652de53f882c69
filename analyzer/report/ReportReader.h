// ReportReader: reads what JsonWriter wrote, for `threadlint diff`.
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

} // namespace threadlint
