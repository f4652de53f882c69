// Run: output bytes come from the writers; this file only decides where they go.
#include "analyzer/cli/Run.h"

#include "analyzer/cli/CheckPages.h"
#include "analyzer/cli/CheckSelection.h"
#include "analyzer/cli/Errors.h"
#include "analyzer/cli/OutputFile.h"
#include "analyzer/cli/Paths.h"
#include "analyzer/cli/Progress.h"
#include "analyzer/cli/Version.h"
#include "analyzer/cli/WorkerPool.h"
#include "analyzer/report/Selection.h"
#include "checks/Checks.h"

#include <llvm/Support/raw_ostream.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>

namespace threadlint {
namespace {

bool useColor(const Run &run, const OutputTarget &target) {
  switch (run.options.color) {
  case ColorMode::Always:
    return true;
  case ColorMode::Never:
    return false;
  case ColorMode::Auto:
    if (!target.path.empty() || run.environment.noColor)
      return false;
    return run.environment.forceColor || run.environment.stdoutIsTerminal;
  }
  return false;
}

Progress::Style progressStyle(const Run &run) {
  if (run.options.quiet)
    return Progress::Style::None;
  return run.environment.stderrIsTerminal ? Progress::Style::Bar : Progress::Style::Lines;
}

/// The bytes of every output are complete before the first is written, and files come before standard output.
llvm::Error writeOutputs(const Run &run, const Report &report) {
  SourceText sources(report.root);
  std::vector<std::pair<const OutputTarget *, std::string>> outputs;
  for (const OutputTarget &target : run.options.outputs)
    outputs.emplace_back(&target,
                         writeReport(target.format, report, sources,
                                     {run.environment.workingFolder, useColor(run, target)}));
  for (bool toFile : {true, false})
    for (const auto &[target, bytes] : outputs)
      if (target->path.empty() != toFile) {
        llvm::Error error = toFile ? writeOutputFile(target->path, bytes)
                                   : writeStandardOutput(bytes, run.environment);
        if (error)
          return error;
      }
  return llvm::Error::success();
}

std::vector<Rule> rules() {
  std::vector<Rule> rules;
  for (const CheckInfo &check : allChecks())
    rules.push_back({std::string(check.id), check.severity, check.cwe,
                     check.maturity == Maturity::Stable, std::string(check.summary),
                     std::string(checkPage(check.id))});
  return rules;
}

void printSummary(const Run &run, const Report &report) {
  if (run.options.quiet)
    return;
  std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - run.start;
  char seconds[32];
  std::snprintf(seconds, sizeof seconds, "%.1f", elapsed.count());
  llvm::errs() << summaryLine(report) << ", " << seconds << " s\n";
}

int exitCode(const Run &run, const Report &report) {
  if (report.incompleteCount > 0 && isStrict(run))
    return 3;
  bool gates =
      std::any_of(report.findings.begin(), report.findings.end(),
                  [&](const Finding &finding) { return finding.severity <= run.options.failOn; });
  return gates && !run.options.exitZero ? 1 : 0;
}

} // namespace

llvm::Expected<Run> startRun(const Options &options, const Environment &environment) {
  if (environment.workingFolder.empty())
    return failure("the working folder does not exist");
  Run run{options, environment, {}};
  if (options.projectRoot) {
    run.root = absolutePath(*options.projectRoot, environment.workingFolder);
    std::error_code error;
    if (!std::filesystem::is_directory(run.root, error))
      return failure("the project root '" + *options.projectRoot + "' is not a folder");
  } else {
    run.root = findProjectRoot(environment.workingFolder);
  }
  for (const OutputTarget &target : options.outputs)
    if (!target.path.empty())
      if (llvm::Error error = checkWritable(target.path))
        return std::move(error);
  return run;
}

llvm::Expected<std::vector<TuFacts>>
extractWithProgress(const Run &run, const std::vector<CompileCommand> &commands) {
  ExtractOptions extractOptions;
  extractOptions.projectRoot = run.root;
  extractOptions.extraArgs = run.options.extraArgs;

  PoolOptions poolOptions;
  std::size_t jobs = run.options.jobs > 0 ? run.options.jobs : run.environment.processors;
  poolOptions.jobs = static_cast<unsigned>(std::min(jobs, commands.size()));
  poolOptions.timeoutSeconds = run.options.timeoutSeconds;
  poolOptions.projectRoot = run.root;

  Progress progress(progressStyle(run), commands.size());
  auto extract = [&](const CompileCommand &command) { return extractTu(command, extractOptions); };
  auto observe = [&](std::size_t done) {
    progress.advance(projectPath(commands[done].file, run.root));
  };
  llvm::Expected<std::vector<TuFacts>> facts = extractAll(commands, extract, observe, poolOptions);
  progress.finish();
  return facts;
}

bool isIncomplete(const TuFacts &facts) {
  return std::any_of(facts.limitations.begin(), facts.limitations.end(),
                     [](const Limitation &limitation) { return limitation.incomplete; });
}

bool isStrict(const Run &run) {
  switch (run.options.strictness) {
  case Strictness::Strict:
    return true;
  case Strictness::Lenient:
    return false;
  case Strictness::FromEnvironment:
    return run.environment.isCi;
  }
  return false;
}

llvm::Expected<int> analyzeAndReport(const Run &run, std::vector<TuFacts> tus) {
  auto checks = selectChecks(run.options.checks);
  if (!checks)
    return checks.takeError();
  Report report;
  report.toolVersion = kVersion;
  report.root = run.root;
  report.rules = rules();
  report.isStrict = isStrict(run);
  report.tuCount = tus.size();
  report.incompleteCount =
      static_cast<std::size_t>(std::count_if(tus.begin(), tus.end(), isIncomplete));

  SelectionOptions selection;
  selection.checks = std::move(*checks);
  selection.minConfidence = run.options.minConfidence;
  selection.excludes = run.options.excludes;
  selection.headerFilters = run.options.headerFilters;
  for (const TuFacts &facts : tus)
    selection.mainFiles.insert(facts.mainFile);

  Progress progress(progressStyle(run), tus.size());
  progress.show("analysing the program");
  AnalyzeOptions analyzeOptions;
  for (const OutputTarget &target : run.options.outputs)
    analyzeOptions.withLockGraph |= target.format == OutputFormat::Dot;
  selectFindings(analyzeProgram(std::move(tus), analyzeOptions), selection, report);
  progress.finish();
  report.exitCode = exitCode(run, report);
  if (llvm::Error error = writeOutputs(run, report))
    return std::move(error);
  printSummary(run, report);
  return report.exitCode;
}

} // namespace threadlint
