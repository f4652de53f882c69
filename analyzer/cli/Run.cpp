// Run: output bytes come from the writers; this file only decides where they go.
#include "analyzer/cli/Run.h"

#include "analyzer/cli/CheckPages.h"
#include "analyzer/cli/CheckSelection.h"
#include "analyzer/cli/Companions.h"
#include "analyzer/cli/Errors.h"
#include "analyzer/cli/Gate.h"
#include "analyzer/cli/InputFile.h"
#include "analyzer/cli/Interruption.h"
#include "analyzer/cli/KnownFindings.h"
#include "analyzer/cli/LastReport.h"
#include "analyzer/cli/OutputFile.h"
#include "analyzer/cli/Paths.h"
#include "analyzer/cli/Progress.h"
#include "analyzer/cli/SourceSelection.h"
#include "analyzer/cli/SuppressionFile.h"
#include "analyzer/cli/TraceInput.h"
#include "analyzer/cli/Version.h"
#include "analyzer/cli/WorkerPool.h"
#include "analyzer/facts/FactsFormat.h"
#include "analyzer/report/Glob.h"
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

/// The bytes of every output, complete before the first is written; files come before standard output.
std::vector<PreparedOutput>
prepareOutputs(const Run &run, const Report &report,
               const std::function<std::string(const Report &)> &writeJson = {}) {
  SourceText sources(report.root);
  std::vector<PreparedOutput> outputs;
  for (bool toFile : {true, false})
    for (const OutputTarget &target : run.options.outputs)
      if (target.path.empty() != toFile)
        outputs.push_back({target.path, writeJson && target.format == OutputFormat::Json
                                            ? writeJson(report)
                                            : writeReport(target.format, report, sources,
                                                          {run.environment.workingFolder,
                                                           useColor(run, target)})});
  return outputs;
}

std::vector<Rule> rules() {
  std::vector<Rule> rules;
  for (const CheckInfo &check : allChecks())
    rules.push_back({std::string(check.id), check.severity, check.cwe,
                     check.maturity == Maturity::Stable, std::string(check.summary),
                     std::string(checkPage(check.id))});
  return rules;
}

/// The same for these units.
Report emptyReport(const Run &run, const std::vector<TuFacts> &tus) {
  Report report = emptyReport(run);
  report.traceCount = run.trace.processes.size();
  report.tuCount = tus.size();
  report.incompleteCount =
      static_cast<std::size_t>(std::count_if(tus.begin(), tus.end(), isIncomplete));
  if (isInterrupted()) {
    report.isPartial = true;
    report.limitations.push_back({"interrupted", "the run was interrupted", {}, true});
  } else if (run.deadline() && std::chrono::steady_clock::now() >= *run.deadline()) {
    report.isPartial = true;
    report.limitations.push_back({"timeout", "the time for the whole run is over", {}, true});
  }
  return report;
}

/// What is written when the analysis has to be given up, one list of outputs per GiveUp.
std::vector<std::vector<PreparedOutput>> lastReports(const Run &run, Report report) {
  std::vector<std::vector<PreparedOutput>> outputs;
  report.isPartial = true;
  report.exitCode = 3;
  report.limitations.emplace_back();
  for (const char *kind : {"interrupted", "timeout", "memory"}) {
    LimitationReport &limitation = report.limitations.back();
    limitation.kind = kind;
    limitation.incomplete = true;
    limitation.message = std::string("the analysis of the program was given up: ") +
                         (outputs.empty()       ? "interrupted"
                          : outputs.size() == 1 ? "the time for the whole run is over"
                                                : "the memory limit is reached");
    outputs.push_back(prepareOutputs(run, report));
  }
  return outputs;
}

/// A filter that covers no file of the program would pass for a clean run.
llvm::Error checkHeaderFilters(const Run &run, const std::vector<TuFacts> &tus) {
  for (const std::string &glob : run.options.headerFilters) {
    bool matches = std::any_of(tus.begin(), tus.end(), [&](const TuFacts &facts) {
      return std::any_of(facts.files.begin(), facts.files.end(),
                         [&](const std::string &file) { return matchesPath(glob, file); });
    });
    if (!matches)
      return failure("no file of the program matches '--header-filter=" + glob + "'");
  }
  return llvm::Error::success();
}

/// --exclude also covers headers, so only the facts tell whether a glob is of use.
void noteUnusedExcludes(const Run &run, const std::vector<std::string> &candidates,
                        const std::vector<TuFacts> &tus) {
  if (!run.options.areExcludesTyped)
    return;
  for (const std::string &glob : candidates) {
    bool matches = std::any_of(tus.begin(), tus.end(), [&](const TuFacts &facts) {
      return std::any_of(facts.files.begin(), facts.files.end(),
                         [&](const std::string &file) { return matchesPath(glob, file); });
    });
    if (!matches)
      run.note("no file of the program matches '--exclude=" + glob + "'");
  }
}

