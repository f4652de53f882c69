// InterruptionTest: runs that end early, by a signal, by time, by memory or by a crash, and what they leave.
#include "tests/support/AnnotatedSources.h"
#include "tests/support/EndedEarly.h"
#include "tests/support/Shell.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace threadlint {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char *kSlowFlags = "ok.cpp slow.cpp -- " THREADLINT_SLOW_FLAG;

/// A race in main, and functions that nobody calls and that keep the analysis busy for a minute.
std::string slowToAnalyse() {
  std::string text =
      "#include <mutex>\n#include <thread>\nint shared;\n"
      "struct Node { std::mutex mu; int value; Node *next; };\n"
      "int main() {\n  std::thread t([] { ++shared; });\n  ++shared;\n  t.join();\n}\n";
  for (int i = 0; i < 60; ++i) {
    text += "void root" + std::to_string(i) + "(Node *n, Node *m) {\n  while (n) {\n";
    for (int k = 0; k < 200; ++k) {
      const std::string number = std::to_string(k);
      text += "    if (n->value == " + number + ") { n->mu.lock(); ++n->value; }\n" +
              "    if (n->next->value > " + number + ") n->next->mu.lock();\n" +
              "    if (m->value == " + number + ") n->mu.unlock();\n    n = n->next;\n";
    }
    text += "  }\n}\n";
  }
  return text;
}

class Interruption : public testing::Test {
protected:
  ShellResult run(const std::string &command) { return runShell(command, folder_.path()); }

  /// Runs threadlint and sends it signals, which are given with the seconds before each: "1 INT 0.1 TERM".
  ShellResult runWithSignals(const std::string &arguments, const std::string &signals) {
    writeSignalSender(folder_);
    return run("python3 signals.py '" + arguments + "' '" + signals + "'");
  }

  nlohmann::json report(const std::string &name) {
    return nlohmann::json::parse(readTestFile(folder_.path() + "/" + name), nullptr, false);
  }

  /// "kind file" of every limitation.
  static std::string limitations(const nlohmann::json &report) {
    std::string kinds;
    for (const nlohmann::json &limitation : report["limitations"])
      kinds += limitation["kind"].get<std::string>() + " " + limitation["file"].get<std::string>() +
               "\n";
    return kinds;
  }

  void extractSlowToAnalyse() {
    folder_.write("slow.cpp", slowToAnalyse());
    ASSERT_EQ(run("$THREADLINT facts slow.cpp -o slow.tlf --quiet -- -std=c++20").exitCode, 0);
  }

  TemporaryFolder folder_;
};

TEST_F(Interruption, OfTheExtractionLeavesAPartialReport) {
  folder_.write("slow.cpp", kSlowToParse);
  folder_.write("ok.cpp", "int main() {}\n");
  for (const char *name : {"INT", "TERM"}) {
    ShellResult result =
        runWithSignals(std::string("-j2 --output=json:p.json --output=sarif:p.sarif ") + kSlowFlags,
                       std::string("2.5 ") + name);
    EXPECT_EQ(result.exitCode, 3) << name << result.errors;
    nlohmann::json partial = report("p.json");
    ASSERT_FALSE(partial.is_discarded()) << name;
    EXPECT_EQ(partial["summary"]["partial"], true);
    EXPECT_THAT(limitations(partial), HasSubstr("interrupted slow.cpp")) << name;
    EXPECT_THAT(result.errors, HasSubstr(", not finished, "));
    EXPECT_EQ(report("p.sarif")["runs"][0]["invocations"][0]["executionSuccessful"], false);
    EXPECT_EQ(run("ls -A | grep -c tmp").output, "0\n");
  }
}

TEST_F(Interruption, OfTheAnalysisKeepsWhatIsFound) {
  extractSlowToAnalyse();
  for (const char *plan : {"1 INT", "1 TERM"}) {
    ShellResult result = runWithSignals(
        "link slow.tlf --output=json:p.json --output=html:p.html --output=junit:p.xml", plan);
    EXPECT_EQ(result.exitCode, 3) << plan << result.errors;
    nlohmann::json partial = report("p.json");
    ASSERT_FALSE(partial.is_discarded()) << plan;
    EXPECT_EQ(partial["summary"]["partial"], true);
    EXPECT_THAT(limitations(partial), HasSubstr("interrupted \n"));
    ASSERT_FALSE(partial["findings"].empty()) << "main was analysed by then";
    EXPECT_EQ(partial["findings"][0]["check"], "threadlint-data-race");
    EXPECT_THAT(readTestFile(folder_.path() + "/p.html"), HasSubstr("</html>"));
    EXPECT_THAT(readTestFile(folder_.path() + "/p.xml"), HasSubstr("</testsuites>"));
  }
}

