// ClientsTest: programs of others read our reports.
#include "tests/clients/Clients.h"
#include "analyzer/report/Formats.h"
#include "analyzer/report/HtmlAssets.h"
#include "analyzer/report/LineHash.h"
#include "tests/report/SampleReport.h"
#include "tests/support/AnnotatedSources.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <cstdlib>
#include <filesystem>
#include <set>

namespace threadlint {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr const char *kMultitool =
    THREADLINT_BINARY_DIR "/clients/node_modules/.bin/sarif-multitool";

class Clients : public testing::Test {
protected:
  Clients() { folder_.write("src/counter.cpp", kSampleSource); }
  void write(const std::string &name, OutputFormat format, const Report &report) {
    SourceText sources(report.root);
    folder_.write(name, writeReport(format, report, sources, {folder_.path()}));
  }
  ShellResult run(const std::string &command) { return runShell(command, folder_.path()); }
  TemporaryFolder folder_;
};

TEST_F(Clients, SarifMultitoolFindsNothingWrong) {
  NEED(kMultitool);
  write("full.sarif", OutputFormat::Sarif, sampleReport(folder_.path()));
  Report empty;
  empty.root = folder_.path();
  empty.toolVersion = "1.2.3";
  write("empty.sarif", OutputFormat::Sarif, empty);
  for (const char *file : {"full.sarif", "empty.sarif"}) {
    // Its exit status is 0 even for errors.
    ShellResult result = run(std::string(kMultitool) + " validate " + file +
                             " --rule-kind \"'Sarif;Gh'\" --level \"'Error;Warning'\" 2>&1");
    EXPECT_THAT(result.output, HasSubstr("Analysis completed successfully")) << file;
    EXPECT_THAT(result.output, Not(HasSubstr(" error "))) << result.output;
    // What only a tool with a public home page can say.
    std::string rest = result.output;
    if (std::size_t at = rest.find("warning SARIF2005"); at != std::string::npos)
      rest.erase(at, rest.find('\n', at) - at);
    EXPECT_THAT(rest, Not(HasSubstr("warning "))) << rest;
  }
}

TEST_F(Clients, AjvAcceptsJsonReports) {
  const std::string modules = THREADLINT_BINARY_DIR "/clients";
  NEED("node");
  NEED(modules + "/node_modules/ajv/package.json");
  Report report = sampleReport(folder_.path());
  report.versionControl = {"https://example.org/project.git", std::string(40, 'a'), "main", "/"};
  Report empty;
  empty.root = folder_.path();
  auto validated = [&](const std::string &schema, OutputFormat format, const std::string &ending) {
    write("full." + ending, format, report);
    write("empty." + ending, format, empty);
    ShellResult result = run("node '" THREADLINT_SOURCE_DIR "/tests/clients/validate.js' '" +
                             modules + "' '" + schema + "' full." + ending + " empty." + ending);
    EXPECT_EQ(result.exitCode, 0) << result.errors;
    return result.output;
  };
  // The schema of the standard as Microsoft ships it with its tool.
  EXPECT_EQ(validated(modules + "/node_modules/@microsoft/sarif-multitool-linux/sarif-2.1.0.json",
                      OutputFormat::Sarif, "sarif"),
            "");
  EXPECT_EQ(validated(THREADLINT_SOURCE_DIR "/docs/reference/report.schema.json",
                      OutputFormat::Json, "json"),
            "");
  EXPECT_EQ(validated(THREADLINT_SOURCE_DIR "/tests/report/gitlab-code-quality.schema.json",
                      OutputFormat::Gitlab, "gitlab.json"),
            "");
  EXPECT_EQ(validated(THREADLINT_SOURCE_DIR "/tests/report/rdjson.schema.json",
                      OutputFormat::Rdjsonl, "jsonl"),
            "");
  write("wrong.json", OutputFormat::Json, report);
  EXPECT_NE(run("sed -i 's/\"line\": [0-9]*/\"line\": \"x\"/' wrong.json && "
                "node '" THREADLINT_SOURCE_DIR "/tests/clients/validate.js' '" +
                modules +
                "' " THREADLINT_SOURCE_DIR "/docs/reference/report.schema.json wrong.json")
                .output,
            "")
      << "the validator sees mistakes";
}

/// baselineState of every result, as the multitool computes it.
std::multiset<std::string> baselineStates(const std::string &file) {
  std::multiset<std::string> states;
  nlohmann::json log = nlohmann::json::parse(readTestFile(file), nullptr, false);
  if (!log.is_discarded())
    for (const nlohmann::json &result : log["runs"][0]["results"])
      states.insert(result.value("baselineState", "none"));
  return states;
}

TEST_F(Clients, SarifMultitoolMatchesFindingsOfTwoRuns) {
  NEED(kMultitool);
  Report before = sampleReport(folder_.path());
  before.setAside.clear();
  Report after = before;
  after.findings[0].place.line += 3; // moved, and one new
  Finding fresh = after.findings[0];
  fresh.check = "lock-order-inversion";
  fresh.fingerprint = "ffffffffffffffffffffffffffffffff";
  fresh.message = "another one";
  fresh.place.line = 1;
  after.findings.push_back(fresh);
  write("before.sarif", OutputFormat::Sarif, before);
  write("after.sarif", OutputFormat::Sarif, after);
  run(std::string(kMultitool) + " match-results-forward after.sarif --previous before.sarif "
                                "--output-file-path matched.sarif");
  std::multiset<std::string> states = baselineStates(folder_.path() + "/matched.sarif");
  EXPECT_EQ(states.count("new"), 1u);
  EXPECT_EQ(states.count("unchanged") + states.count("updated"), 2u);
  EXPECT_EQ(states.count("absent"), 0u);
}

TEST_F(Clients, XmllintAcceptsJunitAndCheckstyle) {
  NEED("xmllint");
  Report strict = sampleReport(folder_.path());
  strict.isStrict = true;
  for (const Report &report : {sampleReport(folder_.path()), strict, Report{}}) {
    write("junit.xml", OutputFormat::Junit, report);
    write("checkstyle.xml", OutputFormat::Checkstyle, report);
    for (const char *name : {"junit", "checkstyle"}) {
      ShellResult result =
          run(std::string("xmllint --noout --schema " THREADLINT_SOURCE_DIR "/tests/clients/") +
              name + ".xsd " + name + ".xml");
      EXPECT_EQ(result.exitCode, 0) << name << result.errors;
    }
  }
}

TEST_F(Clients, NodeReadsTheLinesOfLineHashesAsTheUploadActionDoes) {
  NEED("node");
  // Written after the description of the algorithm, apart from LineHash.cpp: a rolling window over UTF-16 code units.
  folder_.write("hash.js", R"js(
const text = require('fs').readFileSync(process.argv[2], 'utf8');
const size = 100, base = 37n, mask = (1n << 64n) - 1n;
let first = 1n; for (let i = 0; i < size; i++) first = first * base & mask;
const window = Array(size).fill(0), lines = Array(size).fill(-1), counts = {}, out = [];
let hash = 0n, at = 0, line = 0, start = true, afterReturn = false;
const flush = () => { if (lines[at] < 0) return; const h = hash.toString(16);
  counts[h] = (counts[h] || 0) + 1; out[lines[at] - 1] = h + ':' + counts[h]; lines[at] = -1; };
const push = c => { hash = hash * base + BigInt(c) - first * BigInt(window[at]) & mask; window[at] = c; at = (at + 1) % size; };
const take = c => { if (c === 32 || c === 9 || (afterReturn && c === 10)) { afterReturn = false; return; }
  afterReturn = c === 13; if (afterReturn) c = 10;
  flush(); if (start) { start = false; lines[at] = ++line; } if (c === 10) start = true; push(c); };
for (let i = 0; i < text.length; i++) take(text.charCodeAt(i));
take(65535); for (let i = 0; i < size; i++) { flush(); push(0); }
console.log(out.join('\n'));
)js");
  const std::string sources[] = {kSampleSource, "", "a\r\nb\r\rc\xf0\x9f\x98\x80\n\n\n  x \t y",
                                 "\t \nint \xc3\xa4x;\r\n\nint x;\r"};
  for (const std::string &source : sources) {
    folder_.write("source.cpp", source);
    std::string joined;
    for (const std::string &hash : lineHashes(source))
      joined += hash + "\n";
    EXPECT_EQ(run("node hash.js source.cpp").output, joined) << source;
  }
}

TEST_F(Clients, ChromiumShowsTheHtmlReport) {
  NEED("node");
  NEED("chromium");
  NEED(THREADLINT_BINARY_DIR "/clients/node_modules/playwright-core/cli.js");
  Report report = sampleReport(folder_.path());
  report.findings[0].message =
      "<img src=x onerror=window.pwned=1> </script><script>window.pwned=1</script>";
  report.findings[0].threads[0].path[0].message += " <b>&amp;</b>";
  write("report.html", OutputFormat::Html, report);
  Report big = report;
  for (unsigned i = 0; i < 4998; ++i) {
    big.findings.push_back(report.findings[i % 2]);
    big.findings.back().place.line = 1 + i % 8;
  }
  write("big.html", OutputFormat::Html, big);
  std::string html = readTestFile(folder_.path() + "/report.html");
  if (std::size_t at = html.find(htmlGraphLibraries()); at != std::string::npos)
    html.erase(at, htmlGraphLibraries().size());
  folder_.write("still.html", html);
  // Whoever requires the clients requires npm's libraries, too: a build that could not install them is no build to test.
  const bool isInteractive = areClientsRequired() || !htmlGraphLibraries().empty();
  const char *kept = std::getenv("THREADLINT_SCREENSHOTS");
  ShellResult result = run(
      "node '" THREADLINT_SOURCE_DIR "/tests/clients/browser.js' '" THREADLINT_BINARY_DIR
      "/clients' \"$PWD/report.html\" \"$PWD/big.html\" \"$PWD/still.html\" '" +
      std::string(kept ? kept : folder_.path()) + "' " + (isInteractive ? "interactive" : "still"));
  EXPECT_EQ(result.exitCode, 0) << result.errors;
  EXPECT_EQ(result.output, "") << result.errors;
}

} // namespace
} // namespace threadlint
