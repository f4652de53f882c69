// KnownTruthTest: programs whose bugs are known, run under the tracer: every one found, no false alarm, nothing else changed.
#include "tests/runtime/TracedPrograms.h"
#include "tests/support/Shell.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>

namespace threadlint {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

Json readJson(const std::string &path) {
  std::ifstream file(path);
  return Json::parse(file, nullptr, false);
}

class KnownTruth : public testing::TestWithParam<TracedCase> {};

TEST_P(KnownTruth, IsTold) {
  const auto &[program, toolchain] = GetParam();
  TemporaryFolder folder;
  const std::string data = THREADLINT_SOURCE_DIR "/testdata/tracer/",
                    build = toolchain.command + " -g -D_GNU_SOURCE -pthread -I " + data +
                            " -I " THREADLINT_SOURCE_DIR "/tracer/include ";
  ShellResult built = runShell(build + data + program.name + " -o program", folder.path());
  ASSERT_EQ(built.exitCode, 0) << built.errors;
  std::string argument;
  if (!program.sharedPart.empty()) {
    argument = " " + folder.path() + "/library.so";
    built = runShell(build + data + program.sharedPart + " -DLIBRARY -shared -fPIC -o library.so",
                     folder.path());
    ASSERT_EQ(built.exitCode, 0) << built.errors;
  }
  // A program that hangs is ended once its deadlock was told.
  std::string run = THREADLINT_BINARY_DIR "/bin/threadlint-trace run --output=json:report.json "
                                          "--output=text:report.txt --trace=kept.tlt ";
  if (program.hangs)
    run += "--on-deadlock=run:'kill -TERM %p' ";
  ShellResult result = runShell("timeout 20 " + run + "-- ./program" + argument, folder.path());
  EXPECT_EQ(result.exitCode, program.hangs ? 128 + 15 : program.exitCode) << result.errors;
  EXPECT_EQ(result.output, "");
  EXPECT_EQ(result.errors.find("deadlock in process") != std::string::npos, program.hangs)
      << result.errors;

  std::vector<std::string> found, pruned;
  int processes = 0;
  for (const fs::directory_entry &entry : fs::directory_iterator(folder.path())) {
    processes += entry.path().extension() == ".tlt";
    if (entry.path().extension() != ".json")
      continue;
    Json report = readJson(entry.path().string());
    ASSERT_TRUE(report.is_object() && report.contains("findings")) << entry.path();
    for (const Json &finding : report["findings"]) {
      std::string check = finding.value("check", "");
      found.push_back(check.substr(check.rfind("threadlint-", 0) == 0 ? 11 : 0));
    }
    for (const Json &cycle : report.value("pruned", Json::array()))
      pruned.push_back(cycle.value("reason", ""));
  }
  std::ifstream textFile(folder.path() + "/report.txt");
  std::stringstream text;
  text << textFile.rdbuf();
  EXPECT_EQ(processes, program.processes);
  std::vector<std::string> expected = program.finds;
  if (program.isAny && found.size() == 1 &&
      std::count(expected.begin(), expected.end(), found.front()))
    expected = found;
  EXPECT_EQ(found, expected) << text.str() << result.errors;
  for (const std::string &reason : program.pruned)
    EXPECT_TRUE(std::count(pruned.begin(), pruned.end(), reason))
        << "no cycle was pruned as " << reason;
  Json report = readJson(folder.path() + "/report.json");
  for (int line : program.sites) {
    bool isThere = false;
    for (const Json &finding : report["findings"])
      for (const Json &thread : finding.value("threads", Json::array()))
        for (const Json &step : thread.value("path", Json::array()))
          isThere |= step.value("line", 0) == line &&
                     step.value("file", "").find(program.name) != std::string::npos;
    for (const Json &observation : report.value("observations", Json::array()))
      isThere |= observation.value("line", 0) == line &&
                 observation.value("file", "").find(program.name) != std::string::npos;
    EXPECT_TRUE(isThere) << "no acquisition at line " << line << "\n" << report.dump(1);
  }
}

std::vector<TracedCase> allCases() {
  std::vector<std::string> missing;
  std::vector<TracedCase> cases = tracedCases(missing);
  for (const std::string &toolchain : missing)
    std::cerr << "skipped: the traced programs with " << toolchain << ", which is not installed\n";
  return cases;
}

INSTANTIATE_TEST_SUITE_P(Programs, KnownTruth, testing::ValuesIn(allCases()),
                         [](const testing::TestParamInfo<TracedCase> &info) {
                           std::string name =
                               info.param.program.name + "_" + info.param.toolchain.name;
                           std::string clean;
                           for (char letter : name)
                             clean += std::isalnum(static_cast<unsigned char>(letter)) ? letter
                                      : letter == '+'                                  ? 'p'
                                                                                       : '_';
                           return clean;
                         });

} // namespace
} // namespace threadlint
