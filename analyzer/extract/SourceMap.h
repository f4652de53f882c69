// SourceMap: Clang source locations -> file indices and ranges of TuFacts, and the one predicate for "the user's code".
//
// Both surfaces (our own parse and the clang-tidy plugin) decide with isUser(), so they lower the same functions. Macro locations
// are expansion locations. Files are numbered in first-use order. Line markers are ignored: places are physical.
#pragma once

#include "analyzer/facts/ProjectPath.h"
#include "analyzer/facts/TuFacts.h"

#include "clang/Basic/SourceManager.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/StringMap.h"

#include <string>
#include <vector>

namespace threadlint {

class SourceMap {
public:
  SourceMap(const clang::SourceManager &sources, const clang::LangOptions &language, TuFacts &facts,
            const std::string &projectRoot);

  /// True outside system headers, built-in buffers and the command line.
  bool isUser(clang::SourceLocation location) const;
  SourceRange range(clang::SourceRange range);
  SourceRange range(clang::SourceLocation begin) {
    return this->range(clang::SourceRange(begin, begin));
  }
  /// Name of the file a location is in: relative to the project root, or absolute outside it.
  std::string fileName(clang::SourceLocation location);
  std::string fileName(clang::FileID file);
  std::uint32_t fileIndex(clang::FileID file);
  /// The files with an index, in index order.
  const std::vector<clang::FileID> &files() const { return files_; }
  const clang::SourceManager &sources() const { return sources_; }

private:
  unsigned tokenLength(clang::FileID file, unsigned offset, clang::SourceLocation location);

  const clang::SourceManager &sources_;
  const clang::LangOptions &language_;
  TuFacts &facts_;
  ProjectRoot root_;
  llvm::StringMap<std::string> names_; ///< by the name that Clang has for a file
  llvm::DenseMap<clang::FileID, std::uint32_t> indices_;
  std::vector<clang::FileID> files_;
};

/// The same predicate, for a parse whose SourceMap does not exist yet.
bool isUserLocation(const clang::SourceManager &sources, clang::SourceLocation location);
/// `path` as seen from `directory`.
std::string absolutePath(llvm::StringRef directory, llvm::StringRef path);

} // namespace threadlint
