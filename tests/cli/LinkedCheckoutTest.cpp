// LinkedCheckoutTest: a checkout has the same reports through whatever symbolic links it, its files and its database are named.
#include "tests/support/Shell.h"
#include "tracer/report/TraceResult.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace threadlint {
namespace {

using testing::HasSubstr;
using testing::Not;

/// app/, and link, which leads to it; a third database names one file by one name and one by the other.
class LinkedCheckout : public testing::Test {
protected:
  void SetUp() override {
    folder_.write("app/src/bank.h", "#include <pthread.h>\nextern pthread_mutex_t first, second;\n"
                                    "extern int shared;\nvoid backward(void);\n");
    folder_.write("app/src/account.c",
                  "#include \"bank.h\"\npthread_mutex_t first = PTHREAD_MUTEX_INITIALIZER,\n"
                  "                second = PTHREAD_MUTEX_INITIALIZER;\nint shared;\n"
                  "void *forward(void *p) {\n  pthread_mutex_lock(&first);\n"
                  "  pthread_mutex_lock(&second);\n  pthread_mutex_unlock(&second);\n"
                  "  pthread_mutex_unlock(&first);\n  shared = 1;\n  return p;\n}\n"
                  "int main(void) {\n  pthread_t t;\n  pthread_create(&t, 0, forward, 0);\n"
                  "  backward();\n  shared = 2;\n  pthread_join(t, 0);\n}\n");
    folder_.write("app/src/journal.c",
                  "#include \"bank.h\"\nvoid backward(void) {\n  pthread_mutex_lock(&second);\n"
                  "  pthread_mutex_lock(&first);\n  pthread_mutex_unlock(&first);\n"
                  "  pthread_mutex_unlock(&second);\n}\n");
    folder_.write("app/.git/HEAD", "");
    writeDatabase("real", "app", "app");
    writeDatabase("build", "app", "app");
    writeDatabase("linked", "link", "link");
    writeDatabase("mixed", "app", "link");
    ShellResult made = run("ln -s app link");
    ASSERT_EQ(made.exitCode, 0) << made.errors;
  }

  void writeDatabase(const std::string &name, const std::string &first, const std::string &second) {
    std::string entries;
    for (const auto &[file, folder] : {std::pair{"account", first}, {"journal", second}})
      entries += std::string(entries.empty() ? "" : ",") + R"({"directory":")" + folder_.path() +
                 "/" + folder + R"(/build","file":")" + folder_.path() + "/" + folder + "/src/" +
                 file + R"(.c","arguments":["clang","-I)" + folder_.path() + "/" + folder +
                 R"(/src","-c",")" + folder_.path() + "/" + folder + "/src/" + file + ".c\"]}";
    folder_.write("app/" + name + "/compile_commands.json", "[" + entries + "]");
  }

  ShellResult run(const std::string &command) { return runShell(command, folder_.path()); }

  TemporaryFolder folder_;
};

TEST_F(LinkedCheckout, HasTheSameReports) {
  folder_.write("app/hide.yaml", "- check: data-race\n  file: src/account.c\n");
  folder_.write("app/all.yaml", "exclude: [/src/account.c]\nheader-filter: [/src]\n");
  // What a glob, a rule or an argument names is found whichever name the database has for it.
  const std::pair<const char *, int> selections[] = {
      {"", 2},
      {"src/account.c src/journal.c", 2},
      {"/src", 2},
      {"'/src/*.c'", 2},
      {"--include='/src/**'", 2},
      {"--exclude=/src/account.c", 0},
      {"--header-filter=/src/bank.h", 2},
      {"--suppressions=hide.yaml", 1},
      {"--config=all.yaml", 0},
  };
  for (const auto &[selection, findings] : selections) {
    std::string arguments = selection;
    if (arguments == "/src")
      arguments = folder_.path() + "/link/src"; // given by the other name
    std::string expected;
    auto expectSame = [&](const std::string &start, const std::string &database,
                          const std::string &more) {
      ShellResult result = run(start + "; $THREADLINT --no-strict -p '" + folder_.path() +
                               "/link/" + database + "' " + arguments + more +
                               " --output=text:1 --output=sarif:2 --output=gitlab:3 "
                               "--output=html:4 --output=json; cat 1 2 3 4; rm 1 2 3 4");
      EXPECT_THAT(result.errors, HasSubstr(std::to_string(findings) + " finding"))
          << arguments << ", " << database;
      EXPECT_THAT(result.output + result.errors, Not(HasSubstr(folder_.path() + "/link")));
      if (expected.empty())
        expected = result.output;
      EXPECT_EQ(result.output, expected) << database << ", " << start << ", " << arguments;
    };
    expectSame("cd app", "real", "");
    expectSame("cd link", "linked", "");
    expectSame("cd link/src/..", "mixed", "");
    if (arguments.empty()) {
      expectSame("cd app", "mixed", " --project-root=../link");
      expectSame("cd app", "linked", "");
      expectSame("cd link", "real", "");
    }
  }
}

TEST_F(LinkedCheckout, AnIncompleteFileAndADoctorNameItTheSameWay) {
  run("echo 'int broken' >>app/src/journal.c");
  for (const char *database : {"real", "linked", "mixed"}) {
    ShellResult result = run(std::string("cd link; $THREADLINT --output=json -p ") + database);
    EXPECT_THAT(result.output, HasSubstr("\"file\": \"src/journal.c\"")) << result.output;
    EXPECT_THAT(result.errors, HasSubstr("] src/journal.c\n"));
    ShellResult doctor = run(std::string("cd link; $THREADLINT doctor -p ") + database);
    EXPECT_THAT(doctor.output, Not(HasSubstr("outside of the project root"))) << database;
    EXPECT_THAT(doctor.output, HasSubstr("in 1 file: src/journal.c\n")) << database;
  }
}

TEST_F(LinkedCheckout, WhatALinkLeadsOutOfTheProjectToKeepsItsNameInTheProject) {
  run("mv app/src elsewhere; ln -s ../elsewhere app/src");
  EXPECT_THAT(run("cd app; $THREADLINT --output=text").output,
              HasSubstr("\nsrc/account.c:7:3: note"));
  EXPECT_EQ(run("cd app; $THREADLINT --exclude=/src/account.c -p linked").exitCode, 0);
}

TEST_F(LinkedCheckout, TheFolderAboveALinkIsThatOfWhatItLeadsTo) {
  // The compiler runs in a folder on another disk; `..` is relative to that.
  run("mkdir -p disk/build; mv app/src disk/src; ln -s ../disk/build app/out");
  folder_.write("app/far/compile_commands.json",
                R"([{"directory":")" + folder_.path() +
                    R"(/app/out","file":"../src/account.c","arguments":["clang",)"
                    R"("../src/account.c"]}])");
  ShellResult result = run("cd app; $THREADLINT -p far --output=json");
  EXPECT_THAT(result.errors, Not(HasSubstr("incomplete"))) << result.output;
}

TEST_F(LinkedCheckout, PlacesOfATraceHaveTheSameNames) {
  tracing::TraceResult trace;
  trace.observations.resize(3);
  trace.observations[0].place.file = folder_.path() + "/link/src/account.c";
  trace.observations[1].place.file = folder_.path() + "/app/src/account.c";
  trace.observations[2].place.file = "account.c"; // of a compiler that did not say where
  trace.makeRelative(folder_.path() + "/link");
  EXPECT_EQ(trace.observations[0].place.file, "src/account.c");
  EXPECT_EQ(trace.observations[1].place.file, "src/account.c");
  EXPECT_EQ(trace.observations[2].place.file, "account.c");
}

} // namespace
} // namespace threadlint
