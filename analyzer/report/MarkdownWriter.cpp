// MarkdownWriter: GitHub-flavoured Markdown for job summaries and comments: a table, then one folded section per finding.
#include "analyzer/report/Escapes.h"
#include "analyzer/report/Story.h"
#include "analyzer/report/Writers.h"

namespace threadlint {
namespace {

std::string code(const std::string &text) { return "<code>" + escapeMarkdown(text) + "</code>"; }

/// A fenced block; the fence is longer than any run of backticks inside.
std::string fenced(const std::string &text) {
  std::size_t longest = 2, run = 0;
  for (char c : text) {
    run = c == '`' ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  std::string fence(longest + 1, '`');
  return fence + "cpp\n" + validUtf8(text) + "\n" + fence + "\n";
}

std::string section(const ReportedFinding &finding, SourceText &sources) {
  std::string text = "<details><summary><b>" + escapeMarkdown(shownPlace(finding.place)) + "</b> " +
                     escapeMarkdown(finding.message) + "</summary>\n\n";
  if (auto line = sources.line(finding.place.file, finding.place.line))
    text += fenced(*line) + "\n";
  std::size_t thread = finding.threads.size();
  for (const StoryStep &step : storyOf(finding)) {
    if (step.kind == StoryStep::Kind::Thread && step.thread != thread) {
      thread = step.thread;
      text += "- **thread " + threadName(thread) + "**, entry " +
              code(finding.threads[thread].entry) + "\n";
    }
    if (step.kind == StoryStep::Kind::Thread)
      text += "  1. " + code(shownPlace(step.place)) + " " + escapeMarkdown(step.text) + "\n";
    else if (step.kind == StoryStep::Kind::Related)
      text += "- " + code(shownPlace(step.place)) + " " + escapeMarkdown(step.text) + "\n";
    else
      text += "- " + escapeMarkdown(step.text) + "\n";
  }
  return text + "\n" + code("threadlint-" + finding.check) + ", fingerprint " +
         code(finding.fingerprint) + "\n\n</details>\n";
}

} // namespace

std::string writeMarkdown(const Report &report, SourceText &sources) {
  std::string text = "## threadlint: " + escapeMarkdown(summaryLine(report)) + "\n";
  if (!report.findings.empty()) {
    text += "\n| | check | place | message |\n|---|---|---|---|\n";
    for (const ReportedFinding &finding : report.findings)
      text += "| " + std::string(nameOf(finding.severity)) + " | " +
              code("threadlint-" + finding.check) + " | " + code(shownPlace(finding.place)) +
              " | " + escapeMarkdown(finding.message) + " |\n";
    text += "\n";
    for (const ReportedFinding &finding : report.findings)
      text += section(finding, sources);
  }
  if (!report.limitations.empty()) {
    text += "\n### Not fully analysed\n\n";
    for (const LimitationReport &limitation : report.limitations) {
      std::string place = shownPlace(limitation.place);
      text += "- " + (place.empty() ? "" : code(place) + " ") + escapeMarkdown(limitation.message) +
              (limitation.incomplete ? "" : " (a limit of the analysis)") + "\n";
    }
  }
  return text;
}

} // namespace threadlint
