// TextWriter: the report for people, in the form compilers use, so that editors can jump to places.
//
//   src/bank.cpp:12:5: error: data race on 'balance' [threadlint-data-race]
//      12 |   balance += amount;
//         |   ^~~~~~~
//   src/bank.cpp:12:5: note: thread A (entry main): writes 'balance', holding no lock
#include "analyzer/report/Escapes.h"
#include "analyzer/report/Story.h"
#include "analyzer/report/Writers.h"

#include <algorithm>
#include <filesystem>

namespace threadlint {
namespace {

enum class Style { Plain, Bold, Error, Warning, Note, Caret };

std::string_view escapeOf(Style style) {
  switch (style) {
  case Style::Plain:
    return "\x1b[0m";
  case Style::Bold:
    return "\x1b[1m";
  case Style::Error:
    return "\x1b[1;31m";
  case Style::Warning:
    return "\x1b[1;35m";
  case Style::Note:
    return "\x1b[1;36m";
  case Style::Caret:
    return "\x1b[1;32m";
  }
  return "";
}

Style styleOf(Severity severity) {
  switch (severity) {
  case Severity::Error:
    return Style::Error;
  case Severity::Warning:
    return Style::Warning;
  case Severity::Note:
    return Style::Note;
  }
  return Style::Note;
}

class TextReport {
public:
  TextReport(const Report &report, SourceText &sources, const WriterOptions &options)
      : report_(report), options_(options), sources_(sources) {}

  std::string run() {
    for (const ReportedFinding &finding : report_.findings)
      this->finding(finding, "");
    for (const ReportedFinding &finding : report_.setAside)
      if (finding.suppression)
        this->finding(
            finding,
            " (suppressed" +
                (finding.suppression->reason.empty() ? "" : ": " + finding.suppression->reason) +
                ")");
    for (const ObservationReport &observation : report_.observations)
      message(observation.place, Severity::Note,
              observation.message + " [" + observation.kind + "]");
    for (const LimitationReport &limitation : report_.limitations)
      this->limitation(limitation);
    return std::move(text_);
  }

private:
  std::string shownFile(const std::string &file) const {
    namespace fs = std::filesystem;
    fs::path path = fs::path(file).is_absolute() ? fs::path(file) : fs::path(report_.root) / file;
    fs::path relative = path.lexically_normal().lexically_relative(options_.workingFolder);
    if (relative.empty() || *relative.begin() == "..")
      return onOneLine(path.lexically_normal().string());
    return onOneLine(relative.string());
  }

  std::string styled(Style style, std::string_view text) const {
    if (!options_.color)
      return std::string(text);
    return std::string(escapeOf(style)) + std::string(text) + std::string(escapeOf(Style::Plain));
  }

  void message(const Place &place, Severity severity, const std::string &message) {
    if (!place.file.empty()) {
      std::string position = onOneLine(shownFile(place.file)) + ":";
      if (place.line > 0)
        position += std::to_string(place.line) + ":" + std::to_string(place.column) + ":";
      text_ += styled(Style::Bold, position) + " ";
    }
    text_ += styled(styleOf(severity), std::string(nameOf(severity)) + ":") + " " +
             (severity == Severity::Note ? onOneLine(message)
                                         : styled(Style::Bold, onOneLine(message))) +
             "\n";
  }

  void snippet(const Place &place) {
    std::optional<std::string> line = sources_.line(place.file, place.line);
    if (!line)
      return;
    std::uint32_t end = place.endLine == place.line ? place.endColumn : 0;
    std::string shown = threadlint::snippet(*line, place.line, place.column, end);
    std::size_t caret = shown.rfind(" | ");
    if (options_.color && caret != std::string::npos)
      text_ += shown.substr(0, caret + 3) +
               styled(Style::Caret, shown.substr(caret + 3, shown.size() - caret - 4)) + "\n";
    else
      text_ += shown;
  }

  void finding(const ReportedFinding &finding, const std::string &state) {
    std::string confidence = finding.confidence == Confidence::High
                                 ? ""
                                 : " (" + std::string(nameOf(finding.confidence)) + " confidence)";
    std::string evidence;
    if (finding.evidence)
      evidence = " (" + std::string(nameOf(finding.evidence->verdict)) + " at run time)";
    message(finding.place, finding.severity,
            finding.message + confidence + evidence + state + " [threadlint-" + finding.check +
                "]");
    snippet(finding.place);
    for (const StoryStep &step : storyOf(finding)) {
      bool inThread = step.kind == StoryStep::Kind::Thread;
      message(step.place, Severity::Note,
              (inThread ? threadPrefix(finding, step.thread) : "") + step.text);
      if (step.isLast || (options_.full && step.kind != StoryStep::Kind::Note))
        snippet(step.place);
    }
  }

  void limitation(const LimitationReport &limitation) {
    message(limitation.place, limitation.incomplete ? Severity::Warning : Severity::Note,
            std::string(introduction(limitation)) + limitation.message + " [" + limitation.kind +
                "]");
  }

  const Report &report_;
  const WriterOptions &options_;
  SourceText &sources_;
  std::string text_;
};

} // namespace

std::string writeText(const Report &report, SourceText &sources, const WriterOptions &options) {
  return TextReport(report, sources, options).run();
}

} // namespace threadlint
