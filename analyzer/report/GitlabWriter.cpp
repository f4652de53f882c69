// GitlabWriter: the subset of the Code Climate format that GitLab's Code Quality reads.
//
// GitLab merges entries with equal fingerprints, so repeated findings get numbered ones. Paths are relative to the repository.
#include "analyzer/report/Fingerprint.h"
#include "analyzer/report/Writers.h"

#include <nlohmann/json.hpp>

#include <map>

namespace threadlint {
namespace {

/// GitLab wants a path. What is said of the whole run is shown where the run is described.
constexpr const char *kWholeRun = ".gitlab-ci.yml";

using Json = nlohmann::ordered_json;

const char *gitlabSeverity(Severity severity) {
  switch (severity) {
  case Severity::Error:
    return "critical";
  case Severity::Warning:
    return "major";
  case Severity::Note:
    return "minor";
  }
  return "info";
}

} // namespace

std::string writeGitlab(const Report &report) {
  Json list = Json::array();
  std::map<std::string, unsigned> seen;
  for (const ReportedFinding &finding : report.findings) {
    unsigned count = ++seen[finding.fingerprint];
    std::string parts[] = {finding.fingerprint, std::to_string(count)};
    Json json;
    json["description"] = finding.message;
    json["check_name"] = "threadlint-" + finding.check;
    json["fingerprint"] = count == 1 ? finding.fingerprint : fingerprint(parts);
    json["severity"] = gitlabSeverity(finding.severity);
    json["location"]["path"] = finding.place.file;
    json["location"]["lines"]["begin"] = std::max(1u, finding.place.line);
    list.push_back(std::move(json));
  }
  for (const LimitationReport &limitation : report.limitations)
    if (limitation.incomplete) {
      std::string parts[] = {"limitation", limitation.kind, limitation.place.file,
                             limitation.message};
      Json json;
      json["description"] = "not fully analysed: " + limitation.message;
      json["check_name"] = "threadlint." + limitation.kind;
      json["fingerprint"] = fingerprint(parts);
      json["severity"] = "info";
      json["location"]["path"] = limitation.place.file.empty() ? kWholeRun : limitation.place.file;
      json["location"]["lines"]["begin"] = std::max(1u, limitation.place.line);
      list.push_back(std::move(json));
    }
  return list.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

} // namespace threadlint
