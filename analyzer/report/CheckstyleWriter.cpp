// CheckstyleWriter: findings grouped by file, as Checkstyle 8 writes them; what warnings-ng and many others read.
#include "analyzer/report/Escapes.h"
#include "analyzer/report/Writers.h"

#include <map>

namespace threadlint {
namespace {

std::string_view checkstyleSeverity(Severity severity) {
  return severity == Severity::Note ? "info" : nameOf(severity);
}

std::string error(const Place &place, std::string_view severity, const std::string &message,
                  const std::string &source) {
  std::string text = "    <error line=\"" + std::to_string(place.line) + "\"";
  if (place.column > 0)
    text += " column=\"" + std::to_string(place.column) + "\"";
  return text + " severity=\"" + std::string(severity) + "\" message=\"" + escapeXml(message) +
         "\" source=\"" + escapeXml(source) + "\"/>\n";
}

} // namespace

std::string writeCheckstyle(const Report &report) {
  std::map<std::string, std::string> errorsOfFile;
  for (const ReportedFinding &finding : report.findings)
    errorsOfFile[finding.place.file] += error(finding.place, checkstyleSeverity(finding.severity),
                                              finding.message, "threadlint-" + finding.check);
  for (const LimitationReport &limitation : report.limitations)
    if (limitation.incomplete)
      errorsOfFile[limitation.place.file] +=
          error(limitation.place, "warning", "not fully analysed: " + limitation.message,
                "threadlint." + limitation.kind);
  std::string text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<checkstyle version=\"8.0\">\n";
  for (const auto &[file, errors] : errorsOfFile)
    text += "  <file name=\"" + escapeXml(file) + "\">\n" + errors + "  </file>\n";
  return text + "</checkstyle>\n";
}

} // namespace threadlint
