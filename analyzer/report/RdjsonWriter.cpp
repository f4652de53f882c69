// RdjsonWriter: the Reviewdog Diagnostic Format; its columns count UTF-8 bytes, as ours do.
#include "analyzer/report/Story.h"
#include "analyzer/report/Writers.h"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace threadlint {
namespace {

using Json = nlohmann::ordered_json;

const char *rdSeverity(Severity severity) {
  switch (severity) {
  case Severity::Error:
    return "ERROR";
  case Severity::Warning:
    return "WARNING";
  case Severity::Note:
    return "INFO";
  }
  return "INFO";
}

Json position(std::uint32_t line, std::uint32_t column) {
  Json json;
  json["line"] = line;
  if (column > 0)
    json["column"] = column;
  return json;
}

Json location(const Place &place) {
  Json json;
  json["path"] = place.file;
  if (place.line == 0)
    return json;
  json["range"]["start"] = position(place.line, place.column);
  if (place.endLine >= place.line && place.endColumn > 0)
    json["range"]["end"] = position(place.endLine, place.endColumn);
  return json;
}

} // namespace

std::string writeRdjsonLines(const Report &report) {
  std::string text;
  for (const ReportedFinding &finding : report.findings) {
    Json json;
    json["message"] = finding.message;
    json["location"] = location(finding.place);
    json["severity"] = rdSeverity(finding.severity);
    json["source"]["name"] = "threadlint";
    json["code"]["value"] = "threadlint-" + finding.check;
    if (auto rule = std::find_if(report.rules.begin(), report.rules.end(),
                                 [&](const Rule &rule) { return rule.id == finding.check; });
        rule != report.rules.end() && !rule->address.empty())
      json["code"]["url"] = rule->address;
    Json related = Json::array();
    for (const StoryStep &step : storyOf(finding)) {
      if (step.kind == StoryStep::Kind::Note)
        continue;
      Json entry;
      entry["message"] =
          (step.kind == StoryStep::Kind::Thread ? threadPrefix(finding, step.thread) : "") +
          step.text;
      entry["location"] = location(step.place);
      related.push_back(std::move(entry));
    }
    if (!related.empty())
      json["related_locations"] = std::move(related);
    text += json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
  }
  for (const LimitationReport &limitation : report.limitations)
    if (limitation.incomplete) {
      Json json;
      json["message"] = "not fully analysed: " + limitation.message;
      json["location"] = location(limitation.place);
      json["severity"] = "WARNING";
      json["source"]["name"] = "threadlint";
      json["code"]["value"] = "threadlint." + limitation.kind;
      text += json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
    }
  return text;
}

} // namespace threadlint
