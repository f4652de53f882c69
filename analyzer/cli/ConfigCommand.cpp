// ConfigCommand: `threadlint config dump | explain | verify | schema | init`.
#include "analyzer/cli/Commands.h"
#include "analyzer/cli/ConfigFile.h"
#include "analyzer/cli/Errors.h"
#include "analyzer/cli/OptionScope.h"
#include "analyzer/cli/OutputFile.h"
#include "analyzer/cli/Paths.h"

#include <filesystem>

namespace threadlint {

llvm::Expected<int> runConfig(const CommandLine &line, const Environment &environment) {
  ConfigAction action = line.start.configAction;
  if (llvm::Error error = checkScopes(line, line.start))
    return std::move(error);
  std::string text;
  if (action == ConfigAction::Schema) {
    text = configSchema();
  } else if (action == ConfigAction::Init) {
    std::string path = absolutePath(kConfigName, environment.workingFolder);
    std::error_code error;
    if (std::filesystem::exists(path, error))
      return failure("'" + path + "' is there already");
    if (llvm::Error failed = writeOutputFile(path, configTemplate()))
      return std::move(failed);
    text = "wrote " + path + "\n";
  } else if (action == ConfigAction::Verify && !line.start.inputs.empty()) {
    for (const std::string &path : line.start.inputs) {
      llvm::Expected<ConfigFile> config = readConfig(path);
      if (!config)
        return config.takeError();
      text += "'" + path + "' is valid\n";
    }
  } else {
    llvm::Expected<ConfigFile> config = findConfig(line, environment.workingFolder);
    if (!config)
      return config.takeError();
    // Contradictions between options show here as well.
    if (llvm::Expected<Options> options = makeOptions(line, config->settings); !options)
      return options.takeError();
    std::vector<Setting> settings = effectiveSettings(line, config->settings);
    std::string source = config->path.empty() ? "no configuration file" : config->path;
    if (action == ConfigAction::Dump)
      text = formatConfig(settings, ConfigComments::None);
    else if (action == ConfigAction::Explain)
      text = "# configuration file: " + source + "\n" +
             formatConfig(settings, ConfigComments::Origins);
    else if (config->path.empty())
      return failure("no .threadlint.yaml found in '" + environment.workingFolder + "' or above");
    else
      text = "'" + config->path + "' is valid\n";
  }
  if (llvm::Error error = writeStandardOutput(text, environment))
    return std::move(error);
  return 0;
}

} // namespace threadlint
