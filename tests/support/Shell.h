// Shell: runs the built programs the way a user does.
#pragma once

#include <string>

namespace threadlint {

struct ShellResult {
  int exitCode = -1; ///< 128 + signal when a signal ended the command
  std::string output, errors;
};

/// Runs a POSIX shell command in `folder`. `$THREADLINT` names the built program; CI, NO_COLOR and CLICOLOR_FORCE are unset.
ShellResult runShell(const std::string &command, const std::string &folder);

/// A fresh folder that is removed at the end.
class TemporaryFolder {
public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder &) = delete;
  TemporaryFolder &operator=(const TemporaryFolder &) = delete;

  const std::string &path() const { return path_; }
  /// Writes a file; folders in its name are made.
  void write(const std::string &name, const std::string &content) const;

private:
  std::string path_;
};

} // namespace threadlint
