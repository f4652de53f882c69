// JunitWriter: one suite; a failed test case per finding, an error (or, without --strict, a skipped case) per incomplete file.
//
// The structure is that of the schema junit-10.xsd of Jenkins' xUnit plugin. A clean run has one case that passes, because CI
// servers take a report without cases for a mistake.
#include "analyzer/report/Escapes.h"
#include "analyzer/report/Story.h"
#include "analyzer/report/Writers.h"

namespace threadlint {
namespace {

std::string attribute(const char *name, std::string_view value) {
  return std::string(" ") + name + "=\"" + escapeXml(value) + "\"";
}

std::string withColumn(const Place &place) {
  return place.line == 0 ? place.file : shownPlace(place) + ":" + std::to_string(place.column);
}

/// Content keeps its line ends readable.
std::string content(const std::string &text) {
  std::string result;
  for (std::size_t begin = 0; begin < text.size();) {
    std::size_t end = std::min(text.find('\n', begin), text.size());
    result += escapeXml(std::string_view(text).substr(begin, end - begin)) + "\n";
    begin = end + 1;
  }
  return result;
}

std::string testCase(const std::string &suite, const std::string &name, const char *outcome,
                     const std::string &type, const std::string &message,
                     const std::string &details) {
  return "    <testcase" + attribute("name", name) + attribute("classname", suite) + ">\n      <" +
         outcome + attribute("type", type) + attribute("message", message) + ">" +
         content(details) + "</" + outcome + ">\n    </testcase>\n";
}

std::string details(const Finding &finding) {
  std::string text = withColumn(finding.place) + ": " + std::string(nameOf(finding.severity)) +
                     ": " + finding.message + "\n";
  for (const StoryStep &step : storyOf(finding)) {
    if (step.kind != StoryStep::Kind::Note)
      text += withColumn(step.place) + ": ";
    if (step.kind == StoryStep::Kind::Thread)
      text += threadPrefix(finding, step.thread);
    text += step.text + "\n";
  }
  return text + "fingerprint: " + finding.fingerprint + "\n";
}

} // namespace

std::string writeJunit(const Report &report) {
  std::string cases;
  std::size_t failures = 0, errors = 0, skipped = 0;
  for (const ReportedFinding &finding : report.findings) {
    ++failures;
    cases += testCase("threadlint-" + finding.check,
                      finding.message + " (" + withColumn(finding.place) + ")", "failure",
                      std::string(nameOf(finding.severity)), finding.message, details(finding));
  }
  for (const ReportedFinding &finding : report.setAside)
    if (finding.suppression) {
      ++skipped;
      cases += testCase("threadlint-" + finding.check,
                        finding.message + " (" + withColumn(finding.place) + ")", "skipped",
                        "suppressed", finding.suppression->reason, details(finding));
    }
  for (const LimitationReport &limitation : report.limitations)
    if (limitation.incomplete) {
      ++(report.isStrict ? errors : skipped);
      cases += testCase("threadlint-analysis",
                        limitation.place.file.empty()
                            ? limitation.message
                            : limitation.message + " (" + withColumn(limitation.place) + ")",
                        report.isStrict ? "error" : "skipped", limitation.kind, limitation.message,
                        (limitation.place.file.empty() ? "" : withColumn(limitation.place) + ": ") +
                            limitation.message);
    }
  std::size_t count = failures + errors + skipped;
  if (count == 0) {
    count = 1;
    cases = "    <testcase" +
            attribute("name",
                      "no findings in " + std::to_string(report.tuCount) + " translation units") +
            attribute("classname", "threadlint") + "/>\n";
  }
  std::string counts = attribute("tests", std::to_string(count)) +
                       attribute("failures", std::to_string(failures)) +
                       attribute("errors", std::to_string(errors));
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites" +
         attribute("name", "threadlint") + counts + ">\n  <testsuite" +
         attribute("name", "threadlint") + counts + attribute("skipped", std::to_string(skipped)) +
         ">\n" + cases + "  </testsuite>\n</testsuites>\n";
}

} // namespace threadlint
