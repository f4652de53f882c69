// RevisionCheckout: the files of a git revision in a folder of their own, those of its submodules included.
//
// The repository is read, never changed: no branch, index, worktree list or lock of it is touched, so several runs may do this at once. A submodule
// comes at the commit that the revision names, from the repository that is here (under .git/modules, or where it is checked out), submodules within
// it likewise. Nothing is fetched for a submodule.
#pragma once

#include "analyzer/cli/Git.h"

#include <llvm/Support/Error.h>

#include <map>
#include <string>
#include <vector>

namespace threadlint {

/// A submodule whose commit is not here: its folder in the checkout is a link to what is checked out now, or empty when the submodule was
/// removed since.
struct MissingSubmodule {
  std::string path; ///< from the top of the repository
  std::string commit;
  bool isRemoved = false;
};

struct RevisionCheckout {
  std::map<std::string, std::string>
      oldNames; ///< of files that were renamed since: new name to old, from the top
  std::vector<MissingSubmodule> missing; ///< in the order of their paths
};

/// Checks out `commit` of the repository whose top folder is `top` into `scratch`/tree.
llvm::Expected<RevisionCheckout> checkOutRevision(const Git &git, const std::string &top,
                                                  const std::string &commit,
                                                  const std::string &scratch);

} // namespace threadlint
