// ConfigFile: .threadlint.yaml, with the options of the command line as its keys.
//
//   checks: ["*", "-lost-wakeup"]
//   severity: {lock-leak: error}
//   exclude: [third_party, "**/*.pb.cc"]
//
// The nearest one from the working folder upward counts, alone. Unknown keys are errors. Paths in it are relative to its folder, globs to
// the project root.
#pragma once

#include "analyzer/cli/CommandLine.h"

#include <string>
#include <vector>

namespace threadlint {

inline constexpr const char *kConfigName = ".threadlint.yaml";

struct ConfigFile {
  std::string path; ///< empty when there is none
  std::vector<Setting> settings;
};

/// Reads and checks one file.
llvm::Expected<ConfigFile> readConfig(const std::string &path);

/// The file that counts for this command line: --config, none on --no-config, else the nearest.
llvm::Expected<ConfigFile> findConfig(const CommandLine &line, const std::string &workingFolder);

/// The JSON Schema of the file (docs/reference/config.schema.json).
std::string configSchema();

/// Settings as a configuration file, with their origins as comments on request.
enum class ConfigComments { None, Origins };
std::string formatConfig(const std::vector<Setting> &settings, ConfigComments comments);

/// A file to start from: every key, commented out.
std::string configTemplate();

} // namespace threadlint
