// WorkerPool: extracts many translation units in parallel, each safe from the others' crashes.
//
//   commands  --index over a pipe-->  forked worker: extract  --binary facts over a pipe-->  facts, in the order of the commands
//
// Workers are forks of this process without exec, so a worker starts within a millisecond with Clang already loaded and mapped;
// the caller must not have started threads. One worker takes many commands. A command that ends its worker is tried once more,
// alone in a fresh worker after everything else; then it becomes facts with one incomplete Limitation ("crash"), as does one
// that takes too long ("timeout"). The result does not depend on the number of workers.
#pragma once

#include "analyzer/extract/Extract.h"
#include "analyzer/facts/TuFacts.h"

#include <llvm/Support/Error.h>

#include <chrono>
#include <functional>
#include <optional>
#include <span>
#include <vector>

namespace threadlint {

struct PoolOptions {
  unsigned jobs = 1;
  unsigned timeoutSeconds = 0;  ///< per command; 0 = none
  std::string projectRoot;      ///< for the file names in limitations
  unsigned memoryMegabytes = 0; ///< address space of each worker; 0 = no limit
  std::optional<std::chrono::steady_clock::time_point> deadline = {}; ///< for all of it
  /// Asked whenever a worker answers or a signal comes in: whether to stop. What is not done then is "interrupted".
  std::function<bool()> isInterrupted = {};
  /// Told when the system allows fewer workers than `jobs` (open files, processes): how many there are, and why there are no more.
  std::function<void(unsigned, const std::string &)> onFewerWorkers = {};
};

/// What a worker does with a command.
using Extractor = std::function<TuFacts(const CompileCommand &)>;
/// Told the number of each command when it is done.
using Observer = std::function<void(std::size_t)>;

/// Facts of commands[i] at position i. Fails only when no worker can be started.
llvm::Expected<std::vector<TuFacts>> extractAll(std::span<const CompileCommand> commands,
                                                const Extractor &extract, const Observer &observe,
                                                const PoolOptions &options);

/// Facts without content: one incomplete Limitation at the file.
TuFacts limitedFacts(const std::string &file, const std::string &kind, const std::string &message);

} // namespace threadlint
