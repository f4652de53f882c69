// Extract: one compile command -> TuFacts, the only stage (with checks/tidy/) that knows Clang.
//
//   CompileCommand  --parse-->  AST, clang::CFG  --lower-->  TuFacts
//
// extractTu parses with the system-header bodies skipped and never throws; broken code yields facts for what parsed and a
// Limitation marked incomplete. extractAst lowers an AST somebody else parsed (the clang-tidy plugin).
#pragma once

#include "analyzer/facts/TuFacts.h"

#include <string>
#include <vector>

namespace clang {
class ASTContext;
class Preprocessor;
} // namespace clang

namespace threadlint {

struct CompileCommand {
  std::string directory, file;
  std::vector<std::string> arguments; ///< arguments[0] = compiler, as in compile_commands.json
};

struct ExtractOptions {
  std::string projectRoot; ///< absolute; file names under it become relative with forward slashes
  std::vector<std::string> extraArgs; ///< appended (--extra-arg)
  std::string resourceDir;            ///< empty: the one found at build time
  /// Content to use instead of the file on disk (tests); empty = read the file.
  std::string overlayContent;
};

/// Parses and lowers one TU. A file that cannot be read gives facts with one Limitation.
TuFacts extractTu(const CompileCommand &command, const ExtractOptions &options);

/// Lowers an already parsed AST. Suppression comments are found in the buffers of the files that functions came from.
TuFacts extractAst(clang::ASTContext &context, const std::string &projectRoot);

} // namespace threadlint
