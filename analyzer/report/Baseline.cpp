// Baseline: JSON lines after a header line.
#include "analyzer/report/Baseline.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <map>

namespace threadlint {
namespace {

using Json = nlohmann::ordered_json;

constexpr unsigned kBaselineVersion = 1;
constexpr std::string_view kPrefix = "threadlint-";

using Identity = std::pair<std::string, std::string>;

Identity identityOf(const BaselineEntry &entry) { return {entry.check, entry.fingerprint}; }

std::string lineOf(const BaselineEntry &entry) {
  Json json;
  json["check"] = std::string(kPrefix) + entry.check;
  json["file"] = entry.file;
  json["function"] = entry.function;
  json["fingerprint"] = entry.fingerprint;
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

bool isFingerprint(const std::string &text) {
  return text.size() == 32 && text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

/// What is wrong with the line, or nothing.
std::string readLine(std::string_view line, Baseline &baseline, bool &hasHeader) {
  for (std::string_view marker : {"<<<<<<<", "=======", ">>>>>>>", "|||||||"})
    if (line.starts_with(marker))
      return "is a merge conflict marker: keep the entries of both sides";
  Json json = Json::parse(line, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object())
    return "is not a JSON object";
  if (auto version = json.find("threadlintBaseline"); version != json.end()) {
    hasHeader = true;
    return *version == kBaselineVersion ? ""
                                        : "has the unknown baseline version " + version->dump();
  }
  auto text = [&](const char *name) {
    auto member = json.find(name);
    return member != json.end() && member->is_string() ? member->get<std::string>() : "";
  };
  BaselineEntry entry{text("check"), text("file"), text("function"), text("fingerprint")};
  if (entry.check.starts_with(kPrefix))
    entry.check.erase(0, kPrefix.size());
  if (entry.check.empty())
    return "has no 'check'";
  if (!isFingerprint(entry.fingerprint))
    return "has no 'fingerprint' of 32 hex digits";
  baseline.push_back(std::move(entry));
  return {};
}

/// Entries by identity; taking one prefers the finding's file.
class Stock {
public:
  explicit Stock(const Baseline &baseline) {
    for (const BaselineEntry &entry : baseline)
      entries_[identityOf(entry)].push_back(&entry);
  }

  /// The entry that the finding uses up, or null.
  const BaselineEntry *take(const BaselineEntry &wanted, bool sameFileOnly) {
    auto place = entries_.find(identityOf(wanted));
    if (place == entries_.end())
      return nullptr;
    std::vector<const BaselineEntry *> &list = place->second;
    auto entry = std::find_if(list.begin(), list.end(),
                              [&](const BaselineEntry *e) { return e->file == wanted.file; });
    if (entry == list.end()) {
      if (sameFileOnly || list.empty())
        return nullptr;
      entry = list.begin();
    }
    const BaselineEntry *taken = *entry;
    list.erase(entry);
    return taken;
  }

  Baseline rest() const {
    Baseline rest;
    for (const auto &[identity, list] : entries_)
      for (const BaselineEntry *entry : list)
        rest.push_back(*entry);
    std::sort(rest.begin(), rest.end());
    return rest;
  }

private:
  std::map<Identity, std::vector<const BaselineEntry *>> entries_;
};

/// The entry that each finding uses up, or null.
std::vector<const BaselineEntry *> match(Stock &stock,
                                         const std::vector<ReportedFinding> &findings) {
  std::vector<const BaselineEntry *> matched(findings.size(), nullptr);
  for (bool sameFileOnly : {true, false})
    for (std::size_t i = 0; i < findings.size(); ++i)
      if (!matched[i])
        matched[i] = stock.take(baselineEntry(findings[i]), sameFileOnly);
  return matched;
}

} // namespace

BaselineEntry baselineEntry(const Finding &finding) {
  return {finding.check, finding.place.file, finding.function, finding.fingerprint};
}

BaselineReadResult readBaseline(std::string_view text) {
  BaselineReadResult result;
  if (text.starts_with("\xef\xbb\xbf")) // an editor's byte order mark
    text.remove_prefix(3);
  bool hasHeader = false;
  unsigned number = 0;
  for (std::size_t begin = 0; begin < text.size();) {
    std::size_t end = std::min(text.find('\n', begin), text.size());
    std::string_view line = text.substr(begin, end - begin);
    begin = end + 1;
    ++number;
    if (line.find_first_not_of(" \t\r") == std::string_view::npos)
      continue;
    if (std::string problem = readLine(line, result.baseline, hasHeader); !problem.empty()) {
      result.error = "line " + std::to_string(number) + " " + problem;
      return result;
    }
  }
  if (!hasHeader)
    result.error = "it has no line {\"threadlintBaseline\":1}";
  std::sort(result.baseline.begin(), result.baseline.end());
  return result;
}

std::string writeBaseline(Baseline baseline) {
  std::vector<std::string> lines;
  for (const BaselineEntry &entry : baseline)
    lines.push_back(lineOf(entry));
  std::sort(lines.begin(), lines.end());
  std::string text = "{\"threadlintBaseline\":" + std::to_string(kBaselineVersion) + "}\n";
  for (const std::string &line : lines)
    text += line + "\n";
  return text;
}

Baseline applyBaseline(const Baseline &baseline, Report &report) {
  Stock stock(baseline);
  std::vector<const BaselineEntry *> matched = match(stock, report.findings);
  std::vector<ReportedFinding> fresh;
  for (std::size_t i = 0; i < matched.size(); ++i) {
    ReportedFinding &finding = report.findings[i];
    finding.baseline = matched[i] ? BaselineState::Unchanged : BaselineState::New;
    (matched[i] ? report.setAside : fresh).push_back(std::move(finding));
    report.baselined += matched[i] != nullptr;
  }
  report.findings = std::move(fresh);
  return stock.rest();
}

} // namespace threadlint
