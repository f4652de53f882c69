// RevisionTest: --new-from-rev in repositories of every kind: submodules, linked worktrees, hooks, several runs at once, runs that are killed.
#include "tests/support/AnnotatedSources.h"
#include "tests/support/EndedEarly.h"
#include "tests/support/GatedProject.h"
#include "tests/support/Shell.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace threadlint {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr const char *kTameLibrary =
    "#include \"library.h\"\nvoid backward() {\n  std::lock_guard b(second);\n}\n";
constexpr const char *kInvertedLibrary =
    "#include \"library.h\"\nvoid backward() {\n"
    "  std::lock_guard b(second);\n  std::lock_guard a(first);\n}\n";

class Revision : public testing::Test {
protected:
  void SetUp() override { folder_.write("tmp/.keep", ""); }

  ShellResult run(const std::string &command, const std::string &inside = "") {
    return runShell("export TMPDIR='" + folder_.path() +
                        "/tmp' GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_COUNT=4 "
                        "GIT_CONFIG_KEY_0=protocol.file.allow GIT_CONFIG_VALUE_0=always "
                        "GIT_CONFIG_KEY_1=user.name GIT_CONFIG_VALUE_1=n "
                        "GIT_CONFIG_KEY_2=user.email GIT_CONFIG_VALUE_2=a@b "
                        "GIT_CONFIG_KEY_3=init.defaultBranch GIT_CONFIG_VALUE_3=main\n" +
                        command,
                    folder_.path() + inside);
  }

  void writeDatabaseOfApp() {
    std::string entries;
    for (const char *name : {"src/main.cpp", "library/library.cpp"})
      entries += std::string(entries.empty() ? "" : ",") + R"({"directory":")" + folder_.path() +
                 R"(/app","file":")" + name + R"(","arguments":["clang++","-std=c++20",")" + name +
                 "\"]}";
    folder_.write("app/build/compile_commands.json", "[" + entries + "]");
  }

  /// app/ with the submodule library/, which has the submodule base/; app/ at `main` is tame, and so is the library.
  void makeSubmodules() {
    folder_.write("base/base.h",
                  "#pragma once\n#include <mutex>\ninline std::mutex first, second;\n");
    folder_.write("library/library.h",
                  "#pragma once\n#include \"base/base.h\"\nvoid backward();\n");
    folder_.write("library/library.cpp", kTameLibrary);
    folder_.write("app/src/main.cpp", "#include \"../library/library.h\"\n#include <thread>\n"
                                      "void forward() {\n  std::lock_guard a(first);\n"
                                      "  std::lock_guard b(second);\n}\nint main() {\n"
                                      "  std::thread t(forward);\n  backward();\n  t.join();\n}\n");
    writeDatabaseOfApp();
    folder_.write("app/.gitignore", "/build/\n");
    ShellResult made =
        run("set -e\n(cd base; git init -q; git add .; git commit -qm one)\n"
            "(cd library; git init -q; git submodule -q add ../base base; git add .; git commit "
            "-qm one)\n"
            "cd app; git init -q; git submodule -q add ../library library\n"
            "git submodule -q update --init --recursive; git add .; git commit -qm one");
    ASSERT_EQ(made.exitCode, 0) << made.errors;
  }

  /// A commit of the library that inverts the order, and one of app/ that takes it.
  void bumpLibrary() {
    folder_.write("library/library.cpp", kInvertedLibrary);
    ShellResult bumped = run("set -e\n(cd library; git commit -qam inverted)\n"
                             "(cd app/library; git pull -q)\ncd app; git commit -qam bump");
    ASSERT_EQ(bumped.exitCode, 0) << bumped.errors;
  }

  ShellResult gate(const std::string &arguments) {
    return run("$THREADLINT --quiet --output=json " + arguments, "/app");
  }
  static std::string checks(const ShellResult &result) {
    nlohmann::json report = nlohmann::json::parse(result.output, nullptr, false);
    std::string names;
    if (report.is_discarded())
      return "no report: " + result.errors;
    for (const nlohmann::json &finding : report["findings"])
      names += finding["check"].get<std::string>() + " ";
    for (const nlohmann::json &limitation : report["limitations"])
      names += limitation["kind"].get<std::string>() + ":" + limitation["file"].get<std::string>();
    return names;
  }
  std::string leftOver() { return run("ls -A tmp | grep -v keep").output; }

