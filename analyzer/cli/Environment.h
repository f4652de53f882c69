// Environment: what the process was started in, read once in main.
#pragma once

#include <string>

namespace threadlint {

struct Environment {
  bool isCi = false;       ///< CI is set and not empty: --strict is implied
  bool noColor = false;    ///< NO_COLOR is set and not empty
  bool forceColor = false; ///< CLICOLOR_FORCE is set and neither empty nor 0
  bool stdoutIsTerminal = false, stderrIsTerminal = false;
  bool stdoutIsClosed = false; ///< descriptor 1 was not open at the start
  std::string workingFolder;   ///< absolute
  unsigned processors = 1;     ///< that this process may use
};

/// Reads the environment. Descriptors 0 to 2 that are closed are given a harmless meaning first, so that no file opened later
/// takes their place.
Environment readEnvironment();

} // namespace threadlint
