// OutputConflicts: files are the same when device and inode are; of files that are not there yet, the resolved paths count.
#include "analyzer/cli/OutputConflicts.h"

#include "analyzer/cli/Errors.h"
#include "analyzer/cli/OutputFile.h"

#include <filesystem>
#include <map>
#include <sys/stat.h>

namespace threadlint {
namespace {

/// An existing regular file by device and inode, another name by its resolved path; empty: nothing that can be replaced.
std::string identityOf(const std::string &path) {
  if (path.starts_with("/dev/") || path.starts_with("/proc/"))
    return {};
  struct stat status;
  if (stat(path.c_str(), &status) == 0)
    return S_ISREG(status.st_mode)
               ? std::to_string(status.st_dev) + ":" + std::to_string(status.st_ino)
               : std::string();
  std::error_code error;
  std::filesystem::path resolved = std::filesystem::weakly_canonical(
      std::filesystem::absolute(outputTarget(path), error), error);
  return error ? path : resolved.string();
}

std::vector<std::string> inputPaths(const Options &options, const std::string &configPath) {
  std::vector<std::string> paths;
  if (options.command != Command::Explain)
    paths = options.inputs;
  paths.insert(paths.end(), options.traces.begin(), options.traces.end());
  for (const std::string &path :
       {options.suppressionsPath, options.previousPath, options.currentPath, configPath})
    paths.push_back(path);
  if (options.command != Command::Baseline)
    paths.push_back(options.baselinePath);
  return paths;
}

} // namespace

std::string factsOutputPath(const Options &options) {
  if (options.factsPath.empty() && options.factsForm == FactsForm::Binary)
    return std::filesystem::path(options.inputs[0]).stem().string() + ".tlf";
  return options.factsPath == "-" ? std::string() : options.factsPath;
}

std::vector<std::string> outputPaths(const Options &options) {
  switch (options.command) {
  case Command::Lint:
  case Command::Link:
  case Command::Diff:
  case Command::Merge: {
    std::vector<std::string> paths;
    for (const OutputTarget &target : options.outputs)
      if (!target.path.empty())
        paths.push_back(target.path);
    return paths;
  }
  case Command::Facts: {
    std::string path = factsOutputPath(options);
    return path.empty() ? std::vector<std::string>() : std::vector<std::string>{path};
  }
  case Command::Baseline:
    if (options.baselineAction != BaselineAction::Show)
      return {options.baselinePath};
    return {};
  default:
    return {};
  }
}

llvm::Error checkInputsSurvive(const Options &options, const std::vector<std::string> &inputs) {
  std::map<std::string, std::string> outputs;
  for (const std::string &path : outputPaths(options))
    outputs.emplace(identityOf(path), path);
  outputs.erase("");
  if (outputs.empty())
    return llvm::Error::success();
  for (const std::string &input : inputs)
    if (auto output = outputs.find(identityOf(input)); !input.empty() && output != outputs.end())
      return failure("the output '" + output->second + "' would overwrite the input '" + input +
                     "'");
  return llvm::Error::success();
}

llvm::Error checkOutputConflicts(const Options &options, const std::string &configPath) {
  std::map<std::string, std::string> outputs;
  for (const std::string &path : outputPaths(options)) {
    std::string identity = identityOf(path);
    if (identity.empty())
      continue;
    if (auto [other, isNew] = outputs.emplace(identity, path); !isNew)
      return failure("the outputs '" + other->second + "' and '" + path + "' are one file");
  }
  return checkInputsSurvive(options, inputPaths(options, configPath));
}

} // namespace threadlint
