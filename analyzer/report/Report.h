// Report: what one run shows, in every format.
//
//   AnalysisResult  =>  selection (checks, confidence, paths, suppressions, baseline)  =>  Report  =>  writers
//
// A plain value. Writers are functions from a Report to bytes; none of them decides what is shown or what gates.
#pragma once

#include "analyzer/report/Finding.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace threadlint {

/// Whether a baseline knows a finding.
enum class BaselineState : std::uint8_t { None, New, Unchanged };

/// Why a finding is not shown although it was found.
struct SuppressionNote {
  bool inSource = true; ///< a comment; else the suppression file
  std::string reason;   ///< what its author wrote; may be empty
  bool operator==(const SuppressionNote &) const = default;
};

/// A finding with what the run decided about it.
struct ReportedFinding : Finding {
  ReportedFinding() = default;
  ReportedFinding(Finding finding) : Finding(std::move(finding)) {}
  BaselineState baseline = BaselineState::None;
  std::optional<SuppressionNote> suppression;
};

/// Something about the program that a trace shows and that is no finding.
struct ObservationReport {
  std::string kind; ///< "held-at-exit", "wait-with-lock", "pruned", ...
  Place place;
  std::string function, message;
  auto operator<=>(const ObservationReport &) const = default;
};

/// A check as reports describe it.
struct Rule {
  std::string id; ///< bare
  Severity severity = Severity::Warning;
  std::uint32_t cwe = 0;
  bool isStable = false;    ///< its precision was measured
  std::string summary;      ///< one line
  std::string page;         ///< Markdown; may be empty
  std::string address = {}; ///< absolute, where the page is published; may be empty
};

/// The state of the repository that was analysed.
struct VersionControl {
  std::string repository; ///< URI
  std::string revision;   ///< full id
  std::string branch;     ///< may be empty
  std::string top;        ///< absolute folder
};

/// The kind of the limitation about a submodule of another revision.
inline constexpr const char *kMissingSubmodule = "submodule";

struct Report {
  std::string toolVersion;
  std::string root;                             ///< absolute; findings' files are relative to it
  std::string category = "threadlint";          ///< tells several runs for one commit apart
  std::optional<VersionControl> versionControl; ///< only when a format asks for it
  std::vector<Rule> rules;
  std::vector<ReportedFinding> findings; ///< what is shown and gates
  std::vector<ReportedFinding>
      setAside; ///< known to the baseline, and on --show-suppressed what is suppressed
  std::vector<LimitationReport> limitations;
  std::vector<LockOrderEdge> lockOrder;        ///< only when a format asks for it
  std::vector<LockSite> lockSites;             ///< only when a format asks for it
  std::vector<ObservationReport> observations; ///< what traces show besides findings
  std::size_t suppressed = 0;      ///< findings hidden by NOLINT or the suppression file
  std::size_t baselined = 0;       ///< findings hidden by the baseline
  std::size_t generated = 0;       ///< findings in generated files
  std::size_t lowConfidence = 0;   ///< findings below --min-confidence
  std::size_t tuCount = 0;         ///< translation units analysed
  std::size_t traceCount = 0;      ///< traced processes whose records were read
  std::size_t incompleteCount = 0; ///< TUs with a parse error, crash or timeout; missing submodules
  std::size_t missingSubmodules = 0; ///< of the incomplete ones: their old commits are not here
  std::size_t failedCount = 0;       ///< of the incomplete ones, those of which nothing is known
  bool isPartial = false; ///< the run was interrupted or ran out of time: findings may be missing
  bool isStrict = false;  ///< incomplete files make the run fail
  int exitCode = 0;
};

std::string_view nameOf(Severity severity);
std::string_view nameOf(Confidence confidence);
std::string_view nameOf(EvidenceVerdict verdict);
std::string_view nameOf(EdgeOrigin origin);
std::string_view nameOf(BaselineState state);

/// "1 finding", "2 findings".
std::string counted(std::size_t count, std::string_view one, std::string_view many);

/// Whether something was not looked at as it should have been, which --strict does not let pass.
bool isIncomplete(const Report &report);

/// How a limitation is introduced in a sentence: "not fully analysed: ", "not analysed: ", or nothing for remarks about suppressions.
std::string_view introduction(const LimitationReport &limitation);

/// "3 findings (2 races, 1 inversion) in 39 TUs, 1 incomplete".
std::string summaryLine(const Report &report);

} // namespace threadlint
