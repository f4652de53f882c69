// TraceInput: the first bytes of a file tell its kind.
#include "analyzer/cli/TraceInput.h"

#include "analyzer/cli/CheckPages.h"
#include "analyzer/cli/Errors.h"
#include "analyzer/cli/Gate.h"
#include "analyzer/cli/InputFile.h"
#include "analyzer/cli/KnownFindings.h"
#include "tracer/report/Merge.h"
#include "tracer/report/Resolve.h"
#include "tracer/report/TraceJson.h"
#include "tracer/report/TraceReader.h"
#include "tracer/report/TraceReport.h"

#include <llvm/Support/MemoryBuffer.h>

#include <algorithm>
#include <filesystem>

namespace threadlint {
namespace {

/// Whether the file begins as record files do, whatever its name. What has no memory may not be touched, maybe not even the first byte.
bool isRecordFile(const std::string &path) {
  std::error_code failed;
  if (!std::filesystem::is_regular_file(path, failed))
    return false;
  auto start = llvm::MemoryBuffer::getFileSlice(path, /*MapSize=*/8, /*Offset=*/0);
  return start && tracing::looksLikeRecord((*start)->getBuffer());
}

llvm::Expected<tracing::TraceResult> readTraceFile(const std::string &path) {
  if (isShellPipe(path)) {
    llvm::Expected<std::string> bytes = readInputFile(path);
    return bytes ? readTraceBytes(path, *bytes) : bytes.takeError();
  }
  if (llvm::Error error = checkReadable(path))
    return std::move(error);
  // A record file is mapped: it is large and mostly empty.
  auto file = llvm::MemoryBuffer::getFile(path, /*IsText=*/false, /*RequiresNullTerminator=*/false,
                                          /*IsVolatile=*/!isRecordFile(path));
  if (!file)
    return systemFailure("read", path, file.getError().value());
  std::string_view bytes((*file)->getBufferStart(), (*file)->getBufferSize());
  return readTraceBytes(path, bytes);
}

/// The record files of a folder, sorted; the path itself when it is no folder.
llvm::Expected<std::vector<std::string>> filesAt(const std::string &path) {
  namespace fs = std::filesystem;
  std::error_code error;
  if (!fs::is_directory(path, error))
    return std::vector<std::string>{path};
  std::vector<std::string> files;
  for (fs::directory_iterator at(path, error), end; at != end; at.increment(error))
    if (at->path().extension() == ".tlt" || isRecordFile(at->path().string()))
      files.push_back(at->path().string());
  if (error)
    return systemFailure("read", path, error.value());
  std::sort(files.begin(), files.end());
  if (files.empty())
    return failure("no trace (*.tlt) in the folder '" + path + "'");
  return files;
}

} // namespace

llvm::Expected<tracing::TraceResult> readTraceBytes(const std::string &path,
                                                    std::string_view bytes) {
  if (!tracing::looksLikeRecord(bytes)) {
    tracing::TraceJsonReadResult read = tracing::readTraceJson(bytes);
    if (!read.error.empty())
      return failure("cannot read '" + path + "': " + read.error);
    return std::move(read.result);
  }
  tracing::TraceReadResult read = tracing::readTrace(bytes);
  if (!read.error.empty())
    return failure("cannot read '" + path + "': " + read.error);
  return tracing::resolveTrace(read.trace);
}

llvm::Expected<tracing::TraceResult> readTraces(const std::vector<std::string> &paths) {
  tracing::TraceResult all;
  for (const std::string &path : paths) {
    llvm::Expected<std::vector<std::string>> files = filesAt(path);
    if (!files)
      return files.takeError();
    for (const std::string &file : *files) {
      llvm::Expected<tracing::TraceResult> trace = readTraceFile(file);
      if (!trace)
        return trace.takeError();
      all.append(std::move(*trace));
    }
  }
  return all;
}

void addTraceParts(const tracing::TraceResult &trace, const Run &run, Report &report) {
  for (Rule &rule : tracing::traceRules()) {
    rule.page = checkPage(rule.id);
    rule.address = pageAddress(run, rule.id);
    report.rules.push_back(std::move(rule));
  }
  report.observations = tracing::traceObservations(trace);
  report.traceCount = trace.processes.size();
}

void addTrace(const Run &run, AnalysisResult &analysis, Report &report) {
  tracing::TraceResult trace = run.trace;
  trace.makeRelative(run.root);
  tracing::mergeTrace(analysis, trace);
  addTraceParts(trace, run, report);
}

llvm::Expected<int> finishTraceRun(const Run &run, AnalysisResult analysis,
                                   SelectionOptions selection, Report report,
                                   const TraceOutput &output) {
  llvm::Expected<KnownFindings> known = prepareKnownFindings(run);
  if (!known)
    return known.takeError();
  if (llvm::Error error = applySeverities(analysis.findings, run.options))
    return std::move(error);
  selectFindings(std::move(analysis), selection, report);
  llvm::Expected<std::size_t> stale = setKnownFindingsAside(run, *known, {}, report);
  if (!stale)
    return stale.takeError();
  report.exitCode = gateExitCode(report, run.options, *stale);
  if (output.isWanted && !output.isWanted(report))
    return report.exitCode;
  if (llvm::Error error = writeOutputs(run, report, output.writeJson))
    return std::move(error);
  printSummary(run, report);
  return report.exitCode;
}

} // namespace threadlint
