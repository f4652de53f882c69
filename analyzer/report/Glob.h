// Glob: the two pattern languages users write: for check names and for paths.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace threadlint {

/// Whether a pattern for check names covers `check` (a bare id). `*` stands for any characters; the pattern may carry the
/// `threadlint-` prefix or not. The same in --checks and NOLINT.
bool matchesCheck(std::string_view glob, std::string_view check);

/// Whether a pattern covers a name of the program (a function, a lock): `*` stands for any characters, everything else for itself.
bool matchesName(std::string_view glob, std::string_view name);

/// Whether a pattern covers a path with forward slashes, as in .gitignore: `*` and `?` do not match `/`, `**` does, `[a-z]` and
/// `[!a-z]` are sets. A pattern without `/` matches a file or folder name at any depth, one with `/` starts at the root of
/// `path`. A pattern that matches a folder covers everything in it.
bool matchesPath(std::string_view glob, std::string_view path);
bool matchesAnyPath(const std::vector<std::string> &globs, std::string_view path);

} // namespace threadlint
