// ProjectPath: the one name of a file, by which reports, globs, suppressions and keys know it.
//
// A file is known by what its path resolves to, so it does not matter through which symbolic links a compile database, a compiler or
// the user names it. What a link in the project leads to outside of it keeps its name in the project: people exclude `third_party/**`,
// not the place where that happens to be. Names have forward slashes.
#pragma once

#include <string>

namespace threadlint {

/// An absolute path without symbolic links; what does not exist is taken by its name. No final slash.
std::string resolvedPath(const std::string &path);

class ProjectRoot {
public:
  /// An absolute folder; empty: every path lies outside.
  explicit ProjectRoot(const std::string &folder);

  const std::string &folder() const { return folder_; } ///< resolved
  /// The name of an absolute path: relative to the root, or absolute and resolved when it lies outside or is the root itself.
  std::string name(const std::string &path) const;

private:
  std::string folder_, prefix_;
};

/// The same, for a single path.
std::string projectPath(const std::string &path, const std::string &root);

} // namespace threadlint
