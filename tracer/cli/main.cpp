// main: the threadlint-trace program.
#include "tracer/report/ReportCommand.h"
#include "tracer/run/AttachReport.h"
#include "tracer/run/RunCommand.h"

#include <iostream>
#include <string>
#include <vector>

namespace {

const char *const kHelp = R"(usage: threadlint-trace COMMAND [OPTIONS]

  run [OPTIONS] -- PROGRAM [ARGUMENTS]   run a program with the lock tracer, and report
  report FILE... [OPTIONS]               report on trace files that `run --trace=FILE` kept
  attach-report PID                      what the threads of a traced process hold and wait for now

`threadlint-trace COMMAND --help` tells more. `threadlint merge` joins traces with the report of the static analysis.
)";

} // namespace

int main(int argc, char **argv) {
  std::vector<std::string> arguments(argv + 1, argv + argc);
  std::string command = arguments.empty() ? "" : arguments.front();
  std::vector<std::string> rest(arguments.begin() + !arguments.empty(), arguments.end());
  if (command == "run")
    return threadlint::trace::runCommand(rest);
  if (command == "attach-report")
    return threadlint::trace::attachReportCommand(rest);
  if (command == "report")
    return threadlint::trace::reportCommand(rest);
  if (command == "--help" || command == "-h") {
    std::cout << kHelp;
    return 0;
  }
  if (command == "--version") {
    std::cout << "threadlint-trace " THREADLINT_VERSION "\n";
    return 0;
  }
  std::cerr << "threadlint-trace: "
            << (command.empty() ? std::string("no command") : "unknown command '" + command + "'")
            << "; see 'threadlint-trace --help'\n";
  return 2;
}
