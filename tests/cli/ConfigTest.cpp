// ConfigTest: .threadlint.yaml says what the command line could say, and every mistake in it is named with its line.
#include "analyzer/cli/ConfigFile.h"
#include "analyzer/cli/OptionTable.h"
#include "analyzer/cli/Yaml.h"
#include "tests/support/AnnotatedSources.h"
#include "tests/support/GoldenRunner.h"
#include "tests/support/JsonSchema.h"
#include "tests/support/Shell.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <ctime>
#include <fstream>
#include <map>
#include <set>

namespace threadlint {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class Config : public testing::Test {
protected:
  ShellResult run(const std::string &arguments) {
    return runShell("$THREADLINT " + arguments, folder_.path());
  }
  TemporaryFolder folder_;
};

TEST_F(Config, NamesEveryMistakeWithItsLine) {
  const std::pair<const char *, const char *> rows[] = {
      {"check: data-race\n", "line 1: unknown key 'check', did you mean 'checks'?"},
      {"\nchecks: [data-rce]\n", "line 2: unknown check 'data-rce', did you mean 'data-race'?"},
      {"checks:\n  - \"*\"\n  - -lock-leek\n",
       "line 3: unknown check 'lock-leek', did you mean 'lock-leak'?"},
      {"warnings-as-errors: lock-leek\n", "line 1: unknown check 'lock-leek'"},
      {"checks: \"-*\"\n", "the list of checks '-*' selects none"},
      {"checks: \"\"\n", "line 1: option '--checks' has an empty value"},
      {"checks: \", \"\n", "line 1: option '--checks' names no check"},
      {"quiet: true\nbaseline: \"\"\n", "line 2: option '--baseline' has an empty value"},
      {"exclude: [a, \"\"]\n", "line 1: option '--exclude' has an empty value"},
      {"exclude: []\n", ""},
      {"docs-url: \"https://exam ple.org/{check}\"\n", "line 1: invalid address"},
      {"checks: [\"-*\", data-race]\n", ""},
      {"strict: maybe\n", "line 1: 'strict' is neither true nor false"},
      {"jobs: two\n", "line 1: invalid number of jobs 'two'"},
      {"quiet: true\nquiet: true\n", "line 2: 'quiet' is there twice"},
      {"severity: error\n", "line 1: 'severity' is not a list of 'name: value'"},
      {"severity: {data-rac: error}\n",
       "line 1: unknown check 'data-rac', did you mean 'data-race'?"},
      {"severity:\n  data-race: bad\n", "line 2: unknown severity 'bad'"},
      {"exclude: {a: b}\n", "line 1: 'exclude' is not plain text"},
      {"exclude: [[a]]\n", "line 1: an element of 'exclude' is not plain text"},
      {"- a\n", "line 1: the file is not a list of 'key: value'"},
      {"jobs: &a 1\n", "line 1: anchors and aliases are not supported"},
      {"jobs: !!int 1\n", "line 1: tags are not supported"},
      {"jobs: 1\nseverity:\nquiet: true\n", "line 2: 'severity' is not a list of 'name: value'"},
      {"jobs: 1\n<<<<<<< HEAD\nquiet: true\n=======\n>>>>>>> x\n",
       "line 2: it is a merge conflict marker"},
      {"jobs: 1\r\nquiet: true\r\n", ""},
      {"\xef\xbb\xbfjobs: 1\n", ""},
      {"\xff\xfej", "line 1: it is not text in UTF-8"},
      {"jobs: 1\ncategory: gr\xfc\xdf\n", "line 2: it is not text in UTF-8"},
      {"jobs: 1\ncategory: \"gr\xfc\xdf\"\n", "line 2: it is not text in UTF-8"},
      {"jobs: 1\n# gr\xfc\xdf\n", "line 2: it is not text in UTF-8"},
      {"category: |\n  a\n  \xed\xa0\x80\n", "line 3: it is not text in UTF-8"},
      {"jobs: 1\ncategory: gr\xc3\xbc\xc3\x9f\n", ""},
      {"---\njobs: 1\n---\njobs: 2\n", "more than one document"},
      {"checks: [a\n", "line "},
      {"list-checks: true\n", "line 1: unknown key 'list-checks'"},
  };
  for (const auto &[content, error] : rows) {
    folder_.write(".threadlint.yaml", content);
    ShellResult result = run("config verify");
    EXPECT_EQ(result.exitCode, *error ? 2 : 0) << content << result.errors;
    if (*error)
      EXPECT_THAT(result.errors,
                  testing::AllOf(StartsWith("threadlint: error: cannot read '"), HasSubstr(error)))
          << content;
  }
}

TEST_F(Config, VerifyRefusesWhatARunRefuses) {
  folder_.write("a.cpp", "int main() {}\n");
  folder_.write("known.jsonl", "{\"threadlintBaseline\":1}\n");
  folder_.write("rules.yaml", "- file: a.cpp\n");
  folder_.write("bad.yaml", "- flie: a.cpp\n");
  const std::pair<const char *, const char *> rows[] = {
      {"baseline: gone.jsonl\n", "gone.jsonl': No such file or directory"},
      {"baseline: a.cpp\n", "line 1 is not a JSON object"},
      {"suppressions: gone.yaml\n", "gone.yaml': No such file or directory"},
      {"suppressions: bad.yaml\n", "unknown key 'flie', did you mean 'file'?"},
      {"project-root: gone\n", "is not a folder"},
      {"new-from-rev: HEAD\n", "cannot find the revision 'HEAD'"},
      {"new-from-rev: a\nnew-from-merge-base: b\n", "exclude each other"},
      {"output: [json, text]\n", "without a path is given more than once"},
      {"output: [\"json:r\", \"text:r\"]\n", "is given for two outputs"},
      {"output: [\"json:known.jsonl\"]\nbaseline: known.jsonl\n", "would overwrite the input"},
      {"min-evidence: confirmed\n", "needs a trace"},
      {"baseline: known.jsonl\nsuppressions: rules.yaml\nproject-root: .\n", ""},
  };
  for (const auto &[content, error] : rows) {
    folder_.write(".threadlint.yaml", content);
    ShellResult ran = run("a.cpp --");
    EXPECT_EQ(ran.exitCode, *error ? 2 : 0) << content << ran.errors;
    EXPECT_THAT(ran.errors, HasSubstr(error)) << content;
    for (const char *arguments : {"config verify", "config verify .threadlint.yaml"}) {
      ShellResult verified = run(arguments);
      EXPECT_EQ(verified.exitCode, *error ? 2 : 0) << content << verified.errors;
      EXPECT_THAT(verified.errors, HasSubstr(error)) << content;
    }
  }
  // What a build or a test makes may be missing when the file is checked.
  folder_.write(".threadlint.yaml", "build-path: build\noutput: [\"json:build/report.json\"]\n"
                                    "trace: [build/run.trace]\nmin-evidence: confirmed\n");
  EXPECT_EQ(run("config verify").errors, "");
}

TEST_F(Config, EveryOptionHasAKeyThatMeansTheSame) {
  // Options about one command line, or with another name for the same key.
  const std::set<std::string_view> without{"--list-checks", "--no-strict", "--no-cache", "--config",
                                           "--no-config",   "--previous",  "--current",  "-o",
                                           "--format",      "--version",   "--help"};
  const std::map<std::string_view, std::string> samples{
      {"--output", "sarif:r.sarif"},
      {"--checks", "data-race"},
      {"--severity", "data-race=note"},
      {"--warnings-as-errors", "lock-leak"},
      {"--docs-url", "https://example.org/{check}"},
      {"--project-root", "src"},
      {"--baseline", "known.jsonl"},
      {"--suppressions", "rules.yaml"},
      {"--new-from-rev", "HEAD"},
      {"--new-from-merge-base", "HEAD"},
      {"--error-exitcode", "7"}};
  folder_.write("known.jsonl", "{\"threadlintBaseline\":1}\n");
  folder_.write("rules.yaml", "");
  folder_.write("src/keep", "");
  runShell("git init -q; git -c user.name=n -c user.email=a@b commit -qm one --allow-empty",
           folder_.path());
  for (const OptionRow &row : optionTable()) {
    ASSERT_EQ(row.key.empty(), without.contains(row.name)) << row.name;
    if (row.key.empty())
      continue;
    std::string value = row.argument.empty() ? ""
                        : row.values.empty() ? "3"
                                             : std::string(row.values[0]);
    if (auto sample = samples.find(row.name); sample != samples.end())
      value = sample->second;
    folder_.write("empty.yaml", "");
    const std::string separator = row.name.size() > 2 ? "=" : " ";
    ShellResult typed = run("config dump --config=empty.yaml " + std::string(row.name) +
                            (row.argument.empty() ? "" : separator + value));
    ASSERT_EQ(typed.exitCode, row.name == "--min-evidence" ? 2 : 0) << row.name << typed.errors;
    if (typed.exitCode != 0)
      continue; // needs a trace
    folder_.write("written.yaml", typed.output);
    EXPECT_EQ(run("config verify written.yaml").errors, "") << typed.output;
    auto plain = [&](std::string text) { // paths are relative to the file
      for (const std::string &part : {folder_.path() + "/", std::string("\"")})
        for (std::size_t at = 0; (at = text.find(part, at)) != std::string::npos;)
          text.erase(at, part.size());
      return text;
    };
    EXPECT_EQ(plain(run("config dump --config=written.yaml").output), plain(typed.output))
        << row.name;
  }
}

TEST_F(Config, LongFilesAreReadInTimeLinearInTheirLength) {
  auto seconds = [](const std::string &content) {
    const std::clock_t start = std::clock();
    EXPECT_TRUE(bool(parseYaml(content, "x.yaml")));
    return static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
  };
  auto rules = [](unsigned count) {
    std::string text;
    for (unsigned i = 0; i < count; ++i)
      text += "- check: data-race\n  file: src/x" + std::to_string(i) + ".cpp\n  reason: known\n";
    return text;
  };
  auto keys = [](unsigned count) {
    std::string text;
    for (unsigned i = 0; i < count; ++i)
      text += "key" + std::to_string(i) + ": value\n";
    return text;
  };
  // Quadratic reading took hundreds of times as long for sixteen times as much.
  EXPECT_LT(seconds(rules(32'000)), 64 * (seconds(rules(2'000)) + 0.01));
  EXPECT_LT(seconds(keys(32'000)), 64 * (seconds(keys(2'000)) + 0.01));
}

