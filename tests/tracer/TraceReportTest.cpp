// TraceReportTest: reports of one trace that has everything, the schema of its JSON, and reading that back.
#include "tracer/report/TraceReport.h"
#include "analyzer/report/Formats.h"
#include "tests/support/AnnotatedSources.h"
#include "tests/support/GoldenRunner.h"
#include "tests/support/JsonSchema.h"
#include "tests/tracer/TracePlaces.h"
#include "tracer/report/TraceJson.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace threadlint::tracing {
namespace {

using Json = nlohmann::json;

TraceResult everything() {
  TraceResult result =
      resolveSteps("T1 lock A;T1 lock B;T1 unlock B;T1 unlock A;T2 lock B;T2 lock A;T2 unlock A;T2 "
                   "unlock B;" // a cycle
                   "T1 lock G;T1 lock C;T1 lock D;T1 unlock D;T1 unlock C;T1 unlock G;"
                   "T2 lock G;T2 lock D;T2 lock C;T2 unlock C;T2 unlock D;T2 unlock G;" // guarded
                   "T3 lock E;T4 lock F;T3 wants F;T4 wants E;hang T3 T4;"              // a hang
                   "T5 lock S;T5 wants S;self T5;"                            // a self-deadlock
                   "T1 start T6;T6 lock J;T6 unlock J;T1 lock J;T1 join T6"); // join under a lock
  ObservedHang stall;
  stall.kind = IncidentKind::Stall;
  stall.thread = 0;
  stall.lock = 0;
  stall.site = 0;
  stall.owner = 1;
  stall.ownerSite = 1;
  stall.sleep = "a condition wait";
  result.hangs.push_back(stall);
  result.observations.push_back(
      {"held-at-exit", {"src/f.c", 3, 1, 0, 0}, "leave", "T1 ended while it held 'A'"});
  result.limitations.push_back(
      {"trace-limit", "3 threads past the limit, which were not traced", {}, false});
  return result;
}

Report reportOf(const TraceResult &result) {
  Report report;
  report.toolVersion = "1.2.3";
  report.root = "/project";
  report.rules = traceRules();
  AnalysisResult analysis = traceAnalysis(result);
  for (Finding &finding : analysis.findings)
    report.findings.emplace_back(std::move(finding));
  report.limitations = analysis.limitations;
  report.lockOrder = analysis.lockOrder;
  report.observations = traceObservations(result);
  report.traceCount = 1;
  return report;
}

TEST(TraceReport, WritesEveryPart) {
  TraceResult result = everything();
  Report report = reportOf(result);
  SourceText sources(report.root);
  WriterOptions options{"/project", false};
  EXPECT_EQ(
      compareGolden("tracer/report.txt", writeReport(OutputFormat::Text, report, sources, options)),
      "");
  EXPECT_EQ(compareGolden("tracer/lock-order.dot",
                          writeReport(OutputFormat::Dot, report, sources, options)),
            "");
  EXPECT_EQ(compareGolden("tracer/report.sarif",
                          writeReport(OutputFormat::Sarif, report, sources, options)),
            "");
  EXPECT_EQ(compareGolden("tracer/report.json", writeTraceJson(report, result)), "");
}

TEST(TraceReport, TheSchemasDescribeIt) {
  TraceResult result = everything();
  Report report = reportOf(result);
  auto schema = [](const char *name) {
    return readTestFile(std::string(THREADLINT_SOURCE_DIR "/docs/reference/") + name);
  };
  EXPECT_EQ(schemaProblems(writeTraceJson(report, result), schema("trace.schema.json"),
                           SchemaMode::Exact),
            "");
  EXPECT_EQ(schemaProblems(writeJson(report), schema("report.schema.json"), SchemaMode::Exact), "");
  EXPECT_EQ(schemaProblems(writeTraceJson(Report{}, TraceResult{}), schema("trace.schema.json"),
                           SchemaMode::Exact),
            "");
}

TEST(TraceReport, PrunedCyclesAreNoFindings) {
  TraceResult result = everything();
  Json json = Json::parse(writeTraceJson(reportOf(result), result), nullptr, false);
  ASSERT_EQ(json["pruned"].size(), 1u);
  EXPECT_EQ(json["pruned"][0]["reason"], "guarded");
  std::string checks;
  for (const Json &finding : json["findings"])
    checks +=
        finding["check"].get<std::string>() + (finding["evidence"]["hang"] ? " hang" : "") + "\n";
  EXPECT_EQ(checks, "threadlint-stall hang\nthreadlint-lock-order-inversion\n"
                    "threadlint-lock-order-inversion hang\nthreadlint-self-deadlock hang\n"
                    "threadlint-wait-deadlock\n");
}

TEST(TraceJson, ReadsWhatItWrites) {
  TraceResult result = everything();
  std::string text = writeTraceJson(reportOf(result), result);
  TraceJsonReadResult read = readTraceJson(text);
  ASSERT_EQ(read.error, "");
  EXPECT_EQ(read.result.sites[0].frames[0].place.file, "/project/src/f.c");
  read.result.makeRelative("/project");
  EXPECT_EQ(writeTraceJson(reportOf(read.result), read.result), text);
}

TEST(TraceJson, ReadsNothingElse) {
  TraceResult result = everything();
  Json json = Json::parse(writeTraceJson(reportOf(result), result), nullptr, false);
  auto errorOf = [&](auto change) {
    Json changed = json;
    change(changed);
    return readTraceJson(changed.dump()).error;
  };
  EXPECT_EQ(readTraceJson("{").error, "not a trace of threadlint-trace");
  EXPECT_EQ(readTraceJson("").error, "not a trace of threadlint-trace");
  EXPECT_EQ(readTraceJson(R"({"schemaVersion": 1})").error,
            "a report without a trace: its place is before the traces");
  EXPECT_EQ(errorOf([](Json &j) { j["traceSchemaVersion"] = 7; }), "unknown traceSchemaVersion 7");
  EXPECT_EQ(errorOf([](Json &j) { j.erase("edges"); }), "there is no 'edges'");
  EXPECT_EQ(errorOf([](Json &j) { j["edges"][0]["to"] = 99999; }), "'to' leads nowhere");
  EXPECT_EQ(errorOf([](Json &j) { j["edges"][0]["to"] = nullptr; }), "'to' leads nowhere");
  EXPECT_EQ(errorOf([](Json &j) { j["cycles"][0]["edges"] = Json::array(); }),
            "a cycle without edges");
  EXPECT_EQ(errorOf([](Json &j) { j["locks"][0]["kind"] = "door"; }), "unknown kind 'door'");
  EXPECT_EQ(errorOf([](Json &j) { j["sites"] = 3; }), "'sites' is not an array");
}

TEST(TraceResult, RunsJoin) {
  TraceResult one = everything(), two = everything();
  std::size_t edges = one.edges.size(), cycles = one.cycles.size();
  one.append(std::move(two));
  EXPECT_EQ(one.edges.size(), 2 * edges);
  EXPECT_EQ(one.cycles.size(), 2 * cycles);
  EXPECT_EQ(one.processes.size(), 2u);
  EXPECT_EQ(traceFindings(one).size(), traceFindings(everything()).size()) << "the same findings";
}

} // namespace
} // namespace threadlint::tracing
