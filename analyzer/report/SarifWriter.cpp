// SarifWriter: SARIF 2.1.0 in the shape that GitHub code scanning and the SARIF viewers show best.
//
// Viewers show only the first code flow, so that one tells the whole story with the thread in front of every step; one more per
// thread follows. Columns are in UTF-16 code units, as SARIF wants. Paths are relative to the project root, with the uriBaseId SRCROOT.
#include "analyzer/report/Escapes.h"
#include "analyzer/report/LineHash.h"
#include "analyzer/report/Story.h"
#include "analyzer/report/Writers.h"

#include <nlohmann/json.hpp>

#include <map>

namespace threadlint {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kLongestSnippet = 400;

std::string_view problemSeverityOf(Severity severity) {
  return severity == Severity::Note ? "recommendation" : nameOf(severity);
}

double rankOf(const Finding &finding) {
  if (finding.evidence && finding.evidence->verdict == EvidenceVerdict::Confirmed)
    return 99; // it happened
  double rank = finding.confidence == Confidence::High ? 90 : 50;
  if (finding.confidence == Confidence::Low)
    rank = 10;
  return finding.severity == Severity::Error ? rank + 5 : rank;
}

/// "data-race" as "DataRace".
std::string upperCamel(const std::string &id) {
  std::string name;
  bool upper = true;
  for (char c : id) {
    if (c != '-')
      name += upper && c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    upper = c == '-';
  }
  return name;
}

std::string sentence(std::string text) {
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z')
    text[0] = static_cast<char>(text[0] - 'a' + 'A');
  return text.ends_with('.') ? text : text + ".";
}

Json text(std::string content) { return {{"text", std::move(content)}}; }

/// A message in which "](" would start a link that nobody meant.
std::string withoutLinks(const std::string &message) {
  if (message.find("](") == std::string::npos)
    return message;
  std::string result;
  for (char c : message)
    result.append(c == '[' || c == ']' ? "\\" : "").push_back(c);
  return result;
}

class SarifReport {
public:
  SarifReport(const Report &report, SourceText &sources) : report_(report), sources_(sources) {
    for (std::size_t i = 0; i < report.rules.size(); ++i)
      ruleIndex_[report.rules[i].id] = i;
    for (const ReportedFinding &finding : report.setAside)
      tellsSuppressions_ |= finding.suppression.has_value();
  }

  std::string run() {
    Json run;
    run["tool"]["driver"] = driver();
    run["invocations"] = Json::array({invocation()});
    run["automationDetails"]["id"] = report_.category + "/";
    if (report_.versionControl)
      run["versionControlProvenance"] = Json::array({provenance(*report_.versionControl)});
    run["originalUriBaseIds"]["SRCROOT"] = folder(report_.root, "The root folder of the project.");
    if (report_.versionControl && report_.versionControl->top != report_.root)
      run["originalUriBaseIds"]["REPOROOT"] =
          folder(report_.versionControl->top, "The top folder of the repository.");
    run["columnKind"] = "utf16CodeUnits";
    Json results = Json::array();
    for (const auto *list : {&report_.findings, &report_.setAside})
      for (const ReportedFinding &finding : *list)
        results.push_back(result(finding));
    run["results"] = std::move(results);
    Json log;
    log["$schema"] = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/"
                     "sarif-schema-2.1.0.json";
    log["version"] = "2.1.0";
    log["runs"] = Json::array({std::move(run)});
    return log.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
  }

private:
  static Json folder(const std::string &path, const char *description) {
    std::string root = escapeUri(path);
    if (!root.starts_with('/'))
      root = "/" + root;
    return {{"uri", "file://" + root + (root.ends_with('/') ? "" : "/")},
            {"description", text(description)}};
  }

  Json provenance(const VersionControl &state) const {
    Json json;
    json["repositoryUri"] = state.repository;
    json["revisionId"] = state.revision;
    if (!state.branch.empty())
      json["branch"] = state.branch;
    json["mappedTo"]["uriBaseId"] = state.top == report_.root ? "SRCROOT" : "REPOROOT";
    return json;
  }

  Json driver() const {
    Json driver;
    driver["name"] = "threadlint";
    driver["fullName"] = "threadlint " + report_.toolVersion;
    driver["version"] = report_.toolVersion;
    driver["semanticVersion"] = report_.toolVersion;
    driver["shortDescription"] =
        text("Finds data races, deadlocks and thread-lifetime bugs in C and C++.");
    Json rules = Json::array();
    for (const Rule &rule : report_.rules)
      rules.push_back(reportingDescriptor(rule));
    driver["rules"] = std::move(rules);
    return driver;
  }

