// TuCache: the findings of the translation unit clang-tidy is at, computed once for all checks.
//
//   ASTContext  --extractAst-->  TuFacts  --analyzeProgram-->  findings of every check
//
// Every check of one clang-tidy run shares one cache; the first that asks fills it. Shows what the command line shows by default: high
// confidence, and no finding that a NOLINT comment covers. Left out: what needs a second translation unit.
#pragma once

#include "analyzer/report/Finding.h"
#include "analyzer/report/Suppressions.h"

#include <optional>
#include <string>
#include <vector>

namespace clang {
class ASTContext;
}

namespace threadlint::tidy {

/// What one translation unit gives.
struct TuFindings {
  std::string root;              ///< absolute folder that file names are relative to
  std::vector<Finding> findings; ///< in the order of the report
  Suppressions suppressions;
};

class TuCache {
public:
  /// Valid until `clear`.
  const TuFindings &findings(clang::ASTContext &context);
  void clear() { findings_.reset(); }

private:
  std::optional<TuFindings> findings_;
};

} // namespace threadlint::tidy
