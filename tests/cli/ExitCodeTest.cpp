// ExitCodeTest: the table of exit codes and their precedence, 2 > 3 > 1 > 0, one test a row.
#include "tests/support/EndedEarly.h"
#include "tests/support/Shell.h"

#include <gtest/gtest.h>

#include <ostream>

namespace threadlint {
namespace {

constexpr const char *kLeak = "#include <mutex>\nstd::mutex m;\nvoid f(bool b) {\n  m.lock();\n  "
                              "if (b)\n    return;\n  m.unlock();\n}\n"
                              "int main() { f(true); }\n";

struct Row {
  const char *name;
  const char *command; ///< TL is the program; commands before the last ';' only prepare
  int exitCode;
  friend void PrintTo(const Row &row, std::ostream *out) { *out << row.command; }
};

class ExitCode : public testing::TestWithParam<Row> {};

TEST_P(ExitCode, FollowsTheTable) {
  TemporaryFolder folder;
  folder.write("clean.cpp", "int main() { return 0; }\n");
  folder.write("leak.cpp", kLeak); // one warning
  folder.write("broken.cpp", "int f() { return missing_name; }\n");
  folder.write("slow.cpp", kSlowToParse);
  writeSignalSender(folder);
  std::string command = GetParam().command;
  for (std::size_t at = 0; (at = command.find("TL ", at)) != std::string::npos;)
    command.replace(at, 2, "$THREADLINT");
  ShellResult result = runShell(command, folder.path());
  EXPECT_EQ(result.exitCode, GetParam().exitCode) << command << "\n"
                                                  << result.output << result.errors;
}

#define MAKE_FACTS "TL facts --quiet leak.cpp -o leak.tlf -- ; "
#define MAKE_BASELINE "TL baseline create leak.base --quiet leak.cpp -- ; "
#define MAKE_REPORTS                                                                               \
  "for n in clean leak; do TL --exit-zero --quiet --output=json:$n.json $n.cpp -- ; done; "
#define SIGNALLED(name, arguments) "python3 signals.py '" arguments "' '1 " name "'"

constexpr Row kRows[] = {
    // 0 and 1: findings, and what makes them count
    {"Clean", "TL clean.cpp --", 0},
    {"Finding", "TL leak.cpp --", 1},
    {"ExitZero", "TL --exit-zero leak.cpp --", 0},
    {"FailOnError", "TL --fail-on=error leak.cpp --", 0},
    {"FailOnWarning", "TL --fail-on=warning leak.cpp --", 1},
    {"FailOnNever", "TL --fail-on=never leak.cpp --", 0},
    {"CheckNotSelected", "TL --checks=data-race leak.cpp --", 0},
    {"FileExcluded", "TL --exclude=leak.cpp clean.cpp leak.cpp --", 0},
    {"ErrorExitcode", "TL --error-exitcode=42 leak.cpp --", 42},
    {"ErrorExitcodeAndExitZero", "TL --error-exitcode=42 --exit-zero leak.cpp --", 0},
    {"WarningAsError", "TL --fail-on=error --warnings-as-errors='lock-*' leak.cpp --", 1},
    {"OtherWarningAsError", "TL --fail-on=error --warnings-as-errors=data-race leak.cpp --", 0},
    {"SeverityRaised", "TL --fail-on=error --severity=lock-leak=error leak.cpp --", 1},
    {"SeverityLowered", "TL --fail-on=warning --severity=lock-leak=note leak.cpp --", 0},
    {"Suppressed", "sed -i 's|m.lock();|m.lock(); // NOLINT|' leak.cpp; TL leak.cpp --", 0},
    {"LinkedFinding", MAKE_FACTS "TL link leak.tlf", 1},
    {"Facts", "TL facts broken.cpp -o broken.tlf --", 0},
    {"ConfigFailOnError", "echo 'fail-on: error' >ok.yaml; TL --config=ok.yaml leak.cpp --", 0},
    {"CommandLineOverConfig",
     "echo 'fail-on: error' >ok.yaml; TL --config=ok.yaml --fail-on=note leak.cpp --", 1},
    // baselines
    {"BaselineCreated", "TL baseline create leak.base leak.cpp --", 0},
    {"BaselineThere", MAKE_BASELINE "TL baseline create leak.base leak.cpp --", 2},
    {"Baselined", MAKE_BASELINE "TL --baseline=leak.base leak.cpp --", 0},
    {"BaselineStale", MAKE_BASELINE "TL --baseline=leak.base clean.cpp --", 0},
    {"BaselineStaleIsError",
     MAKE_BASELINE "TL --baseline=leak.base --baseline-stale=error clean.cpp --", 1},
    {"BaselineOfConfigStaleIsError",
     MAKE_BASELINE
     "echo 'baseline: leak.base' >.threadlint.yaml; "
     "TL --baseline-stale=error clean.cpp --; code=$?; rm .threadlint.yaml; exit $code",
     1},
    {"BaselineNotStaleWhenIncomplete",
     MAKE_BASELINE "TL --baseline=leak.base --baseline-stale=error broken.cpp clean.cpp --", 0},
    {"BaselineMissing", "TL --baseline=nowhere leak.cpp --", 2},
    {"BaselinePruned", MAKE_BASELINE "TL baseline prune leak.base clean.cpp --", 0},
    {"BaselinePrunedFinds",
     MAKE_BASELINE "TL baseline prune leak.base clean.cpp -- ; TL --baseline=leak.base leak.cpp --",
     1},
    {"BaselineOfFacts",
     MAKE_FACTS "TL baseline create leak.base link leak.tlf; TL link leak.tlf --baseline=leak.base",
     0},
    {"DiffNothingNew", MAKE_REPORTS "TL diff --previous=leak.json --current=leak.json", 0},
    {"DiffNew", MAKE_REPORTS "TL diff --previous=clean.json --current=leak.json", 1},
    {"DiffFixed", MAKE_REPORTS "TL diff --previous=leak.json --current=clean.json", 0},
    {"DiffWithBaseline",
     MAKE_BASELINE MAKE_REPORTS "TL diff --previous=leak.base --current=leak.json", 0},
    {"DiffNoReport", MAKE_REPORTS "TL diff --previous=clean.json --current=leak.cpp", 2},
    // 2: could not run
    {"BadFlag", "TL --no-such-option clean.cpp --", 2},
    {"BadValue", "TL --fail-on=sometimes clean.cpp --", 2},
    {"BadYaml", "echo 'checks: [' >bad.yaml; TL --config=bad.yaml leak.cpp --", 2},
    {"UnknownKey", "echo 'chekcs: data-race' >bad.yaml; TL --config=bad.yaml leak.cpp --", 2},
    {"ConfigMissing", "TL --config=missing.yaml leak.cpp --", 2},
    {"NoDatabase", "mkdir e; cd e; TL --quiet", 2},
    {"NoDatabaseThere", "TL -p nowhere", 2},
    {"NoFile", "TL missing.cpp --", 2},
    {"CheckUnknown", "TL --strict --exit-zero --checks=nothing broken.cpp --", 2},
    {"SeverityOfUnknownCheck", "TL --severity=lock-leek=note leak.cpp --", 2},
    {"IncludeMatchesNothing", "TL --include='*.cc' leak.cpp --", 2},
    {"ExcludeMatchesNothing",
     "echo '[{\"directory\":\"'$PWD'\",\"file\":\"leak.cpp\",\"command\":\"c++ leak.cpp\"}]' "
     ">db; TL -p db --exclude=laek.cpp",
     2},
    {"ExcludeMatchesNothingOfTheGivenFiles", "TL --exclude=third_party leak.cpp --", 1},
    {"EmptyValue", "TL --baseline=\"$NOT_SET\" leak.cpp --", 2},
    {"HeaderFilterMatchesNothing", "TL --header-filter=nowhere leak.cpp --", 2},
    {"NoRepository", "TL --new-from-rev=HEAD leak.cpp --", 2},
    {"DevFull", "TL --output=json leak.cpp -- >/dev/full", 2},
    {"DevFullAsFile", "TL --strict --output=json:/dev/full broken.cpp leak.cpp --", 2},
    {"StandardOutputClosed", "TL --output=json leak.cpp -- >&-", 2},
    {"ClosedPipe",
     "python3 -c \"import os, subprocess, sys\nr, w = os.pipe()\nos.close(r)\n"
     "sys.exit(subprocess.call([os.environ['THREADLINT'], 'leak.cpp', '--'], stdout=w))\"",
     2},
    // 3: incomplete
    {"ParseError", "TL broken.cpp clean.cpp --", 0},
    {"ParseErrorEverywhere", "TL broken.cpp --", 3},
    {"ParseErrorEverywhereNotStrict", "TL --no-strict broken.cpp --", 0},
    {"ParseErrorStrict", "TL --strict broken.cpp --", 3},
    {"ParseErrorStrictExitZero", "TL --strict --exit-zero broken.cpp --", 3},
    {"ParseErrorInCi", "CI=1 TL broken.cpp --", 3},
    {"ParseErrorInEmptyCi", "CI= TL broken.cpp clean.cpp --", 0},
    {"ParseErrorInCiNotStrict", "CI=1 TL --no-strict broken.cpp --", 0},
    {"ParseErrorAndFindingStrict", "TL --strict broken.cpp leak.cpp --", 3},
    {"ParseErrorAndFinding", "TL broken.cpp leak.cpp --", 1},
    {"FactsStrict", "TL facts --strict broken.cpp -o broken.tlf --", 3},
    {"LinkStrict", "TL facts broken.cpp -o broken.tlf -- ; TL link --strict broken.tlf", 3},
    {"Memory", "TL --memory-limit=1 --strict leak.cpp --", 3},
    {"MemoryNotStrict", "TL --memory-limit=1 --no-strict leak.cpp --", 3},
    {"Timeout", "TL --timeout=1 --strict slow.cpp -- " THREADLINT_SLOW_FLAG, 3},
    {"TimeoutNotStrict", "TL --timeout=1 --no-strict slow.cpp -- " THREADLINT_SLOW_FLAG, 3},
    {"TimeoutOfOne", "TL --timeout=1 slow.cpp clean.cpp -- " THREADLINT_SLOW_FLAG, 0},
    {"TotalTimeout", "TL --total-timeout=1 slow.cpp -- " THREADLINT_SLOW_FLAG, 3},
    {"Interrupted", SIGNALLED("INT", "slow.cpp -- " THREADLINT_SLOW_FLAG), 3},
    {"Terminated", SIGNALLED("TERM", "slow.cpp -- " THREADLINT_SLOW_FLAG), 3},
    // a crash of our own; one of a file is in WorkerPoolTest and gives 3, one of the analysis is also in InterruptionTest
    {"Crash", SIGNALLED("SEGV", "slow.cpp -- " THREADLINT_SLOW_FLAG), 2},
};

INSTANTIATE_TEST_SUITE_P(Table, ExitCode, testing::ValuesIn(kRows),
                         [](const auto &info) { return info.param.name; });

} // namespace
} // namespace threadlint
