// ReportTest: the example project from its compile database to every output; golden files hold what users see.
#include "tests/support/GoldenRunner.h"
#include "tests/support/Shell.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <regex>

namespace threadlint {
namespace {

using testing::ContainsRegex;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

/// A copy of testdata/projects/bank with a compile database in build/, as a project root of its own.
class BankReport : public testing::Test {
protected:
  void SetUp() override {
    namespace fs = std::filesystem;
    fs::copy(THREADLINT_SOURCE_DIR "/testdata/projects/bank", folder_.path());
    folder_.write(".git/HEAD", "");
    folder_.write("build/compile_commands.json", R"([
      {"directory": "..", "file": "journal.cpp", "command": "g++ -std=c++20 -fno-canonical-system-headers -o journal.o -c journal.cpp"},
      {"directory": "..", "file": "account.cpp", "command": "g++ -std=c++20 -o account.o -c account.cpp"}
    ])");
  }
  ShellResult run(const std::string &command) { return runShell(command, folder_.path()); }
  std::string read(const std::string &name) { return run("cat " + name).output; }

  TemporaryFolder folder_;
};

TEST_F(BankReport, AsText) {
  ShellResult result = run("$THREADLINT -p build");
  EXPECT_EQ(result.exitCode, 1);
  EXPECT_EQ(compareGolden("bank/report.txt", withoutFolder(result.output, folder_.path())), "");
}

TEST_F(BankReport, AsJson) {
  ShellResult result = run("$THREADLINT -p build --output=json");
  std::string report =
      std::regex_replace(withoutFolder(result.output, folder_.path()),
                         std::regex("\"version\": \"[^\"]*\""), "\"version\": \"<version>\"");
  EXPECT_EQ(compareGolden("bank/report.json", report), "");
}

TEST_F(BankReport, SummaryAndProgressOnStandardError) {
  ShellResult result = run("$THREADLINT -p build -j1");
  EXPECT_TRUE(std::regex_match(
      result.errors,
      std::regex("\\[1/2\\] account.cpp\n\\[2/2\\] journal.cpp\n"
                 "2 findings \\(1 race, 1 inversion\\) in 2 TUs, [0-9]+\\.[0-9] s\n")))
      << result.errors;
  EXPECT_THAT(run("$THREADLINT -p build --quiet").errors, IsEmpty());
}

TEST_F(BankReport, SameBytesForAnyNumberOfWorkersAndAnyOrder) {
  std::string expected = run("$THREADLINT --output=json -j1").output;
  EXPECT_EQ(run("$THREADLINT --output=json -j2").output, expected);
  EXPECT_EQ(run("$THREADLINT --output=json -j64").output, expected);
  EXPECT_EQ(run("$THREADLINT --output=json journal.cpp account.cpp -- -std=c++20").output,
            expected);
  EXPECT_EQ(run("$THREADLINT --output=json -p build/compile_commands.json '*.cpp'").output,
            expected);
  EXPECT_EQ(run("cd build && $THREADLINT --output=json --no-cache").output, expected);
}

TEST_F(BankReport, FactsThenLinkEqualsOneRun) {
  ShellResult made = run("$THREADLINT facts -p build journal.cpp -o journal.tlf && $THREADLINT "
                         "facts account.cpp -- -std=c++20");
  ASSERT_EQ(made.exitCode, 0) << made.errors;
  for (const char *format : {"text", "json"}) {
    std::string output = std::string(" --output=") + format;
    std::string expected = run("$THREADLINT -p build" + output).output;
    EXPECT_EQ(run("$THREADLINT link journal.tlf account.tlf" + output).output, expected);
    EXPECT_EQ(run("$THREADLINT link account.tlf journal.tlf" + output).output, expected);
  }
}

TEST_F(BankReport, FactsAsJson) {
  ShellResult dump = run("$THREADLINT facts --quiet --format=json -p build journal.cpp");
  EXPECT_EQ(dump.exitCode, 0);
  EXPECT_THAT(dump.output, HasSubstr("\"name\": \"Journal::audit\""));
  run("$THREADLINT facts -p build journal.cpp -o journal.tlf");
  EXPECT_EQ(run("$THREADLINT facts --format=json journal.tlf").output, dump.output);
}

TEST_F(BankReport, SeveralOutputs) {
  ShellResult result =
      run("$THREADLINT --quiet --output=json --output=text:report.txt --output=json:report.json");
  EXPECT_EQ(read("report.json"), result.output);
  EXPECT_EQ(read("report.txt"), run("$THREADLINT --quiet").output);
  EXPECT_EQ(run("ls -A | grep -c tmp").output, "0\n");
}

TEST_F(BankReport, ColorsByTheUsualRules) {
  const std::string color = "\x1b[";
  EXPECT_THAT(run("$THREADLINT --quiet").output, Not(HasSubstr(color)));
  EXPECT_THAT(run("$THREADLINT --quiet --color=always").output, HasSubstr(color));
  run("$THREADLINT --quiet --color=always --output=text:plain.txt");
  EXPECT_EQ(read("plain.txt"), run("$THREADLINT --quiet --color=never").output);
  EXPECT_THAT(run("CLICOLOR_FORCE=1 $THREADLINT --quiet").output, HasSubstr(color));
  EXPECT_THAT(run("CLICOLOR_FORCE=0 $THREADLINT --quiet").output, Not(HasSubstr(color)));
  EXPECT_THAT(run("CLICOLOR_FORCE=1 NO_COLOR=1 $THREADLINT --quiet").output, Not(HasSubstr(color)));
  EXPECT_THAT(run("CLICOLOR_FORCE=1 $THREADLINT --quiet --color=never").output,
              Not(HasSubstr(color)));
  EXPECT_THAT(run("CLICOLOR_FORCE=1 $THREADLINT --quiet --output=json").output,
              Not(HasSubstr(color)));
}

TEST_F(BankReport, SelectsFilesAndFindings) {
  EXPECT_THAT(run("$THREADLINT journal.cpp").errors, HasSubstr("in 1 TU, "));
  EXPECT_THAT(run("$THREADLINT 'j*.cpp'").errors, HasSubstr("in 1 TU, "));
  EXPECT_THAT(run("$THREADLINT --exclude=journal.cpp").errors, HasSubstr("in 1 TU, "));
  EXPECT_THAT(run("$THREADLINT --checks=data-race").errors,
              HasSubstr("1 finding (1 race) in 2 TUs"));
  EXPECT_THAT(run("$THREADLINT --checks=-data-race").errors,
              HasSubstr("1 finding (1 inversion) in 2 TUs"));
}

TEST_F(BankReport, PathsFollowTheProjectRoot) {
  EXPECT_THAT(run("$THREADLINT --quiet --output=json --project-root=..").output,
              ContainsRegex("\"file\": \"[^\"/]+/account.cpp\""));
  EXPECT_THAT(run("cd build && $THREADLINT --quiet").output,
              HasSubstr(folder_.path() + "/account.cpp:"));
}

TEST_F(BankReport, NolintSuppresses) {
  for (const char *comment : {"NOLINT", "NOLINT(threadlint-data-race)", "NOLINT(data-race)",
                              "NOLINT(threadlint-*)", "NOLINT(other,data-*)"}) {
    run(std::string("sed -i 's|++operations;.*expect.*|++operations; // ") + comment +
        "|' account.cpp");
    EXPECT_THAT(run("$THREADLINT").errors, HasSubstr("1 finding (1 inversion) in 2 TUs"))
        << comment;
    run("cp " THREADLINT_SOURCE_DIR "/testdata/projects/bank/account.cpp .");
  }
  run("sed -i 's|++operations;.*expect.*|++operations; // NOLINT(lock-leak)|' account.cpp");
  EXPECT_THAT(run("$THREADLINT").errors, HasSubstr("2 findings"));
}

} // namespace
} // namespace threadlint
