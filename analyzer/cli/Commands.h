// Commands: what each subcommand does. Each returns the exit code, or an error that main prints (exit code 2).
#pragma once

#include "analyzer/cli/CommandLine.h"
#include "analyzer/cli/Environment.h"
#include "analyzer/cli/Options.h"

#include <llvm/Support/Error.h>

namespace threadlint {

/// `threadlint [options] ...` and `threadlint link FACTS...`: extract or read facts, analyse, report.
llvm::Expected<int> runLint(const Options &options, const Environment &environment);
/// `threadlint facts FILE`: extract one translation unit into a file.
llvm::Expected<int> runFacts(const Options &options, const Environment &environment);
/// `threadlint baseline ACTION FILE`, `threadlint diff`, `threadlint config ACTION`.
llvm::Expected<int> runBaseline(const Options &options, const Environment &environment);
llvm::Expected<int> runDiff(const Options &options, const Environment &environment);
llvm::Expected<int> runConfig(const CommandLine &line, const Environment &environment);
/// `threadlint merge static.json TRACE...`.
llvm::Expected<int> runMerge(const Options &options, const Environment &environment);
/// `threadlint doctor`.
llvm::Expected<int> runDoctor(const Options &options, const Environment &environment);
/// `threadlint explain CHECK`, `--list-checks`, `--version`, `--help`.
llvm::Expected<int> runExplain(const Options &options, const Environment &environment);
llvm::Expected<int> runListChecks(const Options &options, const Environment &environment);
llvm::Expected<int> runVersion(const Environment &environment);
llvm::Expected<int> runHelp(const Environment &environment);

/// The whole program: parses the command line, runs it, prints an error once. The exit code.
int runThreadlint(int argumentCount, const char *const *arguments);

} // namespace threadlint
