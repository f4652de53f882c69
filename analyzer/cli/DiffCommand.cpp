// DiffCommand: `threadlint diff --previous A --current B`: introduced, fixed and preexisting findings of two reports.
#include "analyzer/cli/Commands.h"
#include "analyzer/cli/Errors.h"
#include "analyzer/cli/Gate.h"
#include "analyzer/cli/InputFile.h"
#include "analyzer/cli/KnownFindings.h"
#include "analyzer/cli/OutputFile.h"
#include "analyzer/cli/Run.h"
#include "analyzer/cli/Version.h"
#include "analyzer/report/Escapes.h"
#include "analyzer/report/ReportReader.h"

#include <llvm/Support/raw_ostream.h>

namespace threadlint {
namespace {

llvm::Expected<Report> reportFrom(const std::string &content, const std::string &path) {
  ReportReadResult result = readReport(content);
  if (!result.error.empty())
    return failure("cannot read '" + path + "': " + result.error);
  return std::move(result.report);
}

/// A report, or a baseline.
llvm::Expected<Baseline> readPrevious(const std::string &path) {
  llvm::Expected<std::string> content = readInputFile(path);
  if (!content)
    return content.takeError();
  if (BaselineReadResult baseline = readBaseline(*content); baseline.error.empty())
    return std::move(baseline.baseline);
  llvm::Expected<Report> report = reportFrom(*content, path);
  if (!report)
    return report.takeError();
  Baseline entries;
  for (const ReportedFinding &finding : report->findings)
    entries.push_back(baselineEntry(finding));
  return entries;
}

} // namespace

llvm::Expected<int> runDiff(const Options &options, const Environment &environment) {
  llvm::Expected<Run> run = startRun(options, environment);
  if (!run)
    return run.takeError();
  llvm::Expected<Baseline> previous = readPrevious(options.previousPath);
  if (!previous)
    return previous.takeError();
  llvm::Expected<std::string> current = readInputFile(options.currentPath);
  if (!current)
    return current.takeError();
  llvm::Expected<Report> report = reportFrom(*current, options.currentPath);
  if (!report)
    return report.takeError();
  report->toolVersion = kVersion;
  Baseline fixed = applyBaseline(*previous, *report);
  report->exitCode = gateExitCode(*report, options, 0);
  if (llvm::Error error = writeOutputs(*run, *report))
    return std::move(error);
  if (!options.quiet) {
    for (const BaselineEntry &entry : fixed)
      llvm::errs() << "fixed: threadlint-" << onOneLine(entry.check) << " in "
                   << onOneLine(entry.file)
                   << (entry.function.empty() ? "" : ", '" + onOneLine(entry.function) + "'")
                   << '\n';
    llvm::errs() << report->findings.size() << " introduced, " << fixed.size() << " fixed, "
                 << report->baselined << " preexisting\n";
  }
  return report->exitCode;
}

} // namespace threadlint
