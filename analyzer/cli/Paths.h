// Paths: how names on disk become the names that reports show.
//
// All of it is lexical (no symbolic link is followed), so the same command line gives the same names on every machine.
#pragma once

#include <optional>
#include <string>

namespace threadlint {

/// `path` made absolute against `folder` and normalised; no final slash.
std::string absolutePath(const std::string &path, const std::string &folder);

/// An absolute path relative to the project root with forward slashes, or itself when it lies outside.
std::string projectPath(const std::string &absolute, const std::string &root);

/// The nearest folder from `workingFolder` upward that has .git or .threadlint.yaml, else `workingFolder`.
std::string findProjectRoot(const std::string &workingFolder);

/// The nearest compile_commands.json from `workingFolder` upward, in each folder itself and then in its build/.
std::optional<std::string> findCompileDatabase(const std::string &workingFolder);

/// Whether there is anything of this name that can be looked at.
bool isPresent(const std::string &path);

} // namespace threadlint
