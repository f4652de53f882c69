// HtmlWriter: one file that needs nothing else: findings and the lines they show as JSON, a script that renders what is looked at.
//
// Text of the user never becomes markup: it is JSON in a script element of a data type, with '<' escaped, and the script only ever
// sets textContent. A content security policy forbids every request.
#include "analyzer/report/Escapes.h"
#include "analyzer/report/HtmlAssets.h"
#include "analyzer/report/LockGraphSvg.h"
#include "analyzer/report/Story.h"
#include "analyzer/report/Writers.h"

#include <nlohmann/json.hpp>

#include <map>

namespace threadlint {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::uint32_t kContext = 3; ///< lines around a step
constexpr std::size_t kLongestLine = 400;

class HtmlReport {
public:
  HtmlReport(const Report &report, SourceText &sources) : report_(report), sources_(sources) {}

  std::string run() {
    Json data;
    data["summary"] = summaryLine(report_);
    data["version"] = report_.toolVersion;
    data["partial"] = report_.isPartial;
    data["findings"] = Json::array();
    for (const ReportedFinding &finding : report_.findings)
      data["findings"].push_back(findingJson(finding, "shown"));
    for (const ReportedFinding &finding : report_.setAside)
      data["findings"].push_back(
          findingJson(finding, finding.suppression ? "suppressed" : "baseline"));
    data["limitations"] = Json::array();
    for (const LimitationReport &limitation : report_.limitations)
      data["limitations"].push_back(
          {{"place", shownPlace(limitation.place)},
           {"text", std::string(introduction(limitation)) + limitation.message},
           {"incomplete", limitation.incomplete}});
    data["edges"] = Json::array();
    for (const LockOrderEdge &edge : report_.lockOrder)
      data["edges"].push_back({{"from", edge.from},
                               {"to", edge.to},
                               {"place", shownPlace(edge.place)},
                               {"function", edge.function},
                               {"cycle", edge.isInCycle},
                               {"origin", report_.traceCount > 0 ? nameOf(edge.origin) : ""}});
    data["observations"] = Json::array();
    for (const ObservationReport &observation : report_.observations)
      data["observations"].push_back(
          {{"place", shownPlace(observation.place)},
           {"text", observation.message + " [" + observation.kind + "]"}});
    data["sources"] = sourceLines();
    return page(inertJson(data));
  }

private:
  /// JSON that cannot end its script element.
  static std::string inertJson(const Json &data) {
    std::string json = data.dump(-1, ' ', false, Json::error_handler_t::replace), result;
    for (char c : json)
      if (c == '<')
        result += "\\u003c";
      else
        result += c;
    return result;
  }

  void want(const Place &place) {
    if (place.line == 0)
      return;
    std::uint32_t first = place.line > kContext ? place.line - kContext : 1;
    std::map<std::uint32_t, std::string> &lines = lines_[place.file];
    for (std::uint32_t line = first; line <= place.line + kContext; ++line)
      if (!lines.contains(line))
        if (auto text = sources_.line(place.file, line))
          lines[line] = text->substr(0, kLongestLine);
  }

  Json placeJson(const Place &place) {
    want(place);
    return {{"file", place.file}, {"line", place.line}, {"column", place.column}};
  }

  Json findingJson(const ReportedFinding &finding, const char *state) {
    Json json;
    json["check"] = "threadlint-" + finding.check;
    json["severity"] = nameOf(finding.severity);
    json["confidence"] = nameOf(finding.confidence);
    json["state"] = state;
    json["reason"] = finding.suppression ? finding.suppression->reason : "";
    json["place"] = placeJson(finding.place);
    json["function"] = finding.function;
    json["message"] = finding.message;
    json["fingerprint"] = finding.fingerprint;
    json["threads"] = Json::array();
    for (std::size_t t = 0; t < finding.threads.size(); ++t) {
      Json thread;
      thread["name"] = threadName(t);
      thread["entry"] = finding.threads[t].entry;
      thread["steps"] = Json::array();
      for (const TraceStep &step : finding.threads[t].path)
        thread["steps"].push_back({{"place", placeJson(step.place)},
                                   {"function", step.function},
                                   {"message", step.message},
                                   {"locks", step.locksHeld}});
      json["threads"].push_back(std::move(thread));
    }
    json["related"] = Json::array();
    for (const RelatedPlace &related : finding.related)
      json["related"].push_back(
          {{"place", placeJson(related.place)}, {"message", related.message}});
    json["notes"] = finding.notes;
    json["evidence"] = finding.evidence ? nameOf(finding.evidence->verdict) : "";
    return json;
  }

  Json sourceLines() const {
    Json sources = Json::object();
    for (const auto &[file, lines] : lines_) {
      Json object = Json::object();
      for (const auto &[number, text] : lines)
        object[std::to_string(number)] = text;
      if (!lines.empty())
        sources[file] = std::move(object);
    }
    return sources;
  }

  std::string page(const std::string &data) const {
    std::string libraries;
    if (!report_.lockOrder.empty() && !htmlGraphLibraries().empty())
      libraries = "<script>" + std::string(htmlGraphLibraries()) + "</script>\n";
    return "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
           "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
           "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
           "'unsafe-inline'; script-src 'unsafe-inline'; img-src data:\">\n"
           "<title>threadlint: " +
           escapeXml(summaryLine(report_)) + "</title>\n<style>\n" + std::string(htmlStyle()) +
           "</style>\n</head>\n<body>\n<header><h1>threadlint</h1><p id=\"summary\">" +
           escapeXml(summaryLine(report_)) +
           "</p></header>\n<main id=\"main\"><noscript><p>This report needs JavaScript to show its "
           "findings.</p></noscript></main>\n<template id=\"picture\">" +
           lockGraphSvg(report_.lockOrder) +
           "</template>\n<script type=\"application/json\" id=\"data\">" + data + "</script>\n" +
           libraries + "<script>\n" + std::string(htmlScript()) + "</script>\n</body>\n</html>\n";
  }

  const Report &report_;
  SourceText &sources_;
  std::map<std::string, std::map<std::uint32_t, std::string>> lines_;
};

} // namespace

std::string writeHtml(const Report &report, SourceText &sources) {
  return HtmlReport(report, sources).run();
}

} // namespace threadlint
