// ExitCodeTest: the table of exit codes and their precedence, 2 > 3 > 1 > 0.
#include "tests/support/Shell.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace threadlint {
namespace {

constexpr const char *kLeak = "#include <mutex>\nstd::mutex m;\nvoid f(bool b) {\n  m.lock();\n  "
                              "if (b)\n    return;\n  m.unlock();\n}\n"
                              "int main() { f(true); }\n";

struct Row {
  const char *command;
  int exitCode;
};

TEST(ExitCode, FollowsTheTable) {
  TemporaryFolder folder;
  folder.write("clean.cpp", "int main() { return 0; }\n");
  folder.write("leak.cpp", kLeak); // one warning
  folder.write("broken.cpp", "int f() { return missing_name; }\n");
  const Row rows[] = {
      {"$THREADLINT clean.cpp --", 0},
      {"$THREADLINT leak.cpp --", 1},
      {"$THREADLINT --exit-zero leak.cpp --", 0},
      {"$THREADLINT --fail-on=error leak.cpp --", 0},
      {"$THREADLINT --fail-on=warning leak.cpp --", 1},
      {"$THREADLINT --checks=data-race leak.cpp --", 0},
      {"$THREADLINT --exclude=leak.cpp clean.cpp leak.cpp --", 0},
      {"$THREADLINT broken.cpp --", 0},
      {"$THREADLINT --strict broken.cpp --", 3},
      {"$THREADLINT --strict --exit-zero broken.cpp --", 3},
      {"CI=1 $THREADLINT broken.cpp --", 3},
      {"CI= $THREADLINT broken.cpp --", 0},
      {"CI=1 $THREADLINT --no-strict broken.cpp --", 0},
      {"$THREADLINT --strict broken.cpp leak.cpp --", 3},
      {"$THREADLINT broken.cpp leak.cpp --", 1},
      {"$THREADLINT --strict --output=json:/dev/full broken.cpp leak.cpp --", 2},
      {"$THREADLINT --strict --exit-zero --checks=nothing broken.cpp --", 2},
      {"$THREADLINT facts broken.cpp -o broken.tlf --", 0},
      {"$THREADLINT facts --strict broken.cpp -o broken.tlf --", 3},
      {"$THREADLINT link --strict broken.tlf", 3},
      {"$THREADLINT facts leak.cpp -o leak.tlf --", 0},
      {"$THREADLINT link leak.tlf", 1},
      {"$THREADLINT --fail-on=never leak.cpp --", 0},
      {"$THREADLINT --error-exitcode=42 leak.cpp --", 42},
      {"$THREADLINT --error-exitcode=42 --exit-zero leak.cpp --", 0},
      {"$THREADLINT --fail-on=error --warnings-as-errors=lock-* leak.cpp --", 1},
      {"$THREADLINT --fail-on=error --warnings-as-errors=data-race leak.cpp --", 0},
      {"$THREADLINT --fail-on=error --severity=lock-leak=error leak.cpp --", 1},
      {"$THREADLINT --fail-on=warning --severity=lock-leak=note leak.cpp --", 0},
      {"$THREADLINT --severity=lock-leek=note leak.cpp --", 2},
      {"$THREADLINT --include='*.cc' leak.cpp --", 2},
      {"$THREADLINT --header-filter=nowhere leak.cpp --", 2},
      {"$THREADLINT baseline create leak.base leak.cpp --", 0},
      {"$THREADLINT baseline create leak.base leak.cpp --", 2},
      {"$THREADLINT --baseline=leak.base leak.cpp --", 0},
      {"$THREADLINT --baseline=leak.base clean.cpp --", 0},
      {"$THREADLINT --baseline=leak.base --baseline-stale=error clean.cpp --", 1},
      {"$THREADLINT --baseline=leak.base --baseline-stale=error broken.cpp --", 0},
      {"$THREADLINT --baseline=nowhere leak.cpp --", 2},
      {"$THREADLINT baseline prune leak.base clean.cpp --", 0},
      {"$THREADLINT --baseline=leak.base leak.cpp --", 1},
      {"$THREADLINT baseline create linked.base link leak.tlf", 0},
      {"$THREADLINT link leak.tlf --baseline=linked.base", 0},
      {"$THREADLINT --new-from-rev=HEAD leak.cpp --", 2},
      {"$THREADLINT --exit-zero --output=json:leak.json leak.cpp -- && "
       "$THREADLINT diff --previous=linked.base --current=leak.json",
       0},
      {"$THREADLINT --exit-zero --output=json:clean.json clean.cpp -- && "
       "$THREADLINT diff --previous=clean.json --current=leak.json",
       1},
      {"$THREADLINT diff --previous=clean.json --current=leak.cpp", 2},
      {"echo 'checks: [' >bad.yaml; $THREADLINT --config=bad.yaml leak.cpp --", 2},
      {"echo 'fail-on: error' >ok.yaml; $THREADLINT --config=ok.yaml leak.cpp --", 0},
      {"$THREADLINT --config=ok.yaml --fail-on=note leak.cpp --", 1},
      {"$THREADLINT --config=missing.yaml leak.cpp --", 2},
      {"$THREADLINT --memory-limit=1 --strict leak.cpp --", 3},
      {"$THREADLINT --output=json leak.cpp -- >/dev/full", 2},
      {"$THREADLINT --output=json leak.cpp -- >&-", 2},
  };
  for (const Row &row : rows) {
    ShellResult result = runShell(row.command, folder.path());
    EXPECT_EQ(result.exitCode, row.exitCode) << row.command << "\n"
                                             << result.output << result.errors;
  }
}

} // namespace
} // namespace threadlint
