// CommandLineTest: options, their errors, and the commands that only print.
#include "analyzer/cli/CommandLine.h"
#include "analyzer/cli/OptionTable.h"
#include "tests/support/AnnotatedSources.h"
#include "tests/support/Shell.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <regex>

namespace threadlint {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

struct ErrorRow {
  const char *arguments, *error;
};

TEST(CommandLine, ExplainsWhatIsWrong) {
  const ErrorRow rows[] = {
      {"--ouptut=json", "unknown option '--ouptut', did you mean '--output'?"},
      {"--min-confidnce=high",
       "unknown option '--min-confidnce', did you mean '--min-confidence'?"},
      {"--frobnicate", "unknown option '--frobnicate'"},
      {"-checks=data-race", "unknown option '-checks', did you mean '--checks'?"},
      {"-output=json", "unknown option '-output', did you mean '--output'?"},
      {"-jobs=4", "unknown option '-jobs', did you mean '--jobs'?"},
      {"a.cpp -std=c++20", "unknown option '-std=c++20': compiler flags go after '--'"},
      {"a.cpp -Iinclude", "unknown option '-Iinclude': compiler flags go after '--'"},
      {"-p build -p gone", "option '-p' is given more than once"},
      {"--checks=-*", "the list of checks '-*' selects none"},
      {"--checks=data-race,-data-race --list-checks",
       "the list of checks 'data-race,-data-race' selects none"},
      {"--warnings-as-errors=, a.cpp --", "option '--warnings-as-errors' names no check"},
      {"''", "an argument is empty"},
      {"baseline create ''", "'threadlint baseline create' needs a file"},
      {"--checks=, a.cpp --", "option '--checks' names no check"},
      {"-z", "unknown option '-z'"},
      {"--output=jsn", "unknown output format 'jsn', did you mean 'json'?"},
      {"--output=json:", "missing path after 'json:'"},
      {"--output=json --output=text", "option '--output' without a path is given more than once"},
      {"--output=json:a --output=text:a", "'a' is given for two outputs"},
      {"--output", "option '--output' needs a value"},
      {"--quiet=1", "option '--quiet' takes no value"},
      {"--min-confidence=hihg", "unknown confidence 'hihg', did you mean 'high'?"},
      {"--fail-on=waring", "unknown severity 'waring', did you mean 'warning'?"},
      {"--color=sometimes", "unknown colour mode 'sometimes'"},
      {"-j two", "invalid number of jobs 'two'"},
      {"-j -1", "invalid number of jobs '-1'"},
      {"--timeout=1m", "invalid timeout '1m'"},
      {"--checks=data-rce", "unknown check 'data-rce', did you mean 'data-race'?"},
      {"--checks=*,-threadlint-lock-leek",
       "unknown check 'threadlint-lock-leek', did you mean 'lock-leak'?"},
      {"--checks=bugprone-*", "unknown check 'bugprone-*', see 'threadlint --list-checks'"},
      {"--list-checks --checks=data-rce", "unknown check 'data-rce', did you mean 'data-race'?"},
      {"explain", "'threadlint explain' needs the name of a check"},
      {"explain data-rac", "unknown check 'data-rac', did you mean 'data-race'?"},
      {"explian data-race",
       "cannot read 'explian': No such file or directory, did you mean 'explain'?"},
      {"--quiet doctor", "cannot read 'doctor': No such file or directory; the command 'doctor' "
                         "goes before all options"},
      {"facts", "'threadlint facts' needs a source file"},
      {"facts a.cpp b.cpp", "'threadlint facts' takes one source file"},
      {"link", "'threadlint link' needs facts files"},
      {"link x.tlf -o y", "options '-o' and '--format' belong to 'threadlint facts'"},
      {"-p build a.cpp -- -std=c++20", "option '-p' and flags after '--' exclude each other"},
      {"-- -std=c++20", "no source files before '--'"},
      {"baseline", "'threadlint baseline' needs an action: create, update, prune or show"},
      {"baseline crate x",
       "unknown action 'crate' of 'threadlint baseline', did you mean 'create'?"},
      {"baseline create", "'threadlint baseline create' needs a file"},
      {"diff", "'threadlint diff' needs '--previous FILE' and '--current FILE'"},
      {"a.cpp --previous=x --", "options '--previous' and '--current' belong to 'threadlint diff'"},
      {"config", "'threadlint config' needs an action: dump, explain, verify, schema or init"},
      {"link x.tlf --new-from-rev=HEAD",
       "facts belong to one revision: compare reports with 'threadlint diff' instead"},
      {"--new-from-rev=a --new-from-merge-base=b",
       "options '--new-from-rev' and '--new-from-merge-base' exclude each other"},
      {"--baseline-stale=eror", "unknown reaction 'eror', did you mean 'error'?"},
      {"--error-exitcode=300", "invalid exit code '300'"},
      {"--warnings-as-errors=lock-leek a.cpp --",
       "unknown check 'lock-leek', did you mean 'lock-leak'?"},
      {"--project-root=nowhere a.cpp --", "the project root 'nowhere' is not a folder"},
      {"--docs-url=docs/{check}.md a.cpp --",
       "invalid address 'docs/{check}.md': it has to look like "
       "'https://example.org/checks/{check}.html'"},
      {"--docs-url=https://example.org a.cpp --",
       "invalid address 'https://example.org': it has to look like "
       "'https://example.org/checks/{check}.html'"},
      // What would be ignored
      {"link x.tlf -p build", "option '-p' has no effect with 'threadlint link'"},
      {"link x.tlf --include=src", "option '--include' has no effect with 'threadlint link'"},
      {"link x.tlf --extra-arg=-DX", "option '--extra-arg' has no effect with 'threadlint link'"},
      {"link x.tlf -- -DX", "flags after '--' have no effect with 'threadlint link'"},
      {"baseline create b link x.tlf -p build",
       "option '-p' has no effect with 'threadlint baseline create FILE link'"},
      {"baseline create b --output=json",
       "option '--output' has no effect with 'threadlint baseline create'"},
      {"baseline update b --baseline=c",
       "option '--baseline' has no effect with 'threadlint baseline update'"},
      {"baseline prune b --fail-on=error",
       "option '--fail-on' has no effect with 'threadlint baseline prune'"},
      {"baseline create b --severity=data-race=note",
       "option '--severity' has no effect with 'threadlint baseline create'"},
      {"baseline create b --new-from-rev=HEAD",
       "option '--new-from-rev' has no effect with 'threadlint baseline create'"},
      {"baseline show b --checks=data-race",
       "option '--checks' has no effect with 'threadlint baseline show'"},
      {"baseline show b a.cpp", "'a.cpp' has no effect with 'threadlint baseline show'"},
      {"diff --previous=a --current=b --checks=data-race",
       "option '--checks' has no effect with 'threadlint diff'"},
      {"diff --previous=a --current=b --baseline=c",
       "option '--baseline' has no effect with 'threadlint diff'"},
      {"diff --previous=a --current=b --severity=data-race=note",
       "option '--severity' has no effect with 'threadlint diff'"},
      {"diff --previous=a --current=b c", "'c' has no effect with 'threadlint diff'"},
      {"diff --previous=a --current=b -- -DX",
       "flags after '--' have no effect with 'threadlint diff'"},
      {"merge a b -p build",
       "option '-p' has no effect with 'threadlint merge' and 'threadlint-trace report'"},
      {"merge a b --new-from-rev=HEAD",
       "option '--new-from-rev' has no effect with 'threadlint merge' and "
       "'threadlint-trace report'"},
      {"facts a.cpp --output=json", "option '--output' has no effect with 'threadlint facts'"},
      {"facts a.cpp --checks=data-race", "option '--checks' has no effect with 'threadlint facts'"},
      {"doctor --baseline=b", "option '--baseline' has no effect with 'threadlint doctor'"},
      {"doctor --strict", "option '--strict' has no effect with 'threadlint doctor'"},
      {"explain data-race --output=json",
       "option '--output' has no effect with 'threadlint explain'"},
      {"--list-checks --output=json", "option '--output' has no effect with '--list-checks'"},
      {"--list-checks a.cpp", "'a.cpp' has no effect with '--list-checks'"},
      {"config schema --checks=data-race",
       "option '--checks' has no effect with 'threadlint config schema'"},
      {"config init --exit-zero",
       "option '--exit-zero' has no effect with 'threadlint config init'"},
      {"config dump x.yaml", "'x.yaml' has no effect with 'threadlint config dump'"},
      {"a.cpp --baseline-stale=error --",
       "option '--baseline-stale' needs a baseline: '--baseline=FILE'"},
  };
  TemporaryFolder folder;
  for (const ErrorRow &row : rows) {
    ShellResult result = runShell(std::string("$THREADLINT ") + row.arguments, folder.path());
    EXPECT_EQ(result.exitCode, 2) << row.arguments;
    EXPECT_EQ(result.errors, std::string("threadlint: error: ") + row.error + "\n")
        << row.arguments;
    EXPECT_THAT(result.output, IsEmpty()) << row.arguments;
  }
}

TEST(CommandLine, NoOptionTakesAnEmptyValueForNone) {
  // --baseline="$KNOWN" where KNOWN is not set must not pass for a run without a baseline.
  for (const OptionRow &row : optionTable()) {
    if (row.argument.empty())
      continue;
    const std::string name(row.name);
    for (const std::string &written : {name + "=", name + " ''"}) {
      ShellResult result = runShell("$THREADLINT a.cpp " + written + " --", "/");
      EXPECT_EQ(result.exitCode, 2) << written;
      EXPECT_EQ(result.errors, "threadlint: error: option '" + name + "' has an empty value\n")
          << written;
    }
  }
}

TEST(CommandLine, TheAddressOfThePagesIsAUri) {
  for (const char *good :
       {"https://example.org/{check}", "http://localhost:8080/a%20b/{check}.html?x=1#top",
        "HTTPS://user@[::1]:80/{check}", "https://{check}.example.org",
        "https://example.org/#{check}"})
    EXPECT_EQ(
        runShell("$THREADLINT --list-checks --docs-url='" + std::string(good) + "'", "/").errors,
        "threadlint: error: option '--docs-url' has no effect with '--list-checks'\n")
        << good;
  for (const char *bad :
       {"https://", "https:///{check}", "https://example.org/a b/{check}", "ftp://a.org/{check}",
        "https://example.org/{check}/{x}", "https://example.org/%zz{check}", "https://:80/{check}",
        "https://example.org/{check}%2", "https://example.org:port/{check}", "{check}",
        "https://gr\xc3\xbc\xc3\x9f.org/{check}", "https://a.org/<{check}>",
        "https://a.org/#{check}#", "https://a.org/\"{check}", "https://[::1/{check}",
        "https://a.org/[{check}]", "https://a@b@c/{check}", "https://a.org\\{check}",
        "https://a.org/x"})
    EXPECT_THAT(
        runShell("$THREADLINT --list-checks --docs-url='" + std::string(bad) + "'", "/").errors,
        StartsWith("threadlint: error: invalid address "))
        << bad;
}

TEST(CommandLine, ListsTheSelectedChecks) {
  auto list = [](const std::string &arguments) {
    return runShell("$THREADLINT --list-checks " + arguments + " | sed 's/ .*//' | tr '\\n' ' '",
                    "/")
        .output;
  };
  EXPECT_THAT(list(""), HasSubstr("threadlint-data-race threadlint-lock-order-inversion "));
  EXPECT_EQ(list("--checks=data-race"), "threadlint-data-race ");
  EXPECT_EQ(list("--checks=threadlint-data-race,lock-leak"),
            "threadlint-data-race threadlint-lock-leak ");
  EXPECT_EQ(list("'--checks=-*,lock-*'"), "threadlint-lock-order-inversion threadlint-lock-leak ");
  EXPECT_EQ(list("'--checks=*,-data-race'"), list("--checks=-data-race"));
  EXPECT_THAT(list("--checks=-data-race"), Not(HasSubstr("data-race")));
  EXPECT_EQ(list("--checks=data-race --checks=lock-leak"),
            "threadlint-data-race threadlint-lock-leak ");
  EXPECT_EQ(list("'--checks=-*'"), "");
}

TEST(CommandLine, WarnsOfOptionsThatAnotherOneLeavesWithoutEffect) {
  TemporaryFolder folder;
  folder.write("a.cpp", "int main() {}\n");
  folder.write("shared.yaml", "category: nightly\nexit-zero: true\n");
  const ErrorRow rows[] = {
      {"--exit-zero --error-exitcode=3",
       "option '--error-exitcode' has no effect with '--exit-zero'"},
      {"--exit-zero --fail-on=error", "option '--fail-on' has no effect with '--exit-zero'"},
      {"--category=linux", "option '--category' has no effect without '--output=sarif'"},
      {"--docs-url=https://example.org/{check} --output=json",
       "option '--docs-url' has no effect without '--output=sarif' or '--output=rdjsonl'"},
      {"facts a.cpp -o a.tlf", nullptr}, // only prepares
      {"link a.tlf -j 2", "option '-j' has no effect with 'threadlint link'"},
      {"link a.tlf --timeout=5", "option '--timeout' has no effect with 'threadlint link'"},
      {"link a.tlf --total-timeout=60 --memory-limit=9000 --no-cache", ""},
      {"--category=linux --output=sarif", ""},
      {"--docs-url=https://example.org/{check} --output=rdjsonl", ""},
      {"--config=shared.yaml", ""}, // is for several commands
  };
  for (const ErrorRow &row : rows) {
    ShellResult result = runShell(
        std::string("$THREADLINT ") +
            (std::string_view(row.arguments).starts_with("--") ? "a.cpp " : "") + row.arguments +
            " --quiet" + (std::string_view(row.arguments).starts_with("link") ? "" : " --"),
        folder.path());
    EXPECT_EQ(result.exitCode, 0) << row.arguments;
    EXPECT_EQ(result.errors, row.error && *row.error
                                 ? "threadlint: warning: " + std::string(row.error) + "\n"
                                 : "")
        << row.arguments;
  }
}

TEST(CommandLine, PrintsHelpVersionAndPages) {
  ShellResult help = runShell("$THREADLINT --help", "/");
  EXPECT_EQ(help.exitCode, 0);
  EXPECT_THAT(help.output, HasSubstr("usage: threadlint"));
  EXPECT_THAT(help.output, HasSubstr("--header-filter=GLOB"));
  EXPECT_EQ(runShell("$THREADLINT help", "/").output, help.output);
  EXPECT_THAT(runShell("$THREADLINT --version", "/").output, StartsWith("threadlint "));
  ShellResult page = runShell("$THREADLINT explain threadlint-data-race", "/");
  EXPECT_EQ(page.exitCode, 0);
  EXPECT_THAT(page.output, HasSubstr("data-race"));
  EXPECT_EQ(runShell("$THREADLINT explain data-race", "/").output, page.output);
}

TEST(CommandLine, EveryOptionIsDocumented) {
  std::string page = readTestFile(THREADLINT_SOURCE_DIR "/docs/reference/cli.md");
  std::string help = helpText();
  static const std::regex kOption("\n  (-[-a-z]+)");
  for (std::sregex_iterator match(help.begin(), help.end(), kOption), end; match != end; ++match)
    EXPECT_THAT(page, HasSubstr("`" + std::string((*match)[1]))) << "docs/reference/cli.md";
}

TEST(CommandLine, FailsWhenStandardOutputFails) {
  for (const char *arguments : {"--list-checks", "--help", "--version", "explain data-race"}) {
    ShellResult full = runShell(std::string("$THREADLINT ") + arguments + " >/dev/full", "/");
    EXPECT_EQ(full.exitCode, 2) << arguments;
    EXPECT_EQ(full.errors,
              "threadlint: error: cannot write to standard output: No space left on device\n")
        << arguments;
    ShellResult closed = runShell(std::string("$THREADLINT ") + arguments + " >&-", "/");
    EXPECT_EQ(closed.exitCode, 2) << arguments;
    EXPECT_EQ(closed.errors,
              "threadlint: error: cannot write to standard output: Bad file descriptor\n")
        << arguments;
  }
}

} // namespace
} // namespace threadlint
