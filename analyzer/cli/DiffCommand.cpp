// DiffCommand: `threadlint diff --previous A --current B`: introduced, fixed and preexisting findings of two reports.
#include "analyzer/cli/Commands.h"
#include "analyzer/cli/Errors.h"
#include "analyzer/cli/Gate.h"
#include "analyzer/cli/InputFile.h"
#include "analyzer/cli/KnownFindings.h"
#include "analyzer/cli/OutputFile.h"
#include "analyzer/cli/Run.h"
#include "analyzer/report/Escapes.h"
#include "analyzer/report/ReportReader.h"

#include <llvm/Support/raw_ostream.h>

#include <algorithm>
#include <tuple>

namespace threadlint {
namespace {

llvm::Expected<Report> reportFrom(const std::string &content, const std::string &path) {
  ReportReadResult result = readReport(content);
  if (!result.error.empty())
    return failure("cannot read '" + path + "': " + result.error);
  return std::move(result.report);
}

/// Moves what a baseline knew back to the findings. What is suppressed stays aside: a report without --show-suppressed does not have it
/// at all.
void takeBack(Report &report) {
  std::vector<ReportedFinding> aside;
  for (ReportedFinding &finding : report.setAside)
    (finding.suppression ? aside : report.findings).push_back(std::move(finding));
  report.setAside = std::move(aside);
  report.baselined = 0;
  auto key = [](const ReportedFinding &finding) {
    return std::tie(finding.place.file, finding.place.line, finding.place.column, finding.check,
                    finding.fingerprint, finding.message);
  };
  std::sort(report.findings.begin(), report.findings.end(),
            [&](const ReportedFinding &a, const ReportedFinding &b) { return key(a) < key(b); });
}

struct Previous {
  Baseline entries;
  bool isIncomplete = false;
};

/// A report, or a baseline.
llvm::Expected<Previous> readPrevious(const std::string &path) {
  llvm::Expected<std::string> content = readInputFile(path);
  if (!content)
    return content.takeError();
  if (BaselineReadResult baseline = readBaseline(*content); baseline.error.empty())
    return Previous{std::move(baseline.baseline)};
  llvm::Expected<Report> report = reportFrom(*content, path);
  if (!report)
    return report.takeError();
  takeBack(*report);
  Previous previous;
  previous.isIncomplete = isIncomplete(*report);
  for (const ReportedFinding &finding : report->findings)
    previous.entries.push_back(baselineEntry(finding));
  return previous;
}

/// What JSON has of the report, and what this command line says about the rest.
Report reportOf(Run &run, Report read) {
  takeRootOf(run, read);
  Report report = emptyReport(run);
  read.toolVersion = report.toolVersion;
  read.root = report.root;
  read.category = report.category;
  read.versionControl = std::move(report.versionControl);
  read.rules = std::move(report.rules);
  read.isStrict = report.isStrict;
  takeBack(read);
  return read;
}

} // namespace

llvm::Expected<int> runDiff(const Options &options, const Environment &environment) {
  llvm::Expected<Run> run = startRun(options, environment);
  if (!run)
    return run.takeError();
  llvm::Expected<Previous> previous = readPrevious(options.previousPath);
  if (!previous)
    return previous.takeError();
  llvm::Expected<std::string> current = readInputFile(options.currentPath);
  if (!current)
    return current.takeError();
  llvm::Expected<Report> read = reportFrom(*current, options.currentPath);
  if (!read)
    return read.takeError();
  Report report = reportOf(*run, std::move(*read));
  if (previous->isIncomplete)
    run->note("'" + options.previousPath +
              "' is of a run that was not complete: findings may show as new that were there");
  Baseline fixed = applyBaseline(previous->entries, report);
  report.exitCode = gateExitCode(report, options, 0);
  if (llvm::Error error = writeOutputs(*run, report))
    return std::move(error);
  if (!options.quiet) {
    for (const BaselineEntry &entry : fixed)
      llvm::errs() << "fixed: threadlint-" << onOneLine(entry.check) << " in "
                   << onOneLine(entry.file)
                   << (entry.function.empty() ? "" : ", '" + onOneLine(entry.function) + "'")
                   << '\n';
    llvm::errs() << report.findings.size() << " introduced, " << fixed.size() << " fixed, "
                 << report.baselined << " preexisting";
    if (report.incompleteCount > 0)
      llvm::errs() << ", " << report.incompleteCount << " incomplete";
    llvm::errs() << (report.isPartial ? ", not finished\n" : "\n");
  }
  return report.exitCode;
}

} // namespace threadlint
