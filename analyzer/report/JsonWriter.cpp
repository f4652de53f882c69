// JsonWriter: one function per object of the schema.
#include "analyzer/report/Writers.h"

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

Json placeJson(const Place &place) {
  Json json;
  json["file"] = place.file;
  json["line"] = place.line;
  json["column"] = place.column;
  return json;
}

/// With its end, 0 when that is not known, for what is underlined.
Json rangeJson(const Place &place) {
  Json json = placeJson(place);
  json["endLine"] = place.endLine;
  json["endColumn"] = place.endColumn;
  return json;
}

Json traceStep(const TraceStep &step) {
  Json json = rangeJson(step.place);
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
  Json json = rangeJson(related.place);
  json["message"] = related.message;
  return json;
}

Json suppressionJson(const std::optional<SuppressionNote> &suppression) {
  if (!suppression)
    return nullptr;
  Json json;
  json["kind"] = suppression->inSource ? "inSource" : "external";
  json["reason"] = suppression->reason;
  return json;
}

Json evidenceJson(const std::optional<RuntimeEvidence> &evidence) {
  if (!evidence)
    return nullptr;
  Json json;
  json["verdict"] = nameOf(evidence->verdict);
  json["hang"] = evidence->isHang;
  json["runtimeOnly"] = evidence->isRuntimeOnly;
  json["confidenceBefore"] = nameOf(evidence->before);
  json["detail"] = evidence->detail;
  return json;
}

Json lockOrderJson(const LockOrderEdge &edge) {
  Json json;
  json["from"] = edge.from;
  json["to"] = edge.to;
  json.update(placeJson(edge.place));
  json["function"] = edge.function;
  json["inCycle"] = edge.isInCycle;
  json["origin"] = nameOf(edge.origin);
  return json;
}

Json lockSiteJson(const LockSite &site) {
  Json json;
  json["lock"] = site.lock;
  json.update(placeJson(site.place));
  json["function"] = site.function;
  return json;
}

Json observationJson(const ObservationReport &observation) {
  Json json;
  json["kind"] = observation.kind;
  json.update(placeJson(observation.place));
  json["function"] = observation.function;
  json["message"] = observation.message;
  return json;
}

Json findingJson(const ReportedFinding &finding) {
  Json json;
  json["check"] = "threadlint-" + finding.check;
  json["severity"] = nameOf(finding.severity);
  json["confidence"] = nameOf(finding.confidence);
  json["cwe"] = finding.cwe;
  json.update(rangeJson(finding.place));
  json["function"] = finding.function;
  json["message"] = finding.message;
  json["fingerprint"] = finding.fingerprint;
  json["threads"] = list(finding.threads, threadTrace);
  json["related"] = list(finding.related, relatedPlace);
  json["notes"] = finding.notes;
  json["baselineState"] = nameOf(finding.baseline);
  json["suppression"] = suppressionJson(finding.suppression);
  json["evidence"] = evidenceJson(finding.evidence);
  return json;
}

Json limitationJson(const LimitationReport &limitation) {
  Json json;
  json["kind"] = limitation.kind;
  json.update(rangeJson(limitation.place));
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
  json["baselined"] = report.baselined;
  json["inGeneratedFiles"] = report.generated;
  json["belowConfidence"] = report.lowConfidence;
  json["translationUnits"] = report.tuCount;
  json["tracedProcesses"] = report.traceCount;
  json["incomplete"] = report.incompleteCount;
  json["unknown"] = report.failedCount;
  json["partial"] = report.isPartial;
  return json;
}

Json toolJson(const Report &report) {
  Json json;
  json["name"] = "threadlint";
  json["version"] = report.toolVersion;
  return json;
}

std::string line(const char *type, Json object) {
  Json json;
  json["type"] = type;
  json.update(object);
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

} // namespace

std::string writeJson(const Report &report) {
  Json json;
  json["schemaVersion"] = kReportSchemaVersion;
  json["tool"] = toolJson(report);
  json["root"] = report.root;
  json["findings"] = list(report.findings, findingJson);
  json["setAside"] = list(report.setAside, findingJson);
  json["limitations"] = list(report.limitations, limitationJson);
  json["observations"] = list(report.observations, observationJson);
  json["lockOrder"] = list(report.lockOrder, lockOrderJson);
  json["lockSites"] = list(report.lockSites, lockSiteJson);
  json["summary"] = summaryJson(report);
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string writeJsonLines(const Report &report) {
  Json run;
  run["schemaVersion"] = kReportSchemaVersion;
  run["tool"] = toolJson(report);
  run["root"] = report.root;
  std::string text = line("run", std::move(run));
  for (const ReportedFinding &finding : report.findings)
    text += line("finding", findingJson(finding));
  for (const ReportedFinding &finding : report.setAside)
    text += line("setAside", findingJson(finding));
  for (const LimitationReport &limitation : report.limitations)
    text += line("limitation", limitationJson(limitation));
  for (const ObservationReport &observation : report.observations)
    text += line("observation", observationJson(observation));
  for (const LockOrderEdge &edge : report.lockOrder)
    text += line("lockOrder", lockOrderJson(edge));
  for (const LockSite &site : report.lockSites)
    text += line("lockSite", lockSiteJson(site));
  return text + line("summary", summaryJson(report));
}

} // namespace threadlint
