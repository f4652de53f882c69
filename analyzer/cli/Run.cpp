// Run: output bytes come from the writers; this file only decides where they go.
#include "analyzer/cli/Run.h"

#include "analyzer/cli/CheckPages.h"
#include "analyzer/cli/CheckSelection.h"
#include "analyzer/cli/Companions.h"
#include "analyzer/cli/Errors.h"
#include "analyzer/cli/Gate.h"
#include "analyzer/cli/Git.h"
#include "analyzer/cli/InputFile.h"
#include "analyzer/cli/Interruption.h"
#include "analyzer/cli/KnownFindings.h"
#include "analyzer/cli/OutputConflicts.h"
#include "analyzer/cli/OutputFile.h"
#include "analyzer/cli/Paths.h"
#include "analyzer/cli/Progress.h"
#include "analyzer/cli/SourceSelection.h"
#include "analyzer/cli/SuppressionFile.h"
#include "analyzer/cli/TraceInput.h"
#include "analyzer/cli/Version.h"
#include "analyzer/cli/Watchdog.h"
#include "analyzer/cli/WorkerPool.h"
#include "analyzer/facts/FactsFormat.h"
#include "analyzer/facts/ProjectPath.h"
#include "analyzer/report/Escapes.h"
#include "analyzer/report/Glob.h"
#include "checks/Checks.h"

#include <llvm/Support/raw_ostream.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <set>

