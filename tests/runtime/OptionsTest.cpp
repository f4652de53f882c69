// OptionsTest: each option of the launcher that changes what is recorded or reported, and processes that fork, exec, share locks or wait.
#include "tests/support/Shell.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <filesystem>
#include <fstream>
#include <unistd.h>

namespace threadlint {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

const std::string kTrace = THREADLINT_BINARY_DIR "/bin/threadlint-trace ";
const std::string kRun = kTrace + "run ";
const std::string kData = THREADLINT_SOURCE_DIR "/testdata/tracer";

bool has(const std::string &text, const std::string &part) {
  return text.find(part) != std::string::npos;
}

class RunOptions : public testing::Test {
protected:
  void build(const std::string &program) {
    fs::path source = kData + "/" + program;
    ShellResult built = runShell("gcc -g -D_GNU_SOURCE -pthread -I " + kData +
                                     " -I " THREADLINT_SOURCE_DIR "/tracer/include " +
                                     source.string() + " -o program",
                                 folder_.path());
    ASSERT_EQ(built.exitCode, 0) << built.errors;
  }
  void buildText(const std::string &text) {
    folder_.write("main.c", "#define _GNU_SOURCE\n" + text);
    ShellResult built = runShell("gcc -g -pthread main.c -o program", folder_.path());
    ASSERT_EQ(built.exitCode, 0) << built.errors;
  }
  ShellResult shell(const std::string &command) { return runShell(command, folder_.path()); }
  Json json(const std::string &name) {
    std::ifstream file(folder_.path() + "/" + name);
    return Json::parse(file, nullptr, false);
  }
  TemporaryFolder folder_;
};

TEST_F(RunOptions, TimesCountsAcquisitionsAndHoldTimes) {
  build("abba.c");
  shell(kRun + "--times --output=json:with.json -- ./program");
  shell(kRun + "--output=json:without.json -- ./program");
  Json with = json("with.json"), without = json("without.json");
  ASSERT_EQ(with["locks"].size(), 2u);
  for (const Json &lock : with["locks"]) {
    EXPECT_EQ(lock["acquisitions"], 2);
    EXPECT_GT(lock["holdNs"], 0);
    EXPECT_GE(lock["holdNs"], lock["holdMaxNs"]);
  }
  EXPECT_EQ(without["locks"][0]["acquisitions"], 0);
  EXPECT_EQ(with["findings"].size(), without["findings"].size());
  ShellResult text = shell(kRun + "--times --output=text -- ./program");
  EXPECT_TRUE(has(text.output, "'a' taken 2 times, held ")) << text.output;
  EXPECT_FALSE(has(shell(kRun + "--output=text -- ./program").output, "[lock-times]"));
}

TEST_F(RunOptions, LockIdsInATableGiveTheSameReport) {
  for (const char *program :
       {"abba.c", "rebuilt-mutex.c", "recursive.c", "reader-reader.c", "many-locks.c"}) {
    build(program);
    shell(kRun + "--lock-ids=table --output=json:table.json -- ./program");
    shell(kRun + "--lock-ids=words --output=json:words.json -- ./program");
    Json table = json("table.json"), words = json("words.json");
    ASSERT_TRUE(table.is_object() && words.is_object()) << program;
    for (const char *part : {"findings", "pruned", "locks", "cycles"})
      EXPECT_EQ(table[part].size(), words[part].size()) << program << " " << part;
  }
}

TEST_F(RunOptions, SuppressionsHideFindings) {
  build("abba.c");
  folder_.write("rules.yaml", "- check: lock-order-inversion\n  file: \"**/abba.c\"\n"
                              "  reason: known\n");
  ShellResult result = shell(kRun + "--suppressions=rules.yaml --exitcode=9 -- ./program");
  EXPECT_EQ(result.exitCode, 3) << result.errors;
  EXPECT_TRUE(has(result.errors, "1 suppressed")) << result.errors;
}

TEST_F(RunOptions, WhatCannotBeWrittenIsSaidBeforeTheRun) {
  folder_.write("rules.yaml", "not a list\n");
  for (const auto &[option, message] : {std::pair("--output=foo", "unknown output format 'foo'"),
                                        {"--output=json:no/x.json", "cannot write 'no/x.json'"},
                                        {"--trace=no/x.tlt", "cannot write 'no/x.tlt'"},
                                        {"--suppressions=rules.yaml", "cannot read 'rules.yaml'"},
                                        {"--output=text --output=json", "more than once"}}) {
    ShellResult result = shell(kRun + option + " -- touch ran");
    EXPECT_EQ(result.exitCode, 2) << option;
    EXPECT_TRUE(has(result.errors, message)) << option << result.errors;
    EXPECT_FALSE(fs::exists(folder_.path() + "/ran")) << option;
  }
}

TEST_F(RunOptions, QuotesInTheEnvironmentKeepSeparators) {
  build("abba.c");
  fs::create_directory(folder_.path() + "/a:b");
  auto withOptions = [&](const std::string &options) {
    return shell("export THREADLINT_TRACE_OPTIONS=\"" + options + "\"; " + kRun + "-- ./program");
  };
  EXPECT_EQ(withOptions("output=json:a:b/one.json,stack-depth=4").exitCode, 3);
  EXPECT_TRUE(fs::exists(folder_.path() + "/a:b/one.json"));
  EXPECT_EQ(withOptions("output='json:a:b/x=1,y.json':exitcode=7").exitCode, 7);
  EXPECT_TRUE(fs::exists(folder_.path() + "/a:b/x=1,y.json"));
  for (const auto &[options, message] :
       {std::pair("output='json:x", "no closing ' after 'output='"),
        {"output='json:x'y", "no ':' after the value of 'output'"}}) {
    ShellResult result = withOptions(options);
    EXPECT_EQ(result.exitCode, 2);
    EXPECT_TRUE(has(result.errors, message)) << result.errors;
  }
}

TEST_F(RunOptions, FolderOfTheSessionMayHaveAnyName) {
  if (shell("unshare -m true").exitCode != 0)
    GTEST_SKIP() << "skipped: needs mount namespaces";
  build("abba.c");
  ShellResult result = shell("mkdir \"t,m:p'q\" && unshare -m sh -c \"mount -t tmpfs -o size=64k "
                             "none /dev/shm && TMPDIR=\\\"$PWD/t,m:p'q\\\" " +
                             kRun + "-- ./program\"");
  EXPECT_TRUE(has(result.errors, "lock order inversion")) << result.errors;
}

TEST_F(RunOptions, DevicesAndOpenFilesAreNotReplaced) {
  build("abba.c");
  ShellResult result = shell("mkfifo pipe; (cat pipe > got.tlt &) ; echo before > log; " + kRun +
                             "--trace=pipe -- ./program 2>> log; head -1 log; test -p pipe && " +
                             kTrace + "report got.tlt --output=text:/dev/stdout");
  EXPECT_EQ(result.output.rfind("before\n", 0), 0u) << result.output << result.errors;
  EXPECT_TRUE(has(result.output, "lock order inversion")) << result.output << result.errors;
}

TEST_F(RunOptions, AForkedChildWithoutRoomRunsOn) {
  if (shell("unshare -m true").exitCode != 0)
    GTEST_SKIP() << "skipped: needs mount namespaces";
  buildText(
      "#include <pthread.h>\n#include <stdlib.h>\n#include <sys/wait.h>\n#include <unistd.h>\n"
      "static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER, b = PTHREAD_MUTEX_INITIALIZER;\n"
      "int main(void) { pthread_mutex_lock(&a); pthread_mutex_unlock(&a);\n"
      "  system(\"head -c 100M /dev/zero > /dev/shm/full 2> /dev/null\");\n"
      "  int status; pid_t child = fork();\n"
      "  if (!child) { pthread_mutex_lock(&a); pthread_mutex_lock(&b); _exit(5); }\n"
      "  waitpid(child, &status, 0); return WIFEXITED(status) ? WEXITSTATUS(status) : 1; }\n");
  ShellResult result = shell("unshare -m sh -c 'mount -t tmpfs -o size=8m none /dev/shm && " +
                             kRun + "--output=text -- ./program; ls /dev/shm'");
  EXPECT_TRUE(has(result.output, "1 forked processes for which no trace could be made"))
      << result.output << result.errors;
  EXPECT_TRUE(has(result.output, "\nfull\n"))
      << result.output; // and nothing is left of the session
  EXPECT_EQ(result.errors.find("Bus error"), std::string::npos);
  EXPECT_EQ(shell("unshare -m sh -c 'mount -t tmpfs -o size=8m none /dev/shm && " + kRun +
                  "-- ./program'")
                .exitCode,
            5);
}

TEST_F(RunOptions, AProgramThatBecomesAnUntracedOneIsSaid) {
  buildText("#include <pthread.h>\n#include <unistd.h>\nstatic pthread_mutex_t a = "
            "PTHREAD_MUTEX_INITIALIZER;\n"
            "int main(int n, char **v) { pthread_mutex_lock(&a); pthread_mutex_unlock(&a);\n"
            "  if (n > 1) { execv(v[1], v + 1); return 9; } return 0; }\n");
  folder_.write("static.c", "int main(void) { return 6; }\n");
  if (shell("gcc -static static.c -o static").exitCode != 0)
    GTEST_SKIP() << "skipped: needs a static libc";
  ShellResult result = shell(kRun + "--output=text -- ./program ./static");
  EXPECT_EQ(result.exitCode, 6);
  EXPECT_TRUE(has(result.output, "the trace ends before the process")) << result.output;
  result = shell(kRun + "--output=text -- ./program ./program");
  EXPECT_EQ(result.exitCode, 0);
  EXPECT_FALSE(has(result.output, "the trace ends")) << result.output;
}

TEST_F(RunOptions, ADeadlockBetweenProcessesIsTold) {
  buildText(
      "#include <pthread.h>\n#include <sys/mman.h>\n#include <sys/wait.h>\n#include <unistd.h>\n"
      "struct Shared { pthread_mutex_t a, b; int ready; } *s;\n"
      "int main(void) {\n"
      "  s = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);\n"
      "  pthread_mutexattr_t shared; pthread_mutexattr_init(&shared);\n"
      "  pthread_mutexattr_setpshared(&shared, PTHREAD_PROCESS_SHARED);\n"
      "  pthread_mutex_init(&s->a, &shared); pthread_mutex_init(&s->b, &shared);\n"
      "  pid_t child = fork();\n"
      "  pthread_mutex_lock(child ? &s->a : &s->b);\n"
      "  __atomic_fetch_add(&s->ready, 1, __ATOMIC_SEQ_CST);\n"
      "  while (__atomic_load_n(&s->ready, __ATOMIC_SEQ_CST) < 2) usleep(1000);\n"
      "  alarm(5); pthread_mutex_lock(child ? &s->b : &s->a); }\n");
  ShellResult result =
      shell(kRun + "--output=text --on-deadlock=run:'kill -TERM %p' -- ./program; sleep 0.1");
  EXPECT_TRUE(has(result.errors, "deadlock in process")) << result.errors;
  EXPECT_TRUE(has(result.errors, " of process ")) << result.errors;
  EXPECT_TRUE(has(result.output, "sleeps in a deadlock with process")) << result.output;
}

TEST_F(RunOptions, AttachReportShowsWhereThreadsWait) {
  buildText("#include <pthread.h>\n#include <semaphore.h>\n#include <unistd.h>\n"
            "static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;\n"
            "static pthread_cond_t cv = PTHREAD_COND_INITIALIZER;\n"
            "static sem_t units;\nstatic pthread_barrier_t meeting;\n"
            "static void idle(void) { pthread_mutex_lock(&m); pthread_cond_wait(&cv, &m); }\n"
            "static void *one(void *x) { idle(); return x; }\n"
            "static void *two(void *x) { sem_wait(&units); return x; }\n"
            "static void *three(void *x) { pthread_barrier_wait(&meeting); return x; }\n"
            "int main(void) { pthread_t t; sem_init(&units, 0, 0);\n"
            "  pthread_barrier_init(&meeting, 0, 2); pthread_create(&t, 0, one, 0);\n"
            "  pthread_create(&t, 0, two, 0); pthread_create(&t, 0, three, 0); sleep(2); }\n");
  ShellResult result = shell(kRun +
                             "--output=json:report.json -- ./program & launcher=$!; "
                             "sleep 1; target=$(cat /proc/$launcher/task/$launcher/children);"
                             " " +
                             kTrace + "attach-report $target; wait");
  for (const char *part : {"waits for condition variable 'cv'", "waits for semaphore 'units'",
                           "waits at barrier 'meeting'", "has let go of mutex 'm', taken at",
                           "#0 idle ", "#1 one ", "#0 two ", "#0 three "})
    EXPECT_TRUE(has(result.output, part)) << part << "\n" << result.output << result.errors;
}

} // namespace
} // namespace threadlint
