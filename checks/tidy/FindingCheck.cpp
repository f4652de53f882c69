// FindingCheck: places of findings back to Clang's locations, messages in the words of the text report.
#include "checks/tidy/FindingCheck.h"

#include "analyzer/extract/SourceMap.h"

#include "clang/ASTMatchers/ASTMatchFinder.h"
#include "clang/ASTMatchers/ASTMatchers.h"
#include "llvm/ADT/StringMap.h"

namespace threadlint::tidy {
namespace {

/// The inverse of the extraction's file names.
class Locations {
public:
  Locations(const clang::SourceManager &sources, const std::string &root) : sources_(sources) {
    for (auto file = sources.fileinfo_begin(); file != sources.fileinfo_end(); ++file) {
      llvm::SmallString<256> path(file->first.getName());
      sources.getFileManager().makeAbsolutePath(path);
      files_.try_emplace(projectPath(std::string(path), "", root), file->first);
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

std::string locksText(const std::vector<std::string> &locks) {
  if (locks.empty())
    return ", holding no lock";
  std::string text = ", holding ";
  for (std::size_t i = 0; i < locks.size(); ++i)
    text.append(i > 0 ? ", '" : "'").append(locks[i]).append("'");
  return text;
}

/// Every note of a finding, in the order of the text report.
std::vector<RelatedPlace> notesOf(const Finding &finding) {
  std::vector<RelatedPlace> notes;
  char name = 'A';
  for (const ThreadTrace &thread : finding.threads) {
    std::string prefix = std::string("thread ") + name++ + " (entry " + thread.entry + "): ";
    for (const TraceStep &step : thread.path) {
      bool showLocks = &step == &thread.path.back() || !step.locksHeld.empty();
      notes.push_back(
          {step.place, prefix + step.message + (showLocks ? locksText(step.locksHeld) : "")});
    }
  }
  notes.insert(notes.end(), finding.related.begin(), finding.related.end());
  for (const std::string &note : finding.notes)
    notes.push_back({finding.place, note});
  return notes;
}

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
    for (const RelatedPlace &note : notesOf(finding))
      if (clang::SourceLocation at = (*locations)(note.place);
          at.isValid() && !tu.suppressions.cover(id_, note.place.file, note.place.line))
        diag(at, "%0", clang::DiagnosticIDs::Note) << note.message;
  }
}

} // namespace threadlint::tidy
