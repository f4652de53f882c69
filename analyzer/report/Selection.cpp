// Selection: one pass; cheap tests first.
#include "analyzer/report/Selection.h"

#include "analyzer/report/Glob.h"
#include "analyzer/report/Suppressions.h"

#include <algorithm>

namespace threadlint {
namespace {

/// Whether the finding speaks of a file that is no companion.
bool concernsOthers(const Finding &finding, const SelectionOptions &options) {
  auto isOther = [&](const Place &place) { return !options.companions.contains(place.file); };
  return isOther(finding.place) ||
         std::any_of(finding.related.begin(), finding.related.end(),
                     [&](const RelatedPlace &related) { return isOther(related.place); }) ||
         std::any_of(finding.threads.begin(), finding.threads.end(), [&](const ThreadTrace &trace) {
           return std::any_of(trace.path.begin(), trace.path.end(),
                              [&](const TraceStep &step) { return isOther(step.place); });
         });
}

bool isInScope(const Finding &finding, const SelectionOptions &options) {
  const std::string &file = finding.place.file;
  return options.checks.contains(finding.check) && !matchesAnyPath(options.excludes, file) &&
         (options.headerFilters.empty() || options.mainFiles.contains(file) ||
          matchesAnyPath(options.headerFilters, file)) &&
         (options.companions.empty() || concernsOthers(finding, options));
}

/// Files whose first lines say that a program wrote them: "@generated", or "generated" together with "do not edit".
class GeneratedFiles {
public:
  explicit GeneratedFiles(SourceText &sources) : sources_(sources) {}

  bool contains(const std::string &file) {
    auto [place, isNew] = known_.try_emplace(file, false);
    if (isNew)
      place->second = hasMark(file);
    return place->second;
  }

private:
  static constexpr std::uint32_t kLines = 20;

  bool hasMark(const std::string &file) {
    bool generated = false, doNotEdit = false;
    for (std::uint32_t number = 1; number <= kLines; ++number) {
      std::optional<std::string> line = sources_.line(file, number);
      if (!line)
        break;
      for (char &c : *line)
        c = static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
      if (line->find("@generated") != std::string::npos)
        return true;
      generated |= line->find("generated") != std::string::npos;
      doNotEdit |= line->find("do not edit") != std::string::npos;
    }
    return generated && doNotEdit;
  }

  SourceText &sources_;
  std::map<std::string, bool, std::less<>> known_;
};

/// Comments and rules, with what they hid.
class Hiding {
public:
  Hiding(std::vector<SuppressionReport> comments, const SelectionOptions &options,
         SourceText &sources)
      : options_(options), comments_(std::move(comments)), sources_(sources),
        commentUsed_(comments_.spans().size()), ruleUsed_(options.suppressionRules.size()) {}

  /// Why the finding is hidden, if it is.
  std::optional<SuppressionNote> note(const Finding &finding) {
    std::optional<SuppressionNote> note;
    for (std::size_t i :
         comments_.covering(finding.check, finding.place.file, finding.place.line)) {
      commentUsed_[i] = true;
      auto line = sources_.line(finding.place.file, comments_.spans()[i].comment);
      std::string reason = line ? reasonOf(*line) : std::string();
      if (options_.requireReason && line && reason.empty()) {
        withoutReason_.insert(i);
        continue;
      }
      if (!note)
        note = SuppressionNote{true, reason};
    }
    for (std::size_t i = 0; i < options_.suppressionRules.size(); ++i)
      if (covers(options_.suppressionRules[i], finding)) {
        ruleUsed_[i] = true;
        if (options_.requireReason && options_.suppressionRules[i].reason.empty()) {
          rulesWithoutReason_.insert(i);
          continue;
        }
        if (!note)
          note = SuppressionNote{false, options_.suppressionRules[i].reason};
      }
    return note;
  }

