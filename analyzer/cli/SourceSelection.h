// SourceSelection: from the command line to the compile commands to extract.
#pragma once

#include "analyzer/cli/Environment.h"
#include "analyzer/cli/Options.h"
#include "analyzer/extract/Extract.h"

#include <llvm/Support/Error.h>

#include <string>
#include <vector>

namespace threadlint {

struct SelectedSources {
  std::vector<CompileCommand> commands;    ///< sorted by file
  std::string remark;                      ///< something the user should know; may be empty
  std::vector<std::string> unusedExcludes; ///< globs of --exclude that match none of the commands
  std::string database;                    ///< empty: made up from flags
};

/// The commands of the database that the inputs select, or one made-up command per input when flags follow `--` or when there is
/// no database to be found; an error when an output would overwrite one of the files. `root` is the project root, for the globs.
llvm::Expected<SelectedSources>
selectSources(const Options &options, const Environment &environment, const std::string &root);

} // namespace threadlint
