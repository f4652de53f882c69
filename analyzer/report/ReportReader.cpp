// ReportReader: checked access; the first member of a wrong type ends the reading.
#include "analyzer/report/ReportReader.h"

#include "analyzer/report/Writers.h"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace threadlint {
namespace {

using Json = nlohmann::json;

class Reader {
public:
  std::string error;

  ReportedFinding finding(const Json &json) {
    ReportedFinding finding;
    finding.check = string(json, "check");
    if (finding.check.starts_with("threadlint-"))
      finding.check.erase(0, std::string_view("threadlint-").size());
    std::string severity = string(json, "severity");
    for (Severity each : {Severity::Error, Severity::Warning, Severity::Note})
      if (severity == nameOf(each))
        finding.severity = each;
    std::string confidence = string(json, "confidence");
    for (Confidence each : {Confidence::High, Confidence::Medium, Confidence::Low})
      if (confidence == nameOf(each))
        finding.confidence = each;
    finding.place = place(json);
    finding.function = string(json, "function");
    finding.message = string(json, "message");
    finding.fingerprint = string(json, "fingerprint");
    for (const Json &code : array(json, "cwe"))
      if (code.is_number_unsigned())
        finding.cwe.push_back(code.get<std::uint32_t>());
    for (const Json &thread : array(json, "threads"))
      finding.threads.push_back(trace(thread));
    for (const Json &related : array(json, "related"))
      finding.related.push_back({place(related), string(related, "message")});
    for (const Json &note : array(json, "notes"))
      if (note.is_string())
        finding.notes.push_back(note.get<std::string>());
    for (BaselineState state : {BaselineState::None, BaselineState::New, BaselineState::Unchanged})
      if (auto member = json.find("baselineState");
          member != json.end() && *member == nameOf(state))
        finding.baseline = state;
    if (auto evidence = json.find("evidence"); evidence != json.end() && evidence->is_object())
      finding.evidence = this->evidence(*evidence);
    return finding;
  }

  ReportedFinding findingSetAside(const Json &json) {
    ReportedFinding result = finding(json);
    if (auto note = json.find("suppression"); note != json.end() && note->is_object())
      result.suppression =
          SuppressionNote{string(*note, "kind") == "inSource", string(*note, "reason")};
    else
      result.baseline = BaselineState::Unchanged;
    return result;
  }

  LimitationReport limitation(const Json &json) {
    return {string(json, "kind"), string(json, "message"), place(json), isSet(json, "incomplete")};
  }

  LockOrderEdge lockOrderEdge(const Json &json) {
    EdgeOrigin origin = EdgeOrigin::Static;
    for (EdgeOrigin each : {EdgeOrigin::Runtime, EdgeOrigin::Both})
      if (auto member = json.find("origin"); member != json.end() && *member == nameOf(each))
        origin = each;
    return {string(json, "from"),     string(json, "to"),     place(json),
            string(json, "function"), isSet(json, "inCycle"), origin};
  }

  LockSite lockSite(const Json &json) {
    return {place(json), string(json, "lock"), string(json, "function")};
  }

  ObservationReport observation(const Json &json) {
    return {string(json, "kind"), place(json), string(json, "function"), string(json, "message")};
  }

  std::size_t count(const Json &summary, const char *name) {
    auto member = summary.find(name);
    return member != summary.end() && member->is_number_unsigned() ? member->get<std::size_t>() : 0;
  }

  const Json &array(const Json &json, const char *name) {
    static const Json kNone = Json::array();
    const Json *member = find(json, name);
    if (member && !member->is_array())
      return wrong(name, "an array"), kNone;
    return member ? *member : kNone;
  }

