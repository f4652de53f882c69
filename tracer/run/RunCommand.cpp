// RunCommand: see RunCommand.h.
#include "tracer/run/RunCommand.h"

#include "tracer/run/RunOptions.h"
#include "tracer/run/Session.h"
#include "tracer/run/Target.h"
#include "tracer/run/Watch.h"

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <iostream>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace threadlint::trace {

namespace {

void say(const std::string &text) { std::cerr << "threadlint-trace: " << text << "\n"; }

/// Signals that are handed on to the target.
constexpr int kForwarded[] = {SIGINT,  SIGTERM, SIGHUP,   SIGQUIT,
                              SIGUSR1, SIGUSR2, SIGWINCH, SIGCONT};

sigset_t watchedSignals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGCHLD);
  for (int signal : kForwarded)
    sigaddset(&set, signal);
  return set;
}

/// In the child, between fork and exec.
[[noreturn]] void becomeTarget(const RunOptions &options, const Target &target,
                               const std::string &preload, const std::string &settings,
                               const sigset_t &mask, int errorPipe) {
  sigprocmask(SIG_SETMASK, &mask, nullptr);
  if (!preload.empty()) {
    const char *already = std::getenv("LD_PRELOAD");
    std::string list = preload + (already && *already ? std::string(":") + already : "");
    setenv("LD_PRELOAD", list.c_str(), 1);
  }
  if (!settings.empty())
    setenv("THREADLINT_TRACE_OPTIONS", (settings + ":root=" + std::to_string(getpid())).c_str(), 1);
  std::vector<char *> arguments;
  for (const std::string &argument : options.command)
    arguments.push_back(const_cast<char *>(argument.c_str()));
  arguments.push_back(nullptr);
  execvp(target.path.c_str(), arguments.data());
  int error = errno;
  if (write(errorPipe, &error, sizeof error) != sizeof error)
    _exit(126);
  _exit(error == ENOENT ? 127 : 126);
}

struct Ended {
  int status = 0; ///< as from waitpid
  int execError = 0;
};

/// Waits for the target, and forwards signals. Writes reports early when it does not end after one.
Ended waitForTarget(pid_t child, int errorPipe, const sigset_t &signals, const Session &session,
                    const RunOptions &options, bool traced) {
  Ended ended;
  bool isAsked = false, hasReported = false;
  if (read(errorPipe, &ended.execError, sizeof ended.execError) != sizeof ended.execError)
    ended.execError = 0;
  for (;;) {
    siginfo_t info{};
    timespec shortly{0, 400'000'000};
    int signal = isAsked && !hasReported ? sigtimedwait(&signals, &info, &shortly)
                                         : sigwaitinfo(&signals, &info);
    if (signal < 0 && errno == EAGAIN) { // asked to end, and it goes on: it may hang
      hasReported = true;
      if (traced)
        writeReports(session.traces(child), options);
      continue;
    }
    if (signal == SIGCHLD) {
      int status = 0;
      if (waitpid(child, &status, WNOHANG) == child) {
        ended.status = status;
        return ended;
      }
      continue;
    }
    if (signal <= 0)
      continue;
    if (signal == SIGTERM || signal == SIGINT || signal == SIGHUP || signal == SIGQUIT)
      isAsked = true;
    // What the terminal sends goes to the whole process group already.
    if (info.si_code != SI_KERNEL)
      kill(child, signal);
  }
}

int endLike(int status) {
  if (!WIFSIGNALED(status))
    return WEXITSTATUS(status);
  rlimit none{0, 0};
  setrlimit(RLIMIT_CORE, &none); // the target has made its own
  int number = WTERMSIG(status);
  std::cout.flush();
  signal(number, SIG_DFL);
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, number);
  sigprocmask(SIG_UNBLOCK, &set, nullptr);
  raise(number);
  return 128 + number;
}

void storeStatus(const std::vector<std::unique_ptr<LiveTrace>> &traces, pid_t child, int status) {
  for (const std::unique_ptr<LiveTrace> &trace : traces) {
    if (static_cast<pid_t>(trace->header().pid) != child ||
        trace->header().state == static_cast<std::uint32_t>(ProcessState::Executed))
      continue;
    trace->header().waitStatus = static_cast<std::uint32_t>(status);
    trace->header().hasWaitStatus = 1;
  }
}

/// Runs and reports; nothing of the session is left when it returns. `status` is how the target ended, when the exit status is not given.
int runAndReport(std::span<const std::string> arguments, int &status) {
  const char *outer = std::getenv("THREADLINT_TRACE_OPTIONS");
  RunOptionsResult parsed = parseRunOptions(arguments, outer);
  if (parsed.isHelp) {
    std::cout << kRunHelp;
    return 0;
  }
  if (!parsed.error.empty()) {
    say(parsed.error + "; see 'threadlint-trace run --help'");
    return 2;
  }
  const RunOptions &options = parsed.options;
  if (!checkOutputs(options))
    return 2;
  Target target = examineTarget(options.command.front());
  if (!target.message.empty())
    say(target.message);
  if (target.problem == TargetProblem::NotFound)
    return 127;
  if (target.problem == TargetProblem::NotExecutable)
    return 126;
  if (outer && std::strstr(outer, "session="))
    say("runs inside another 'threadlint-trace run': this one traces from here on");

  // Before the first thread, which inherits it.
  sigset_t signals = watchedSignals(), previous;
  sigprocmask(SIG_BLOCK, &signals, &previous);
  Session session;
  Watch watch;
  std::string error, preload, settings;
  bool traced = target.problem == TargetProblem::None;
  if (traced && session.open(error))
    preload = session.library(error);
  traced = traced && !preload.empty() && watch.start(session.folder(), options.watch, error);
  if (!traced && target.problem == TargetProblem::None)
    say(error + "; the program runs untraced");
  if (traced) {
    char quote = session.folder().find('\'') == std::string::npos ? '\'' : '"';
    settings = "session=" + (quote + session.folder()) + quote;
    for (const std::string &setting : options.runtime)
      settings += ":" + setting;
    if (const char *already = std::getenv("LD_PRELOAD");
        already && std::strstr(already, "libthreadlint-trace.so"))
      preload.clear();
  }

  int errorPipe[2];
  if (pipe2(errorPipe, O_CLOEXEC) != 0) {
    say(std::string("cannot make a pipe: ") + std::strerror(errno));
    return 2;
  }
  std::cout.flush();
  pid_t child = fork();
  if (child < 0) {
    say(std::string("cannot fork: ") + std::strerror(errno));
    return 2;
  }
  if (child == 0)
    becomeTarget(options, target, traced ? preload : "", settings, previous, errorPipe[1]);
  close(errorPipe[1]);
  Ended ended = waitForTarget(child, errorPipe[0], signals, session, options, traced);
  watch.stop();
  if (ended.execError) {
    say("cannot run '" + target.path + "': " + std::strerror(ended.execError));
    return ended.execError == ENOENT ? 127 : 126;
  }
  bool hasFindings = false;
  if (traced) {
    std::vector<std::unique_ptr<LiveTrace>> traces = session.traces(child);
    storeStatus(traces, child, ended.status);
    if (traces.empty())
      say("nothing was traced: the program did not load the tracer, or could not make its trace "
          "file");
    hasFindings = writeReports(traces, options);
  }
  if (options.exitCode && (hasFindings || watch.incidents()))
    return *options.exitCode;
  status = ended.status;
  return 0;
}

} // namespace

int runCommand(std::span<const std::string> arguments) {
  int status = 0;
  int code = runAndReport(arguments, status);
  return status ? endLike(status) : code;
}

} // namespace threadlint::trace
