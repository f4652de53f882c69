// Revision: the findings of another git revision of the same project.
//
// The revision is checked out into a scratch folder; the repository itself is not touched. The compile commands are the current ones with
// every path under the repository moved there, except the build folder, which keeps its generated files. Files that were
// renamed are analysed under their old names; files that the revision does not have are left out, which a note says. Submodules are at the
// commits that the revision names, or, where those are not here, as they are now, which a limitation says.
#pragma once

#include "analyzer/cli/Git.h"
#include "analyzer/cli/Run.h"
#include "analyzer/cli/ScratchFolder.h"

namespace threadlint {

/// The full id of a revision, or of the merge base of HEAD and `ref`. `folder` lies in the repository.
llvm::Expected<std::string> commitOf(const Git &git, const std::string &folder,
                                     const std::string &rev);
llvm::Expected<std::string> mergeBase(const Git &git, const std::string &folder,
                                      const std::string &ref);

/// `scratch`: an empty folder for its files.
/// Every finding of the revision that --checks and the path filters select and no comment hides, of any confidence. When the run comes
/// to an early end meanwhile, some are missing and `report`, which has no findings of its own here, is marked as partial.
llvm::Expected<Baseline> findingsAtRevision(const Run &run, const std::string &commit,
                                            const Sources &sources, const ScratchFolder &scratch,
                                            Report &report);

} // namespace threadlint