  static Json reportingDescriptor(const Rule &rule) {
    Json json;
    json["id"] = "threadlint-" + rule.id;
    json["name"] = upperCamel(rule.id);
    json["shortDescription"] = text(sentence(rule.summary));
    json["fullDescription"] = text(sentence(rule.summary));
    std::string weakness = std::to_string(rule.cwe);
    // The page of the check where the user publishes it, else that of the weakness, which is public: helpUri has to be absolute.
    if (!rule.address.empty())
      json["helpUri"] = rule.address;
    else if (rule.cwe != 0)
      json["helpUri"] = "https://cwe.mitre.org/data/definitions/" + weakness + ".html";
    json["help"] = {{"text", "Run 'threadlint explain " + rule.id +
                                 "' to read what the check finds and how to fix it."},
                    {"markdown", rule.page.empty() ? sentence(rule.summary) : rule.page}};
    json["defaultConfiguration"]["level"] = nameOf(rule.severity);
    Json &properties = json["properties"];
    properties["precision"] = rule.isStable ? "very-high" : "high";
    properties["problem.severity"] = problemSeverityOf(rule.severity);
    properties["tags"] = {"concurrency", "correctness", "reliability"};
    if (rule.cwe != 0)
      properties["tags"].push_back("external/cwe/cwe-" + weakness);
    return json;
  }

  Json invocation() const {
    Json json;
    Json notifications = Json::array();
    for (const LimitationReport &limitation : report_.limitations) {
      Json notification;
      if (!limitation.place.file.empty())
        notification["locations"] = Json::array({location(limitation.place)});
      notification["message"] =
          text(sentence(withoutLinks(std::string(introduction(limitation)) + limitation.message)));
      notification["level"] = limitation.incomplete ? "error" : "note";
      notification["descriptor"]["id"] = limitation.kind;
      notifications.push_back(std::move(notification));
    }
    for (const ObservationReport &observation : report_.observations) {
      Json notification;
      if (!observation.place.file.empty())
        notification["locations"] = Json::array({location(observation.place)});
      notification["message"] = text(sentence(withoutLinks(observation.message)));
      notification["level"] = "note";
      notification["descriptor"]["id"] = observation.kind;
      notifications.push_back(std::move(notification));
    }
    json["toolExecutionNotifications"] = std::move(notifications);
    json["exitCode"] = report_.exitCode;
    json["executionSuccessful"] = !isIncomplete(report_);
    return json;
  }

  Json artifactLocation(const std::string &file) const {
    if (file.starts_with('/'))
      return {{"uri", "file://" + escapeUri(file)}};
    return {{"uri", escapeUri(file)}, {"uriBaseId", "SRCROOT"}};
  }

  Json region(const Place &place) const {
    std::optional<std::string> source = sources_.line(place.file, place.line);
    auto column = [&](std::uint32_t byte) { return source ? utf16Column(*source, byte) : byte; };
    Json json;
    json["startLine"] = place.line;
    if (place.column == 0)
      return json;
    std::uint32_t start = column(place.column);
    json["startColumn"] = start;
    if (place.endLine == place.line && place.endColumn > place.column) {
      json["endColumn"] = std::max(start + 1, column(place.endColumn));
    } else if (place.endLine > place.line && place.endColumn > 0) {
      std::optional<std::string> last = sources_.line(place.file, place.endLine);
      json["endLine"] = place.endLine;
      json["endColumn"] = last ? utf16Column(*last, place.endColumn) : place.endColumn;
    }
    return json;
  }

  Json location(const Place &place) const {
    Json json;
    json["physicalLocation"]["artifactLocation"] = artifactLocation(place.file);
    if (place.line > 0) {
      Json &physical = json["physicalLocation"];
      physical["region"] = region(place);
      std::optional<std::string> source = sources_.line(place.file, place.line);
      if (source && place.column > 0 && place.endLine == place.line &&
          place.endColumn > place.column && place.endColumn <= source->size() + 1 &&
          source->size() <= kLongestSnippet && validUtf8(*source) == *source) {
        physical["region"]["snippet"] =
            text(source->substr(place.column - 1, place.endColumn - place.column));
        physical["contextRegion"]["startLine"] = place.line;
        physical["contextRegion"]["snippet"] = text(*source);
      }
    }
    return json;
  }

  static void addFunction(Json &location, const std::string &function) {
    if (!function.empty())
      location["logicalLocations"] =
          Json::array({{{"fullyQualifiedName", function}, {"kind", "function"}}});
  }

  static void setMessage(Json &flowStep, const std::string &message) {
    flowStep["location"]["message"] = text(withoutLinks(message));
  }

  /// Without its message, which differs between the flows.
  Json flowStep(const StoryStep &step) const {
    Json json;
    Json location = this->location(step.place);
    if (step.step)
      addFunction(location, step.step->function);
    json["location"] = std::move(location);
    if (step.step) {
      std::string locks;
      for (const std::string &lock : step.step->locksHeld)
        locks += (locks.empty() ? "" : ", ") + lock;
      json["state"]["locks held"] = text(locks.empty() ? "none" : locks);
    }
    json["importance"] = step.isLast ? "essential" : "important";
    return json;
  }

