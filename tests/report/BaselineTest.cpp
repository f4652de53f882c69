// BaselineTest: a baseline is a multiset, its file merges by lines, and what it does not know is new.
#include "analyzer/report/Baseline.h"
#include "analyzer/report/Formats.h"
#include "analyzer/report/ReportReader.h"
#include "analyzer/report/Writers.h"
#include "tests/report/SampleReport.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace threadlint {
namespace {

using testing::HasSubstr;

const std::string kA(32, 'a'), kB(32, 'b');

Finding finding(const std::string &fingerprint, const std::string &file = "a.cpp") {
  Finding finding;
  finding.check = "data-race";
  finding.fingerprint = fingerprint;
  finding.place.file = file;
  finding.function = "f";
  return finding;
}

Report reportOf(std::vector<Finding> findings) {
  Report report;
  for (Finding &each : findings)
    report.findings.push_back(std::move(each));
  return report;
}

Baseline baselineOf(const std::vector<Finding> &findings) {
  Baseline baseline;
  for (const Finding &each : findings)
    baseline.push_back(baselineEntry(each));
  return baseline;
}

TEST(Baseline, SurvivesWritingAndReading) {
  Baseline baseline = baselineOf({finding(kB), finding(kA), finding(kA, "ü \"x\".cpp")});
  BaselineReadResult read = readBaseline(writeBaseline(baseline));
  EXPECT_EQ(read.error, "");
  std::sort(baseline.begin(), baseline.end());
  EXPECT_EQ(read.baseline, baseline);
  EXPECT_EQ(writeBaseline(read.baseline), writeBaseline(baseline)) << "one form per content";
}

TEST(Baseline, IsAMultiset) {
  Report report = reportOf({finding(kA), finding(kA), finding(kA), finding(kB)});
  Baseline stale = applyBaseline(baselineOf({finding(kA), finding(kA)}), report);
  EXPECT_TRUE(stale.empty());
  ASSERT_EQ(report.findings.size(), 2u);
  EXPECT_EQ(report.findings[0].baseline, BaselineState::New);
  EXPECT_EQ(report.setAside.size(), 2u);
  EXPECT_EQ(report.baselined, 2u);
}

TEST(Baseline, PrefersTheFindingOfTheSameFile) {
  Report report = reportOf({finding(kA, "a.cpp"), finding(kA, "b.cpp")});
  applyBaseline(baselineOf({finding(kA, "b.cpp")}), report);
  ASSERT_EQ(report.findings.size(), 1u);
  EXPECT_EQ(report.findings[0].place.file, "a.cpp");
}

TEST(Baseline, FollowsARenamedFileAndTellsStaleEntries) {
  Report report = reportOf({finding(kA, "new.cpp")});
  Baseline stale = applyBaseline(baselineOf({finding(kA, "old.cpp"), finding(kB)}), report);
  EXPECT_TRUE(report.findings.empty());
  EXPECT_EQ(stale, baselineOf({finding(kB)}));
}

TEST(Baseline, SaysWhatIsWrong) {
  const std::string header = "{\"threadlintBaseline\":1}\n";
  EXPECT_THAT(readBaseline("").error, HasSubstr("no line {\"threadlintBaseline\":1}"));
  EXPECT_THAT(readBaseline(header + "x\n").error, HasSubstr("line 2 is not a JSON object"));
  EXPECT_THAT(readBaseline(header + "<<<<<<< HEAD\n").error,
              HasSubstr("line 2 is a merge conflict"));
  EXPECT_THAT(readBaseline("{\"threadlintBaseline\":2}\n").error, HasSubstr("version 2"));
  EXPECT_THAT(readBaseline(header + "{\"check\":\"data-race\",\"fingerprint\":\"x\"}\n").error,
              HasSubstr("line 2 has no 'fingerprint'"));
  EXPECT_THAT(readBaseline(header + "{\"fingerprint\":\"" + kA + "\"}\n").error,
              HasSubstr("has no 'check'"));
  EXPECT_EQ(readBaseline("\r\n" + header + "\n").error, "");
}

TEST(ReportReader, ReadsWhatTheWriterWrote) {
  Report report = sampleReport("/project");
  report.findings[1].message = "\"quotes\""; // bytes that are no text are not in JSON
  ReportReadResult read = readReport(writeJson(report));
  ASSERT_EQ(read.error, "");
  Report &again = read.report;
  ASSERT_EQ(again.findings.size(), report.findings.size());
  EXPECT_EQ(again.setAside[0].suppression->reason, "<benign> & old");
  EXPECT_EQ(again.setAside[1].baseline, BaselineState::Unchanged);
  // All that JSON does not have: from there on every format is the same.
  again.toolVersion = report.toolVersion;
  again.rules = report.rules;
  again.category = report.category;
  SourceText sources("/project");
  for (std::size_t format = 0; format < formatNames().size(); ++format)
    EXPECT_EQ(writeReport(static_cast<OutputFormat>(format), again, sources, {}),
              writeReport(static_cast<OutputFormat>(format), report, sources, {}))
        << formatNames()[format];
}

TEST(ReportReader, ReadsWhatAnEarlierVersionWrote) {
  // Without the ends of steps, evidence, observations and the counts that came later.
  ReportReadResult read = readReport(R"({"schemaVersion":1,"tool":{},"root":"/p","findings":[{
    "check":"threadlint-data-race","severity":"error","confidence":"high","cwe":[362],"file":"a.c",
    "line":1,"column":2,"endLine":1,"endColumn":3,"function":"f","message":"m","fingerprint":"x",
    "threads":[{"entry":"e","path":[{"file":"a.c","line":1,"column":2,"function":"f",
    "message":"m","locksHeld":[]}]}],"related":[{"file":"a.c","line":1,"column":2,"message":"r"}],
    "notes":[]}],"limitations":[{"kind":"k","file":"","line":0,"column":0,"message":"m",
    "incomplete":true}],"summary":{"translationUnits":3,"incomplete":1}})");
  ASSERT_EQ(read.error, "");
  EXPECT_EQ(read.report.findings[0].place.endColumn, 3u);
  EXPECT_EQ(read.report.findings[0].threads[0].path[0].place.endColumn, 0u);
  EXPECT_EQ(read.report.tuCount, 3u);
  EXPECT_TRUE(isIncomplete(read.report));
}

TEST(ReportReader, SaysWhatIsWrong) {
  EXPECT_EQ(readReport("[]").error, "not a threadlint JSON report");
  EXPECT_EQ(readReport("{\"schemaVersion\":7}").error, "unknown schemaVersion 7");
  EXPECT_EQ(readReport("{\"schemaVersion\":1,\"root\":1}").error, "'root' is not a string");
  EXPECT_EQ(readReport("{\"schemaVersion\":1,\"root\":\"/\",\"findings\":[1]}").error,
            "a finding has no 'check'");
  EXPECT_EQ(readReport("{\"schemaVersion\":1,\"root\":\"/\",\"findings\":{}}").error,
            "'findings' is not an array");
}

} // namespace
} // namespace threadlint