  TemporaryFolder folder_;
};

TEST_F(Revision, ABugThatComesWithASubmoduleIsNew) {
  makeSubmodules();
  bumpLibrary();
  ShellResult result = gate("--new-from-rev=HEAD~");
  EXPECT_EQ(checks(result), "threadlint-lock-order-inversion ") << result.errors;
  EXPECT_EQ(result.exitCode, 1);
  EXPECT_EQ(gate("--new-from-rev=HEAD").exitCode, 0) << "the bug is not new any more";
  EXPECT_EQ(
      run("git status --porcelain; git submodule status --recursive | grep -c '^[-+]'", "/app")
          .output,
      "0\n")
      << "repository and submodules are left as they were";
  EXPECT_EQ(leftOver(), "");
}

TEST_F(Revision, ADatabaseThatNamesTheCheckoutThroughALinkIsOfIt) {
  makeSubmodules();
  bumpLibrary();
  ShellResult linked =
      run("ln -s app link; sed -i 's,/app\",/link\",' app/build/compile_commands.json"
          "; grep -c '/link\"' app/build/compile_commands.json");
  ASSERT_EQ(linked.output, "1\n") << linked.errors;
  EXPECT_EQ(checks(gate("--new-from-rev=HEAD~")), "threadlint-lock-order-inversion ");
  EXPECT_EQ(gate("--new-from-rev=HEAD").exitCode, 0);
}

TEST_F(Revision, ABugThatWasInTheSubmoduleIsNotNew) {
  makeSubmodules();
  bumpLibrary();
  // Other changes come: in the submodule's own submodule, by a renamed file, by one that is not committed.
  run("(cd base; echo '// more' >>base.h; git commit -qam more)\n"
      "(cd library/base; git pull -q); cd library; git mv library.cpp renamed.cpp\n"
      "git commit -qam renamed\n(cd ../app/library; git pull -q; git submodule -q update)\n"
      "cd ../app; sed -i s/library.cpp/renamed.cpp/g build/compile_commands.json\n"
      "git commit -qam again; echo '// edited' >>library/renamed.cpp");
  ShellResult result = gate("--new-from-rev=HEAD~");
  EXPECT_EQ(checks(result), "") << result.errors;
  EXPECT_EQ(result.exitCode, 0);
}

TEST_F(Revision, ASubmoduleWithinASubmoduleComesAtItsOldCommit) {
  makeSubmodules();
  // The bug comes with a header of the innermost repository; both others only take it.
  ShellResult bumped = run(
      "set -e\n(cd library; sed -i '/lock_guard/s/.*/  deep();/' library.cpp)\n"
      "(cd base; echo 'inline void deep() { std::lock_guard b(second); }' >>base.h; git commit "
      "-qam a)\n"
      "take() { (cd library/base; git pull -q); (cd library; git commit -qam $1); "
      "(cd app/library; git pull -q; git submodule -q update); (cd app; git commit -qam $1); }\n"
      "take a\n(cd base; sed -i 's/b(second);/& std::lock_guard a(first);/' base.h; git commit "
      "-qam b)\n"
      "take b");
  ASSERT_EQ(bumped.exitCode, 0) << bumped.errors;
  for (const char *old : {"HEAD~", "HEAD~2"})
    EXPECT_EQ(checks(gate(std::string("--new-from-rev=") + old)),
              "threadlint-lock-order-inversion ")
        << old;
  EXPECT_EQ(checks(gate("--new-from-rev=HEAD")), "");
}

