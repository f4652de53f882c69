// TuCache: extraction and analysis of one TU, filtered as the command line does by default.
#include "checks/tidy/TuCache.h"

#include "analyzer/extract/Extract.h"
#include "checks/Checks.h"

#include "clang/AST/ASTContext.h"
#include "clang/Basic/FileManager.h"
#include "clang/Basic/SourceManager.h"

namespace threadlint::tidy {
namespace {

/// The folder the compiler runs in.
std::string workingFolder(const clang::SourceManager &sources) {
  llvm::SmallString<256> folder(".");
  sources.getFileManager().makeAbsolutePath(folder);
  llvm::sys::path::remove_dots(folder, /*remove_dot_dot=*/true);
  return std::string(folder);
}

} // namespace

const TuFindings &TuCache::findings(clang::ASTContext &context) {
  if (findings_)
    return *findings_;
  std::string root = workingFolder(context.getSourceManager());
  std::vector<TuFacts> tus;
  tus.push_back(extractAst(context, root));
  AnalysisResult result = analyzeProgram(std::move(tus));
  findings_.emplace(TuFindings{std::move(root), {}, Suppressions(std::move(result.suppressions))});
  for (Finding &finding : result.findings)
    if (finding.confidence == Confidence::High &&
        !findings_->suppressions.cover(finding.check, finding.place.file, finding.place.line))
      findings_->findings.push_back(std::move(finding));
  return *findings_;
}

} // namespace threadlint::tidy
