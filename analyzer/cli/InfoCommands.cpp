// InfoCommands: commands that only print something about threadlint itself.
#include "analyzer/cli/CheckPages.h"
#include "analyzer/cli/CheckSelection.h"
#include "analyzer/cli/CommandLine.h"
#include "analyzer/cli/Commands.h"
#include "analyzer/cli/Errors.h"
#include "analyzer/cli/OutputFile.h"
#include "analyzer/cli/Version.h"
#include "analyzer/report/Report.h"
#include "checks/Checks.h"
#include "tracer/report/TraceReport.h"

#include <llvm/Config/llvm-config.h>

#include <algorithm>

namespace threadlint {
namespace {

llvm::Expected<int> print(const std::string &text, const Environment &environment) {
  if (llvm::Error error = writeStandardOutput(text, environment))
    return std::move(error);
  return 0;
}

} // namespace

llvm::Expected<int> runExplain(const Options &options, const Environment &environment) {
  llvm::Expected<std::string> id = findCheck(options.inputs[0]);
  if (!id)
    return id.takeError();
  std::string_view page = checkPage(*id);
  if (page.empty())
    return failure("there is no page for the check '" + *id + "'");
  return print(std::string(page), environment);
}

llvm::Expected<int> runListChecks(const Options &options, const Environment &environment) {
  auto selected = selectChecks(options.checks);
  if (!selected)
    return selected.takeError();
  std::size_t width = 0;
  for (const CheckInfo &check : allChecks())
    width = std::max(width, check.id.size());
  std::string text;
  auto list = [&](std::string_view id, std::string_view summary, Severity severity) {
    if (selected->contains(id))
      text += "threadlint-" + std::string(id) + std::string(width + 2 - id.size(), ' ') +
              std::string(summary) + " [" + std::string(nameOf(severity)) + "]\n";
  };
  for (const CheckInfo &check : allChecks())
    list(check.id, check.summary, check.severity);
  for (const Rule &rule : tracing::traceRules())
    list(rule.id, rule.summary + " (in traced runs only)", rule.severity);
  return print(text, environment);
}

llvm::Expected<int> runVersion(const Environment &environment) {
  return print(std::string("threadlint ") + kVersion + " (LLVM " LLVM_VERSION_STRING ")\n",
               environment);
}

llvm::Expected<int> runHelp(const Environment &environment) {
  return print(helpText(), environment);
}

} // namespace threadlint
