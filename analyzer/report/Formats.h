// Formats: the output formats by name, and the one place that picks a writer.
#pragma once

#include "analyzer/report/Writers.h"

#include <span>
#include <string>
#include <string_view>

namespace threadlint {

enum class OutputFormat : std::uint8_t {
  Text,
  Full,
  Json,
  Jsonl,
  Sarif,
  Gitlab,
  Github,
  Junit,
  Checkstyle,
  Rdjsonl,
  Markdown,
  Dot,
  Html,
};

/// The names users write, in the order of the enumerators.
std::span<const std::string_view> formatNames();

/// The report's bytes in a format.
std::string writeReport(OutputFormat format, const Report &report, SourceText &sources,
                        const WriterOptions &options);

} // namespace threadlint
