// MergeCommand: `threadlint merge static.json TRACE...`: a report that was made before, with what traces say about it.
#include "analyzer/cli/Commands.h"
#include "analyzer/cli/Errors.h"
#include "analyzer/cli/InputFile.h"
#include "analyzer/cli/Run.h"
#include "analyzer/cli/TraceInput.h"
#include "analyzer/report/ReportReader.h"

#include <algorithm>

namespace threadlint {
namespace {

llvm::Expected<Report> readStaticReport(const std::string &path) {
  llvm::Expected<std::string> text = readInputFile(path);
  if (!text)
    return text.takeError();
  ReportReadResult read = readReport(*text);
  if (!read.error.empty())
    return failure("cannot read '" + path + "': " + read.error);
  return std::move(read.report);
}

/// Takes the findings out of `findings` that `setAside` has, with their evidence.
void restore(std::vector<ReportedFinding> &setAside, std::vector<Finding> &findings) {
  for (ReportedFinding &old : setAside) {
    auto place = std::find_if(findings.begin(), findings.end(), [&](const Finding &finding) {
      return finding.check == old.check && finding.place == old.place &&
             finding.fingerprint == old.fingerprint && finding.message == old.message;
    });
    if (place == findings.end())
      continue;
    static_cast<Finding &>(old) = std::move(*place);
    findings.erase(place);
  }
}

} // namespace

llvm::Expected<int> runMerge(const Options &options, const Environment &environment) {
  if (options.inputs.size() < 2)
    return failure("'threadlint merge' needs a JSON report and at least one trace");
  llvm::Expected<Run> run = startRun(options, environment);
  if (!run)
    return run.takeError();
  llvm::Expected<Report> before = readStaticReport(options.inputs[0]);
  if (!before)
    return before.takeError();
  takeRootOf(*run, *before);
  llvm::Expected<tracing::TraceResult> trace =
      readTraces({options.inputs.begin() + 1, options.inputs.end()});
  if (!trace)
    return trace.takeError();
  run->trace = std::move(*trace);
  SelectionOptions selection = run->selection;

  AnalysisResult analysis;
  for (const auto *list : {&before->findings, &before->setAside})
    analysis.findings.insert(analysis.findings.end(), list->begin(), list->end());
  analysis.limitations = std::move(before->limitations);
  analysis.lockOrder = std::move(before->lockOrder);
  analysis.lockSites = std::move(before->lockSites);
  Report report = emptyReport(*run);
  addTrace(*run, analysis, report);
  restore(before->setAside, analysis.findings);
  report.setAside = std::move(before->setAside);
  report.suppressed = before->suppressed;
  report.baselined = before->baselined;
  report.generated = before->generated;
  report.lowConfidence = before->lowConfidence;
  report.tuCount = before->tuCount;
  report.incompleteCount = before->incompleteCount;
  report.missingSubmodules = before->missingSubmodules;
  report.failedCount = before->failedCount;
  report.isPartial = before->isPartial;
  // The findings passed the report's own threshold; only what the trace makes of them is new.
  selection.skipGenerated = false;
  return finishTraceRun(*run, std::move(analysis), std::move(selection), std::move(report));
}

} // namespace threadlint
