// Paths: std::filesystem with errors ignored; what cannot be looked at is not there.
#include "analyzer/cli/Paths.h"

#include <filesystem>

namespace threadlint {
namespace fs = std::filesystem;

bool isPresent(const std::string &path) {
  std::error_code error;
  return fs::exists(path, error);
}

std::string absolutePath(const std::string &path, const std::string &folder) {
  fs::path full = (fs::path(folder) / path).lexically_normal();
  if (!full.has_filename() && full.has_relative_path())
    full = full.parent_path();
  return full.generic_string();
}

std::string projectPath(const std::string &absolute, const std::string &root) {
  std::string prefix = root.ends_with('/') ? root : root + "/";
  return absolute.starts_with(prefix) ? absolute.substr(prefix.size()) : absolute;
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
