// WritersTest: golden text and JSON of one report that uses every member; selection; the summary line.
#include "analyzer/report/Formats.h"
#include "analyzer/report/Selection.h"
#include "analyzer/report/SourceText.h"
#include "tests/report/SampleReport.h"
#include "tests/support/GoldenRunner.h"
#include "tests/support/Shell.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace threadlint {
namespace {

std::string writeText(const Report &report, const WriterOptions &options) {
  SourceText sources(report.root);
  return threadlint::writeText(report, sources, options);
}

TEST(TextWriter, WritesEveryPart) {
  TemporaryFolder folder;
  folder.write("src/counter.cpp", kSampleSource);
  std::string text = writeText(sampleReport(folder.path()), {folder.path(), false});
  EXPECT_EQ(compareGolden("writers/report.txt", text), "");
}

TEST(TextWriter, ColorsOnlyWhenAsked) {
  Report report = sampleReport("/nowhere");
  EXPECT_EQ(writeText(report, {"/nowhere", false}).find('\x1b'), std::string::npos);
  EXPECT_NE(writeText(report, {"/nowhere", true}).find("\x1b[1;31merror:"), std::string::npos);
}

TEST(TextWriter, ShowsPathsThatCanBeFollowed) {
  Report report = sampleReport("/project");
  EXPECT_TRUE(writeText(report, {"/project", false}).starts_with("src/counter.cpp:5:3: "));
  EXPECT_TRUE(writeText(report, {"/project/src", false}).starts_with("counter.cpp:5:3: "));
  EXPECT_TRUE(
      writeText(report, {"/project/docs", false}).starts_with("/project/src/counter.cpp:5:3: "));
}

TEST(JsonWriter, WritesEveryPart) {
  EXPECT_EQ(compareGolden("writers/report.json", writeJson(sampleReport("/project"))), "");
}

struct FormatFile {
  OutputFormat format;
  const char *file;
};

TEST(Writers, WriteEveryPart) {
  const FormatFile files[] = {
      {OutputFormat::Full, "full.txt"},
      {OutputFormat::Jsonl, "report.jsonl"},
      {OutputFormat::Sarif, "report.sarif"},
      {OutputFormat::Gitlab, "gitlab.json"},
      {OutputFormat::Github, "github.txt"},
      {OutputFormat::Junit, "junit.xml"},
      {OutputFormat::Checkstyle, "checkstyle.xml"},
      {OutputFormat::Rdjsonl, "report.rdjsonl"},
      {OutputFormat::Markdown, "report.md"},
      {OutputFormat::Dot, "lock-order.dot"},
  };
  TemporaryFolder folder;
  folder.write("src/counter.cpp", kSampleSource);
  Report report = sampleReport(folder.path());
  SourceText sources(report.root);
  for (const FormatFile &file : files) {
    std::string text = writeReport(file.format, report, sources, {folder.path()});
    EXPECT_EQ(
        compareGolden(std::string("writers/") + file.file, withoutFolder(text, folder.path())), "");
  }
}

TEST(Writers, WriteCompleteDocumentsForNothing) {
  Report report;
  SourceText sources("/nowhere");
  for (std::size_t i = 0; i < formatNames().size(); ++i) {
    std::string text = writeReport(static_cast<OutputFormat>(i), report, sources, {"/nowhere"});
    bool isText = formatNames()[i] == "text" || formatNames()[i] == "full" ||
                  formatNames()[i] == "github" || formatNames()[i] == "rdjsonl";
    EXPECT_EQ(text.empty(), isText) << formatNames()[i];
  }
}

TEST(HtmlWriter, KeepsTextInertAndDrawsAPicture) {
  Report report = sampleReport("/nowhere");
  report.findings[0].message = "</script><script>alert(1)</script>";
  report.lockOrder[0].from = "<b>&";
  SourceText sources("/nowhere");
  std::string html = writeHtml(report, sources);
  EXPECT_EQ(html.find("alert(1)</script>"), std::string::npos);
  EXPECT_EQ(html.find("<b>&"), std::string::npos);
  EXPECT_NE(html.find("<svg "), std::string::npos);
  EXPECT_EQ(html.find("src=\"http"), std::string::npos);
  report.lockOrder.clear();
  EXPECT_EQ(writeHtml(report, sources).find("<svg "), std::string::npos);
}

TEST(HtmlWriter, KeepsTheSourceAndTheLocksOfEveryStep) {
  TemporaryFolder folder;
  folder.write("src/counter.cpp", kSampleSource);
  SourceText sources(folder.path());
  const std::string html = writeHtml(sampleReport(folder.path()), sources);
  const std::string start = "<script type=\"application/json\" id=\"data\">";
  const std::size_t begin = html.find(start) + start.size();
  const auto data = nlohmann::json::parse(html.substr(begin, html.find("</script>", begin) - begin),
                                          nullptr, false);
  ASSERT_FALSE(data.is_discarded());
  const auto lines = data["sources"].value("src/counter.cpp", nlohmann::json::object());
  std::vector<std::string> shown;
  for (const auto &thread : data["findings"][0]["threads"])
    for (const auto &step : thread["steps"]) {
      const std::string line = std::to_string(step["place"]["line"].get<unsigned>());
      shown.push_back(lines.value(line, "") + step["locks"].dump());
    }
  EXPECT_THAT(shown, testing::ElementsAre("  add();[]", "\tcounter += 1;[]",
                                          "  counter == 1;[\"mu\",\"log\"]"));
}

TEST(GithubWriter, CannotBeTalkedIntoOtherCommands) {
  Report report = sampleReport("/nowhere");
  report.findings[0].message = "x\n::error::y";
  report.findings[0].place.file = "a,line=1::b.cpp";
  SourceText sources("/nowhere");
  std::string text = writeGithub(report, sources);
  EXPECT_EQ(text.find("\n::error::y"), std::string::npos);
  EXPECT_TRUE(text.starts_with("::error file=a%2Cline=1%3A%3Ab.cpp,line=5,")) << text;
}

TEST(SarifWriter, EscapesWhatWouldBecomeALink) {
  Report report = sampleReport("/nowhere");
  report.findings[0].message = "'f[](int)' races";
  SourceText sources("/nowhere");
  auto log = nlohmann::json::parse(writeSarif(report, sources), nullptr, false);
  ASSERT_FALSE(log.is_discarded());
  EXPECT_TRUE(log["runs"][0]["results"][0]["message"]["text"].get<std::string>().starts_with(
      "'f\\[\\](int)' races. See [thread B reads 'counter'](1)"))
      << log["runs"][0]["results"][0]["message"];
}

TEST(JsonWriter, WritesAnEmptyReport) {
  auto json = nlohmann::json::parse(writeJson(Report{}), nullptr, false);
  ASSERT_FALSE(json.is_discarded());
  EXPECT_TRUE(json["findings"].is_array() && json["findings"].empty());
  EXPECT_TRUE(json["limitations"].is_array());
  EXPECT_TRUE(json["summary"]["byCheck"].is_object());
}

TEST(Snippet, MarksBytesNotScreenColumns) {
  EXPECT_EQ(snippet("  x += 1;", 12, 3, 4), "   12 |   x += 1;\n      |   ^\n");
  EXPECT_EQ(snippet("\tx += 1;", 12, 2, 8), "   12 | \tx += 1;\n      | \t^~~~~~\n");
  EXPECT_EQ(snippet("/*\xc3\xa4*/ x;", 7, 8, 9), "    7 | /*\xc3\xa4*/ x;\n      |       ^\n");
  EXPECT_EQ(snippet(std::string("a\0b", 3), 7, 3, 0), "    7 | a?b\n      |   ^\n");
  EXPECT_EQ(snippet("x", 7, 9, 0), "");
  EXPECT_EQ(snippet("x", 7, 0, 0), "");
  EXPECT_EQ(snippet(std::string(100000, 'x'), 7, 1, 0), "");
}

TEST(Writers, SayNothingOfLinesWhereAPlaceIsAFolderOrNone) {
  Report report;
  report.limitations = {{"submodule", "its commit is not here", {"lib"}, true},
                        {"interrupted", "the run was interrupted", {}, true}};
  SourceText sources("/nowhere");
  for (std::size_t format = 0; format < formatNames().size(); ++format) {
    const std::string text =
        writeReport(static_cast<OutputFormat>(format), report, sources, {"/project", false, false});
    for (const char *nothing : {"lib:0", "line=0", "\"startLine\": 0", ">:0", ":0:"})
      EXPECT_EQ(text.find(nothing), std::string::npos) << formatNames()[format] << "\n" << text;
  }
}

TEST(Summary, CountsByCheck) {
  Report report = sampleReport("/project");
  EXPECT_EQ(
      summaryLine(report),
      "2 findings (1 race, 1 inversion) in 39 TUs, 1 incomplete, 1 in the baseline, 1 suppressed");
  report.findings.push_back(report.findings[0]);
  EXPECT_EQ(
      summaryLine(report),
      "3 findings (2 races, 1 inversion) in 39 TUs, 1 incomplete, 1 in the baseline, 1 suppressed");
  report.findings.clear();
  report.tuCount = 1;
  report.incompleteCount = 0;
  EXPECT_EQ(summaryLine(report), "0 findings in 1 TU, 1 in the baseline, 1 suppressed");
}

Report select(const SelectionOptions &options) {
  AnalysisResult result;
  for (const ReportedFinding &finding : sampleReport("").findings)
    result.findings.push_back(finding);
  result.suppressions = {{0, "src/suppressed.cpp", 1, {}}};
  Finding suppressed = result.findings[0];
  suppressed.place = {"src/suppressed.cpp", 1, 1, 1, 1};
  result.findings.push_back(suppressed);
  Report report;
  selectFindings(std::move(result), options, report);
  return report;
}

TEST(Selection, HidesWhatWasNotAskedFor) {
  SelectionOptions options;
  options.checks = {"data-race", "lock-order-inversion"};
  Report report = select(options);
  EXPECT_EQ(report.findings.size(), 1u);
  EXPECT_EQ(report.lowConfidence, 1u);
  EXPECT_EQ(report.suppressed, 1u);

  options.minConfidence = Confidence::Medium;
  EXPECT_EQ(select(options).findings.size(), 2u);
  options.checks = {"lock-order-inversion"};
  EXPECT_EQ(select(options).findings.size(), 1u);

  options.checks = {"data-race", "lock-order-inversion"};
  options.excludes = {"/usr/include"};
  EXPECT_EQ(select(options).findings.size(), 1u);
  options.excludes = {"src"};
  EXPECT_EQ(select(options).findings.size(), 1u);
}

TEST(Selection, FiltersHeadersOnly) {
  SelectionOptions options;
  options.checks = {"data-race", "lock-order-inversion"};
  options.minConfidence = Confidence::Low;
  options.mainFiles = {"src/counter.cpp"};
  options.headerFilters = {"src/**"};
  EXPECT_EQ(select(options).findings.size(), 1u);
  options.headerFilters = {"*.h"};
  EXPECT_EQ(select(options).findings.size(), 2u);
}

TEST(Markdown, FitsIntoAJobSummary) {
  Report report = sampleReport("/project");
  const Finding one = report.findings[0];
  for (int i = 0; i < 5000; ++i)
    report.findings.push_back(one);
  SourceText sources("/project");
  std::string text = writeMarkdown(report, sources);
  EXPECT_LT(text.size(), 1'000'001u);
  EXPECT_THAT(text,
              testing::ContainsRegex(" findings are not in the table and [0-9]+ not in full"));
  EXPECT_THAT(text, testing::HasSubstr("### Not fully analysed"));
}

TEST(Text, FileNamesDoNotSpeakToTheTerminal) {
  Report report = sampleReport("/project");
  report.findings[0].place.file = "a\n\x1b[31m.cpp";
  SourceText sources("/project");
  EXPECT_THAT(writeText(report, sources, {"/project"}), testing::StartsWith("a??[31m.cpp:"));
}

} // namespace
} // namespace threadlint
