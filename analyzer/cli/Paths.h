// Paths: what the user and the compile database name, made absolute, and the folders that a run starts from.
//
// How absolute paths become the names that reports show is in analyzer/facts/ProjectPath.h.
#pragma once

#include <optional>
#include <string>

namespace threadlint {

/// `path` made absolute against `folder` and normalised; no final slash. Links stay, but where `..` follows one, the path is resolved.
std::string absolutePath(const std::string &path, const std::string &folder);

/// The nearest folder from `workingFolder` upward that has .git or .threadlint.yaml, else `workingFolder`.
std::string findProjectRoot(const std::string &workingFolder);

/// The nearest compile_commands.json from `workingFolder` upward, in each folder itself and then in its build/.
std::optional<std::string> findCompileDatabase(const std::string &workingFolder);

/// Whether there is anything of this name that can be looked at.
bool isPresent(const std::string &path);

} // namespace threadlint
