// Suppressions: see the header. Grammar: clang-tidy/NoLintDirectiveHandler.cpp of LLVM 22.
#include "analyzer/extract/Suppressions.h"

#include "llvm/ADT/StringExtras.h"

namespace threadlint {

void collectSuppressions(TuBuilder &tu, llvm::StringRef text, std::uint32_t file) {
  std::size_t position = text.find("NOLINT");
  std::uint32_t line = 1;
  std::size_t counted = 0;
  while (position != llvm::StringRef::npos) {
    std::size_t end = position + 6;
    while (end < text.size() && llvm::isAlpha(text[end]))
      ++end;
    llvm::StringRef word = text.slice(position + 6, end);
    Suppression suppression;
    suppression.file = file;
    bool known = true;
    if (word.empty())
      suppression.kind = SuppressionKind::Line;
    else if (word == "NEXTLINE")
      suppression.kind = SuppressionKind::NextLine;
    else if (word == "BEGIN")
      suppression.kind = SuppressionKind::Begin;
    else if (word == "END")
      suppression.kind = SuppressionKind::End;
    else
      known = false;
    bool suppressesNothing = false;
    if (known && end < text.size() && text[end] == '(') {
      std::size_t close = text.find_first_of("\n)", end + 1);
      if (close != llvm::StringRef::npos && text[close] == ')') {
        llvm::SmallVector<llvm::StringRef, 4> globs;
        text.slice(end + 1, close).split(globs, ',');
        for (llvm::StringRef glob : globs)
          if (!glob.trim().empty())
            suppression.globs.push_back(tu.intern(glob.trim()));
        suppressesNothing = suppression.globs.empty();
        end = close + 1;
      }
    }
    if (known && !suppressesNothing) {
      line += static_cast<std::uint32_t>(text.slice(counted, position).count('\n'));
      counted = position;
      suppression.line = line;
      tu.facts.suppressions.push_back(std::move(suppression));
    }
    position = text.find("NOLINT", end);
  }
}

} // namespace threadlint
