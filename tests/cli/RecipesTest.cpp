// RecipesTest: what the how-to pages tell people to paste works.
#include "analyzer/cli/CommandLine.h"
#include "analyzer/cli/Yaml.h"
#include "tests/support/AnnotatedSources.h"
#include "tests/support/Shell.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <regex>
#include <sstream>

namespace threadlint {
namespace {

using testing::HasSubstr;

std::string page(const std::string &name) {
  return readTestFile(THREADLINT_SOURCE_DIR "/docs/howto/" + name);
}

/// The fenced blocks of a language.
std::vector<std::string> blocks(const std::string &text, const std::string &language) {
  std::vector<std::string> found;
  const std::string fence = "```" + language + "\n";
  for (std::size_t at = 0; (at = text.find(fence, at)) != std::string::npos;) {
    at += fence.size();
    std::size_t end = text.find("```", at);
    found.push_back(text.substr(at, end - at));
    at = end;
  }
  return found;
}

/// Words of a shell command, without quotes and with variables as plain text.
std::vector<std::string> words(std::string command) {
  command = std::regex_replace(command, std::regex("[\"']|\\$\\{?|\\}"), "");
  std::istringstream stream(command);
  std::vector<std::string> list;
  for (std::string word; stream >> word;)
    list.push_back(word);
  return list;
}

TEST(Recipes, EveryCommandIsOneWeUnderstand) {
  std::size_t count = 0;
  for (const char *name : {"recipes.md", "ci.md"}) {
    std::string text = std::regex_replace(page(name), std::regex("\\\\\n\\s*"), " ");
    static const std::regex kCommand(
        "(?:^|\\n) *(?:- |entry: |sh '|\"command\": \")?threadlint (-[^\\n]*|[a-z]+ [^\\n]*)");
    for (std::sregex_iterator match(text.begin(), text.end(), kCommand), end; match != end;
         ++match) {
      std::vector<std::string> arguments =
          words(std::regex_replace(match->str(1), std::regex("[',\"]*$"), ""));
      auto line = parseCommandLine(arguments);
      ASSERT_TRUE(bool(line)) << match->str(1) << llvm::toString(line.takeError());
      auto options = makeOptions(*line, {});
      EXPECT_TRUE(bool(options)) << match->str(1) << llvm::toString(options.takeError());
      ++count;
    }
  }
  EXPECT_GE(count, 12u);
}

TEST(Recipes, YamlAndJsonAreValid) {
  for (const std::string &block : blocks(page("recipes.md"), "yaml")) {
    auto value = parseYaml(block, "recipe");
    EXPECT_TRUE(bool(value)) << block << llvm::toString(value.takeError());
  }
  for (const std::string &block : blocks(page("recipes.md"), "json"))
    EXPECT_FALSE(nlohmann::json::parse(block, nullptr, false).is_discarded()) << block;
}

constexpr const char *kRacing =
    "#include <thread>\nint counter;\nint main() {\n"
    "  std::thread t([] { ++counter; });\n  ++counter;\n  t.join();\n}\n";

TEST(Recipes, TheProblemMatcherReadsTheTextReport) {
  TemporaryFolder folder;
  folder.write("a.cpp", kRacing);
  std::string output = runShell("$THREADLINT --quiet a.cpp -- -std=c++20", folder.path()).output;
  auto tasks = nlohmann::json::parse(blocks(page("recipes.md"), "json").at(0), nullptr, false);
  std::regex pattern(tasks["tasks"][0]["problemMatcher"]["pattern"]["regexp"].get<std::string>());
  std::istringstream lines(output);
  std::smatch match;
  std::size_t count = 0;
  for (std::string line; std::getline(lines, line);)
    if (std::regex_match(line, match, pattern)) {
      ++count;
      EXPECT_EQ(match[1], "a.cpp");
      EXPECT_EQ(match[4], "error");
      EXPECT_EQ(match[6], "threadlint-data-race");
    }
  EXPECT_EQ(count, 1u) << output;
}

TEST(Recipes, TheCMakeFunctionLints) {
  if (runShell("command -v cmake && command -v ninja", "/").exitCode != 0)
    GTEST_SKIP() << "cmake or ninja is not there";
  TemporaryFolder folder;
  folder.write("a b/a.cpp", "#include \"generated.h\"\n" + std::string(kRacing));
  folder.write("a b/CMakeLists.txt",
               "cmake_minimum_required(VERSION 3.20)\nproject(p LANGUAGES CXX)\n"
               "include_directories(${CMAKE_BINARY_DIR})\n"
               "add_custom_target(header COMMAND touch generated.h)\n" +
                   blocks(page("recipes.md"), "cmake").at(0) +
                   "add_executable(p a.cpp)\nadd_dependencies(p header)\n"
                   "add_threadlint(notes DEPENDS header OPTIONS --exit-zero --output=json)\n");
  const std::string configure = "cmake -S . -B build -G Ninja -DCMAKE_CXX_COMPILER=clang++-22 ";
  auto run = [&](const std::string &command) {
    return runShell("PATH=\"$(dirname \"$THREADLINT\"):$PATH\"\n" + command,
                    folder.path() + "/a b");
  };
  ASSERT_EQ(run(configure).exitCode, 0);
  ShellResult notes = run("cmake --build build --target notes");
  EXPECT_EQ(notes.exitCode, 0) << notes.output << notes.errors;
  EXPECT_THAT(notes.output, HasSubstr("\"file\": \"a.cpp\""));
  ShellResult result = run("cmake --build build --target threadlint");
  EXPECT_NE(result.exitCode, 0);
  EXPECT_THAT(result.output, HasSubstr("[threadlint-data-race]")) << result.errors;
  ShellResult without = runShell("rm -r build; " + configure + "-DTHREADLINT=THREADLINT-NOTFOUND",
                                 folder.path() + "/a b");
  EXPECT_THAT(without.output, HasSubstr("threadlint was not found: no target notes"));
  EXPECT_EQ(without.exitCode, 0);
}

TEST(Doctor, SaysWhatToDo) {
  TemporaryFolder folder;
  folder.write("good.cpp", "int main() {}\n");
  folder.write("bad.cpp", "#include \"made-by-the-build.h\"\n");
  folder.write("worse.cpp", "#include \"made-by-the-build.h\"\nmade x;\n");
  folder.write("sub/worst.cpp", "#include \"../made-by-the-build.h\"\nmade y;\n");
  auto doctor = [&](const std::string &files) {
    return runShell("$THREADLINT doctor --quiet " + files + " -- -std=c++20", folder.path());
  };
  ShellResult good = doctor("good.cpp");
  EXPECT_EQ(good.exitCode, 0);
  EXPECT_THAT(good.output, HasSubstr("every file can be analysed"));
  ShellResult bad = doctor("good.cpp bad.cpp worse.cpp sub/worst.cpp");
  EXPECT_EQ(bad.exitCode, 3);
  EXPECT_THAT(bad.output,
              HasSubstr("'made-by-the-build.h' file not found\n  in 3 files: bad.cpp, ...\n"
                        "  what to do: a header is missing: build the project once"));
}

TEST(Doctor, NeedsFiles) {
  TemporaryFolder folder;
  folder.write("a.cpp", "int main() {}\n");
  for (const auto &[arguments, error] :
       std::initializer_list<std::pair<const char *, const char *>>{
           {"doctor", "no compile_commands.json found in "},
           {"doctor --", "no source files before '--'"},
           {"doctor -- -DX", "no source files before '--'"},
           {"baseline create b --", "no source files before '--'"},
           {"doctor --quiet a.cpp --exclude=a.cpp", "'--exclude' leaves no file"}}) {
    ShellResult result = runShell(std::string("$THREADLINT ") + arguments, folder.path());
    EXPECT_EQ(result.exitCode, 2) << arguments;
    EXPECT_EQ(result.output, "") << arguments;
    EXPECT_THAT(result.errors, testing::StartsWith("threadlint: error: " + std::string(error)))
        << arguments;
  }
}

TEST(Doctor, ReadsAnyDatabase) {
  TemporaryFolder folder;
  folder.write("a.cpp", "int main() {}\n");
  auto entry = [](const std::string &more) {
    return R"([{"directory":".","file":"a.cpp","arguments":["c++",)" + more + "\"a.cpp\"]}]";
  };
  folder.write("good.json", entry(""));
  folder.write("empty.json", "[]");
  folder.write("broken.json", "[{");
  folder.write("response.json", entry("\"@gone.rsp\","));
  folder.write("flag.json", entry("\"-nosuchflag\","));
  struct Row {
    const char *database;
    int exitCode;
    const char *output, *error;
  };
  for (const Row &row : std::initializer_list<Row>{
           {"good.json", 0, "1 command for 1 file\nevery file can be analysed\n", ""},
           {"empty.json", 2, "", "the compile database 'empty.json' is empty"},
           {"broken.json", 2, "", "cannot read 'broken.json': not valid JSON from line 1 on"},
           {"gone.json", 2, "", "cannot read 'gone.json': No such file or directory"},
           {"gone", 2, "", "cannot read 'gone/compile_commands.json': No such file or directory"},
           {"response.json", 3, "what to do: build the project once, so that its response", ""},
           {"flag.json", 3, "unknown argument: '-nosuchflag'\n  in 1 file: a.cpp\n", ""}}) {
    ShellResult result =
        runShell(std::string("$THREADLINT doctor --quiet -p ") + row.database, folder.path());
    EXPECT_EQ(result.exitCode, row.exitCode) << row.database;
    EXPECT_THAT(result.output, HasSubstr(row.output)) << row.database;
    EXPECT_EQ(result.errors,
              *row.error ? "threadlint: error: " + std::string(row.error) + "\n" : "");
  }
}

} // namespace
} // namespace threadlint