TEST_F(Revision, SaysWhichSubmoduleIsNotHereAtItsOldCommit) {
  makeSubmodules();
  bumpLibrary();
  // Clones as continuous integration makes them: the submodule has its last commit only, or files are fetched when they are needed.
  const std::pair<const char *, bool> clones[] = {
      {"--shallow-submodules", false},
      {"--shallow-submodules", true},
      {"--filter=blob:none --also-filter-submodules", false}};
  run("for r in base library app; do git -C $r config uploadpack.allowFilter true; done; mv app "
      "origin");
  for (const auto &[options, isStrict] : clones) {
    ShellResult cloned =
        run("rm -rf app; git clone -q --recurse-submodules " + std::string(options) +
            " \"file://$PWD/origin\" app && mkdir app/build");
    ASSERT_EQ(cloned.exitCode, 0) << cloned.errors;
    writeDatabaseOfApp();
    ShellResult result = gate(std::string("--new-from-rev=HEAD~") + (isStrict ? " --strict" : ""));
    EXPECT_EQ(checks(result), "submodule:library") << result.errors;
    EXPECT_EQ(result.exitCode, isStrict ? 3 : 0);
    EXPECT_THAT(result.output, HasSubstr("what is new in it does not show"));
    // It is counted wherever files are that could not be analysed, but is none.
    EXPECT_THAT(result.output, HasSubstr("\"incomplete\": 1,"));
    ShellResult others = run("$THREADLINT --new-from-rev=HEAD~ --output=sarif --no-strict", "/app");
    EXPECT_THAT(others.output, HasSubstr("\"executionSuccessful\": false"));
    EXPECT_THAT(others.errors, HasSubstr("in 2 TUs, 1 incomplete, "));
    EXPECT_EQ(others.exitCode, 0);
  }
}

TEST_F(Revision, SaysWhichSubmoduleWasRemovedSinceAndIsNotHereAnyMore) {
  makeSubmodules();
  ShellResult removed = run("git rm -q library; mkdir library; cp ../library/library.* library; "
                            "cp -r ../library/base library; rm -rf library/base/.git; "
                            "git add library; git commit -qm own; rm -rf .git/modules/library",
                            "/app");
  ASSERT_EQ(removed.exitCode, 0) << removed.errors;
  EXPECT_EQ(run("git ls-files --stage | grep -c ^160000", "/app").output, "0\n");
  folder_.write("app/library/library.cpp", kInvertedLibrary);
  ShellResult result = gate("--new-from-rev=HEAD~ --strict");
  EXPECT_EQ(checks(result), "threadlint-lock-order-inversion submodule:library") << result.errors;
  EXPECT_THAT(result.output, HasSubstr("this submodule was removed since"));
  EXPECT_EQ(result.exitCode, 3);
}

TEST_F(Revision, TheGuideToContinuousIntegrationFetchesTheHistoryOfSubmodules) {
  makeSubmodules();
  bumpLibrary();
  const std::string guide = readTestFile(THREADLINT_SOURCE_DIR "/docs/howto/ci.md");
  std::size_t at = guide.find("\ngit submodule ");
  ASSERT_NE(at, std::string::npos);
  const std::string advice = guide.substr(at + 1, guide.find('\n', at + 1) - at - 1);
  EXPECT_THAT(guide, Not(HasSubstr("--unshallow"))); // fails where there is nothing to deepen
  run("mv app origin");
  for (const char *clone : {"git clone -q", "git clone -q --recurse-submodules"}) {
    ShellResult cloned =
        run("rm -rf app; " + std::string(clone) +
            " \"file://$PWD/origin\" app && mkdir app/build && cd app && " + advice);
    ASSERT_EQ(cloned.exitCode, 0) << cloned.errors;
    writeDatabaseOfApp();
    EXPECT_EQ(checks(gate("--new-from-rev=HEAD~")), "threadlint-lock-order-inversion ") << clone;
  }
}

TEST_F(Revision, ASubmoduleThatIsNotCheckedOutIsNoMatter) {
  makeSubmodules();
  run("(cd base; git checkout -q --detach); git init -q other; cd other; git commit -qm x "
      "--allow-empty\n"
      "cd ../app; git submodule -q add ../other other; git commit -qam other; "
      "git submodule -q deinit other; rm -rf .git/modules/other; echo '//' >>src/main.cpp");
  bumpLibrary();
  ShellResult result = gate("--new-from-rev=HEAD~");
  EXPECT_EQ(checks(result), "threadlint-lock-order-inversion ") << result.errors;
}