TEST_F(Config, NearestFileCountsAndPathsFollowIt) {
  folder_.write(".threadlint.yaml", "baseline: known.jsonl\njobs: 1\nstrict: false\n");
  folder_.write("sub/deep/x", "");
  folder_.write("other/.threadlint.yaml", "");
  std::string dump = runShell("$THREADLINT config dump", folder_.path() + "/sub/deep").output;
  EXPECT_THAT(dump, HasSubstr("baseline: \"" + folder_.path() + "/known.jsonl\"\n"));
  EXPECT_THAT(dump, HasSubstr("strict: false\n"));
  EXPECT_EQ(runShell("$THREADLINT config dump", folder_.path() + "/other").output, "");
  EXPECT_EQ(run("config dump --no-config").output, "");
  folder_.write("again.yaml", dump);
  EXPECT_EQ(run("config dump --config=again.yaml").output, dump) << "a dump is a configuration";
}

TEST_F(Config, TheCommandLineReplacesOptionByOption) {
  folder_.write(".threadlint.yaml", "exclude: [a, b]\nfail-on: error\nstrict: true\n");
  std::string text = run("config explain --exclude=c --no-strict").output;
  EXPECT_THAT(text, HasSubstr("exclude:\n  - c  # command line\nfail-on: error  # " +
                              folder_.path() + "/.threadlint.yaml:2\n"));
  EXPECT_THAT(text, HasSubstr("strict: false  # command line\n"));
  EXPECT_THAT(text, testing::Not(HasSubstr("strict: true")));
}

