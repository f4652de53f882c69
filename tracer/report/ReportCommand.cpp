// ReportCommand: the analyzer's command line without its sources.
#include "tracer/report/ReportCommand.h"

#include "analyzer/cli/CommandLine.h"
#include "analyzer/cli/ConfigFile.h"
#include "analyzer/cli/Errors.h"
#include "analyzer/cli/OutputConflicts.h"
#include "analyzer/cli/OutputFile.h"
#include "analyzer/cli/TraceInput.h"
#include "analyzer/report/Baseline.h"
#include "analyzer/report/Escapes.h"
#include "tracer/report/TraceJson.h"
#include "tracer/report/TraceReport.h"

#include <llvm/Support/raw_ostream.h>

#include <algorithm>
#include <functional>
#include <optional>

namespace threadlint::trace {
namespace {

constexpr int kCouldNotRun = 2;

const char *const kHelp =
    R"(usage: threadlint-trace report FILE... [OPTIONS]

Reports on traces: files that `threadlint-trace run --trace=FILE` kept, folders of them, JSON reports of traces. Several are one report.

  --output=FORMAT[:PATH]      text (default), json, sarif, html, ...; to standard output or PATH; repeatable
  --checks=GLOBS              checks to show, comma-separated; '-' before a glob removes them
  --severity=CHECK=LEVEL      report a check as error, warning or note; repeatable
  --suppressions=FILE         findings to leave out
  --baseline=FILE             show only findings that the baseline does not know
  --write-baseline=FILE       write the findings as a baseline, and no report
  --project-root=DIR          folder that reported paths are relative to
  --fail-on, --exit-zero, --error-exitcode
                              the exit code, which is 0 without findings, 1 with, 2 when there is no report
  --help

These and the other options about outputs and findings are those of `threadlint`: see `threadlint --help`.
)";

constexpr std::string_view kWriteBaseline = "--write-baseline=";

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
    if (setting.row->name == "--version" || setting.row->name == "--list-checks")
      return failure("option '" + std::string(setting.row->name) +
                     "' does not belong to 'threadlint-trace report'");
  if (line->find("--help")) {
    llvm::outs() << kHelp;
    return 0;
  }
  llvm::Expected<ConfigFile> config = findConfig(*line, environment.workingFolder);
  if (!config)
    return config.takeError();
  llvm::Expected<Options> options = makeOptions(*line, config->settings);
  if (!options)
    return options.takeError();
  // Baselines in the configuration are about the static analysis.
  if (!line->find("--baseline"))
    options->baselinePath.clear();
  if (llvm::Error error = checkOutputConflicts(*options, config->path))
    return std::move(error);
  llvm::Expected<Run> run = startRun(*options, environment);
  return run ? use(*run) : run.takeError();
}

using IsWanted = std::function<bool(const Report &)>;

/// `read` gives the trace, from the files among the arguments or from elsewhere. Nothing is written when `isWanted` says no.
llvm::Expected<int> report(std::span<const std::string> arguments, const ReadTrace &read,
                           const IsWanted &isWanted) {
  return prepare(arguments, [&](const Run &run) -> llvm::Expected<int> {
    llvm::Expected<tracing::TraceResult> trace = read(run.options.inputs);
    if (!trace)
      return trace.takeError();
    trace->makeRelative(run.root);
    SelectionOptions selection = run.selection;
    selection.skipGenerated = false;
    Report report = emptyReport(run);
    addTraceParts(*trace, run, report);
    TraceOutput output;
    output.writeJson = [&](const Report &written) {
      return tracing::writeTraceJson(written, *trace);
    };
    output.isWanted = isWanted;
    return finishTraceRun(run, tracing::traceAnalysis(*trace), std::move(selection),
                          std::move(report), output);
  });
}

/// The report on the files among the arguments, or a baseline of it.
llvm::Expected<int> reportOnFiles(std::span<const std::string> arguments) {
  std::vector<std::string> others;
  std::optional<std::string> newBaseline;
  for (const std::string &argument : arguments)
    if (argument.starts_with(kWriteBaseline))
      newBaseline = argument.substr(kWriteBaseline.size());
    else
      others.push_back(argument);
  Baseline baseline;
  IsWanted isWanted;
  if (newBaseline) {
    if (llvm::Error error = checkWritable(*newBaseline))
      return std::move(error);
    isWanted = [&](const Report &made) {
      for (const ReportedFinding &finding : made.findings)
        baseline.push_back(baselineEntry(finding));
      return false;
    };
  }
  bool isReported = false;
  auto read = [&](const std::vector<std::string> &files) -> llvm::Expected<tracing::TraceResult> {
    if (files.empty())
      return failure("'threadlint-trace report' needs a trace");
    isReported = true;
    return readTraces(files);
  };
  llvm::Expected<int> code = report(others, read, isWanted);
  if (!code || !newBaseline || !isReported)
    return code;
  if (llvm::Error error = writeOutputFile(*newBaseline, writeBaseline(std::move(baseline))))
    return std::move(error);
  return 0;
}

ReportSize sizeOf(const Report &report) {
  auto isLimit = [](const LimitationReport &limitation) {
    return limitation.kind.ends_with("-limit");
  };
  ReportSize size;
  size.findings = report.findings.size();
  size.suppressed = report.suppressed;
  size.limits = static_cast<std::size_t>(
      std::count_if(report.limitations.begin(), report.limitations.end(), isLimit));
  size.hasText = !report.findings.empty() || !report.setAside.empty() ||
                 !report.observations.empty() || !report.limitations.empty();
  return size;
}

int exitCodeOf(llvm::Expected<int> code) {
  if (code)
    return *code;
  llvm::errs() << "threadlint-trace: error: " << onOneLine(llvm::toString(code.takeError()))
               << '\n';
  return kCouldNotRun;
}

} // namespace

int reportCommand(std::span<const std::string> arguments) {
  return exitCodeOf(reportOnFiles(arguments));
}

int checkReportOptions(std::span<const std::string> arguments) {
  return exitCodeOf(prepare(arguments, [](const Run &) { return 0; }));
}

int reportOn(const std::string &path, std::string_view bytes,
             std::span<const std::string> arguments, const ReportFilter &isWanted) {
  IsWanted filter;
  if (isWanted)
    filter = [&](const Report &made) { return isWanted(sizeOf(made)); };
  return exitCodeOf(report(
      arguments, [&](const std::vector<std::string> &) { return readTraceBytes(path, bytes); },
      filter));
}

} // namespace threadlint::trace
