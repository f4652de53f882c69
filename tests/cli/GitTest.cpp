// GitTest: a git that is slow, hangs, or starts programs of its own: nothing of it outlives the run, and the report is written.
#include "tests/support/AnnotatedSources.h"
#include "tests/support/EndedEarly.h"
#include "tests/support/Shell.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <chrono>
#include <vector>

namespace threadlint {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char *kTame = "#include <mutex>\nstd::mutex m;\nint main() {}\n";
constexpr const char *kLeaking =
    "#include <mutex>\nstd::mutex m;\nint main() { m.lock(); m.lock(); }\n";

/// app/ is a repository whose file was tame; what git writes there, and what it cleans, goes through programs that say who they are and hang.
class Git : public testing::Test {
protected:
  void SetUp() override {
    folder_.write("tmp/.keep", "");
    folder_.write("app/a.cpp", kTame);
    folder_.write("app/data.bin", "data\n");
    folder_.write("app/.gitattributes", "*.bin filter=slow\n");
    folder_.write("hang", "#!/bin/sh\necho $$ >>" + folder_.path() + "/hanging\nsleep 100\ncat\n");
    writeSignalSender(folder_);
    ShellResult made = run("chmod +x ../hang; cp ../signals.py .; git init -q . && git add a.cpp "
                           "data.bin .gitattributes && git commit -qm one");
    ASSERT_EQ(made.exitCode, 0) << made.errors;
    folder_.write("app/a.cpp", kLeaking);
  }

  ShellResult run(const std::string &command) {
    return runShell("export TMPDIR='" + folder_.path() +
                        "/tmp' GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_COUNT=2 "
                        "GIT_CONFIG_KEY_0=user.name GIT_CONFIG_VALUE_0=n "
                        "GIT_CONFIG_KEY_1=user.email GIT_CONFIG_VALUE_1=a@b\n" +
                        command,
                    folder_.path() + "/app");
  }

  /// The programs that hung and still do; empty as soon as they are gone.
  std::string hanging() {
    return run("test -s ../hanging || echo none ever hung\nfor i in 1 2 3 4 5 6 7 8 9; do\n"
               "  left=; for p in $(cat ../hanging); do grep -qs '(hang) [^Z]' /proc/$p/stat && "
               "left=\"$left $p\"; done\n  test -z \"$left\" && exit; sleep 0.2\ndone; echo $left")
        .output;
  }
  std::string leftOver() {
    return run("for i in 1 2 3 4 5 6 7 8 9; do ls -A ../tmp | grep -q threadlint || exit 0; sleep "
               "0.2; done; ls -A ../tmp")
        .output;
  }

  void expectPartial(const std::string &kind) {
    auto json = nlohmann::json::parse(readTestFile(folder_.path() + "/app/p.json"), nullptr, false);
    ASSERT_FALSE(json.is_discarded());
    EXPECT_THAT(json["findings"], IsEmpty()) << "nobody knows which are new";
    EXPECT_THAT(json["limitations"].dump(), HasSubstr(kind));
    EXPECT_THAT(json["limitations"].dump(), HasSubstr("not-compared"));
    auto sarif =
        nlohmann::json::parse(readTestFile(folder_.path() + "/app/p.sarif"), nullptr, false);
    ASSERT_FALSE(sarif.is_discarded());
    EXPECT_EQ(sarif["runs"][0]["versionControlProvenance"][0]["revisionId"].dump().size(), 42u);
    EXPECT_EQ(sarif["runs"][0]["invocations"][0]["executionSuccessful"], false);
    run("rm -f p.json p.sarif");
  }

  static constexpr const char *kArguments =
      "--new-from-rev=HEAD --output=json:p.json --output=sarif:p.sarif a.cpp --";