TEST_F(Config, InitWritesAFileThatIsValidAndNeverReplacesOne) {
  EXPECT_EQ(run("config verify").exitCode, 2);
  EXPECT_EQ(run("config init").exitCode, 0);
  EXPECT_EQ(run("config verify").exitCode, 0);
  EXPECT_EQ(run("config dump").output, "");
  EXPECT_EQ(run("config init").exitCode, 2);
}

TEST_F(Config, SchemaIsPublished) {
  std::string path = THREADLINT_SOURCE_DIR "/docs/reference/config.schema.json";
  if (std::getenv("THREADLINT_UPDATE_GOLDEN"))
    std::ofstream(path, std::ios::binary) << configSchema();
  EXPECT_EQ(readTestFile(path), configSchema()) << "./dev golden rewrites it";
  EXPECT_EQ(run("config schema").output, configSchema());
  EXPECT_EQ(schemaProblems(R"({"jobs": 2, "quiet": true, "severity": {"data-race": "note"}})",
                           configSchema(), SchemaMode::Lenient),
            "");
  EXPECT_NE(schemaProblems(R"({"job": 2})", configSchema(), SchemaMode::Lenient), "");
}

TEST_F(Config, HelpIsThereWhateverTheFileSays) {
  folder_.write(".threadlint.yaml", "nonsense: 1\n");
  EXPECT_EQ(run("--help").exitCode, 0);
  EXPECT_EQ(run("--version").exitCode, 0);
  EXPECT_EQ(run("explain data-race").exitCode, 0);
  EXPECT_EQ(run("--list-checks").exitCode, 2);
}

} // namespace
} // namespace threadlint
