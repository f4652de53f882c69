// RunReportsTest: what `threadlint-trace run` keeps and writes, for one process and for many.
#include "tests/support/Shell.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

namespace threadlint {
namespace {

using testing::HasSubstr;
using testing::Not;
namespace fs = std::filesystem;

const std::string kTrace = THREADLINT_BINARY_DIR "/bin/threadlint-trace ";
const std::string kRun = kTrace + "run ";
const std::string kData = THREADLINT_SOURCE_DIR "/testdata/tracer";

class RunReports : public testing::Test {
protected:
  ShellResult run(const std::string &command) { return runShell(command, folder_.path()); }
  void build(const std::string &source, const std::string &flags = "-O0") {
    ShellResult built =
        run("gcc -g -D_GNU_SOURCE -pthread " + flags + " -I " + kData +
            " -I " THREADLINT_SOURCE_DIR "/tracer/include " + source + " -o program");
    ASSERT_EQ(built.exitCode, 0) << built.errors;
  }
  TemporaryFolder folder_;
};

TEST_F(RunReports, ImagesAfterExecAreTracesOfTheFolder) {
  build(kData + "/abba.c");
  ShellResult traced =
      run("mkdir traces; " + kRun + "--trace=traces/a-%p.tlt -- bash -c './program; true'");
  ASSERT_EQ(traced.exitCode, 0) << traced.errors;
  bool hasImage = false;
  for (const fs::directory_entry &entry : fs::directory_iterator(folder_.path() + "/traces")) {
    EXPECT_EQ(entry.path().extension(), ".tlt") << entry.path();
    hasImage |= entry.path().stem().string().ends_with("-1");
  }
  EXPECT_TRUE(hasImage) << "bash forks, then the child executes the program";
  ShellResult report = run(kTrace + "report traces");
  EXPECT_EQ(report.exitCode, 1);
  EXPECT_THAT(report.output, HasSubstr("lock order inversion"));
  // Names of one's own choice count too.
  EXPECT_EQ(run("cd traces && for f in *.tlt; do mv $f $f.kept; done; cd .. && " + kTrace +
                "report traces")
                .exitCode,
            1);
}

TEST_F(RunReports, FurtherProcessesHaveTheirNumberBeforeTheExtension) {
  build(kData + "/abba.c");
  ShellResult result = run(kRun + "--output=sarif:r.sarif --output=text:r.txt --trace=t.tlt -- "
                                  "sh -c './program; ./program; true'; ls");
  EXPECT_THAT(result.output, testing::ContainsRegex("r-[0-9]+(-1)?\\.sarif"));
  EXPECT_THAT(result.output, testing::ContainsRegex("t-[0-9]+(-1)?\\.tlt"));
  EXPECT_THAT(result.output, Not(HasSubstr("sarif.")));
  EXPECT_THAT(result.output, Not(HasSubstr("tlt.")));
}

TEST_F(RunReports, ProcessesWithoutFindingsAreSilentWhenThereAreSeveral) {
  build(kData + "/abba.c");
  ShellResult result =
      run(kRun + "-- sh -c 'true | cat; ls >/dev/null; ./program; cat </dev/null'");
  EXPECT_THAT(result.errors, HasSubstr("(./program): 1 finding\n"));
  EXPECT_THAT(result.errors, Not(HasSubstr(": 0 findings")));
  EXPECT_THAT(result.errors, testing::ContainsRegex("[0-9]+ processes traced, 1 with findings\n$"));
  // Whoever names a file has it, with a line in it, and one for each process with findings.
  result = run(kRun + "--output=text:r.txt --output=html:r.html -- "
                      "sh -c 'ls >/dev/null; ./program; true'; ls; cat r.txt");
  EXPECT_THAT(result.output, HasSubstr("): 0 findings\n"));
  std::string list = result.output.substr(0, result.output.find("threadlint-trace: "));
  std::size_t files = 0;
  for (std::size_t at = 0; (at = list.find(".html", at)) != std::string::npos; ++at)
    ++files;
  EXPECT_EQ(files, 2u) << list;
}

TEST_F(RunReports, ProcessesShareWhatIsNoFile) {
  build(kData + "/abba.c");
  for (const char *output : {"--output=text", "--output=text:-", "--output=text:/dev/stdout"}) {
    ShellResult result =
        run(kRun + output + " -- sh -c 'ls >/dev/null; ./program; true' > log; cat log");
    EXPECT_THAT(result.output, testing::StartsWith("threadlint-trace: process ")) << output;
    EXPECT_THAT(result.output, HasSubstr("(./program): 1 finding\n")) << output;
    EXPECT_THAT(result.output, HasSubstr("lock order inversion")) << output;
    EXPECT_THAT(result.errors, testing::EndsWith("processes traced, 1 with findings\n"));
  }
  EXPECT_FALSE(fs::exists(folder_.path() + "/-"));
}

TEST_F(RunReports, TheSummaryComesLast) {
  build(kData + "/abba.c");
  ShellResult result = run(kRun + "-- ./program");
  EXPECT_THAT(result.errors, testing::StartsWith("threadlint-trace: process "));
  EXPECT_THAT(result.errors, testing::EndsWith("1 process traced, with findings\n"));
}

TEST_F(RunReports, WhatCannotBeReportedIsSaidBeforeTheProgramRuns) {
  for (auto [options, message] : std::initializer_list<std::pair<const char *, const char *>>{
           {"--output=foo", "unknown output format 'foo'"},
           {"--output=text --output=json", "'--output' without a path is given more than once"},
           {"--output=text:/nowhere/x", "cannot write '/nowhere/x': No such file or directory"},
           {"--trace=/nowhere/x.tlt", "cannot write '/nowhere/x.tlt': No such file or directory"},
           {"--trace=x --output=json:x", "'x' is given for the trace and for an output"},
           {"--suppressions=nowhere.yaml", "cannot read 'nowhere.yaml'"},
           {"--bogus", "unknown option '--bogus'"},
           {"--tracee=x", "unknown option '--tracee', did you mean '--trace'?"},
           {"-t", "unknown option '-t'"}}) {
    ShellResult result = run(kRun + options + " -- touch ran");
    EXPECT_EQ(result.exitCode, 2) << options;
    EXPECT_THAT(result.errors, HasSubstr(message)) << options;
    EXPECT_FALSE(fs::exists(folder_.path() + "/ran")) << options;
  }
}

TEST_F(RunReports, EveryCommandHasHelp) {
  for (const char *command : {"run", "report", "attach-report"}) {
    ShellResult result = run(kTrace + command + " --help");
    EXPECT_EQ(result.exitCode, 0) << command;
    EXPECT_THAT(result.output,
                testing::StartsWith("usage: threadlint-trace " + std::string(command)));
  }
}

constexpr const char *kStall =
    "#include <pthread.h>\n#include <unistd.h>\n"
    "static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;\n"
    "static void *w(void *x) { pthread_mutex_lock(&m); sleep(3); pthread_mutex_unlock(&m); return "
    "x; }\n"
    "int main(void) { pthread_t t; pthread_create(&t, 0, w, 0); usleep(100000);\n"
    "  pthread_mutex_lock(&m); pthread_mutex_unlock(&m); pthread_join(t, 0); }\n";

TEST_F(RunReports, AStallThatEndedIsAFinding) {
  folder_.write("stall.c", kStall);
  build("stall.c");
  ShellResult result = run(kRun + "--stall=1 --trace=t.tlt --exitcode=9 -- ./program");
  EXPECT_EQ(result.exitCode, 9);
  EXPECT_THAT(result.errors,
              HasSubstr("stall.c:6:3: warning: 'm' is waited for here while thread 1"));
  EXPECT_THAT(result.errors, HasSubstr("takes 'm', and sleeps in a system call later"));
  EXPECT_THAT(result.errors, HasSubstr("[threadlint-stall]"));
  EXPECT_THAT(result.errors, Not(HasSubstr("not all of its threads")));
  // It is named wherever checks are.
  EXPECT_EQ(run(kTrace + "report t.tlt --checks=stall").exitCode, 1);
  EXPECT_EQ(run(kTrace + "report t.tlt --checks=-stall").exitCode, 0);
  EXPECT_THAT(run(kTrace + "report t.tlt --severity=stall=note").output,
              HasSubstr(": note: 'm' is"));
  folder_.write("rules.yaml", "- check: threadlint-stall\n  reason: known\n");
  EXPECT_EQ(run(kTrace + "report t.tlt --suppressions=rules.yaml").exitCode, 0);
  EXPECT_THAT(run("$THREADLINT explain stall").output, HasSubstr("# threadlint-stall"));
  EXPECT_THAT(run("$THREADLINT --list-checks").output, HasSubstr("threadlint-stall "));
  // What is known once can be set aside.
  EXPECT_EQ(run(kTrace + "report t.tlt --write-baseline=known.jsonl").exitCode, 0);
  EXPECT_EQ(run(kTrace + "report t.tlt --baseline=known.jsonl").exitCode, 0);
}

TEST_F(RunReports, AReaderBehindAWriterIsToldAtTheReader) {
  build(kData + "/rwlock-hang.c");
  ShellResult result = run(kRun + "--on-deadlock=run:'kill -TERM %p' -- ./program");
  EXPECT_THAT(result.errors,
              HasSubstr("rwlock-hang.c:20:3: error: 'lock' is taken shared here while "
                        "this thread holds it shared already"));
  EXPECT_THAT(result.errors, HasSubstr("waits to take 'lock', which stops further readers"));
  EXPECT_THAT(result.errors, HasSubstr("[threadlint-self-deadlock]"));
  EXPECT_THAT(result.errors, Not(HasSubstr("lock -> lock")));
}

TEST_F(RunReports, LocksHaveOneNameWhileTheProgramHangsAndAfterwards) {
  folder_.write("hang.c", "#include <pthread.h>\n#include <stdlib.h>\n#include <unistd.h>\n"
                          "#include <threadlint/annotate.h>\n"
                          "static pthread_mutex_t *x, *y;\n"
                          "static void both(pthread_mutex_t *a, pthread_mutex_t *b) {\n"
                          "  pthread_mutex_lock(a);\n"
                          "  usleep(50000);\n"
                          "  pthread_mutex_lock(b);\n"
                          "}\n"
                          "static void *one(void *p) { both(x, y); return p; }\n"
                          "static void *two(void *p) { both(y, x); return p; }\n"
                          "int main(int argc, char **argv) {\n"
                          "  pthread_t t, u;\n"
                          "  (void)argv;\n"
                          "  x = calloc(1, sizeof *x), y = calloc(1, sizeof *y);\n"
                          "  if (argc > 1) { THREADLINT_LOCK_NAME(x, \"in\"); "
                          "THREADLINT_LOCK_NAME(y, \"out\"); }\n"
                          "  pthread_create(&t, 0, one, 0), pthread_create(&u, 0, two, 0);\n"
                          "  pthread_join(t, 0);\n"
                          "}\n");
  build("hang.c");
  const std::string hang = kRun + "--on-deadlock=run:'kill -TERM %p' -- ./program";
  ShellResult named = run(hang + " named");
  for (const char *text :
       {"waits for mutex 'in'", "waits for mutex 'out'", "holds mutex 'in'", "holds mutex 'out'"})
    EXPECT_THAT(named.errors, HasSubstr(text));
  ShellResult unnamed = run(hang);
  for (const char *text : {"waits for mutex hang.c:7 (0x", "waits for mutex hang.c:7 #2 (0x",
                           "holds mutex hang.c:7 (0x", "holds mutex hang.c:7 #2 (0x",
                           "takes 'mutex hang.c:7'", "takes 'mutex hang.c:7 #2'"})
    EXPECT_THAT(unnamed.errors, HasSubstr(text));
  // Both take them in one function, which is called before that.
  EXPECT_THAT(unnamed.errors, HasSubstr("calls 'both'\n"));
  EXPECT_THAT(unnamed.errors, Not(HasSubstr("calls 'both', holding 'mutex")));
}

TEST_F(RunReports, AProcessThatOutlivesTheRunSaysWhyItIsNotTraced) {
  build(kData + "/abba.c");
  ShellResult result = run(kRun + "-- sh -c '(sleep 1; ./program) & true'; sleep 2");
  EXPECT_THAT(result.errors, HasSubstr("its 'threadlint-trace run' has ended"));
  EXPECT_THAT(result.errors, HasSubstr("No such file or directory"));
}

TEST_F(RunReports, AStallOnALockOfAnotherProcessIsNoDeadlock) {
  folder_.write(
      "shared.c",
      "#include <pthread.h>\n#include <sys/mman.h>\n#include <sys/wait.h>\n#include <unistd.h>\n"
      "int main(void) { pthread_mutexattr_t shared; pthread_mutexattr_init(&shared);\n"
      "  pthread_mutexattr_setpshared(&shared, PTHREAD_PROCESS_SHARED);\n"
      "  pthread_mutex_t *m = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,\n"
      "                            -1, 0);\n"
      "  pthread_mutex_init(m, &shared);\n"
      "  if (!fork()) { pthread_mutex_lock(m); sleep(3); pthread_mutex_unlock(m); _exit(0); }\n"
      "  usleep(300000); pthread_mutex_lock(m); pthread_mutex_unlock(m); wait(0); }\n");
  build("shared.c");
  ShellResult result = run(kRun + "--stall=1 -- ./program");
  EXPECT_THAT(result.errors, HasSubstr("stall in process"));
  EXPECT_THAT(result.errors, testing::ContainsRegex("which holds it, sleeps in process [0-9]+"));
  EXPECT_THAT(result.errors, Not(HasSubstr("deadlock")));
}

} // namespace
} // namespace threadlint
