// Threadlint: the program from its arguments to its exit code.
#include "analyzer/cli/Commands.h"
#include "analyzer/cli/ConfigFile.h"
#include "analyzer/cli/OutputConflicts.h"
#include "analyzer/report/Escapes.h"

#include <llvm/Support/raw_ostream.h>

#include <csignal>
#include <cstring>
#include <sys/resource.h>
#include <unistd.h>

namespace threadlint {
namespace {

constexpr int kCouldNotRun = 2;

/// Our own crash, in the analysis: the workers reset these signals. Only async-signal-safe calls.
void onCrash(int number) {
  constexpr char kMessage[] = "threadlint: error: internal error, the analysis crashed\n";
  [[maybe_unused]] ssize_t ignored = write(2, kMessage, sizeof kMessage - 1);
  (void)number;
  _exit(kCouldNotRun);
}

void installCrashMessage() {
  static char stack[1 << 16]; // a stack overflow leaves no room on the stack
  stack_t alternative{};
  alternative.ss_sp = stack;
  alternative.ss_size = sizeof stack;
  sigaltstack(&alternative, nullptr);
  struct sigaction action{};
  action.sa_handler = onCrash;
  action.sa_flags = SA_ONSTACK;
  for (int number : {SIGSEGV, SIGBUS, SIGABRT, SIGILL, SIGFPE})
    sigaction(number, &action, nullptr);
  signal(SIGPIPE, SIG_IGN); // a closed pipe and a file that is too large show as errors of write()
  signal(SIGXFSZ, SIG_IGN);
}

/// Deeply nested code makes Clang recurse deeply. The kernel leaves at least 128 MB below the main thread's stack.
void raiseStackLimit() {
  constexpr rlim_t kStackSize = 100u << 20;
  rlimit limit;
  if (getrlimit(RLIMIT_STACK, &limit) != 0 || limit.rlim_cur >= kStackSize)
    return;
  limit.rlim_cur = limit.rlim_max < kStackSize ? limit.rlim_max : kStackSize;
  setrlimit(RLIMIT_STACK, &limit);
}

/// Each worker needs two descriptors here, and Clang one for each header it reads.
void raiseFileLimit() {
  constexpr rlim_t kFiles = 8192;
  rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= kFiles)
    return;
  limit.rlim_cur = limit.rlim_max < kFiles ? limit.rlim_max : kFiles;
  setrlimit(RLIMIT_NOFILE, &limit);
}

/// What the user asks about threadlint itself works whatever the configuration file says.
llvm::Expected<Options> makeOptionsWithConfig(const CommandLine &line,
                                              const Environment &environment) {
  llvm::Expected<Options> options = makeOptions(line, {}, /*isBeforeConfig=*/true);
  if (!options)
    return options;
  if (options->command == Command::Help || options->command == Command::Version ||
      options->command == Command::Explain)
    return options;
  llvm::Expected<ConfigFile> config = findConfig(line, environment.workingFolder);
  if (!config)
    return config.takeError();
  options = makeOptions(line, config->settings);
  if (options)
    if (llvm::Error error = checkOutputConflicts(*options, config->path))
      return std::move(error);
  return options;
}

llvm::Expected<int> runCommand(const CommandLine &line, const Environment &environment) {
  if (line.start.command == Command::Config)
    return runConfig(line, environment);
  llvm::Expected<Options> made = makeOptionsWithConfig(line, environment);
  if (!made)
    return made.takeError();
  const Options &options = *made;
  for (const std::string &warning : options.warnings)
    llvm::errs() << "threadlint: warning: " << onOneLine(warning) << '\n';
  switch (options.command) {
  case Command::Baseline:
    return runBaseline(options, environment);
  case Command::Diff:
    return runDiff(options, environment);
  case Command::Doctor:
    return runDoctor(options, environment);
  case Command::Merge:
    return runMerge(options, environment);
  case Command::Config: // above
    break;
  case Command::Lint:
  case Command::Link:
    return runLint(options, environment);
  case Command::Facts:
    return runFacts(options, environment);
  case Command::Explain:
    return runExplain(options, environment);
  case Command::ListChecks:
    return runListChecks(options, environment);
  case Command::Version:
    return runVersion(environment);
  case Command::Help:
    return runHelp(environment);
  }
  return kCouldNotRun;
}

int printError(llvm::Error error) {
  llvm::errs() << "threadlint: error: " << onOneLine(llvm::toString(std::move(error))) << '\n';
  return kCouldNotRun;
}

} // namespace

int runThreadlint(int argumentCount, const char *const *arguments) {
  Environment environment = readEnvironment();
  std::signal(SIGCHLD, SIG_DFL); // inherited as ignored, nobody would learn how a child ended
  installCrashMessage();
  raiseStackLimit();
  raiseFileLimit();
  llvm::Expected<CommandLine> line = parseCommandLine({arguments + 1, arguments + argumentCount});
  if (!line)
    return printError(line.takeError());
  llvm::Expected<int> code = runCommand(*line, environment);
  return code ? *code : printError(code.takeError());
}

} // namespace threadlint
