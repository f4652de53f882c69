// RealRunsTest: programs of others read what the built program wrote: after a run with findings, one that was interrupted, and a clean one.
#include "tests/clients/Clients.h"
#include "tests/support/AnnotatedSources.h"
#include "tests/support/EndedEarly.h"
#include "tests/support/GatedProject.h"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <map>

namespace threadlint {
namespace {

using testing::HasSubstr;
using testing::Not;

const std::string kModules = THREADLINT_BINARY_DIR "/clients";
const std::string kMultitool = kModules + "/node_modules/.bin/sarif-multitool";

class RealRuns : public testing::Test {
protected:
  void SetUp() override {
    writeTameProject(folder_);
    writeDatabase({"src/forward.cpp", "src/backward.cpp", "src/main.cpp"});
    folder_.write(".git/HEAD", "");
  }
  void writeDatabase(const std::vector<std::string> &files) {
    nlohmann::json database = nlohmann::json::array();
    for (const std::string &file : files)
      database.push_back({{"directory", ".."},
                          {"file", file},
                          {"arguments", {"clang++", "-std=c++20", THREADLINT_SLOW_FLAG, file}}});
    folder_.write("build/compile_commands.json", database.dump());
  }
  ShellResult run(const std::string &command) { return runShell(command, folder_.path()); }

  static std::string allOutputs() {
    std::string text;
    for (const char *format : {"text", "full", "json", "jsonl", "sarif", "gitlab", "github",
                               "junit", "html", "checkstyle", "rdjsonl", "dot", "markdown"})
      text += " --output=" + std::string(format) + ":r." + format;
    return text;
  }

  /// Every report named r.<format>, read by a program that knows the format.
  void expectAccepted(const std::string &what) {
    auto ajv = [&](const std::string &schema, const std::string &file) {
      ShellResult result = run("node '" THREADLINT_SOURCE_DIR "/tests/clients/validate.js' '" +
                               kModules + "' '" + schema + "' " + file);
      EXPECT_EQ(result.output + result.errors, "") << what << ", " << file;
      EXPECT_EQ(result.exitCode, 0) << what << ", " << file;
    };
    ajv(kModules + "/node_modules/@microsoft/sarif-multitool-linux/sarif-2.1.0.json", "r.sarif");
    ajv(THREADLINT_SOURCE_DIR "/docs/reference/report.schema.json", "r.json");
    ajv(THREADLINT_SOURCE_DIR "/tests/report/gitlab-code-quality.schema.json", "r.gitlab");
    run("cp r.rdjsonl rdjson.jsonl");
    ajv(THREADLINT_SOURCE_DIR "/tests/report/rdjson.schema.json", "rdjson.jsonl");
    for (const char *name : {"junit", "checkstyle"})
      EXPECT_EQ(
          run(std::string("xmllint --noout --schema " THREADLINT_SOURCE_DIR "/tests/clients/") +
              name + ".xsd r." + name)
              .exitCode,
          0)
          << what << ", " << name;
    ShellResult valid =
        run(kMultitool +
            " validate r.sarif --rule-kind \"'Sarif;Gh'\" --level \"'Error;Warning'\" 2>&1");
    EXPECT_THAT(valid.output, HasSubstr("Analysis completed successfully")) << what;
    EXPECT_THAT(valid.output, Not(HasSubstr(" error "))) << what << valid.output;
    EXPECT_EQ(run("tail -n 1 r.jsonl | grep -c '\"type\":\"summary\"'").output, "1\n") << what;
    EXPECT_THAT(readTestFile(folder_.path() + "/r.html"), testing::EndsWith("</html>\n")) << what;
    EXPECT_THAT(readTestFile(folder_.path() + "/r.dot"), testing::EndsWith("}\n")) << what;
  }

  /// baselineState of each result by its rule, as the multitool computes it from two reports.
  std::multimap<std::string, std::string> matched(const std::string &before,
                                                  const std::string &after) {
    std::multimap<std::string, std::string> states;
    run("rm -f matched.sarif; " + kMultitool + " match-results-forward " + after + " --previous " +
        before + " --output-file-path matched.sarif");
    nlohmann::json log =
        nlohmann::json::parse(readTestFile(folder_.path() + "/matched.sarif"), nullptr, false);
    if (!log.is_discarded())
      for (const nlohmann::json &result : log["runs"][0]["results"])
        states.emplace(result["ruleId"], result.value("baselineState", "none"));
    return states;
  }

