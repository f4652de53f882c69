// Report: names and the summary line.
#include "analyzer/report/Report.h"

#include <algorithm>
#include <map>

namespace threadlint {
namespace {

struct Noun {
  std::string_view check, one, many;
};

constexpr Noun kNouns[] = {
    {"data-race", "race", "races"},
    {"lost-wakeup", "lost wake-up", "lost wake-ups"},
    {"lock-order-inversion", "inversion", "inversions"},
    {"self-deadlock", "self-deadlock", "self-deadlocks"},
    {"unjoined-thread", "unjoined thread", "unjoined threads"},
    {"lock-leak", "lock leak", "lock leaks"},
    {"unlock-not-held", "unlock not held", "unlocks not held"},
    {"wait-deadlock", "wait deadlock", "wait deadlocks"},
    {"callback-under-lock", "callback under a lock", "callbacks under a lock"},
    {"stall", "stall", "stalls"},
};

std::string countedCheck(const std::string &check, std::size_t count) {
  for (const Noun &noun : kNouns)
    if (noun.check == check)
      return counted(count, noun.one, noun.many);
  return counted(count, check, check);
}

/// In the order of the table above, other checks after it by name.
std::vector<std::pair<std::string, std::size_t>> countsByCheck(const Report &report) {
  std::map<std::string, std::size_t> counts;
  for (const Finding &finding : report.findings)
    ++counts[finding.check];
  std::vector<std::pair<std::string, std::size_t>> ordered;
  for (const Noun &noun : kNouns)
    if (auto place = counts.extract(std::string(noun.check)))
      ordered.emplace_back(place.key(), place.mapped());
  ordered.insert(ordered.end(), counts.begin(), counts.end());
  return ordered;
}

} // namespace

std::string counted(std::size_t count, std::string_view one, std::string_view many) {
  return std::to_string(count) + " " + std::string(count == 1 ? one : many);
}

std::string_view nameOf(Severity severity) {
  switch (severity) {
  case Severity::Error:
    return "error";
  case Severity::Warning:
    return "warning";
  case Severity::Note:
    return "note";
  }
  return "";
}

std::string_view nameOf(Confidence confidence) {
  switch (confidence) {
  case Confidence::High:
    return "high";
  case Confidence::Medium:
    return "medium";
  case Confidence::Low:
    return "low";
  }
  return "";
}

std::string_view nameOf(EvidenceVerdict verdict) {
  switch (verdict) {
  case EvidenceVerdict::Contradicted:
    return "contradicted";
  case EvidenceVerdict::NeverExecuted:
    return "never-executed";
  case EvidenceVerdict::OrderObserved:
    return "order-observed";
  case EvidenceVerdict::Confirmed:
    return "confirmed";
  }
  return "";
}

std::string_view nameOf(EdgeOrigin origin) {
  switch (origin) {
  case EdgeOrigin::Static:
    return "static";
  case EdgeOrigin::Runtime:
    return "runtime";
  case EdgeOrigin::Both:
    return "both";
  }
  return "";
}

std::string_view nameOf(BaselineState state) {
  switch (state) {
  case BaselineState::None:
    return "none";
  case BaselineState::New:
    return "new";
  case BaselineState::Unchanged:
    return "unchanged";
  }
  return "";
}

bool isIncomplete(const Report &report) {
  return report.isPartial || report.incompleteCount > 0 ||
         std::any_of(report.limitations.begin(), report.limitations.end(),
                     [](const LimitationReport &limitation) { return limitation.incomplete; });
}

std::string_view introduction(const LimitationReport &limitation) {
  if (limitation.incomplete)
    return "not fully analysed: ";
  bool isRemark = limitation.kind.find("suppression") != std::string::npos;
  for (std::string_view kind : {"trace", "trace-limit", "cycle-limit", "symbols"})
    isRemark |= limitation.kind == kind; // about a trace: the sentence says what is missing
  return isRemark ? "" : "not analysed: ";
}

std::string summaryLine(const Report &report) {
  std::string text = counted(report.findings.size(), "finding", "findings");
  std::string_view separator = " (";
  for (const auto &[check, count] : countsByCheck(report)) {
    text.append(separator).append(countedCheck(check, count));
    separator = ", ";
  }
  if (!report.findings.empty())
    text += ")";
  text += " in ";
  if (report.tuCount > 0 || report.traceCount == 0)
    text += counted(report.tuCount, "TU", "TUs");
  if (report.tuCount > 0 && report.traceCount > 0)
    text += " and ";
  if (report.traceCount > 0)
    text += counted(report.traceCount, "traced process", "traced processes");
  if (report.incompleteCount > 0)
    text += ", " + std::to_string(report.incompleteCount) + " incomplete";
  if (report.baselined > 0)
    text += ", " + std::to_string(report.baselined) + " in the baseline";
  if (report.suppressed > 0)
    text += ", " + std::to_string(report.suppressed) + " suppressed";
  if (report.isPartial)
    text += ", not finished";
  return text;
}

} // namespace threadlint
