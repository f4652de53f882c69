// Suppressions: NOLINT comments of a file's text, with clang-tidy's grammar.
//
// Like clang-tidy this looks at the text, not at comments: NOLINT, NOLINTNEXTLINE, NOLINTBEGIN and NOLINTEND, each optionally followed
// by a list of globs in parentheses. An empty list suppresses nothing.
#pragma once

#include "analyzer/extract/TuBuilder.h"

namespace threadlint {

/// Appends the suppressions found in `text` for the file with this index.
void collectSuppressions(TuBuilder &tu, llvm::StringRef text, std::uint32_t file);

} // namespace threadlint