  void tell(std::vector<LimitationReport> &remarks) const {
    for (std::size_t i : withoutReason_)
      remark(comments_.spans()[i], "suppression-without-reason",
             "this comment hides nothing because it gives no reason", remarks);
    for (std::size_t i : rulesWithoutReason_)
      remarks.push_back({"suppression-without-reason",
                         options_.suppressionRules[i].origin +
                             ": this rule hides nothing because it gives no reason",
                         {},
                         false});
    for (const Suppressions::Unmatched &at : comments_.unmatched())
      if (at.globs.empty() || isOurs(at.globs))
        remark(at.file, at.line, "unmatched-suppression",
               at.isBegin
                   ? "unmatched 'NOLINTBEGIN' comment without a subsequent 'NOLINTEND' "
                     "comment: it hides nothing"
                   : "unmatched 'NOLINTEND' comment without a previous 'NOLINTBEGIN' comment",
               remarks);
    if (!options_.tellUnused)
      return;
    for (std::size_t i = 0; i < comments_.spans().size(); ++i)
      if (!commentUsed_[i] && isOurs(comments_.spans()[i].globs))
        remark(comments_.spans()[i], "unused-suppression", "this comment hides no finding",
               remarks);
    for (std::size_t i = 0; i < ruleUsed_.size(); ++i)
      if (!ruleUsed_[i])
        remarks.push_back({"unused-suppression",
                           options_.suppressionRules[i].origin + ": this rule hides no finding",
                           {},
                           false});
  }

private:
  void remark(const Suppressions::Span &at, const char *kind, const char *message,
              std::vector<LimitationReport> &remarks) const {
    remark(at.file, at.comment, kind, message, remarks);
  }

  /// About the comment in this line, from its first directive on.
  void remark(const std::string &file, std::uint32_t line, const char *kind, const char *message,
              std::vector<LimitationReport> &remarks) const {
    std::uint32_t column = 1;
    if (std::optional<std::string> text = sources_.line(file, line))
      if (std::size_t at = text->find("NOLINT"); at != std::string::npos)
        column = static_cast<std::uint32_t>(at) + 1;
    remarks.push_back({kind, message, Place{file, line, column, line, column}, false});
  }

  /// Names one of our selected checks; a list-less NOLINT may be meant for others.
  bool isOurs(const std::vector<std::string> &globs) const {
    return std::any_of(globs.begin(), globs.end(), [&](const std::string &glob) {
      return glob.find_first_not_of('*') != std::string::npos &&
             std::any_of(options_.checks.begin(), options_.checks.end(),
                         [&](const std::string &check) { return matchesCheck(glob, check); });
    });
  }

  const SelectionOptions &options_;
  Suppressions comments_;
  SourceText &sources_;
  std::vector<bool> commentUsed_, ruleUsed_;
  std::set<std::size_t> withoutReason_, rulesWithoutReason_;
};

/// What a trace contradicts has less confidence, and stays to be seen.
Confidence shownConfidence(const Finding &finding) {
  return finding.evidence ? std::min(finding.confidence, finding.evidence->before)
                          : finding.confidence;
}

} // namespace

void selectFindings(AnalysisResult result, const SelectionOptions &options, Report &report) {
  SourceText sources(report.root);
  Hiding hiding(std::move(result.suppressions), options, sources);
  GeneratedFiles generated(sources);
  for (Finding &finding : result.findings) {
    if (!isInScope(finding, options))
      continue;
    if (options.skipGenerated && generated.contains(finding.place.file)) {
      ++report.generated;
      continue;
    }
    if (std::optional<SuppressionNote> note = hiding.note(finding)) {
      ++report.suppressed;
      if (options.showSuppressed && shownConfidence(finding) <= options.minConfidence) {
        report.setAside.push_back(std::move(finding));
        report.setAside.back().suppression = std::move(note);
      }
    } else if (shownConfidence(finding) > options.minConfidence) {
      ++report.lowConfidence;
    } else {
      report.findings.push_back(std::move(finding));
    }
  }
  for (LimitationReport &limitation : result.limitations)
    report.limitations.push_back(std::move(limitation));
  hiding.tell(report.limitations);
  report.lockOrder = std::move(result.lockOrder);
  report.lockSites = std::move(result.lockSites);
}

} // namespace threadlint