  TemporaryFolder folder_;
};

TEST_F(Git, WhatItStartsEndsWithASignal) {
  run("git config filter.slow.smudge \"$PWD/../hang\"");
  for (const char *name : {"INT", "TERM", "HUP"}) {
    run("rm -f ../hanging");
    ShellResult result = run("timeout 50 python3 signals.py '" + std::string(kArguments) +
                             "' '@../hanging " + name + "'");
    EXPECT_EQ(result.exitCode, 3) << name << result.errors;
    EXPECT_EQ(hanging(), "") << name;
    EXPECT_EQ(leftOver(), "") << name;
    expectPartial("interrupted");
  }
}

TEST_F(Git, WhatItStartsEndsWithTheRunThatIsKilled) {
  run("git config filter.slow.smudge \"$PWD/../hang\"");
  for (const char *name : {"KILL", "QUIT"}) {
    run("rm -f ../hanging");
    ShellResult result = run("timeout 50 python3 signals.py '" + std::string(kArguments) +
                             "' '@../hanging " + name + "'");
    EXPECT_GT(result.exitCode, 128) << name;
    EXPECT_EQ(hanging(), "") << name;
    EXPECT_EQ(leftOver(), "") << name;
    EXPECT_EQ(run("ls *.json *.sarif .threadlint*").output, "") << name;
  }
}

TEST_F(Git, WhatItStartsEndsWithTheTime) {
  run("git config filter.slow.smudge \"$PWD/../hang\"");
  ShellResult result = run("timeout 50 $THREADLINT --total-timeout=3 " + std::string(kArguments));
  EXPECT_EQ(result.exitCode, 3) << result.errors;
  EXPECT_EQ(hanging(), "");
  EXPECT_EQ(leftOver(), "");
  expectPartial("timeout");
}

TEST_F(Git, ThatHangsFromTheStartEndsWithTheTimeOrASignal) {
  // It does not listen, and what it started does not either. The state of the repository is asked for before.
  folder_.write("bin/git", "#!/bin/sh\ncase \"$*\" in *HEAD^{commit}*)\n  trap '' TERM; " +
                               folder_.path() +
                               "/hang; exit 0;;\nesac\nexec /usr/bin/git \"$@\"\n");
  run("chmod +x ../bin/git");
  const std::string path = "export PATH=\"$PWD/../bin:$PATH\"; timeout 50 ";
  ShellResult late = run(path + "$THREADLINT --total-timeout=2 --quiet " + std::string(kArguments));
  EXPECT_EQ(late.exitCode, 3) << late.errors;
  EXPECT_EQ(hanging(), "");
  expectPartial("timeout");
  run("rm -f ../hanging");
  ShellResult result = run(path + "python3 signals.py '" + kArguments + "' '@../hanging TERM'");
  EXPECT_EQ(result.exitCode, 3) << result.errors;
  EXPECT_EQ(hanging(), "");
  expectPartial("interrupted");
}

TEST_F(Git, WhatItLeavesInTheBackgroundIsNotWaitedFor) {
  folder_.write("bin/git", "#!/bin/sh\nsleep 40 &\nexec /usr/bin/git \"$@\"\n");
  run("chmod +x ../bin/git");
  auto before = std::chrono::steady_clock::now();
  ShellResult result =
      run("export PATH=\"$PWD/../bin:$PATH\"; $THREADLINT --quiet " + std::string(kArguments));
  EXPECT_EQ(result.exitCode, 1) << result.errors;
  EXPECT_LT(std::chrono::steady_clock::now() - before, std::chrono::seconds(30));
}

TEST_F(Git, PasswordsOfTheRemoteStayAtHome) {
  const std::pair<const char *, const char *> rows[] = {
      {"https://host/x.git", "https://host/x.git"},
      {"https://user:secret@host:8/x y.git", "https://host:8/x%20y.git"},
      {"https://token@host/x%20y", "https://host/x%20y"},
      {"HTTPS://user:secret@host/x", "HTTPS://host/x"},
      {"ssh://git@host:22/x", "ssh://git@host:22/x"},
      {"ssh://git:secret@host/x", "ssh://git@host/x"},
      {"ftp://user:se@cret@host/x", "ftp://user@host/x"},
      {"git@host:team/x.git", "ssh://git@host/team/x.git"},
      {"/srv/x y", "file:///srv/x%20y"},
  };
  for (const auto &[remote, uri] : rows) {
    ShellResult result = run("git config remote.origin.url '" + std::string(remote) +
                             "'; $THREADLINT --quiet --output=sarif a.cpp --");
    auto sarif = nlohmann::json::parse(result.output, nullptr, false);
    ASSERT_FALSE(sarif.is_discarded()) << result.errors;
    EXPECT_EQ(sarif["runs"][0]["versionControlProvenance"][0]["repositoryUri"], uri) << remote;
  }
}

TEST_F(Git, IsWaitedForWhereTheEndsOfChildrenAreIgnored) {
  ShellResult result = run("timeout 50 python3 -c 'import os, signal, sys; "
                           "signal.signal(signal.SIGCHLD, signal.SIG_IGN); "
                           "os.execv(sys.argv[1], sys.argv[1:])' $THREADLINT --quiet "
                           "--output=sarif a.cpp --");
  EXPECT_EQ(result.exitCode, 1) << result.errors;
  EXPECT_THAT(result.output, HasSubstr("revisionId"));
}

TEST_F(Git, ARepositoryThatIsElsewhereIsTheOneOfTheUser) {
  run("mv .git ../elsewhere.git; mkdir sub");
  const std::string arguments = " $THREADLINT --quiet --output=json --new-from-rev=HEAD ";
  for (const std::string &command : std::vector<std::string>{
           "GIT_DIR=$PWD/../elsewhere.git" + arguments + "a.cpp --",
           "GIT_DIR=../elsewhere.git" + arguments + "a.cpp --",
           "cd sub; GIT_WORK_TREE=.. GIT_DIR=../../elsewhere.git" + arguments + "../a.cpp --",
           "git --git-dir=../elsewhere.git config core.worktree \"$PWD\"; cd ..; "
           "GIT_DIR=elsewhere.git" +
               arguments + "--project-root=app app/a.cpp --"}) {
    ShellResult result = run(command);
    EXPECT_EQ(result.exitCode, 1) << command << result.errors;
    EXPECT_THAT(result.output, HasSubstr("threadlint-self-deadlock")) << command;
  }
  // A folder that lies in a repository belongs to that, whatever a hook of another one says.
  ShellResult other =
      run("git init -q ../other && cd ../other && cp ../app/a.cpp . && git add . && "
          "git commit -qm one && GIT_DIR=$PWD/../elsewhere.git" +
          arguments + "a.cpp --");
  EXPECT_EQ(other.exitCode, 0) << other.errors;
}

} // namespace
} // namespace threadlint
