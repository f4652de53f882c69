// Git: runs git and takes its output.
#pragma once

#include "analyzer/cli/ChildGroup.h"
#include "analyzer/report/Report.h"

#include <llvm/Support/Error.h>

#include <optional>
#include <string>
#include <vector>

namespace threadlint {

/// Where git works when it shall not look for its repository from the folder upward.
struct GitPlaces {
  std::string indexFile;           ///< another index than the repository's; may be empty
  std::string gitFolder, workTree; ///< both or none
};

class Git {
public:
  /// It is ended at the deadline of `limits`, or earlier when the run is interrupted.
  explicit Git(const ChildLimits &limits) : limits_(limits) {}

  /// Standard output of `git -C folder arguments`. `what` is what could not be done when git fails: "cannot <what>: <git's message>".
  /// With `places.gitFolder` nothing is fetched; without, git itself fetches what a partial clone lacks.
  llvm::Expected<std::string> run(const std::string &folder,
                                  const std::vector<std::string> &arguments,
                                  const std::string &what, const GitPlaces &places = {}) const;

  /// What git prints, without its line end; nothing when it fails.
  std::string ask(const std::string &folder, const std::vector<std::string> &arguments,
                  const GitPlaces &places = {}) const;

private:
  llvm::Expected<ChildResult> call(const std::vector<std::string> &arguments,
                                   std::vector<std::string> variables) const;
  std::vector<std::string> environmentFor(const std::string &folder, const GitPlaces &places) const;

  ChildLimits limits_;
};

/// The state of the repository that `folder` lies in; nothing when there is none, or no commit yet. Its URI is that of the remote
/// `origin`, without passwords, else that of its folder.
std::optional<VersionControl> versionControlOf(const std::string &folder, const Git &git);

} // namespace threadlint