  Json codeFlows(const Finding &finding, const std::vector<StoryStep> &story) const {
    Json merged = Json::array();
    std::vector<Json> perThread(finding.threads.size(), Json::array());
    for (const StoryStep &step : story)
      if (step.kind == StoryStep::Kind::Thread) {
        Json shown = flowStep(step);
        setMessage(shown, step.text);
        perThread[step.thread].push_back(shown);
        setMessage(shown, threadPrefix(finding, step.thread) + step.text);
        merged.push_back(std::move(shown));
      }
    Json flows = Json::array();
    auto add = [&](Json locations, const std::string &message) {
      Json flow;
      flow["message"] = text(message);
      flow["threadFlows"] = Json::array({{{"locations", std::move(locations)}}});
      flows.push_back(std::move(flow));
    };
    if (merged.empty())
      return flows;
    add(std::move(merged),
        finding.threads.size() > 1 ? "All threads, one after the other." : "The thread's steps.");
    if (finding.threads.size() > 1)
      for (std::size_t t = 0; t < finding.threads.size(); ++t)
        if (!perThread[t].empty())
          add(std::move(perThread[t]), withoutLinks("Thread " + threadName(t) + ", entry '" +
                                                    finding.threads[t].entry + "'."));
    return flows;
  }

  Json result(const ReportedFinding &finding) {
    std::vector<StoryStep> story = storyOf(finding);
    Json json;
    json["ruleId"] = "threadlint-" + finding.check;
    if (auto rule = ruleIndex_.find(finding.check); rule != ruleIndex_.end())
      json["ruleIndex"] = rule->second;
    json["level"] = nameOf(finding.severity);
    json["rank"] = rankOf(finding);

    std::string message = sentence(withoutLinks(finding.message));
    Json related = Json::array();
    for (const StoryStep &step : story) {
      bool isOther = step.isLast && step.place != finding.place;
      if (step.kind != StoryStep::Kind::Related && !isOther)
        continue;
      Json place = location(step.place);
      std::size_t id = related.size() + 1;
      place["id"] = id;
      std::string said =
          isOther ? "thread " + threadName(step.thread) + " " + step.step->message : step.text;
      place["message"] = text(withoutLinks(said));
      std::string link;
      for (char c : said)
        link.append(c == '[' || c == ']' || c == '\\' ? "\\" : "").push_back(c);
      message += (id == 1 ? " See [" : ", [") + link + "](" + std::to_string(id) + ")";
      related.push_back(std::move(place));
    }
    if (!related.empty())
      message += ".";
    for (const StoryStep &step : story)
      if (step.kind == StoryStep::Kind::Note)
        message += " " + sentence(withoutLinks(step.text));
    json["message"] = text(message);

    Json primary = location(finding.place);
    addFunction(primary, finding.function);
    json["locations"] = Json::array({std::move(primary)});
    if (!related.empty())
      json["relatedLocations"] = std::move(related);
    if (Json flows = codeFlows(finding, story); !flows.empty())
      json["codeFlows"] = std::move(flows);
    if (!finding.fingerprint.empty())
      json["partialFingerprints"]["threadlint/v1"] = finding.fingerprint;
    if (std::string hash = lineHash(finding.place); !hash.empty())
      json["partialFingerprints"]["primaryLocationLineHash"] = hash;
    if (tellsSuppressions_)
      json["suppressions"] = suppressions(finding.suppression);
    if (finding.baseline != BaselineState::None)
      json["baselineState"] = finding.baseline == BaselineState::New ? "new" : "unchanged";
    json["properties"]["confidence"] = nameOf(finding.confidence);
    if (finding.evidence)
      json["properties"]["evidence"] = nameOf(finding.evidence->verdict);
    return json;
  }

  static Json suppressions(const std::optional<SuppressionNote> &note) {
    Json list = Json::array();
    if (!note)
      return list;
    Json json;
    json["kind"] = note->inSource ? "inSource" : "external";
    json["status"] = "accepted";
    if (!note->reason.empty())
      json["justification"] = note->reason;
    list.push_back(std::move(json));
    return list;
  }

  std::string lineHash(const Place &place) {
    if (place.file.empty() || place.line == 0 || place.file.starts_with('/'))
      return {};
    auto [hashes, isNew] = hashesOfFile_.try_emplace(place.file);
    if (isNew)
      if (const std::string &content = sources_.content(place.file); !content.empty())
        hashes->second = lineHashes(content);
    return place.line <= hashes->second.size() ? hashes->second[place.line - 1] : std::string();
  }

  const Report &report_;
  SourceText &sources_;
  std::map<std::string, std::size_t> ruleIndex_;
  std::map<std::string, std::vector<std::string>> hashesOfFile_;
  bool tellsSuppressions_ = false;
};

} // namespace

std::string writeSarif(const Report &report, SourceText &sources) {
  return SarifReport(report, sources).run();
}

} // namespace threadlint
