// MarkdownWriter: GitHub-flavoured Markdown for job summaries and comments: a table, then one folded section per finding.
//
// GitHub refuses a summary of more than a megabyte as a whole, so what does not fit is counted instead.
#include "analyzer/report/Escapes.h"
#include "analyzer/report/Story.h"
#include "analyzer/report/Writers.h"

namespace threadlint {
namespace {

constexpr std::size_t kMostBytes = 1'000'000, kRoomForTheRest = 10'000;

/// Appends what leaves room; false when it does not.
bool appendIfShort(std::string &text, const std::string &part, std::size_t most) {
  if (text.size() + part.size() > most)
    return false;
  text += part;
  return true;
}

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
    std::size_t rows = 0, sections = 0;
    for (const ReportedFinding &finding : report.findings)
      rows += appendIfShort(text,
                            "| " + std::string(nameOf(finding.severity)) + " | " +
                                code("threadlint-" + finding.check) + " | " +
                                code(shownPlace(finding.place)) + " | " +
                                escapeMarkdown(finding.message) + " |\n",
                            kMostBytes / 2);
    text += "\n";
    for (const ReportedFinding &finding : report.findings)
      sections += appendIfShort(text, section(finding, sources), kMostBytes - kRoomForTheRest);
    const std::size_t all = report.findings.size();
    if (rows < all || sections < all)
      text += "\n" + counted(all - rows, "finding is", "findings are") + " not in the table and " +
              std::to_string(all - sections) +
              " not in full: this summary would be too long. Other formats have them all.\n";
  }
  if (!report.limitations.empty()) {
    text += "\n### Not fully analysed\n\n";
    for (const LimitationReport &limitation : report.limitations) {
      std::string place = shownPlace(limitation.place);
      appendIfShort(text,
                    "- " + (place.empty() ? "" : code(place) + " ") +
                        escapeMarkdown(limitation.message) +
                        (limitation.incomplete ? "" : " (a limit of the analysis)") + "\n",
                    kMostBytes);
    }
  }
  return text;
}

} // namespace threadlint
