// Run: the parts that the lint, facts and link commands share.
//
//   Options --> project root, sources --> facts --> analysis --> report --> outputs, summary, exit code
#pragma once

#include "analyzer/cli/Environment.h"
#include "analyzer/cli/Options.h"
#include "analyzer/extract/Extract.h"
#include "analyzer/facts/TuFacts.h"

#include <llvm/Support/Error.h>

#include <chrono>
#include <string>
#include <vector>

namespace threadlint {

/// What stays fixed during one run.
struct Run {
  const Options &options;
  const Environment &environment;
  std::string root; ///< absolute project root
  std::chrono::steady_clock::time_point start = std::chrono::steady_clock::now();
};

/// Fails when --project-root is no folder.
llvm::Expected<Run> startRun(const Options &options, const Environment &environment);

/// Extracts in worker processes and shows progress.
llvm::Expected<std::vector<TuFacts>>
extractWithProgress(const Run &run, const std::vector<CompileCommand> &commands);

/// Whether a limitation made these facts incomplete.
bool isIncomplete(const TuFacts &facts);
bool isStrict(const Run &run);

/// Analyses, writes every output, prints the summary. The exit code.
llvm::Expected<int> analyzeAndReport(const Run &run, std::vector<TuFacts> tus);

} // namespace threadlint