/// The tame project with a database, one commit, and the bug not committed.
class RevisionOfOne : public Revision {
protected:
  void SetUp() override {
    Revision::SetUp();
    writeProject("app");
  }
  void writeProject(const std::string &name) {
    TemporaryFolder source;
    writeTameProject(source);
    run("mkdir -p '" + name + "'; cp -r " + source.path() + "/src '" + name + "'");
    writeDatabase(name);
    ShellResult made = run("cd '" + name + "' && git init -q && git add src && git commit -qm one");
    ASSERT_EQ(made.exitCode, 0) << made.errors;
    folder_.write(name + "/src/backward.cpp", kInverted);
  }
  void writeDatabase(const std::string &name) {
    std::string entries;
    for (const char *file : {"forward", "backward", "main"})
      entries += std::string(entries.empty() ? "" : ",") + R"({"directory":"..","file":"src/)" +
                 file + R"(.cpp","arguments":["clang++","-std=c++20","-Isrc","src/)" + file +
                 R"(.cpp"]})";
    folder_.write(name + "/build/compile_commands.json", "[" + entries + "]");
  }
  static constexpr const char *kNew = "threadlint-lock-order-inversion ";
};

TEST_F(RevisionOfOne, WorksWhereverTheRepositoryIs) {
  EXPECT_EQ(checks(gate("--new-from-rev=HEAD")), kNew);
  // A folder that needs quoting, a linked worktree, a checkout of no branch, a clone without history, a link to the project.
  writeProject("with \"quotes\" & $(blanks) %20");
  EXPECT_EQ(checks(run("cd with*; $THREADLINT --quiet --output=json --new-from-rev=HEAD")), kNew);
  run("git worktree add -q ../linked; git clone -q --depth 1 \"file://$PWD\" ../shallow; "
      "git checkout -q --detach",
      "/app");
  EXPECT_EQ(checks(gate("--new-from-rev=HEAD")), kNew) << "detached";
  for (const char *name : {"linked", "shallow"}) {
    writeDatabase(name);
    folder_.write(std::string(name) + "/src/backward.cpp", kInverted);
    EXPECT_EQ(checks(run("$THREADLINT --quiet --output=json --new-from-rev=HEAD",
                         "/" + std::string(name))),
              kNew)
        << name;
  }
  run("ln -s app link");
  EXPECT_EQ(checks(run("cd link; $THREADLINT --quiet --output=json --new-from-rev=HEAD")), kNew);
  EXPECT_EQ(checks(run("$THREADLINT --quiet --output=json --new-from-rev=HEAD --project-root=link "
                       "-p link/build")),
            kNew);
  EXPECT_EQ(checks(run("cd app/src; $THREADLINT --quiet --output=json --new-from-rev=HEAD")), kNew)
      << "in a folder of the project";
  EXPECT_EQ(leftOver(), "");
}

TEST_F(RevisionOfOne, SaysWhatIsNoRepositoryToCompareWith) {
  run("git init -q --bare bare; git init -q empty; cp app/src/main.cpp empty; mkdir none");
  const std::pair<const char *, const char *> rows[] = {
      {"cd empty; $THREADLINT --new-from-rev=HEAD main.cpp --",
       "cannot find the revision 'HEAD': Needed a single revision"},
      {"cd bare; $THREADLINT --new-from-rev=HEAD ../app/src/main.cpp --",
       "cannot find the revision 'HEAD': Needed a single revision"},
      {"cd none; $THREADLINT --new-from-rev=HEAD ../app/src/main.cpp --",
       "cannot find the revision 'HEAD': not a git repository"},
      {"cd app; PATH=/nowhere $THREADLINT --new-from-rev=HEAD src/main.cpp --",
       "cannot find the revision 'HEAD': git is not installed"},
      {"cd app; TMPDIR=/nowhere $THREADLINT --new-from-rev=HEAD src/main.cpp --",
       "cannot make a scratch folder in '/nowhere': No such file or directory"},
  };
  for (const auto &[command, error] : rows) {
    ShellResult result = run(command);
    EXPECT_EQ(result.exitCode, 2) << command;
    EXPECT_THAT(result.errors, HasSubstr(std::string("threadlint: error: ") + error)) << command;
  }
  EXPECT_EQ(leftOver(), "");
}