TEST_F(Interruption, BySeveralSignalsLeavesAReportWithoutFindings) {
  extractSlowToAnalyse();
  run("touch real.json && ln -s real.json link.json");
  // All before the analysis can have come to its end.
  ShellResult result =
      runWithSignals("link slow.tlf --output=json --output=json:link.json --output=sarif:p.sarif",
                     "1 INT 0 TERM 0.001 INT");
  EXPECT_EQ(result.exitCode, 3) << result.errors;
  nlohmann::json partial = nlohmann::json::parse(result.output, nullptr, false);
  ASSERT_FALSE(partial.is_discarded());
  EXPECT_EQ(partial["summary"]["partial"], true);
  EXPECT_EQ(partial, report("real.json")) << "the link is not replaced";
  EXPECT_EQ(report("p.sarif")["runs"][0]["invocations"][0]["executionSuccessful"], false);
  EXPECT_EQ(run("ls -A | grep -c tmp").output, "0\n");
}

TEST_F(Interruption, ByTime) {
  folder_.write("slow.cpp", kSlowToParse);
  ShellResult result =
      run("$THREADLINT --total-timeout=1 --quiet --output=json slow.cpp -- " THREADLINT_SLOW_FLAG);
  EXPECT_EQ(result.exitCode, 3);
  auto partial = nlohmann::json::parse(result.output, nullptr, false);
  ASSERT_FALSE(partial.is_discarded());
  EXPECT_EQ(partial["summary"]["partial"], true);
  ShellResult one =
      run("$THREADLINT --timeout=1 --strict --quiet slow.cpp -- " THREADLINT_SLOW_FLAG);
  EXPECT_EQ(one.exitCode, 3);
  EXPECT_THAT(one.output, HasSubstr("took longer than 1 s"));
}

TEST_F(Interruption, ByTimeKeepsWhatIsFound) {
  extractSlowToAnalyse();
  ShellResult result = run("$THREADLINT link slow.tlf --total-timeout=1 --quiet --output=json");
  EXPECT_EQ(result.exitCode, 3);
  auto partial = nlohmann::json::parse(result.output, nullptr, false);
  ASSERT_FALSE(partial.is_discarded());
  EXPECT_THAT(limitations(partial), HasSubstr("timeout \n"));
  EXPECT_FALSE(partial["findings"].empty());
}

TEST_F(Interruption, OfARunThatComparesShowsNothingAsNew) {
  folder_.write("a.cpp", slowToAnalyse());
  run("git init -q . && git config user.email a@b && git config user.name n && git add a.cpp && "
      "git commit -qm one");
  ShellResult result =
      runWithSignals("--new-from-rev=HEAD --output=json:p.json a.cpp -- -std=c++20", "3 INT");
  EXPECT_EQ(result.exitCode, 3) << result.errors;
  nlohmann::json partial = report("p.json");
  ASSERT_FALSE(partial.is_discarded());
  EXPECT_THAT(partial["findings"], IsEmpty());
  EXPECT_THAT(limitations(partial), HasSubstr("interrupted \n"));
  EXPECT_THAT(limitations(partial), HasSubstr("not-compared \n"));
}

TEST_F(Interruption, ByMemory) {
  extractSlowToAnalyse();
  // A limit of ours, which is lifted for the report, and one from outside, below which ours lies or not.
  const std::pair<const char *, bool> rows[] = {
      {"$THREADLINT link slow.tlf --memory-limit=300 --quiet --output=json:p.json", true},
      {"ulimit -v 400000; $THREADLINT link slow.tlf --memory-limit=3000 --quiet "
       "--output=json:p.json",
       false},
  };
  for (const auto &[command, isWritten] : rows) {
    run("rm -f p.json");
    ShellResult result = run(command);
    EXPECT_TRUE(result.exitCode == 3 || (result.exitCode == 2 && !isWritten))
        << command << result.exitCode << result.errors;
    if (result.exitCode == 3)
      EXPECT_THAT(limitations(report("p.json")), HasSubstr("memory \n")) << command;
  }
}

TEST_F(Interruption, ByACrashOfTheAnalysisIsAnInternalError) {
  extractSlowToAnalyse();
  folder_.write("old.json", "what an earlier run left");
  const std::pair<const char *, const char *> rows[] = {
      {"SEGV", ""}, {"ABRT", ""}, {"ABRT", "--memory-limit=8000"}};
  for (const auto &[name, limit] : rows) {
    ShellResult result =
        runWithSignals("link --strict --exit-zero slow.tlf --output=json:old.json --output=text " +
                           std::string(limit),
                       std::string("1 ") + name);
    EXPECT_EQ(result.exitCode, 2) << name << limit;
    EXPECT_EQ(result.output, "");
    EXPECT_THAT(result.errors, HasSubstr("internal error, the analysis crashed")) << name;
    EXPECT_EQ(readTestFile(folder_.path() + "/old.json"), "what an earlier run left");
    EXPECT_EQ(run("ls -A | grep -c tmp").output, "0\n");
  }
}

} // namespace
} // namespace threadlint
