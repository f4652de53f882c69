// DiffTest: `threadlint diff` knows of the later report what the run that wrote it knew, and follows its own options.
#include "analyzer/report/Formats.h"
#include "tests/support/Shell.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace threadlint {
namespace {

using testing::HasSubstr;
using testing::Not;

/// A git repository with an inversion whose threads take several steps, a leak, and a file that does not parse.
class Diff : public testing::Test {
protected:
  void SetUp() override {
    folder_.write("app/src/two.c",
                  "#include <pthread.h>\npthread_mutex_t first = PTHREAD_MUTEX_INITIALIZER,\n"
                  "                second = PTHREAD_MUTEX_INITIALIZER;\n"
                  "static void inner(pthread_mutex_t *lock) {\n  pthread_mutex_lock(lock);\n"
                  "  pthread_mutex_unlock(lock);\n}\n"
                  "void *forward(void *p) {\n  pthread_mutex_lock(&first);\n  inner(&second);\n"
                  "  pthread_mutex_unlock(&first);\n  return p;\n}\n"
                  "int main(void) {\n  pthread_t t;\n  pthread_create(&t, 0, forward, 0);\n"
                  "  pthread_mutex_lock(&second);\n  inner(&first);\n"
                  "  pthread_mutex_unlock(&second);\n  pthread_join(t, 0);\n}\n");
    folder_.write("app/src/leak.c", "#include <pthread.h>\nextern pthread_mutex_t first;\n"
                                    "void leak(int b) {\n  pthread_mutex_lock(&first);\n"
                                    "  if (b)\n    return;\n  pthread_mutex_unlock(&first);\n}\n");
    folder_.write("app/src/broken.c", "int f(void) { return missing; }\n");
    folder_.write("app/empty.base", "{\"threadlintBaseline\":1}\n");
    run("git init -q; git add src; git -c user.name=n -c user.email=a@b commit -qm one");
  }
  ShellResult run(const std::string &command) {
    return runShell("export GIT_CONFIG_GLOBAL=/dev/null; " + command, folder_.path() + "/app");
  }
  TemporaryFolder folder_;
};

constexpr const char *kSources = " src/two.c src/leak.c src/broken.c --";

TEST_F(Diff, AgainstNothingHasTheBytesOfTheRunInEveryFormat) {
  std::string toRun, toDiff;
  for (std::string_view format : formatNames()) {
    toRun += " --output=" + std::string(format) + ":run." + std::string(format);
    toDiff += " --output=" + std::string(format) + ":diff." + std::string(format);
  }
  const std::string options = " --strict --docs-url=https://example.org/{check} --category=linux";
  run("sed -i 's|&first);.*// leak|&|; 4s|$| // NOLINT: known|' src/leak.c");
  for (const std::string shown : {"", " --show-suppressed"}) {
    ShellResult made =
        run("$THREADLINT --baseline=empty.base" + toRun + options + shown + kSources);
    EXPECT_EQ(made.exitCode, 3) << made.errors;
    ShellResult compared =
        run("$THREADLINT diff --previous=empty.base --current=run.json" + toDiff + options);
    EXPECT_EQ(compared.exitCode, 3) << "incomplete under --strict";
    EXPECT_EQ(compared.errors, "1 introduced, 0 fixed, 0 preexisting, 1 incomplete\n");
    for (std::string_view format : formatNames()) {
      ShellResult same = run("diff run." + std::string(format) + " diff." + std::string(format));
      EXPECT_EQ(same.output, "") << format;
    }
  }
  EXPECT_THAT(run("cat diff.markdown").output, HasSubstr("in 3 TUs, 1 incomplete"));
  EXPECT_THAT(run("cat diff.sarif").output, HasSubstr("https://example.org/lock-leak"));
}

TEST_F(Diff, IsStrictAboutTheLaterReport) {
  run("$THREADLINT --quiet --exit-zero --output=json:broken.json" + std::string(kSources) +
      "; $THREADLINT --quiet --exit-zero --output=json:whole.json src/two.c src/leak.c --");
  const std::string compare = "$THREADLINT diff --quiet --previous=whole.json ";
  EXPECT_EQ(run(compare + "--current=broken.json").exitCode, 0);
  EXPECT_EQ(run(compare + "--current=broken.json --strict").exitCode, 3);
  EXPECT_EQ(run("CI=1 " + compare + "--current=broken.json").exitCode, 3);
  EXPECT_EQ(run("CI=1 " + compare + "--current=broken.json --no-strict").exitCode, 0);
  EXPECT_EQ(run(compare + "--current=whole.json --strict").exitCode, 0);
  ShellResult other = run("$THREADLINT diff --previous=broken.json --current=whole.json --strict");
  EXPECT_EQ(other.exitCode, 0);
  EXPECT_THAT(other.errors, HasSubstr("note: 'broken.json' is of a run that was not complete"));
}

TEST_F(Diff, ReadsSourcesUnderTheProjectRootThatIsGiven) {
  run("$THREADLINT --quiet --exit-zero --output=json:r.json src/two.c --; mv ../app ../moved; "
      "mkdir ../app");
  const std::string compare = "cd ../moved; $THREADLINT diff --quiet --previous=empty.base "
                              "--current=r.json --output=text --output=sarif:s";
  EXPECT_THAT(run(compare).output, Not(HasSubstr("^~~")));
  EXPECT_THAT(run(compare + " --project-root=../moved").output,
              testing::AllOf(HasSubstr("^~~"), HasSubstr("src/two.c:")));
  EXPECT_THAT(run("cat ../moved/s").output, HasSubstr("\"file://" + folder_.path() + "/moved/\""));
}

TEST_F(Diff, NamesTheRepositoryOfTheReportAndNotOfTheWorkingFolder) {
  run("git remote add origin https://host/app.git; "
      "$THREADLINT --quiet --exit-zero --output=json:r.json src/two.c --; "
      "git init -q ../other; git -C ../other remote add origin https://host/other.git");
  for (const char *folder : {"../other", "/"}) {
    ShellResult result = run("report=$PWD; cd " + std::string(folder) +
                             "; $THREADLINT diff --quiet --exit-zero --output=sarif "
                             "--previous=$report/empty.base --current=$report/r.json");
    auto sarif = nlohmann::json::parse(result.output, nullptr, false);
    ASSERT_FALSE(sarif.is_discarded()) << result.errors;
    EXPECT_EQ(sarif["runs"][0]["versionControlProvenance"][0]["repositoryUri"],
              "https://host/app.git")
        << folder;
  }
}

TEST_F(Diff, TextOfAnotherRunSpeaksToNoTerminal) {
  run("$THREADLINT --quiet --exit-zero --output=json:r.json src/two.c --; "
      R"(sed -i 's|"message": "|&\\u001b[31m\\n::error::x |' r.json)");
  ShellResult result = run("$THREADLINT diff --previous=empty.base --current=r.json");
  EXPECT_THAT(result.output, HasSubstr("::error::x"));
  EXPECT_THAT(result.output, Not(HasSubstr("\x1b")));
  EXPECT_THAT(result.output, Not(HasSubstr("\n::error")));
}

TEST_F(Diff, WhatIsSuppressedIsNeitherNewNorOld) {
  run("$THREADLINT --quiet --exit-zero --output=json:shown.json src/leak.c --\n"
      "sed -i '4s|$| // NOLINT|' src/leak.c\n"
      "for more in '' --show-suppressed; do\n"
      "$THREADLINT --quiet --output=json:hidden$more.json $more src/leak.c --; done");
  for (const char *hidden : {"hidden.json", "hidden--show-suppressed.json"}) {
    const std::string name = hidden;
    EXPECT_EQ(run("$THREADLINT diff --previous=empty.base --current=" + name).errors,
              "0 introduced, 0 fixed, 0 preexisting\n");
    EXPECT_EQ(run("$THREADLINT diff --previous=" + name + " --current=shown.json").exitCode, 1)
        << "the comment is gone";
  }
}

} // namespace
} // namespace threadlint
