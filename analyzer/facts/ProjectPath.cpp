// ProjectPath: realpath(3), and from the end of a path upward when that leads out of the project.
#include "analyzer/facts/ProjectPath.h"

#include <cstdlib>
#include <filesystem>
#include <memory>

namespace threadlint {
namespace fs = std::filesystem;

std::string resolvedPath(const std::string &path) {
  struct Free {
    void operator()(char *text) const { std::free(text); }
  };
  if (std::unique_ptr<char, Free> real{realpath(path.c_str(), nullptr)})
    return real.get();
  std::error_code error;
  fs::path resolved = fs::weakly_canonical(path, error);
  if (error) { // links that lead nowhere
    const fs::path named = path, above = named.parent_path();
    resolved = above == named ? named : (resolvedPath(above.string()) / named.filename());
    resolved = resolved.lexically_normal();
  }
  if (!resolved.has_filename() && resolved.has_relative_path())
    resolved = resolved.parent_path();
  return resolved.generic_string();
}

ProjectRoot::ProjectRoot(const std::string &folder)
    : folder_(folder.empty() ? folder : resolvedPath(folder)),
      prefix_(folder_.ends_with('/') ? folder_ : folder_ + "/") {}

std::string ProjectRoot::name(const std::string &path) const {
  if (path.empty())
    return path;
  const std::string real = resolvedPath(path);
  if (folder_.empty() || real == folder_)
    return real;
  if (real.starts_with(prefix_))
    return real.substr(prefix_.size());
  const fs::path written = fs::path(path).lexically_normal();
  if (written == real || resolvedPath(written.string()) != real) // the latter: `..` after a link
    return real;
  for (fs::path above = written.parent_path(); above.has_relative_path();
       above = above.parent_path()) {
    const std::string folder = resolvedPath(above.string());
    const std::string rest = written.lexically_relative(above).generic_string();
    if (folder == folder_)
      return rest;
    if (folder.starts_with(prefix_))
      return folder.substr(prefix_.size()) + "/" + rest;
  }
  return real;
}

std::string projectPath(const std::string &path, const std::string &root) {
  return ProjectRoot(root).name(path);
}

} // namespace threadlint