  std::string string(const Json &json, const char *name) {
    const Json *member = find(json, name);
    if (member && !member->is_string())
      return wrong(name, "a string"), "";
    return member ? member->get<std::string>() : "";
  }

private:
  const Json *find(const Json &json, const char *name) {
    auto member = json.is_object() ? json.find(name) : json.end();
    if (json.is_object() && member != json.end())
      return &*member;
    if (error.empty())
      error = std::string("a finding has no '") + name + "'";
    return nullptr;
  }
  void wrong(const char *name, const char *type) {
    if (error.empty())
      error = std::string("'") + name + "' is not " + type;
  }
  std::uint32_t number(const Json &json, const char *name) {
    const Json *member = find(json, name);
    if (member && !member->is_number_unsigned())
      return wrong(name, "a number"), 0;
    return member ? member->get<std::uint32_t>() : 0;
  }
  bool isSet(const Json &json, const char *name) {
    const Json *member = find(json, name);
    return member && member->is_boolean() && member->get<bool>();
  }
  Place place(const Json &json) {
    Place place{string(json, "file"), number(json, "line"), number(json, "column"), 0, 0};
    if (json.is_object() && json.contains("endLine")) { // not in every report of an earlier version
      place.endLine = number(json, "endLine");
      place.endColumn = number(json, "endColumn");
    }
    return place;
  }
  RuntimeEvidence evidence(const Json &json) {
    RuntimeEvidence evidence;
    const std::string verdict = string(json, "verdict"), before = string(json, "confidenceBefore");
    for (EvidenceVerdict each : {EvidenceVerdict::Contradicted, EvidenceVerdict::NeverExecuted,
                                 EvidenceVerdict::OrderObserved, EvidenceVerdict::Confirmed})
      if (verdict == nameOf(each))
        evidence.verdict = each;
    for (Confidence each : {Confidence::High, Confidence::Medium, Confidence::Low})
      if (before == nameOf(each))
        evidence.before = each;
    evidence.isHang = isSet(json, "hang");
    evidence.isRuntimeOnly = isSet(json, "runtimeOnly");
    evidence.detail = string(json, "detail");
    return evidence;
  }
  ThreadTrace trace(const Json &json) {
    ThreadTrace trace;
    trace.entry = string(json, "entry");
    for (const Json &step : array(json, "path")) {
      TraceStep result{place(step), string(step, "function"), string(step, "message"), {}};
      for (const Json &lock : array(step, "locksHeld"))
        if (lock.is_string())
          result.locksHeld.push_back(lock.get<std::string>());
      trace.path.push_back(std::move(result));
    }
    return trace;
  }
};

/// The document, or an error.
Json parseReport(std::string_view text, std::string &error) {
  Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object() || !json.contains("schemaVersion"))
    error = "not a threadlint JSON report";
  else if (json["schemaVersion"] != kReportSchemaVersion)
    error = "unknown schemaVersion " + json["schemaVersion"].dump();
  return json;
}

} // namespace

ReportReadResult readReport(std::string_view text) {
  ReportReadResult result;
  Json json = parseReport(text, result.error);
  if (!result.error.empty())
    return result;
  Reader reader;
  Report &report = result.report;
  report.root = reader.string(json, "root");
  auto each = [&](const char *list, auto add) {
    if (json.contains(list))
      for (const Json &element : reader.array(json, list))
        add(element);
  };
  each("findings", [&](const Json &j) { report.findings.push_back(reader.finding(j)); });
  each("setAside", [&](const Json &j) { report.setAside.push_back(reader.findingSetAside(j)); });
  each("limitations", [&](const Json &j) { report.limitations.push_back(reader.limitation(j)); });
  each("observations",
       [&](const Json &j) { report.observations.push_back(reader.observation(j)); });
  each("lockOrder", [&](const Json &j) { report.lockOrder.push_back(reader.lockOrderEdge(j)); });
  each("lockSites", [&](const Json &j) { report.lockSites.push_back(reader.lockSite(j)); });
  if (auto summary = json.find("summary"); summary != json.end() && summary->is_object()) {
    report.suppressed = reader.count(*summary, "suppressed");
    report.baselined = reader.count(*summary, "baselined");
    report.generated = reader.count(*summary, "inGeneratedFiles");
    report.lowConfidence = reader.count(*summary, "belowConfidence");
    report.tuCount = reader.count(*summary, "translationUnits");
    report.traceCount = reader.count(*summary, "tracedProcesses");
    report.incompleteCount = reader.count(*summary, "incomplete");
    report.failedCount = reader.count(*summary, "unknown");
    auto partial = summary->find("partial");
    report.isPartial = partial != summary->end() && partial->is_boolean() && partial->get<bool>();
  }
  for (const LimitationReport &limitation : report.limitations)
    report.missingSubmodules += limitation.incomplete && limitation.kind == kMissingSubmodule;
  result.error = reader.error;
  return result;
}

} // namespace threadlint
