// Formats: names and dispatch.
#include "analyzer/report/Formats.h"

namespace threadlint {
namespace {

constexpr std::string_view kNames[] = {"text",     "full",   "json",  "jsonl",      "sarif",
                                       "gitlab",   "github", "junit", "checkstyle", "rdjsonl",
                                       "markdown", "dot",    "html"};

} // namespace

std::span<const std::string_view> formatNames() { return kNames; }

std::string writeReport(OutputFormat format, const Report &report, SourceText &sources,
                        const WriterOptions &options) {
  WriterOptions full = options;
  switch (format) {
  case OutputFormat::Text:
    return writeText(report, sources, options);
  case OutputFormat::Full:
    full.full = true;
    return writeText(report, sources, full);
  case OutputFormat::Json:
    return writeJson(report);
  case OutputFormat::Jsonl:
    return writeJsonLines(report);
  case OutputFormat::Sarif:
    return writeSarif(report, sources);
  case OutputFormat::Gitlab:
    return writeGitlab(report);
  case OutputFormat::Github:
    return writeGithub(report, sources);
  case OutputFormat::Junit:
    return writeJunit(report);
  case OutputFormat::Checkstyle:
    return writeCheckstyle(report);
  case OutputFormat::Rdjsonl:
    return writeRdjsonLines(report);
  case OutputFormat::Markdown:
    return writeMarkdown(report, sources);
  case OutputFormat::Dot:
    return writeDot(report);
  case OutputFormat::Html:
    return writeHtml(report, sources);
  }
  return {};
}

} // namespace threadlint
