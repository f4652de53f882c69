// ReportCommand: the analyzer's command line without its sources.
#include "tracer/report/ReportCommand.h"

#include "analyzer/cli/CommandLine.h"
#include "analyzer/cli/ConfigFile.h"
#include "analyzer/cli/Errors.h"
#include "analyzer/cli/TraceInput.h"
#include "tracer/report/TraceJson.h"
#include "tracer/report/TraceReport.h"

#include <llvm/Support/raw_ostream.h>

#include <functional>

namespace threadlint::trace {
namespace {

constexpr int kCouldNotRun = 2;

using ReadTrace =
    std::function<llvm::Expected<tracing::TraceResult>(const std::vector<std::string> &files)>;

/// `use` gets what is known of the run before there is a trace.
llvm::Expected<int> prepare(std::span<const std::string> arguments,
                            const std::function<llvm::Expected<int>(const Run &)> &use) {
  Environment environment = readEnvironment();
  std::vector<std::string> words{"merge"};
  words.insert(words.end(), arguments.begin(), arguments.end());
  llvm::Expected<CommandLine> line = parseCommandLine(words);
  if (!line)
    return line.takeError();
  for (const Setting &setting : line->settings)
    if (setting.row->name == "--help" || setting.row->name == "--version" ||
        setting.row->name == "--list-checks")
      return failure("option '" + std::string(setting.row->name) +
                     "' does not belong to 'threadlint-trace report'");
  llvm::Expected<ConfigFile> config = findConfig(*line, environment.workingFolder);
  if (!config)
    return config.takeError();
  llvm::Expected<Options> options = makeOptions(*line, config->settings);
  if (!options)
    return options.takeError();
  // Baselines in the configuration are about the static analysis.
  if (!line->find("--baseline"))
    options->baselinePath.clear();
  llvm::Expected<Run> run = startRun(*options, environment);
  return run ? use(*run) : run.takeError();
}

/// `read` gives the trace, from the files among the arguments or from elsewhere.
llvm::Expected<int> report(std::span<const std::string> arguments, const ReadTrace &read) {
  return prepare(arguments, [&](const Run &run) -> llvm::Expected<int> {
    llvm::Expected<tracing::TraceResult> trace = read(run.options.inputs);
    if (!trace)
      return trace.takeError();
    trace->makeRelative(run.root);
    SelectionOptions selection = run.selection;
    selection.skipGenerated = false;
    Report report = emptyReport(run);
    addTraceParts(*trace, report);
    return finishTraceRun(
        run, tracing::traceAnalysis(*trace), std::move(selection), std::move(report),
        [&](const Report &written) { return tracing::writeTraceJson(written, *trace); });
  });
}

int exitCodeOf(llvm::Expected<int> code) {
  if (code)
    return *code;
  llvm::errs() << "threadlint-trace: error: " << llvm::toString(code.takeError()) << '\n';
  return kCouldNotRun;
}

} // namespace

int reportCommand(std::span<const std::string> arguments) {
  return exitCodeOf(report(
      arguments, [](const std::vector<std::string> &files) -> llvm::Expected<tracing::TraceResult> {
        if (files.empty())
          return failure("'threadlint-trace report' needs a trace");
        return readTraces(files);
      }));
}

int checkReportOptions(std::span<const std::string> arguments) {
  return exitCodeOf(prepare(arguments, [](const Run &) { return 0; }));
}

int reportOn(const std::string &path, std::string_view bytes,
             std::span<const std::string> arguments) {
  return exitCodeOf(report(
      arguments, [&](const std::vector<std::string> &) { return readTraceBytes(path, bytes); }));
}

} // namespace threadlint::trace