TEST_F(RevisionOfOne, WorksInAHookWhateverGitTellsIt) {
  folder_.write(
      "app/.git/hooks/pre-commit",
      "#!/bin/sh\nexec $THREADLINT --quiet --output=json:report.json --new-from-rev=HEAD\n");
  ShellResult committed = run("chmod +x .git/hooks/pre-commit; git commit -qam inverted", "/app");
  EXPECT_EQ(committed.exitCode, 1) << committed.errors;
  EXPECT_THAT(readTestFile(folder_.path() + "/app/report.json"),
              HasSubstr("threadlint-lock-order-inversion"))
      << committed.errors;
  EXPECT_EQ(run("git log --oneline | wc -l", "/app").output, "1\n");
}

TEST_F(RevisionOfOne, TwoRunsAtOnceAreNotInEachOthersWay) {
  EXPECT_EQ(
      run("for i in 1 2 3; do $THREADLINT --quiet --output=json:$i.json --new-from-rev=HEAD & "
          "done; wait; cmp 1.json 2.json && cmp 2.json 3.json && grep -c inversion 1.json "
          ">/dev/null && ls -A | grep -c tmp",
          "/app")
          .output,
      "0\n");
  EXPECT_EQ(leftOver(), "");
}

TEST_F(RevisionOfOne, NothingStaysOfARunThatIsKilled) {
  folder_.write("app/src/main.cpp", "int main() {}\n" + std::string(kSlowToParse));
  run("git commit -qam slow", "/app");
  writeSignalSender(folder_);
  run("cp signals.py app");
  const std::string arguments = "--new-from-rev=HEAD src/main.cpp -- " THREADLINT_SLOW_FLAG;
  const std::pair<const char *, int> ends[] = {
      {"HUP", 3}, {"QUIT", 128 + 3}, {"KILL", 128 + 9}, {"TERM", 3}};
  for (const auto &[name, code] : ends) {
    ShellResult result = run("python3 signals.py '" + arguments +
                                 "' '@../tmp/threadlint-revision-*/lock " + name + "'",
                             "/app");
    EXPECT_EQ(result.exitCode, code) << name << ": it was there when the signal came";
    EXPECT_EQ(
        run("for i in 1 2 3 4 5 6 7 8 9; do ls -A tmp | grep -q revision || exit 0; sleep 0.2; "
            "done; ls -A tmp")
            .output,
        "")
        << name;
  }
  // What a machine without power leaves: the next run removes it, but not what another run uses.
  run("mkdir -p tmp/threadlint-revision-old/tree tmp/threadlint-revision-used "
      "tmp/threadlint-revision-x\n"
      "touch tmp/threadlint-revision-old/lock tmp/threadlint-revision-used/lock\n"
      "chmod -w tmp/threadlint-revision-old/tree");
  run("exec 9<>../tmp/threadlint-revision-used/lock; flock 9\n"
      "$THREADLINT --quiet --new-from-rev=HEAD src/forward.cpp -- -std=c++20",
      "/app");
  EXPECT_EQ(run("ls tmp").output, "threadlint-revision-used\nthreadlint-revision-x\n");
}

TEST_F(RevisionOfOne, ASlowGitIsInterruptedAndThereIsAReport) {
  folder_.write("bin/git", "#!/bin/sh\ncase \"$*\" in *checkout-index*) exec sleep 60;; esac\n"
                           "exec /usr/bin/git \"$@\"\n");
  run("chmod +x bin/git");
  writeSignalSender(folder_);
  run("cp signals.py app");
  ShellResult result = run("PATH=\"$PWD/../bin:$PATH\" python3 signals.py "
                           "'--new-from-rev=HEAD --output=json:p.json' '4 TERM'",
                           "/app");
  EXPECT_EQ(result.exitCode, 3) << result.errors;
  EXPECT_THAT(readTestFile(folder_.path() + "/app/p.json"),
              testing::AllOf(HasSubstr("not-compared"), HasSubstr("interrupted"),
                             Not(HasSubstr("inversion\""))));
  EXPECT_EQ(leftOver(), "");
}

} // namespace
} // namespace threadlint
