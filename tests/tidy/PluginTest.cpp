// PluginTest: the real clang-tidy with the plugin says what the command line says, honours NOLINT and shows both threads.
#include "checks/Checks.h"
#include "tests/support/AnnotatedSources.h"
#include "tests/support/AnnotationRunner.h"
#include "tests/support/Shell.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <map>
#include <regex>
#include <set>
#include <sstream>

namespace threadlint {
namespace {

constexpr const char *kTidy = "clang-tidy-22 -load='" THREADLINT_BINARY_DIR
                              "/lib/libthreadlint-tidy-22.so' --config='{}' -quiet ";
constexpr const char *kAllChecks = "-checks='-*,threadlint-*' ";
constexpr std::size_t kBatchSize = 6;

/// Cases with equal flags, so that one clang-tidy takes them all.
struct Batch {
  std::string flags, headerFlags;
  std::vector<std::string> files; ///< relative to the project
};

void PrintTo(const Batch &batch, std::ostream *stream) {
  *stream << batch.flags;
  for (const std::string &file : batch.files)
    *stream << "\n  " << file;
}

std::string joined(const std::vector<std::string> &words) {
  std::string text;
  for (const std::string &word : words)
    text += (text.empty() ? "" : " ") + word;
  return text;
}

std::vector<Batch> batches() {
  std::map<std::string, std::vector<Batch>> byFlags;
  for (const AnnotatedCase &annotatedCase : findAnnotatedCases(THREADLINT_SOURCE_DIR)) {
    if (annotatedCase.sources.size() != 1 ||
        !annotatedCase.sources[0].file.starts_with("testdata/"))
      continue;
    const AnnotatedSource &source = annotatedCase.sources[0];
    const std::string flags = joined(flagsOf(source));
    std::vector<Batch> &list = byFlags[flags];
    if (list.empty() || list.back().files.size() >= kBatchSize)
      list.push_back(Batch{flags, joined(precompiledHeaderFlags(source)), {}});
    list.back().files.push_back(source.file);
  }
  std::vector<Batch> all;
  for (auto &[flags, list] : byFlags)
    all.insert(all.end(), list.begin(), list.end());
  return all;
}

/// `file:line:column: check` of every warning in clang-tidy's output, by main file.
std::set<std::string> warningsOf(const std::string &output) {
  std::set<std::string> result;
  static const std::regex kWarning(
      "^(.+):([0-9]+):([0-9]+): (?:warning|error): .*\\[(threadlint-[a-z-]+)[,\\]].*$");
  std::istringstream stream(output);
  std::smatch match;
  for (std::string line; std::getline(stream, line);)
    if (std::regex_match(line, match, kWarning))
      result.insert(match.str(1) + ":" + match.str(2) + ":" + match.str(3) + ": " + match.str(4));
  return result;
}

std::set<std::string> findingsOfReport(const std::string &path) {
  std::set<std::string> result;
  nlohmann::json report = nlohmann::json::parse(readTestFile(path), nullptr, false);
  if (report.is_discarded())
    return {"no report in " + path};
  for (const nlohmann::json &finding : report["findings"])
    result.insert(THREADLINT_SOURCE_DIR "/" + finding["file"].get<std::string>() + ":" +
                  std::to_string(finding["line"].get<int>()) + ":" +
                  std::to_string(finding["column"].get<int>()) + ": " +
                  finding["check"].get<std::string>());
  return result;
}

class PluginBatch : public testing::TestWithParam<Batch> {};

TEST_P(PluginBatch, GivesTheFindingsOfTheCommandLine) {
  TemporaryFolder folder;
  std::string all, script;
  for (std::size_t i = 0; i < GetParam().files.size(); ++i) {
    std::string file = THREADLINT_SOURCE_DIR "/" + GetParam().files[i];
    all += " '" + file + "'";
    script += "\"$THREADLINT\" --quiet --no-cache --exit-zero "
              "--strict --project-root=" THREADLINT_SOURCE_DIR " --output=json:" +
              std::to_string(i) + ".json '" + file + "' -- " + GetParam().flags + " || exit 7\n";
  }
  std::string tidy = std::string(kTidy) + kAllChecks + all + " -- " + GetParam().flags + " " +
                     GetParam().headerFlags;
  ShellResult shell =
      runShell(tidy + " >tidy.txt 2>tidy.err &\n" + script + "wait\ntrue", folder.path());
  ASSERT_EQ(shell.exitCode, 0) << shell.output << shell.errors;
  std::set<std::string> expected;
  for (std::size_t i = 0; i < GetParam().files.size(); ++i)
    expected.merge(findingsOfReport(folder.path() + "/" + std::to_string(i) + ".json"));
  EXPECT_EQ(warningsOf(readTestFile(folder.path() + "/tidy.txt")), expected)
      << readTestFile(folder.path() + "/tidy.err");
}

INSTANTIATE_TEST_SUITE_P(Testdata, PluginBatch, testing::ValuesIn(batches()));

std::string runTidy(const std::string &source, const std::string &checks = kAllChecks) {
  TemporaryFolder folder;
  folder.write("case.cpp", source);
  return runShell(std::string(kTidy) + checks + "case.cpp -- -std=c++20 -pthread", folder.path())
      .output;
}

TEST(Plugin, ListsEveryCheck) {
  ShellResult result = runShell(std::string(kTidy) + kAllChecks + "--list-checks", "/");
  for (const CheckInfo &check : allChecks())
    EXPECT_NE(result.output.find("threadlint-" + std::string(check.id) + "\n"), std::string::npos)
        << check.id << "\n"
        << result.output;
}

/// The places of `source` with what comes after the first write, and after the second.
std::string race(const std::string &first, const std::string &second,
                 const std::string &before = "") {
  return "#include <thread>\nint counter;\n" + before + "void work() {\n  counter = 1; " + first +
         "\n}\nint main() {\n  std::thread t(work);\n  (void)counter; " + second +
         "\n  int copy = counter; " + second + "\n  t.join();\n  return copy;\n}\n";
}

TEST(Plugin, HonoursNolintAtThePrimaryPlace) {
  EXPECT_EQ(warningsOf(runTidy(race("", ""))).size(), 1u);
  EXPECT_EQ(warningsOf(runTidy(race("// NOLINT(bugprone-use-after-move)", ""))).size(), 1u);
  for (const char *comment : {"// NOLINT", "// NOLINT(threadlint-data-race)",
                              "// NOLINT(threadlint-*)", "// NOLINT(data-race)"})
    EXPECT_EQ(warningsOf(runTidy(race(comment, ""))).size(), 0u) << comment;
  EXPECT_EQ(warningsOf(runTidy(race("// NOLINTEND", "", "// NOLINTBEGIN\n"))).size(), 0u);
}

TEST(Plugin, ANolintOnANoteLeavesTheOtherNotes) {
  std::string output = runTidy(race("", "// NOLINT(threadlint-data-race)"));
  EXPECT_EQ(warningsOf(output).size(), 1u) << output;
  EXPECT_EQ(output.find("note: thread B (entry main): reads"), std::string::npos) << output;
  EXPECT_NE(output.find("note: fix: "), std::string::npos) << output;
}

TEST(Plugin, ShowsBothThreads) {
  std::string output = runTidy(race("", ""));
  EXPECT_NE(output.find("note: thread A (entry work): "), std::string::npos) << output;
  EXPECT_NE(output.find("note: thread B (entry main): "), std::string::npos) << output;
}

TEST(Plugin, RunsTheChosenChecksOnly) {
  EXPECT_EQ(warningsOf(runTidy(race("", ""), "-checks='-*,threadlint-lock-leak' ")).size(), 0u);
  EXPECT_EQ(warningsOf(runTidy(race("", ""), "-checks='-*,threadlint-data-race' ")).size(), 1u);
}

TEST(Plugin, SpeaksAboutPercentSignsLiterally) {
  std::string output = runTidy(race("", ""));
  EXPECT_EQ(output.find("%0"), std::string::npos) << output;
}

} // namespace
} // namespace threadlint