namespace threadlint {
namespace {

bool useColor(const Run &run, const OutputTarget &target) {
  if (!target.path.empty())
    return false;
  switch (run.options.color) {
  case ColorMode::Always:
    return true;
  case ColorMode::Never:
    return false;
  case ColorMode::Auto:
    if (run.environment.noColor)
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

constexpr int kCouldNotRun = 2, kIncomplete = 3;

/// One output, complete.
struct PreparedOutput {
  std::string path; ///< empty = standard output
  std::string bytes;
};

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

std::vector<Rule> rules(const Run &run) {
  std::vector<Rule> rules;
  for (const CheckInfo &check : allChecks())
    rules.push_back({std::string(check.id), check.severity, check.cwe,
                     check.maturity == Maturity::Stable, std::string(check.summary),
                     std::string(checkPage(check.id)), pageAddress(run, check.id)});
  return rules;
}

/// The same for these units.
Report emptyReport(const Run &run, const std::vector<TuFacts> &tus) {
  Report report = emptyReport(run);
  report.traceCount = run.trace.processes.size();
  report.tuCount = tus.size();
  for (const TuFacts &facts : tus)
    if (isIncomplete(facts)) {
      ++report.incompleteCount;
      report.failedCount += facts.functions.empty();
    }
  return report;
}

bool matchesFile(const std::string &glob, const std::vector<TuFacts> &tus) {
  return std::any_of(tus.begin(), tus.end(), [&](const TuFacts &facts) {
    return std::any_of(facts.files.begin(), facts.files.end(),
                       [&](const std::string &file) { return matchesPath(glob, file); });
  });
}

/// Whether the run looks at all that the database, or the facts files, have.
bool isWhole(const Options &options) {
  return options.fromFacts || (options.inputs.empty() && !options.fixedFlags);
}

llvm::Error matchesNothing(const char *option, const std::string &glob) {
  return failure(std::string("no file of the program matches '") + option + "=" + glob + "'");
}

/// A filter that covers no file of the program would pass for a clean run. What a shared file says need not be about the few files that
/// somebody looks at; no finding in a source is hidden by it.
llvm::Error checkHeaderFilters(const Run &run, const std::vector<TuFacts> &tus) {
  if (!run.options.areHeaderFiltersTyped && !isWhole(run.options))
    return llvm::Error::success();
  for (const std::string &glob : run.options.headerFilters)
    if (!matchesFile(glob, tus))
      return matchesNothing("--header-filter", glob);
  return llvm::Error::success();
}

/// --exclude also covers headers, so only the facts tell whether a glob is of use. One that is typed for the whole program and hides
/// nothing is a mistake; of some files of the program, or in a file that many runs share, it may be none.
llvm::Error checkExcludes(const Run &run, const std::vector<std::string> &candidates,
                          const std::vector<TuFacts> &tus) {
  const bool isTyped = run.options.areExcludesTyped;
  if (!isTyped && !isWhole(run.options))
    return llvm::Error::success();
  for (const std::string &glob : candidates) {
    if (matchesFile(glob, tus))
      continue;
    llvm::Error error = matchesNothing("--exclude", glob);
    if (isTyped && isWhole(run.options))
      return error;
    run.note(llvm::toString(std::move(error)));
  }
  return llvm::Error::success();
}

/// A run without a file passes for a clean one. Where a shared file excludes what somebody looks at, that is meant.
llvm::Error checkFilesLeft(const Run &run, bool isAnyLeft) {
  return run.options.areExcludesTyped && !isAnyLeft ? failure("'--exclude' leaves no file")
                                                    : llvm::Error::success();
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

llvm::Expected<SelectionOptions> selectionOf(const Options &options) {
  SelectionOptions selection;
  auto checks = selectChecks(options.checks);
  if (!checks)
    return checks.takeError();
  selection.checks = std::move(*checks);
  selection.minConfidence = options.minConfidence;
  selection.excludes = options.excludes;
  selection.headerFilters = options.headerFilters;
  selection.skipGenerated = !options.showGenerated;
  selection.requireReason = options.requireReason;
  selection.tellUnused = options.warnUnusedSuppressions;
  selection.showSuppressed = options.showSuppressed;
  if (!options.suppressionsPath.empty()) {
    auto rules = readSuppressionFile(options.suppressionsPath);
    if (!rules)
      return rules.takeError();
    selection.suppressionRules = std::move(*rules);
  }
  return selection;
}

} // namespace

std::optional<std::chrono::steady_clock::time_point> Run::deadline() const {
  if (options.totalTimeoutSeconds == 0)
    return std::nullopt;
  return start + std::chrono::seconds(options.totalTimeoutSeconds);
}

EndReason Run::endReason() const {
  if (isInterrupted())
    return EndReason::Interrupted;
  const bool isLate = deadline() && std::chrono::steady_clock::now() >= *deadline();
  return isLate ? EndReason::OutOfTime : EndReason::None;
}

void markPartial(Report &report, EndReason reason) {
  LimitationReport limitation;
  limitation.incomplete = true;
  switch (reason) {
  case EndReason::None:
    return;
  case EndReason::Interrupted:
    limitation.kind = "interrupted";
    limitation.message = "the run was interrupted";
    break;
  case EndReason::OutOfTime:
    limitation.kind = "timeout";
    limitation.message = "the time for the whole run is over";
    break;
  case EndReason::OutOfMemory:
    limitation.kind = "memory";
    limitation.message = "the memory limit is reached";
    break;
  }
  report.isPartial = true;
  if (std::find(report.limitations.begin(), report.limitations.end(), limitation) ==
      report.limitations.end())
    report.limitations.push_back(std::move(limitation));
}

void Run::note(const std::string &message) const {
  if (!options.quiet)
    llvm::errs() << "threadlint: note: " << onOneLine(message) << '\n';
}

std::string pageAddress(const Run &run, std::string_view check) {
  constexpr std::string_view kPlace = "{check}";
  std::string address = run.options.docsUrl;
  for (std::size_t at = 0; (at = address.find(kPlace, at)) != std::string::npos; at += check.size())
    address.replace(at, kPlace.size(), check);
  return address;
}

namespace {

/// The state of the repository of the root, when an output asks for it.
std::optional<VersionControl> versionControlOf(const Run &run) {
  if (std::none_of(run.options.outputs.begin(), run.options.outputs.end(),
                   [](const OutputTarget &o) { return o.format == OutputFormat::Sarif; }))
    return std::nullopt;
  return versionControlOf(run.root, Git({run.deadline(), nullptr}));
}

} // namespace

void takeRootOf(Run &run, const Report &report) {
  if (run.options.projectRoot || run.root == report.root)
    return;
  run.root = report.root;
  run.versionControl = versionControlOf(run);
}

Report emptyReport(const Run &run) {
  Report report;
  report.toolVersion = kVersion;
  report.root = run.root;
  report.category = run.options.category;
  report.versionControl = run.versionControl;
  report.rules = rules(run);
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
  run.root = resolvedPath(run.root);
  for (const OutputTarget &target : options.outputs)
    if (!target.path.empty())
      if (llvm::Error error = checkWritable(target.path))
        return std::move(error);
  llvm::Expected<SelectionOptions> selection = selectionOf(options);
  if (!selection)
    return selection.takeError();
  run.selection = std::move(*selection);
  std::vector<Finding> none;
  if (llvm::Error error = applySeverities(none, options))
    return std::move(error);
  llvm::Expected<tracing::TraceResult> trace = readTraces(options.traces);
  if (!trace)
    return trace.takeError();
  run.trace = std::move(*trace);
  run.versionControl = versionControlOf(run);
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
  poolOptions.onFewerWorkers = [&](unsigned count, const std::string &cause) {
    run.note("going on with " + counted(count, "worker", "workers") + ": " + cause);
  };

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
                                    const std::vector<TuFacts> &given, const std::string &root) {
  std::vector<CompileCommand> more = companionCommands(commands);
  if (more.empty() || !callsUndefined(given))
    return {};
  llvm::Expected<std::vector<TuFacts>> facts = extractWithProgress(run, more, root);
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

llvm::Expected<RunFacts> extractSources(const Run &run, Sources sources, const std::string &root) {
  RunFacts facts;
  llvm::Expected<std::vector<TuFacts>> tus = extractWithProgress(run, sources.commands, root);
  if (!tus)
    return tus.takeError();
  facts.tus = std::move(*tus);
  if (sources.database.empty())
    facts.companions = readCompanions(run, sources.commands, facts.tus, root);
  facts.sources = std::move(sources);
  return facts;
}

llvm::Error checkFactsSurvive(const Run &run, std::span<const TuFacts> tus) {
  if (outputPaths(run.options).empty())
    return llvm::Error::success();
  std::set<std::string> files;
  for (const TuFacts &facts : tus)
    for (const std::string &file : facts.files)
      if (!file.empty())
        files.insert(absolutePath(file, run.root));
  return checkInputsSurvive(run.options, {files.begin(), files.end()});
}

llvm::Expected<RunFacts> collectFacts(const Run &run) {
  if (run.options.fromFacts) {
    RunFacts facts;
    llvm::Expected<std::vector<TuFacts>> tus = readFactsFiles(run);
    if (!tus)
      return tus.takeError();
    facts.tus = std::move(*tus);
    if (llvm::Error error = checkFactsSurvive(run, facts.tus))
      return std::move(error);
    if (llvm::Error error = checkExcludes(run, run.options.excludes, facts.tus))
      return std::move(error);
    const bool isAnyLeft = llvm::any_of(facts.tus, [&](const TuFacts &tu) {
      return !matchesAnyPath(run.options.excludes, tu.mainFile);
    });
    if (llvm::Error error = checkFilesLeft(run, isAnyLeft))
      return std::move(error);
    noteInterruptions();
    return facts;
  }
  llvm::Expected<SelectedSources> selected = selectSources(run.options, run.environment, run.root);
  if (!selected)
    return selected.takeError();
  if (!selected->remark.empty())
    run.note(selected->remark);
  if (llvm::Error error = checkFilesLeft(run, !selected->commands.empty()))
    return std::move(error);
  noteInterruptions();
  llvm::Expected<RunFacts> facts =
      extractSources(run, {std::move(selected->commands), std::move(selected->database)}, run.root);
  if (!facts)
    return facts.takeError();
  for (const std::vector<TuFacts> *tus : {&facts->tus, &facts->companions})
    if (llvm::Error error = checkFactsSurvive(run, *tus))
      return std::move(error);
  if (llvm::Error error = checkExcludes(run, selected->unusedExcludes, facts->tus))
    return std::move(error);
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

SelectionOptions selectionFor(const Run &run, const RunFacts &facts) {
  SelectionOptions selection = run.selection;
  for (const TuFacts &tu : facts.tus)
    selection.mainFiles.insert(tu.mainFile);
  for (const TuFacts &tu : facts.companions)
    selection.companions.insert(tu.mainFile);
  return selection;
}

AnalysisResult analyzeWatched(const Run &run, RunFacts &facts, Report &report) {
  markPartial(report, run.endReason());
  AnalyzeOptions options;
  options.withLockGraph = !run.trace.processes.empty();
  for (const OutputTarget &target : run.options.outputs)
    options.withLockGraph |=
        target.format == OutputFormat::Dot || target.format == OutputFormat::Html ||
        target.format == OutputFormat::Json || target.format == OutputFormat::Jsonl;
  std::vector<TuFacts> tus = std::move(facts.tus);
  std::move(facts.companions.begin(), facts.companions.end(), std::back_inserter(tus));
  Progress progress(progressStyle(run), tus.size());
  progress.show("analysing the program");
  AnalysisResult result;
  EndReason reason;
  {
    auto abandon = [&run, last = report](EndReason why) mutable {
      markPartial(last, why);
      last.exitCode = kIncomplete;
      llvm::Error error = writeOutputs(run, last);
      const int code = error ? kCouldNotRun : kIncomplete;
      llvm::errs() << "threadlint: error: "
                   << (error ? onOneLine(llvm::toString(std::move(error)))
                             : last.limitations.back().message + ": the report has no findings")
                   << '\n';
      return code;
    };
    Watchdog watchdog(run.deadline(), run.options.memoryMegabytes, abandon);
    options.stop = watchdog.stopFlag();
    result = analyzeProgram(std::move(tus), options);
    reason = watchdog.reason();
  }
  if (!result.isComplete)
    markPartial(report, reason);
  progress.finish();
  return result;
}

llvm::Expected<Report> makeReport(const Run &run, RunFacts &facts) {
  if (llvm::Error error = checkHeaderFilters(run, facts.tus))
    return std::move(error);
  SelectionOptions selection = selectionFor(run, facts);
  Report report = emptyReport(run, facts.tus);
  AnalysisResult result = analyzeWatched(run, facts, report);
  if (!run.trace.processes.empty())
    addTrace(run, result, report);
  if (llvm::Error error = applySeverities(result.findings, run.options))
    return std::move(error);
  selectFindings(std::move(result), selection, report);
  return report;
}

llvm::Error writeOutputs(const Run &run, const Report &report,
                         const std::function<std::string(const Report &)> &writeJson) {
  for (const PreparedOutput &output : prepareOutputs(run, report, writeJson))
    if (llvm::Error error = output.path.empty()
                                ? writeStandardOutput(output.bytes, run.environment)
                                : writeOutputFile(output.path, output.bytes, run.deadline()))
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
  llvm::Expected<Report> report = makeReport(run, *facts);
  if (!report)
    return report.takeError();
  llvm::Expected<std::size_t> stale = setKnownFindingsAside(run, *known, facts->sources, *report);
  if (!stale)
    return stale.takeError();
  report->exitCode = gateExitCode(*report, run.options, *stale);
  if (llvm::Error error = writeOutputs(run, *report))
    return std::move(error);
  printSummary(run, *report);
  if (hasNothingWhole(*report, run.options))
    run.note("no file could be analysed completely; 'threadlint doctor' says why");
  return report->exitCode;
}

} // namespace threadlint
