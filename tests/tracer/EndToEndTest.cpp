// EndToEndTest: a program is linted, built, traced and merged the way a user does it; and what cannot be merged says why.
#include "tests/support/Shell.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <fstream>

namespace threadlint {
namespace {

using testing::HasSubstr;
using Json = nlohmann::json;

constexpr const char *kProgram = R"(#include <mutex>
#include <thread>
struct Account { std::mutex mu_; int balance = 0; };
struct Audit { std::mutex mu_; int entries = 0; };
Account account;
Audit audit;
void deposit() {
  std::lock_guard<std::mutex> a(account.mu_);
  std::lock_guard<std::mutex> b(audit.mu_);
  ++account.balance; ++audit.entries;
}
void review() {
  std::lock_guard<std::mutex> b(audit.mu_);
  std::lock_guard<std::mutex> a(account.mu_);
  ++account.balance; ++audit.entries;
}
std::mutex never, notEither;
void one() { std::lock_guard<std::mutex> a(never); std::lock_guard<std::mutex> b(notEither); }
void two() { std::lock_guard<std::mutex> a(notEither); std::lock_guard<std::mutex> b(never); }
int main(int argc, char **) {
  std::thread other([argc] { deposit(); if (argc > 1) one(); });
  struct timespec pause{0, 50000000};
  nanosleep(&pause, nullptr); // so that it does not hang; nothing orders the two
  review();
  if (argc > 1) two();
  other.join();
}
)";

class EndToEnd : public testing::Test {
protected:
  void SetUp() override {
    folder_.write("app.cpp", kProgram);
    folder_.write(".threadlint.yaml", "");
    ShellResult linted = run("$THREADLINT app.cpp --output=json:static.json --exit-zero "
                             "--checks=lock-order-inversion -- -std=c++20");
    ASSERT_EQ(linted.exitCode, 0) << linted.errors;
  }
  ShellResult run(const std::string &command) {
    return runShell("TRACE='" THREADLINT_BINARY_DIR "/bin/threadlint-trace'\n" + command,
                    folder_.path());
  }
  /// trace.json: of a run that confirms the first finding.
  void trace() {
    ASSERT_EQ(run("clang++-22 -g -std=c++20 -pthread app.cpp -o app && "
                  "$TRACE run --output=json:trace.json -- ./app")
                  .exitCode,
              0);
  }
  Json read(const std::string &name) {
    std::ifstream file(folder_.path() + "/" + name);
    return Json::parse(file, nullptr, false);
  }
  /// "confirmed Account::mu_ -> Audit::mu_", one finding a line.
  std::string verdicts(const std::string &name) {
    std::string text;
    Json report = read(name);
    for (const Json &finding : report["findings"]) {
      std::string message = finding["message"];
      std::string chain = message.substr(0, message.find(": '"));
      text += finding["evidence"]["verdict"].get<std::string>() + " " +
              chain.substr(chain.find_last_of(' ', chain.find(" -> ") - 1) + 1) + "\n";
    }
    return text;
  }
  TemporaryFolder folder_;
};

TEST_F(EndToEnd, WhatHappenedIsConfirmedWhateverTheBuild) {
  for (const char *compiler : {"clang++-22", "g++"})
    for (const char *flags : {"-O0 -g", "-O2 -g1", "-O1 -g -gno-column-info"}) {
      if (run(std::string("command -v ") + compiler).exitCode != 0)
        continue;
      std::string name = std::string(compiler) + " " + flags;
      ShellResult built = run(name + " -std=c++20 -pthread -Wl,--build-id app.cpp -o app");
      if (built.exitCode != 0)
        continue; // another compiler may not know the flags
      ShellResult traced = run("$TRACE run --output=json:trace.json -- ./app");
      ASSERT_EQ(traced.exitCode, 0) << name << traced.errors;
      ShellResult merged = run("$THREADLINT merge static.json trace.json --output=json:merged.json "
                               "--output=dot:order.dot --output=text");
      EXPECT_EQ(merged.exitCode, 1) << name << merged.errors;
      EXPECT_EQ(verdicts("merged.json"), "confirmed Account::mu_ -> Audit::mu_ -> Account::mu_\n"
                                         "never-executed never -> notEither -> never\n")
          << name;
      EXPECT_THAT(merged.output, HasSubstr("(confirmed at run time)")) << name;
    }
}

TEST_F(EndToEnd, OneStepGivesTheSame) {
  ASSERT_NO_FATAL_FAILURE(trace());
  ShellResult merged = run("$THREADLINT merge static.json trace.json --output=json");
  ShellResult linted = run("$THREADLINT app.cpp --checks=lock-order-inversion --trace=trace.json "
                           "--output=json -- -std=c++20");
  EXPECT_EQ(linted.exitCode, 1) << linted.errors;
  EXPECT_EQ(linted.output, merged.output);
}

TEST_F(EndToEnd, TheGateAsksForEvidence) {
  ASSERT_NO_FATAL_FAILURE(trace());
  EXPECT_EQ(run("$THREADLINT merge static.json trace.json --min-evidence=confirmed").exitCode, 1);
  // Without the confirmed one the other, which was not executed, does not fail the build.
  Json report = read("static.json");
  ASSERT_EQ(report["findings"].size(), 2u);
  report["findings"].erase(0);
  folder_.write("rest.json", report.dump());
  Json trace = read("trace.json");
  for (const char *list : {"cycles", "findings"})
    trace[list] = Json::array();
  folder_.write("quiet.json", trace.dump());
  EXPECT_EQ(run("$THREADLINT merge rest.json quiet.json").exitCode, 1);
  EXPECT_EQ(run("$THREADLINT merge rest.json quiet.json --min-evidence=confirmed").exitCode, 0);
  EXPECT_EQ(run("$THREADLINT merge rest.json quiet.json --min-evidence=never-executed").exitCode,
            1);
}

TEST_F(EndToEnd, ReportHasTheExitCodesOfTheAnalyzer) {
  ASSERT_NO_FATAL_FAILURE(trace());
  EXPECT_EQ(run("$TRACE report trace.json").exitCode, 1);
  EXPECT_EQ(run("$TRACE report trace.json --exit-zero").exitCode, 0);
  EXPECT_EQ(run("$TRACE report trace.json --error-exitcode=7").exitCode, 7);
  ShellResult sarif = run("$TRACE report trace.json --output=sarif");
  EXPECT_THAT(sarif.output, HasSubstr("\"evidence\": \"confirmed\""));
  EXPECT_EQ(run("$TRACE report trace.json --output=nonsense").exitCode, 2);
}

TEST_F(EndToEnd, ATraceMayComeThroughAPipeOfTheShell) {
  ASSERT_NO_FATAL_FAILURE(trace());
  run("$TRACE run --trace=t.tlt --output=json:again.json -- ./app");
  for (const std::string &name : std::vector<std::string>{"trace.json", "t.tlt"}) {
    const std::string arguments = " --quiet --exit-zero --output=json";
    ShellResult file = run("$THREADLINT app.cpp --trace=" + name + arguments + " -- -std=c++20");
    EXPECT_THAT(file.output, HasSubstr("\"confirmed\"")) << name << file.errors;
    EXPECT_EQ(run("bash -c '$THREADLINT app.cpp --trace=<(cat " + name + ")" + arguments +
                  " -- -std=c++20'")
                  .output,
              file.output)
        << name;
    EXPECT_EQ(run("cat " + name + " | $TRACE report /dev/stdin" + arguments).output,
              run("$TRACE report " + name + arguments).output)
        << name;
    EXPECT_EQ(
        run("bash -c '$THREADLINT merge <(cat static.json) <(cat " + name + ")" + arguments + "'")
            .output,
        run("$THREADLINT merge static.json " + name + arguments).output)
        << name;
  }
}

TEST_F(EndToEnd, BadInputSaysWhy) {
  folder_.write("foreign.tlt", "not a trace");
  folder_.write("cut.tlt", "TLTRACE\n\1");
  folder_.write("empty/readme", "");
  struct Row {
    const char *command, *message;
  };
  for (const Row &row : {
           Row{"$THREADLINT merge",
               "'threadlint merge' needs a JSON report and at least one trace"},
           Row{"$THREADLINT merge static.json", "needs a JSON report and at least one trace"},
           Row{"$THREADLINT merge static.json nowhere.tlt",
               "cannot read 'nowhere.tlt': No such file or directory"},
           Row{"$THREADLINT merge static.json foreign.tlt",
               "cannot read 'foreign.tlt': not a trace of threadlint-trace"},
           Row{"$THREADLINT merge static.json cut.tlt",
               "cannot read 'cut.tlt': truncated: the file ends in its header"},
           Row{"$THREADLINT merge static.json empty", "no trace (*.tlt) in the folder 'empty'"},
           Row{"$THREADLINT merge static.json static.json",
               "a report without a trace: its place is before the traces"},
           Row{"$THREADLINT merge foreign.tlt static.json",
               "cannot read 'foreign.tlt': not a threadlint JSON report"},
           Row{"$THREADLINT merge static.json x --trace=y", "takes traces without '--trace'"},
           Row{"$THREADLINT app.cpp --min-evidence=confirmed -- -std=c++20",
               "option '--min-evidence' needs a trace"},
           Row{"$THREADLINT app.cpp --trace=nowhere -- -std=c++20", "cannot read 'nowhere'"},
           Row{"$THREADLINT merge static.json x --min-evidence=sure", "unknown evidence 'sure'"},
           Row{"$TRACE report foreign.tlt --output=json:./foreign.tlt",
               "the output './foreign.tlt' would overwrite the input 'foreign.tlt'"},
           Row{"$TRACE report", "'threadlint-trace report' needs a trace"},
           Row{"$TRACE report nowhere.tlt", "cannot read 'nowhere.tlt'"},
           Row{"$TRACE report foreign.tlt", "not a trace of threadlint-trace"},
       }) {
    ShellResult result = run(row.command);
    EXPECT_EQ(result.exitCode, 2) << row.command;
    EXPECT_THAT(result.errors, HasSubstr(row.message)) << row.command;
    EXPECT_EQ(result.output, "") << row.command;
  }
}

TEST_F(EndToEnd, AnotherBuildIsSaid) {
  ASSERT_EQ(run("clang++-22 -g -std=c++20 -pthread -Wl,--build-id app.cpp -o app && "
                "THREADLINT_TRACE_OPTIONS=trace=$PWD/run.tlt LD_PRELOAD='" THREADLINT_BINARY_DIR
                "/lib/libthreadlint-trace.so' ./app && "
                "echo 'int more;' >> app.cpp && "
                "clang++-22 -g -std=c++20 -pthread -Wl,--build-id app.cpp -o app")
                .exitCode,
            0);
  ShellResult report = run("$TRACE report run.tlt");
  EXPECT_EQ(report.exitCode, 1);
  EXPECT_THAT(report.output, HasSubstr("is from another build than the traced one (build id "));
}

} // namespace
} // namespace threadlint
