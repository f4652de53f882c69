// SourceMap: see the header. Token ends are measured by hand for identifiers, by the lexer for the rest.
#include "analyzer/extract/SourceMap.h"

#include "clang/Basic/CharInfo.h"
#include "clang/Lex/Lexer.h"
#include "llvm/Support/Path.h"

namespace threadlint {

std::string absolutePath(llvm::StringRef directory, llvm::StringRef path) {
  if (llvm::sys::path::is_absolute(path))
    return path.str();
  llvm::SmallString<256> joined(directory);
  llvm::sys::path::append(joined, path);
  return std::string(joined);
}

bool isUserLocation(const clang::SourceManager &sources, clang::SourceLocation location) {
  if (location.isInvalid())
    return false;
  location = sources.getExpansionLoc(location);
  if (sources.isInSystemHeader(location))
    return false;
  return sources.getFileEntryRefForID(sources.getFileID(location)).has_value() ||
         sources.isWrittenInMainFile(location);
}

SourceMap::SourceMap(const clang::SourceManager &sources, const clang::LangOptions &language,
                     TuFacts &facts, const std::string &projectRoot)
    : sources_(sources), language_(language), facts_(facts), root_(projectRoot) {}

bool SourceMap::isUser(clang::SourceLocation location) const {
  return isUserLocation(sources_, location);
}

std::string SourceMap::fileName(clang::FileID file) {
  clang::OptionalFileEntryRef entry = sources_.getFileEntryRefForID(file);
  if (!entry)
    return "";
  auto [known, isNew] = names_.try_emplace(entry->getName());
  if (isNew) {
    llvm::SmallString<256> path(entry->getName());
    sources_.getFileManager().makeAbsolutePath(path);
    known->second = root_.name(std::string(path));
  }
  return known->second;
}

std::string SourceMap::fileName(clang::SourceLocation location) {
  return fileName(sources_.getFileID(sources_.getExpansionLoc(location)));
}

std::uint32_t SourceMap::fileIndex(clang::FileID file) {
  auto [entry, inserted] = indices_.try_emplace(file, 0);
  if (!inserted)
    return entry->second;
  std::string name = fileName(file);
  std::uint32_t index = 0;
  if (!name.empty()) {
    for (std::uint32_t i = 1; i < facts_.files.size() && index == 0; ++i)
      if (facts_.files[i] == name)
        index = i;
    if (index == 0) {
      index = static_cast<std::uint32_t>(facts_.files.size());
      facts_.files.push_back(std::move(name));
      files_.push_back(file);
    }
  }
  return indices_[file] = index;
}

unsigned SourceMap::tokenLength(clang::FileID file, unsigned offset,
                                clang::SourceLocation location) {
  bool invalid = false;
  llvm::StringRef buffer = sources_.getBufferData(file, &invalid);
  if (invalid || offset >= buffer.size())
    return 1;
  unsigned end = offset;
  while (end < buffer.size() &&
         clang::isAsciiIdentifierContinue(static_cast<unsigned char>(buffer[end])))
    ++end;
  if (end > offset && !clang::isDigit(buffer[offset]) &&
      (end >= buffer.size() || (buffer[end] != '"' && buffer[end] != '\'')))
    return end - offset;
  unsigned char first = buffer[offset];
  if (first == ')' || first == '(' || first == ']' || first == '}' || first == ';')
    return 1;
  return std::max(1u, clang::Lexer::MeasureTokenLength(location, sources_, language_));
}

SourceRange SourceMap::range(clang::SourceRange range) {
  SourceRange result;
  if (range.getBegin().isInvalid())
    return result;
  clang::SourceLocation begin = sources_.getExpansionLoc(range.getBegin());
  clang::SourceLocation end =
      range.getEnd().isValid() ? sources_.getExpansionRange(range.getEnd()).getEnd() : begin;
  auto [file, offset] = sources_.getDecomposedLoc(begin);
  result.file = fileIndex(file);
  if (result.file == 0)
    return result;
  result.line = sources_.getLineNumber(file, offset);
  result.column = sources_.getColumnNumber(file, offset);
  auto [endFile, endOffset] = sources_.getDecomposedLoc(end);
  if (endFile != file || endOffset < offset) {
    endOffset = offset;
    end = begin;
  }
  unsigned length = tokenLength(file, endOffset, end);
  result.endLine = sources_.getLineNumber(file, endOffset);
  result.endColumn = sources_.getColumnNumber(file, endOffset) + length;
  return result;
}

} // namespace threadlint