llvm::Expected<std::vector<TuFacts>> readFactsFiles(const Run &run) {
  std::vector<TuFacts> tus;
  for (const std::string &path : run.options.inputs) {
    llvm::Expected<TuFacts> facts = readFactsFile(path);
    if (!facts)
      return facts.takeError();
    tus.push_back(std::move(*facts));
  }
  std::sort(tus.begin(), tus.end(), [](const TuFacts &a, const TuFacts &b) {
    return std::tie(a.mainFile, a.strings) < std::tie(b.mainFile, b.strings);
  });
  return tus;
}

} // namespace

std::optional<std::chrono::steady_clock::time_point> Run::deadline() const {
  if (options.totalTimeoutSeconds == 0)
    return std::nullopt;
  return start + std::chrono::seconds(options.totalTimeoutSeconds);
}

void Run::note(const std::string &message) const {
  if (!options.quiet)
    llvm::errs() << "threadlint: note: " << message << '\n';
}

Report emptyReport(const Run &run) {
  Report report;
  report.toolVersion = kVersion;
  report.root = run.root;
  report.rules = rules();
  report.isStrict = isStrict(run);
  return report;
}

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
  if (auto selection = selectionOf(run, {}); !selection)
    return selection.takeError();
  std::vector<Finding> none;
  if (llvm::Error error = applySeverities(none, options))
    return std::move(error);
  llvm::Expected<tracing::TraceResult> trace = readTraces(options.traces);
  if (!trace)
    return trace.takeError();
  run.trace = std::move(*trace);
  return run;
}

llvm::Expected<std::vector<TuFacts>>
extractWithProgress(const Run &run, const std::vector<CompileCommand> &commands,
                    const std::string &root) {
  ExtractOptions extractOptions;
  extractOptions.projectRoot = root;
  extractOptions.extraArgs = run.options.extraArgs;

  PoolOptions poolOptions;
  std::size_t jobs = run.options.jobs > 0 ? run.options.jobs : run.environment.processors;
  poolOptions.jobs = static_cast<unsigned>(std::min(jobs, commands.size()));
  poolOptions.timeoutSeconds = run.options.timeoutSeconds;
  poolOptions.projectRoot = root;
  poolOptions.memoryMegabytes = run.options.memoryMegabytes;
  poolOptions.deadline = run.deadline();
  poolOptions.isInterrupted = isInterrupted;

  Progress progress(progressStyle(run), commands.size());
  auto extract = [&](const CompileCommand &command) { return extractTu(command, extractOptions); };
  auto observe = [&](std::size_t done) {
    progress.advance(projectPath(commands[done].file, root));
  };
  llvm::Expected<std::vector<TuFacts>> facts = extractAll(commands, extract, observe, poolOptions);
  progress.finish();
  return facts;
}

namespace {

/// The facts of the sources that define what the given ones call. What goes wrong with them says nothing of the given ones.
std::vector<TuFacts> readCompanions(const Run &run, const std::vector<CompileCommand> &commands,
                                    const std::vector<TuFacts> &given) {
  std::vector<CompileCommand> more = companionCommands(commands);
  if (more.empty() || !callsUndefined(given))
    return {};
  llvm::Expected<std::vector<TuFacts>> facts = extractWithProgress(run, more, run.root);
  if (!facts) {
    llvm::consumeError(facts.takeError());
    return {};
  }
  return neededCompanions(given, std::move(*facts));
}

} // namespace

llvm::Expected<TuFacts> readFactsFile(const std::string &path) {
  llvm::Expected<std::string> bytes = readInputFile(path);
  if (!bytes)
    return bytes.takeError();
  FactsReadResult result = readFacts(*bytes);
  if (!result.error.empty())
    return failure("cannot read '" + path + "': " + result.error);
  return std::move(result.facts);
}

