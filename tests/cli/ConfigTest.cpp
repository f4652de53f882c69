// ConfigTest: .threadlint.yaml says what the command line could say, and every mistake in it is named with its line.
#include "analyzer/cli/ConfigFile.h"
#include "tests/support/AnnotatedSources.h"
#include "tests/support/GoldenRunner.h"
#include "tests/support/JsonSchema.h"
#include "tests/support/Shell.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

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
      {"checks: \"\"\n", "line 1: option '--checks' names no check"},
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
