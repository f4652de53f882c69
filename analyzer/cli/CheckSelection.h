// CheckSelection: --checks and names of checks on the command line.
#pragma once

#include <llvm/Support/Error.h>

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace threadlint {

/// Bare ids: those of Checks.def, then those of findings that only traces have.
std::vector<std::string_view> knownChecks();

/// The bare ids that comma-separated globs select, from left to right; `-` before a glob removes. A list that begins with a
/// removal, or an empty one, starts from every check. A glob that covers no check at all, and a list that
/// selects none, is an error.
llvm::Expected<std::set<std::string, std::less<>>> selectChecks(std::string_view globs);

/// An error when one of the globs covers no check at all: for a part of a longer list.
llvm::Error checkNames(std::string_view globs);

/// The bare id of a check that is named with or without `threadlint-`; unknown names are an error with a suggestion.
llvm::Expected<std::string> findCheck(std::string_view name);

} // namespace threadlint