llvm::Expected<RunFacts> collectFacts(const Run &run) {
  RunFacts facts;
  if (run.options.fromFacts) {
    llvm::Expected<std::vector<TuFacts>> tus = readFactsFiles(run);
    if (!tus)
      return tus.takeError();
    facts.tus = std::move(*tus);
    noteUnusedExcludes(run, run.options.excludes, facts.tus);
    noteInterruptions();
    return facts;
  }
  llvm::Expected<SelectedSources> sources = selectSources(run.options, run.environment, run.root);
  if (!sources)
    return sources.takeError();
  if (!sources->remark.empty())
    run.note(sources->remark);
  facts.commands = std::move(sources->commands);
  noteInterruptions();
  llvm::Expected<std::vector<TuFacts>> tus = extractWithProgress(run, facts.commands, run.root);
  if (!tus)
    return tus.takeError();
  facts.tus = std::move(*tus);
  noteUnusedExcludes(run, sources->unusedExcludes, facts.tus);
  if (!sources->fromDatabase)
    facts.companions = readCompanions(run, facts.commands, facts.tus);
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

llvm::Expected<SelectionOptions> selectionOf(const Run &run, const std::vector<TuFacts> &tus) {
  SelectionOptions selection;
  auto checks = selectChecks(run.options.checks);
  if (!checks)
    return checks.takeError();
  selection.checks = std::move(*checks);
  selection.minConfidence = run.options.minConfidence;
  selection.excludes = run.options.excludes;
  selection.headerFilters = run.options.headerFilters;
  for (const TuFacts &facts : tus)
    selection.mainFiles.insert(facts.mainFile);
  selection.skipGenerated = !run.options.showGenerated;
  selection.requireReason = run.options.requireReason;
  selection.tellUnused = run.options.warnUnusedSuppressions;
  selection.showSuppressed = run.options.showSuppressed;
  if (!run.options.suppressionsPath.empty()) {
    auto rules = readSuppressionFile(run.options.suppressionsPath, run.options.requireReason);
    if (!rules)
      return rules.takeError();
    selection.suppressionRules = std::move(*rules);
  }
  return selection;
}

llvm::Expected<Report> makeReport(const Run &run, std::vector<TuFacts> tus,
                                  std::vector<TuFacts> companions) {
  llvm::Expected<SelectionOptions> selection = selectionOf(run, tus);
  if (!selection)
    return selection.takeError();
  if (llvm::Error error = checkHeaderFilters(run, tus))
    return std::move(error);
  Report report = emptyReport(run, tus);
  for (TuFacts &facts : companions) {
    selection->companions.insert(facts.mainFile);
    tus.push_back(std::move(facts));
  }
  AnalyzeOptions analyzeOptions;
  analyzeOptions.withLockGraph = !run.trace.processes.empty();
  for (const OutputTarget &target : run.options.outputs)
    analyzeOptions.withLockGraph |=
        target.format == OutputFormat::Dot || target.format == OutputFormat::Html ||
        target.format == OutputFormat::Json || target.format == OutputFormat::Jsonl;

  Progress progress(progressStyle(run), tus.size());
  progress.show("analysing the program");
  AnalysisResult result;
  {
    LastReport last(lastReports(run, report), run.deadline(), run.options.memoryMegabytes);
    result = analyzeProgram(std::move(tus), analyzeOptions);
  }
  if (!run.trace.processes.empty())
    addTrace(run, result, *selection, report);
  if (llvm::Error error = applySeverities(result.findings, run.options))
    return std::move(error);
  selectFindings(std::move(result), *selection, report);
  progress.finish();
  return report;
}

llvm::Error writeOutputs(const Run &run, const Report &report,
                         const std::function<std::string(const Report &)> &writeJson) {
  for (const PreparedOutput &output : prepareOutputs(run, report, writeJson))
    if (llvm::Error error = output.path.empty() ? writeStandardOutput(output.bytes, run.environment)
                                                : writeOutputFile(output.path, output.bytes))
      return error;
  return llvm::Error::success();
}

void printSummary(const Run &run, const Report &report) {
  if (run.options.quiet)
    return;
  std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - run.start;
  char seconds[32];
  std::snprintf(seconds, sizeof seconds, "%.1f", elapsed.count());
  llvm::errs() << summaryLine(report) << ", " << seconds << " s\n";
}

llvm::Expected<int> lint(const Run &run) {
  llvm::Expected<KnownFindings> known = prepareKnownFindings(run);
  if (!known)
    return known.takeError();
  llvm::Expected<RunFacts> facts = collectFacts(run);
  if (!facts)
    return facts.takeError();
  llvm::Expected<Report> report =
      makeReport(run, std::move(facts->tus), std::move(facts->companions));
  if (!report)
    return report.takeError();
  llvm::Expected<std::size_t> stale = setKnownFindingsAside(run, *known, facts->commands, *report);
  if (!stale)
    return stale.takeError();
  if (isInterrupted() && !report->isPartial) {
    report->isPartial = true;
    report->limitations.push_back({"interrupted", "the run was interrupted", {}, true});
  }
  report->exitCode = gateExitCode(*report, run.options, *stale);
  if (llvm::Error error = writeOutputs(run, *report))
    return std::move(error);
  printSummary(run, *report);
  return report->exitCode;
}

} // namespace threadlint