  TemporaryFolder folder_;
};

TEST_F(RealRuns, EveryClientAcceptsTheirReports) {
  NEED("node");
  NEED("xmllint");
  NEED(kMultitool);
  folder_.write("src/backward.cpp", kInverted);
  folder_.write("src/broken.cpp", "int f() { return missing; }\n");
  folder_.write("src/leak %20 \xc3\xbc.cpp",
                "#include <mutex>\nstd::mutex m;\nvoid leak(bool b) {\n  m.lock(); // "
                "NOLINT(lock-leak): <old> & \"known\"\n"
                "  if (b)\n    return;\n  m.unlock();\n}\n");
  writeDatabase({"src/forward.cpp", "src/backward.cpp", "src/main.cpp", "src/broken.cpp",
                 "src/leak %20 \xc3\xbc.cpp"});
  ShellResult found = run("$THREADLINT --quiet --strict --show-suppressed "
                          "--docs-url='https://example.org/{check}.html'" +
                          allOutputs());
  EXPECT_EQ(found.exitCode, 3) << found.errors;
  expectAccepted("findings");
  EXPECT_THAT(readTestFile(folder_.path() + "/r.sarif"),
              HasSubstr("\"helpUri\": \"https://example.org/data-race.html\""));

  ShellResult clean = run("$THREADLINT --quiet src/forward.cpp" + allOutputs());
  EXPECT_EQ(clean.exitCode, 0) << clean.errors;
  expectAccepted("clean");
  EXPECT_THAT(readTestFile(folder_.path() + "/r.sarif"), HasSubstr("https://cwe.mitre.org/"));

  folder_.write("src/slow.cpp", kSlowToParse);
  writeDatabase({"src/forward.cpp", "src/main.cpp", "src/slow.cpp", "src/backward.cpp"});
  writeSignalSender(folder_);
  ShellResult interrupted = run("python3 signals.py '-j2" + allOutputs() + "' '3 INT'");
  EXPECT_EQ(interrupted.exitCode, 3) << interrupted.errors;
  expectAccepted("interrupted");
  for (const char *format : {"text", "json", "jsonl", "sarif", "gitlab", "github", "junit", "html",
                             "checkstyle", "rdjsonl", "dot", "markdown"})
    EXPECT_THAT(readTestFile(folder_.path() + "/r." + format), HasSubstr("slow.cpp"))
        << format << " names what is missing";
}

TEST_F(RealRuns, AnotherBaselineClientAgreesWithOurs) {
  NEED(kMultitool);
  ASSERT_EQ(run("$THREADLINT --quiet --output=sarif:before.sarif").exitCode, 1);
  ASSERT_EQ(run("$THREADLINT baseline create known.jsonl --quiet").exitCode, 0);
  // Lines move, a file is renamed, and a bug comes.
  folder_.write("src/backward.cpp", kInverted);
  run("sed -i '1i // one\\n// two\\n' src/main.cpp; mv src/forward.cpp src/onward.cpp");
  writeDatabase({"src/onward.cpp", "src/backward.cpp", "src/main.cpp"});
  ASSERT_EQ(run("$THREADLINT --quiet --output=sarif:after.sarif").exitCode, 1);
  std::multimap<std::string, std::string> states = matched("before.sarif", "after.sarif");
  ASSERT_EQ(states.size(), 2u);
  EXPECT_EQ(states.find("threadlint-lock-order-inversion")->second, "new");
  EXPECT_THAT(states.find("threadlint-data-race")->second, testing::AnyOf("unchanged", "updated"));
  EXPECT_EQ(run("$THREADLINT --quiet --baseline=known.jsonl --output=jsonl | grep '\"finding\"' | "
                "grep -o 'threadlint-[a-z-]*' | sort -u")
                .output,
            "threadlint-lock-order-inversion\n");
  states = matched("after.sarif", "before.sarif");
  EXPECT_EQ(states.find("threadlint-lock-order-inversion")->second, "absent") << "it is fixed";
}

} // namespace
} // namespace threadlint
