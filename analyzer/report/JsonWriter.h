// JsonWriter: the native machine format; its schema is docs/reference/report.schema.json.
//
// Members are only ever added within one schemaVersion. The bytes depend on the report only: no time, no duration, no host.
#pragma once

#include "analyzer/report/Report.h"

#include <string>

namespace threadlint {

inline constexpr unsigned kReportSchemaVersion = 1;

/// Indented JSON with a final newline; invalid UTF-8 becomes U+FFFD.
std::string writeJson(const Report &report);

} // namespace threadlint
