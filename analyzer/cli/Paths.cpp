// Paths: std::filesystem with errors ignored; what cannot be looked at is not there.
#include "analyzer/cli/Paths.h"

#include "analyzer/facts/ProjectPath.h"

#include <algorithm>
#include <filesystem>

namespace threadlint {
namespace fs = std::filesystem;

bool isPresent(const std::string &path) {
  std::error_code error;
  return fs::exists(path, error);
}

std::string absolutePath(const std::string &path, const std::string &folder) {
  const fs::path joined = fs::path(folder) / path;
  fs::path full = joined.lexically_normal();
  if (!full.has_filename() && full.has_relative_path())
    full = full.parent_path();
  // The folder above a link is not the one that the link is in.
  if (std::find(joined.begin(), joined.end(), "..") != joined.end())
    if (std::string real = resolvedPath(joined.string()); real != resolvedPath(full.string()))
      return real;
  return full.generic_string();
}

std::string findProjectRoot(const std::string &workingFolder) {
  for (fs::path folder = workingFolder;; folder = folder.parent_path()) {
    if (isPresent(folder / ".git") || isPresent(folder / ".threadlint.yaml"))
      return folder.string();
    if (!folder.has_relative_path())
      return workingFolder;
  }
}

std::optional<std::string> findCompileDatabase(const std::string &workingFolder) {
  for (fs::path folder = workingFolder;; folder = folder.parent_path()) {
    for (const char *name : {"compile_commands.json", "build/compile_commands.json"})
      if (isPresent(folder / name))
        return (folder / name).string();
    if (!folder.has_relative_path())
      return std::nullopt;
  }
}

} // namespace threadlint
