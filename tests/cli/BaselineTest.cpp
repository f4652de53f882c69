// BaselineTest: what a run did not look for is not gone.
#include "tests/support/Shell.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace threadlint {
namespace {

using testing::HasSubstr;

/// Two sources with one finding each, of two checks, and a baseline of both.
class BaselineOfTwo : public testing::Test {
protected:
  void SetUp() override {
    folder_.write("leak.c", "#include <pthread.h>\npthread_mutex_t first;\n"
                            "void leak(int b) {\n  pthread_mutex_lock(&first);\n"
                            "  if (b)\n    return;\n  pthread_mutex_unlock(&first);\n}\n");
    folder_.write("twice.c", "#include <pthread.h>\npthread_mutex_t second;\n"
                             "void twice(void) {\n  pthread_mutex_lock(&second);\n"
                             "  pthread_mutex_lock(&second);\n"
                             "  pthread_mutex_unlock(&second);\n}\n");
    EXPECT_THAT(run("$THREADLINT baseline create k leak.c twice.c --").errors,
                HasSubstr("2 added"));
  }
  ShellResult run(const std::string &command) { return runShell(command, folder_.path()); }
  TemporaryFolder folder_;
};

TEST_F(BaselineOfTwo, KeepsWhatTheRunDidNotLookFor) {
  for (const char *narrower : {"--checks=lock-leak", "--exclude=twice.c"})
    for (const char *action : {"prune", "update"}) {
      ShellResult result = run("cp k k2; $THREADLINT baseline " + std::string(action) + " k2 " +
                               narrower + " leak.c twice.c --");
      EXPECT_THAT(result.errors, HasSubstr("0 removed, 2 kept")) << narrower << action;
      EXPECT_EQ(run("cmp k k2").exitCode, 0) << narrower << action;
    }
  for (const char *narrower : {"--checks=lock-leak", "--exclude=twice.c"})
    EXPECT_EQ(run("$THREADLINT --quiet --baseline=k --baseline-stale=error " +
                  std::string(narrower) + " leak.c twice.c --")
                  .exitCode,
              0)
        << narrower;
}

TEST_F(BaselineOfTwo, LosesWhatIsMended) {
  run("sed -i 5d twice.c");
  EXPECT_EQ(
      run("$THREADLINT --quiet --baseline=k --baseline-stale=error leak.c twice.c --").exitCode, 1);
  EXPECT_THAT(run("$THREADLINT baseline prune k leak.c twice.c --").errors,
              HasSubstr("1 removed, 1 kept"));
}

TEST_F(BaselineOfTwo, AnExcludeThatLeavesNothingIsNoCleanRun) {
  run("for f in leak twice; do $THREADLINT facts -o $f.tlf $f.c --; done");
  for (const char *arguments :
       {"--exclude=leak.c leak.c --", "link leak.tlf twice.tlf '--exclude=*'"}) {
    ShellResult result = run("$THREADLINT " + std::string(arguments));
    EXPECT_EQ(result.exitCode, 2) << arguments;
    EXPECT_THAT(result.errors, HasSubstr("'--exclude' leaves no file")) << arguments;
  }
  // Hooks pass the files of a commit, which the project's file may exclude.
  folder_.write(".threadlint.yaml", "exclude: [leak.c]\n");
  EXPECT_EQ(run("$THREADLINT --quiet leak.c --").exitCode, 0);
}

} // namespace
} // namespace threadlint
