// FindingCheck: places of findings back to Clang's locations, messages in the words of the text report.
#include "checks/tidy/FindingCheck.h"

#include "analyzer/facts/ProjectPath.h"
#include "analyzer/report/Story.h"

#include "clang/ASTMatchers/ASTMatchFinder.h"
#include "clang/ASTMatchers/ASTMatchers.h"
#include "llvm/ADT/StringMap.h"

namespace threadlint::tidy {
namespace {

/// The inverse of the extraction's file names.
class Locations {
public:
  Locations(const clang::SourceManager &sources, const std::string &folder) : sources_(sources) {
    const ProjectRoot root(folder);
    for (auto file = sources.fileinfo_begin(); file != sources.fileinfo_end(); ++file) {
      llvm::SmallString<256> path(file->first.getName());
      sources.getFileManager().makeAbsolutePath(path);
      files_.try_emplace(root.name(std::string(path)), file->first);
    }
  }

  /// Invalid when the place names no file of this TU.
  clang::SourceLocation operator()(const Place &place) const {
    auto file = files_.find(place.file);
    if (file == files_.end() || place.line == 0)
      return {};
    return sources_.translateFileLineCol(file->second, place.line, std::max(1u, place.column));
  }

private:
  const clang::SourceManager &sources_;
  llvm::StringMap<clang::FileEntryRef> files_;
};

} // namespace

void FindingCheck::registerMatchers(clang::ast_matchers::MatchFinder *finder) {
  finder->addMatcher(clang::ast_matchers::translationUnitDecl(), this);
}

void FindingCheck::check(const clang::ast_matchers::MatchFinder::MatchResult &result) {
  const TuFindings &tu = cache_->findings(*result.Context);
  std::optional<Locations> locations;
  for (const Finding &finding : tu.findings) {
    if (finding.check != id_)
      continue;
    if (!locations)
      locations.emplace(*result.SourceManager, tu.root);
    clang::SourceLocation primary = (*locations)(finding.place);
    if (primary.isInvalid())
      continue;
    diag(primary, "%0") << finding.message;
    for (const StoryStep &step : storyOf(finding))
      if (clang::SourceLocation at = (*locations)(step.place);
          at.isValid() && !tu.suppressions.cover(id_, step.place.file, step.place.line))
        diag(at, "%0", clang::DiagnosticIDs::Note)
            << (step.kind == StoryStep::Kind::Thread ? threadPrefix(finding, step.thread) : "") +
                   step.text;
  }
}

} // namespace threadlint::tidy
