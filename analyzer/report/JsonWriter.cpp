// JsonWriter: one function per object of the schema.
#include "analyzer/report/JsonWriter.h"

#include <nlohmann/json.hpp>

namespace threadlint {
namespace {

using Json = nlohmann::ordered_json;

template <class T, class F> Json list(const std::vector<T> &elements, F convert) {
  Json json = Json::array();
  for (const T &element : elements)
    json.push_back(convert(element));
  return json;
}

Json traceStep(const TraceStep &step) {
  Json json;
  json["file"] = step.place.file;
  json["line"] = step.place.line;
  json["column"] = step.place.column;
  json["function"] = step.function;
  json["message"] = step.message;
  json["locksHeld"] = step.locksHeld;
  return json;
}

Json threadTrace(const ThreadTrace &thread) {
  Json json;
  json["entry"] = thread.entry;
  json["path"] = list(thread.path, traceStep);
  return json;
}

Json relatedPlace(const RelatedPlace &related) {
  Json json;
  json["file"] = related.place.file;
  json["line"] = related.place.line;
  json["column"] = related.place.column;
  json["message"] = related.message;
  return json;
}

Json findingJson(const Finding &finding) {
  Json json;
  json["check"] = "threadlint-" + finding.check;
  json["severity"] = nameOf(finding.severity);
  json["confidence"] = nameOf(finding.confidence);
  json["cwe"] = finding.cwe;
  json["file"] = finding.place.file;
  json["line"] = finding.place.line;
  json["column"] = finding.place.column;
  json["endLine"] = finding.place.endLine;
  json["endColumn"] = finding.place.endColumn;
  json["function"] = finding.function;
  json["message"] = finding.message;
  json["fingerprint"] = finding.fingerprint;
  json["threads"] = list(finding.threads, threadTrace);
  json["related"] = list(finding.related, relatedPlace);
  json["notes"] = finding.notes;
  return json;
}

Json limitationJson(const LimitationReport &limitation) {
  Json json;
  json["kind"] = limitation.kind;
  json["file"] = limitation.place.file;
  json["line"] = limitation.place.line;
  json["column"] = limitation.place.column;
  json["message"] = limitation.message;
  json["incomplete"] = limitation.incomplete;
  return json;
}

Json summaryJson(const Report &report) {
  Json byCheck = Json::object();
  for (const Finding &finding : report.findings) {
    Json &count = byCheck["threadlint-" + finding.check];
    count = count.is_null() ? 1u : count.get<unsigned>() + 1;
  }
  Json json;
  json["findings"] = report.findings.size();
  json["byCheck"] = std::move(byCheck);
  json["suppressed"] = report.suppressed;
  json["belowConfidence"] = report.lowConfidence;
  json["translationUnits"] = report.tuCount;
  json["incomplete"] = report.incompleteCount;
  return json;
}

} // namespace

std::string writeJson(const Report &report) {
  Json json;
  json["schemaVersion"] = kReportSchemaVersion;
  json["tool"] = {{"name", "threadlint"}, {"version", report.toolVersion}};
  json["root"] = report.root;
  json["findings"] = list(report.findings, findingJson);
  json["limitations"] = list(report.limitations, limitationJson);
  json["summary"] = summaryJson(report);
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

} // namespace threadlint
