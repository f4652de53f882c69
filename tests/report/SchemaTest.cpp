// SchemaTest: the writers write what their schemas say: ours, and those of the tools that read the reports.
#include "analyzer/report/Writers.h"
#include "tests/report/SampleReport.h"
#include "tests/support/AnnotatedSources.h"
#include "tests/support/JsonSchema.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <sstream>

namespace threadlint {
namespace {

using Json = nlohmann::json;

std::string schema(const std::string &name) {
  return readTestFile(THREADLINT_SOURCE_DIR "/" + name);
}

TEST(Schema, DescribesTheReport) {
  std::string rules = schema("docs/reference/report.schema.json");
  Json json = Json::parse(rules, nullptr, false);
  ASSERT_FALSE(json.is_discarded());
  EXPECT_EQ(json["properties"]["schemaVersion"]["const"], kReportSchemaVersion);
  for (const Report &report : {sampleReport("/project"), Report{}})
    EXPECT_EQ(schemaProblems(writeJson(report), rules, SchemaMode::Exact), "");
}

TEST(Schema, LinesHoldTheObjectsOfTheReport) {
  Report report = sampleReport("/project");
  Json whole = Json::parse(writeJson(report), nullptr, false), joined;
  for (const char *list :
       {"findings", "setAside", "limitations", "observations", "lockOrder", "lockSites"})
    joined[list] = Json::array();
  std::istringstream lines(writeJsonLines(report));
  std::string last;
  for (std::string line; std::getline(lines, line);) {
    Json object = Json::parse(line, nullptr, false);
    ASSERT_FALSE(object.is_discarded()) << line;
    last = object["type"].get<std::string>();
    object.erase("type");
    if (last == "run")
      joined.update(object);
    else if (last == "summary")
      joined["summary"] = object;
    else
      joined[last == "setAside" || last == "lockOrder" ? last : last + "s"].push_back(object);
  }
  EXPECT_EQ(last, "summary") << "a reader knows a complete stream by its last line";
  EXPECT_EQ(joined, whole);
}

TEST(Schema, GitlabReadsCodeQuality) {
  Report report = sampleReport("/project");
  report.findings.push_back(report.findings[0]);
  std::string document = writeGitlab(report);
  EXPECT_EQ(schemaProblems(document, schema("tests/report/gitlab-code-quality.schema.json"),
                           SchemaMode::Lenient),
            "");
  Json list = Json::parse(document, nullptr, false);
  EXPECT_NE(list[0]["fingerprint"], list[2]["fingerprint"]) << "GitLab would merge the two";
  EXPECT_EQ(writeGitlab(Report{}), "[]\n");
}

TEST(Schema, ReviewdogReadsRdjson) {
  std::istringstream lines(writeRdjsonLines(sampleReport("/project")));
  for (std::string line; std::getline(lines, line);)
    EXPECT_EQ(schemaProblems(line, schema("tests/report/rdjson.schema.json"), SchemaMode::Lenient),
              "");
}

} // namespace
} // namespace threadlint
