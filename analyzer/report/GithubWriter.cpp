// GithubWriter: `::error file=...::message` lines, which a workflow turns into annotations.
//
// GitHub shows ten annotations of a kind per step, so findings come before what could not be analysed.
#include "analyzer/report/Escapes.h"
#include "analyzer/report/Story.h"
#include "analyzer/report/Writers.h"

namespace threadlint {
namespace {

std::string_view commandOf(Severity severity) {
  return severity == Severity::Note ? "notice" : nameOf(severity);
}

/// `::command file=...,title=...::message`. Columns count only inside of one line.
std::string annotation(std::string_view command, const Place &place, const std::string &title,
                       const std::string &message, SourceText &sources) {
  std::string text = "::" + std::string(command) + " ";
  if (!place.file.empty()) {
    text += "file=" + escapeCommandProperty(place.file) + ",";
    if (place.line > 0) {
      text += "line=" + std::to_string(place.line) + ",";
      if (place.endLine > place.line)
        text += "endLine=" + std::to_string(place.endLine) + ",";
      std::string source = sources.line(place.file, place.line).value_or("");
      auto column = [&](std::uint32_t byte) {
        return std::to_string(source.empty() ? byte : utf16Column(source, byte));
      };
      if (place.column > 0 && place.endLine <= place.line)
        text += "col=" + column(place.column) + ",";
      if (place.endLine == place.line && place.endColumn > place.column)
        text += "endColumn=" + column(place.endColumn) + ",";
    }
  }
  return text + "title=" + escapeCommandProperty(title) + "::" + escapeCommandMessage(message) +
         "\n";
}

} // namespace

std::string writeGithub(const Report &report, SourceText &sources) {
  std::string text;
  for (const ReportedFinding &finding : report.findings) {
    std::string message = finding.message;
    for (const StoryStep &step : storyOf(finding)) {
      message += "\n";
      if (step.kind != StoryStep::Kind::Note)
        message += shownPlace(step.place) + ": ";
      if (step.kind == StoryStep::Kind::Thread)
        message += threadPrefix(finding, step.thread);
      message += step.text;
    }
    text += annotation(commandOf(finding.severity), finding.place, "threadlint-" + finding.check,
                       message, sources);
  }
  for (const LimitationReport &limitation : report.limitations)
    text += annotation(limitation.incomplete ? "warning" : "notice", limitation.place,
                       "threadlint: " + limitation.kind,
                       std::string(introduction(limitation)) + limitation.message, sources);
  return text;
}

} // namespace threadlint
