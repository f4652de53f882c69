// ConfigCommand: `threadlint config dump | explain | verify | schema | init`.
#include "analyzer/cli/Commands.h"
#include "analyzer/cli/ConfigFile.h"
#include "analyzer/cli/Errors.h"
#include "analyzer/cli/KnownFindings.h"
#include "analyzer/cli/OptionScope.h"
#include "analyzer/cli/OutputConflicts.h"
#include "analyzer/cli/OutputFile.h"
#include "analyzer/cli/Paths.h"
#include "analyzer/cli/Run.h"

#include <filesystem>

namespace threadlint {
namespace {

/// What a run with this configuration would refuse before it looks at a source. What builds and tests make need not be there yet: the
/// compile database, folders for outputs, traces.
llvm::Error verify(const CommandLine &line, const ConfigFile &config,
                   const Environment &environment) {
  CommandLine lint = line;
  lint.start.command = Command::Lint;
  lint.start.inputs.clear();
  llvm::Expected<Options> options = makeOptions(lint, config.settings);
  if (!options)
    return options.takeError();
  if (llvm::Error error = checkOutputConflicts(*options, config.path))
    return error;
  options->outputs = {OutputTarget{}};
  options->traces.clear();
  llvm::Expected<Run> run = startRun(*options, environment);
  if (!run)
    return run.takeError();
  if (llvm::Expected<KnownFindings> known = prepareKnownFindings(*run); !known)
    return known.takeError();
  return llvm::Error::success();
}

llvm::Expected<std::string> verified(const CommandLine &line, const ConfigFile &config,
                                     const Environment &environment) {
  if (llvm::Error error = verify(line, config, environment))
    return failure("a run with '" + config.path +
                   "' would fail: " + llvm::toString(std::move(error)));
  return "'" + config.path + "' is valid\n";
}

} // namespace

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
      llvm::Expected<std::string> said = verified(line, *config, environment);
      if (!said)
        return said.takeError();
      text += *said;
    }
  } else {
    llvm::Expected<ConfigFile> config = findConfig(line, environment.workingFolder);
    if (!config)
      return config.takeError();
    if (action == ConfigAction::Verify && config->path.empty())
      return failure("no .threadlint.yaml found in '" + environment.workingFolder + "' or above");
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
    else if (llvm::Expected<std::string> said = verified(line, *config, environment))
      text = std::move(*said);
    else
      return said.takeError();
  }
  if (llvm::Error error = writeStandardOutput(text, environment))
    return std::move(error);
  return 0;
}

} // namespace threadlint
