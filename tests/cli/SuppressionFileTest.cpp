// SuppressionFileTest: rules from a file hide what they name, and every mistake in one is told with its line.
#include "tests/support/Shell.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace threadlint {
namespace {

using testing::HasSubstr;

/// Two leaks: one in a function, one in a template.
constexpr const char *kLeaks =
    "#include <mutex>\nstd::mutex first, second;\nvoid leak(bool b) {\n  first.lock();\n"
    "  if (b)\n    return;\n  first.unlock();\n}\ntemplate <class T> struct Box {\n"
    "  void open(bool b) {\n    second.lock();\n    if (b)\n      return;\n"
    "    second.unlock();\n  }\n};\nint main() {\n  leak(true);\n  Box<int>().open(true);\n}\n";

class SuppressionFile : public testing::Test {
protected:
  void SetUp() override { folder_.write("src/a.cpp", kLeaks); }
  ShellResult run(const std::string &rules) {
    folder_.write(".git/HEAD", "");
    folder_.write("rules.yaml", rules);
    return runShell("timeout 60 $THREADLINT --quiet --output=json --suppressions=rules.yaml "
                    "--unused-suppressions src/a.cpp -- -std=c++20",
                    folder_.path());
  }
  TemporaryFolder folder_;
};

TEST_F(SuppressionFile, HidesWhatItNamesAndTellsWhatItDoesNot) {
  struct Row {
    std::string rule;
    unsigned hidden;
  };
  const Row rows[] = {
      {"file: src/a.cpp", 2},
      {"file: ./src/a.cpp", 2},
      {"file: a.cpp", 2},
      {"file: \"**\"", 2},
      {"file: src/", 2},
      {"function: leak", 1},
      {"function: \"Box::*\"", 1},
      {"lock: second", 1},
      {"lock: first", 2}, // is still held where the other is taken
      {"check: \"threadlint-lock-*\"", 2},
      {"check: lock-leak\n  function: leak\n  lock: second", 0},
      {"file: A.CPP", 0},
      {"file: \"[\"", 0},
      {"file: \"[a\"", 0},
      {"file: \"!src/a.cpp\"", 0},
      {"file: \"../x/src/a.cpp\"", 0},
      {"lock: \"[\"", 0},
      {"function: \"" +
           [] {
             std::string stars;
             for (int i = 0; i < 2000; ++i)
               stars += "*a";
             return stars;
           }() +
           "\"",
       0},
  };
  for (const Row &row : rows) {
    ShellResult result = run("- " + row.rule + "\n");
    EXPECT_EQ(result.exitCode, row.hidden == 2 ? 0 : 1) << row.rule << result.errors;
    EXPECT_THAT(result.output, HasSubstr("\"suppressed\": " + std::to_string(row.hidden)))
        << row.rule;
    EXPECT_EQ(result.output.find("this rule hides no finding") != std::string::npos,
              row.hidden == 0)
        << row.rule;
  }
}

TEST_F(SuppressionFile, SaysWhatIsWrong) {
  const std::pair<const char *, const char *> rows[] = {
      {"check: data-race\n", "line 1: the file is not a list of rules"},
      {"- {}\n", "line 1: a rule names neither check, file, function nor lock"},
      {"- reason: old\n", "line 1: a rule names neither check, file, function nor lock"},
      {"- [a]\n", "line 1: a rule is not a list of 'key: value'"},
      {"- check: data-rce\n", "line 1: unknown check 'data-rce', did you mean 'data-race'?"},
      {"- check: -lock-leak\n", "line 1: a rule says which checks it hides, not which it leaves"},
      {"- check: [lock-leak]\n", "line 1: 'check' is not plain text"},
      {"- file: a.cpp\n- file: \"\"\n", "line 2: 'file' is not plain text"},
      {"- fiel: a.cpp\n", "line 1: unknown key 'fiel', did you mean 'file'?"},
      {"- file: a\n  file: b\n", "line 2: 'file' is there twice"},
      {"- file: a\n<<<<<<< HEAD\n- file: b\n=======\n>>>>>>> x\n",
       "line 2: it is a merge conflict marker"},
  };
  for (const auto &[rules, error] : rows) {
    ShellResult result = run(rules);
    EXPECT_EQ(result.exitCode, 2) << rules;
    EXPECT_EQ(result.errors,
              "threadlint: error: cannot read 'rules.yaml': " + std::string(error) + "\n")
        << rules;
  }
  for (const char *nothing : {"", "# nothing\n", "---\n", "[]\n"})
    EXPECT_EQ(run(nothing).exitCode, 1) << nothing;
}

} // namespace
} // namespace threadlint
