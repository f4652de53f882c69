// KnownFindings: --baseline and --new-from-rev: what was there before is set aside.
#pragma once

#include "analyzer/cli/Run.h"
#include "analyzer/cli/ScratchFolder.h"

namespace threadlint {

struct KnownFindings {
  std::optional<Baseline> baseline;
  std::string revision; ///< a commit; empty = none
  /// For its files; made early, while this process is small. None when the run had to end before the commit was known.
  std::optional<ScratchFolder> scratch;
};

/// Reads the baseline and looks the revision up, before the long work.
llvm::Expected<KnownFindings> prepareKnownFindings(const Run &run);

/// Analyses the revision if there is one, and moves what is known to Report::setAside. The number of stale baseline entries, which
/// are named on standard error unless they are ignored. Entries of checks and files that this run did not look at are never stale.
llvm::Expected<std::size_t> setKnownFindingsAside(const Run &run, const KnownFindings &known,
                                                  const Sources &sources, Report &report);

/// Reads a baseline file; a missing one is an error.
llvm::Expected<Baseline> readBaselineFile(const std::string &path);

/// Whether the run looked at the whole program, so that what it did not find is gone.
bool sawEverything(const Run &run, const Report &report);
/// Takes out of the entries that match no finding those that the run did not look for: of checks that are off, or all of them when it
/// did not see everything.
llvm::Error dropUnseen(const Run &run, const Report &report, Baseline &stale);

} // namespace threadlint
