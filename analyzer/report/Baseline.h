// Baseline: the findings a project has decided to live with for now.
//
//   findings  --writeBaseline-->  file  --readBaseline-->  applyBaseline: what it knows is set aside, the rest is new
//
// A multiset: a finding that occurs twice needs two entries. One entry a line, sorted, so that version control merges two
// baselines line by line; the order and the header do not matter to the reader. An entry matches by check and fingerprint; file and
// function are for people.
#pragma once

#include "analyzer/report/Report.h"

#include <string>
#include <string_view>
#include <vector>

namespace threadlint {

struct BaselineEntry {
  std::string check; ///< bare id
  std::string file, function, fingerprint;
  auto operator<=>(const BaselineEntry &) const = default;
};

using Baseline = std::vector<BaselineEntry>;

struct BaselineReadResult {
  Baseline baseline; ///< sorted
  std::string error; ///< empty on success; with the line number otherwise
};

BaselineEntry baselineEntry(const Finding &finding);

BaselineReadResult readBaseline(std::string_view text);
/// The file's content, sorted.
std::string writeBaseline(Baseline baseline);

/// Marks findings that the baseline knows and moves them from `findings` to `setAside`; the others become new. Returns the entries that no
/// finding used (stale), sorted. Of equal findings the ones in the entry's file are set aside first.
Baseline applyBaseline(const Baseline &baseline, Report &report);

} // namespace threadlint
