// GateTest: the gate in a repository made here: a clean baseline, and a commit whose bug has its other half in an untouched file.
#include "tests/support/AnnotatedSources.h"
#include "tests/support/GatedProject.h"
#include "tests/support/Shell.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace threadlint {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class Gate : public testing::Test {
protected:
  void SetUp() override {
    writeTameProject(folder_);
    std::string entries;
    for (const char *name : {"forward", "backward", "main"})
      entries += std::string(entries.empty() ? "" : ",") + R"({"directory":")" + folder_.path() +
                 R"(/build","file":"../src/)" + name +
                 R"(.cpp","arguments":["clang++","-std=c++20","-I../src","-c","../src/)" + name +
                 R"(.cpp"]})";
    folder_.write("build/compile_commands.json", "[" + entries + "]");
    folder_.write(".gitignore", "/build/\n");
    run("git init -q . && git config user.email a@b && git config user.name n && git add . && "
        "git commit -qm one");
  }
  ShellResult run(const std::string &command) { return runShell(command, folder_.path()); }

  /// Checks of the findings in a JSON report.
  std::vector<std::string> checks(const std::string &json) {
    std::vector<std::string> names;
    nlohmann::json report = nlohmann::json::parse(json, nullptr, false);
    if (!report.is_discarded())
      for (const nlohmann::json &finding : report["findings"])
        names.push_back(finding["check"]);
    return names;
  }

  TemporaryFolder folder_;
};

TEST_F(Gate, FailsWithExactlyTheNewFinding) {
  EXPECT_EQ(run("$THREADLINT baseline create known.jsonl --quiet").exitCode, 0);
  EXPECT_EQ(run("$THREADLINT --baseline=known.jsonl --quiet").exitCode, 0);
  run("git add . && git commit -qm known && git checkout -qb change");
  folder_.write("src/backward.cpp", kInverted);
  for (const char *gate : {"--baseline=known.jsonl", "--new-from-rev=HEAD"}) {
    ShellResult result = run(std::string("$THREADLINT --quiet --output=json ") + gate);
    EXPECT_EQ(result.exitCode, 1) << gate << result.errors;
    EXPECT_THAT(checks(result.output), ElementsAre("threadlint-lock-order-inversion")) << gate;
  }
  run("git commit -qam inverted; git checkout -q master 2>/dev/null || git checkout -q main; "
      "echo '// unrelated' >>src/main.cpp; git commit -qam other; git checkout -q change");
  ShellResult result =
      run("$THREADLINT --quiet --output=json "
          "--new-from-merge-base=$(git branch --format='%(refname:short)' | grep -v change)");
  EXPECT_EQ(result.exitCode, 1) << result.errors;
  EXPECT_THAT(checks(result.output), ElementsAre("threadlint-lock-order-inversion"));
  EXPECT_EQ(run("git status --porcelain; git worktree list | wc -l").output, "1\n")
      << "the repository is left as it was";
}

TEST_F(Gate, FollowsRenamedFilesAndTellsNewOnes) {
  folder_.write("src/backward.cpp", kInverted);
  run("git commit -qam inverted && git mv src/backward.cpp src/renamed.cpp && "
      "sed -i s/backward.cpp/renamed.cpp/g build/compile_commands.json");
  EXPECT_EQ(run("$THREADLINT --quiet --new-from-rev=HEAD").exitCode, 0);
  folder_.write("src/renamed.cpp", std::string(kTame) + "// quite another file\n//\n//\n//\n//\n");
  run("git rm -qf --cached src/renamed.cpp");
  ShellResult result = run("$THREADLINT --new-from-rev=HEAD");
  EXPECT_EQ(result.exitCode, 0) << result.output;
  EXPECT_THAT(result.errors, HasSubstr("note: 1 file is not in "));
}

TEST_F(Gate, SaysWhyARevisionCannotBeUsed) {
  ShellResult result = run("$THREADLINT --new-from-rev=nowhere");
  EXPECT_EQ(result.exitCode, 2);
  EXPECT_THAT(result.errors, HasSubstr("error: cannot find the revision 'nowhere': "));
  EXPECT_EQ(run("$THREADLINT --new-from-rev=--all").exitCode, 2);
}

TEST_F(Gate, BaselinesOfTwoBranchesMerge) {
  // Four findings, far from each other in the sorted file or not; each branch knows other ones.
  folder_.write("src/backward.cpp", kInverted);
  std::string many = "#include \"locks.h\"\n#include <thread>\n";
  for (char name = 'a'; name < 'm'; ++name)
    many += std::string("static int v") + name + ";\nvoid f" + name +
            "() {\n  std::thread t([] { v" + name + " = 1; });\n  v" + name +
            " = 2;\n  t.join();\n}\n";
  folder_.write("src/forward.cpp", many + "void forward() {\n  std::lock_guard a(first);\n"
                                          "  std::lock_guard b(second);\n}\n");
  ASSERT_EQ(run("$THREADLINT baseline create all.jsonl --quiet").exitCode, 0);
  // The branches add every second line each; between two of one branch there is one that both have.
  run("cp all.jsonl known.jsonl; awk 'NR == 1 || NR % 4 == 2 || NR % 4 == 0' all.jsonl "
      ">known.jsonl\n"
      "git add known.jsonl; git commit -qm base; git checkout -qb left\n"
      "awk 'NR == 1 || NR % 4 != 1' all.jsonl >known.jsonl; git commit -qam left\n"
      "git checkout -qb right HEAD~\n"
      "awk 'NR == 1 || NR % 4 != 3' all.jsonl >known.jsonl; git commit -qam right");
  ShellResult merged = run("git merge -q left && cmp all.jsonl known.jsonl && wc -l <all.jsonl");
  EXPECT_EQ(merged.exitCode, 0) << merged.output << merged.errors;
  EXPECT_EQ(run("$THREADLINT --baseline=known.jsonl --quiet").exitCode, 0);
  // A conflict that nobody resolved is an error that says so.
  run("(echo '<<<<<<< HEAD'; cat known.jsonl; echo '======='; echo '>>>>>>> left') "
      ">conflict.jsonl");
  ShellResult conflict = run("$THREADLINT --baseline=conflict.jsonl --quiet");
  EXPECT_EQ(conflict.exitCode, 2);
  EXPECT_THAT(conflict.errors, HasSubstr("cannot read the baseline 'conflict.jsonl': line 1 is a "
                                         "merge conflict marker"));
}

TEST_F(Gate, SarifCarriesTheBaselineState) {
  run("$THREADLINT baseline create known.jsonl --quiet");
  folder_.write("src/backward.cpp", kInverted);
  auto log = nlohmann::json::parse(
      run("$THREADLINT --quiet --baseline=known.jsonl --output=sarif").output, nullptr, false);
  ASSERT_FALSE(log.is_discarded());
  std::map<std::string, std::string> states;
  for (const nlohmann::json &result : log["runs"][0]["results"])
    states[result["ruleId"]] = result["baselineState"];
  EXPECT_EQ(states,
            (std::map<std::string, std::string>{{"threadlint-data-race", "unchanged"},
                                                {"threadlint-lock-order-inversion", "new"}}));
}

TEST_F(Gate, ShardsLinkedOnceLoseNothing) {
  folder_.write("src/backward.cpp", kInverted);
  run("for f in forward backward main; do $THREADLINT facts src/$f.cpp -o $f.tlf --quiet; done");
  EXPECT_EQ(run("$THREADLINT link --quiet --output=json *.tlf").output,
            run("$THREADLINT --quiet --output=json").output);
}

} // namespace
} // namespace threadlint
