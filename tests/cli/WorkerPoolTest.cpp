// WorkerPoolTest: crashes, timeouts and order, with extractors that misbehave on purpose.
#include "analyzer/cli/WorkerPool.h"

#include "tests/support/Shell.h"

#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <unistd.h>

namespace threadlint {
namespace {

std::vector<CompileCommand> commandsFor(const std::vector<std::string> &names) {
  std::vector<CompileCommand> commands;
  for (const std::string &name : names)
    commands.push_back({"/project", "/project/" + name, {}});
  return commands;
}

/// What a worker does depends on the name of the file.
TuFacts misbehave(const CompileCommand &command) {
  if (command.file.find("crash") != std::string::npos)
    raise(SIGSEGV);
  if (command.file.find("exit") != std::string::npos)
    _exit(7);
  if (command.file.find("hang") != std::string::npos)
    for (;;)
      pause();
  TuFacts facts;
  facts.mainFile = command.file;
  if (command.file.find("big") != std::string::npos)
    facts.strings.resize(60'000, "a string to fill the pipe");
  facts.strings[0].clear();
  return facts;
}

/// "file" or "file: limitation" per command.
std::vector<std::string> extract(const std::vector<std::string> &names, unsigned jobs,
                                 const Extractor &extractor = misbehave) {
  std::vector<CompileCommand> commands = commandsFor(names);
  std::size_t observed = 0;
  auto facts =
      extractAll(commands, extractor, [&](std::size_t) { ++observed; }, {jobs, 1, "/project"});
  EXPECT_TRUE(bool(facts));
  EXPECT_EQ(observed, names.size());
  std::vector<std::string> texts;
  for (const TuFacts &each : *facts) {
    std::string text = each.mainFile;
    for (const Limitation &limitation : each.limitations)
      text += ": " + each.strings[limitation.kind] + ": " + each.strings[limitation.message];
    texts.push_back(text);
  }
  return texts;
}

TEST(WorkerPool, KeepsTheOrderForAnyNumberOfWorkers) {
  std::vector<std::string> names, expected;
  for (int i = 0; i < 40; ++i) {
    names.push_back((i % 5 == 0 ? "big" : "file") + std::to_string(i) + ".cpp");
    expected.push_back("/project/" + names.back());
  }
  for (unsigned jobs : {1u, 2u, 7u, 100u})
    EXPECT_EQ(extract(names, jobs), expected) << jobs << " workers";
}

TEST(WorkerPool, LosesOnlyTheFileThatCrashes) {
  const std::vector<std::string> expected = {
      "/project/a.cpp", "crash.cpp: crash: the analysis of this file crashed: Segmentation fault",
      "/project/b.cpp", "exit.cpp: crash: the analysis of this file crashed: exit code 7",
      "/project/c.cpp"};
  for (unsigned jobs : {1u, 3u})
    EXPECT_EQ(extract({"a.cpp", "crash.cpp", "b.cpp", "exit.cpp", "c.cpp"}, jobs), expected);
}

volatile std::sig_atomic_t asked = 0;

TEST(WorkerPool, NoticesASignalThatComesBeforeItSleeps) {
  auto before = std::signal(SIGTERM, [](int) { asked = 1; });
  std::vector<CompileCommand> commands = commandsFor({"hang.cpp"});
  PoolOptions options{1, 20, "/project"};
  options.isInterrupted = [] {
    const bool answer = asked != 0;
    if (!answer)
      raise(SIGTERM); // after the look at it
    return answer;
  };
  auto facts = extractAll(commands, misbehave, [](std::size_t) {}, options);
  std::signal(SIGTERM, before);
  ASSERT_TRUE(bool(facts));
  const TuFacts &only = facts->front();
  EXPECT_EQ(only.strings[only.limitations.at(0).kind], "interrupted");
}

TEST(WorkerPool, GivesUpOnTheFileThatHangs) {
  const std::vector<std::string> expected = {
      "/project/a.cpp", "hang.cpp: timeout: the analysis of this file took longer than 1 s",
      "/project/b.cpp"};
  EXPECT_EQ(extract({"a.cpp", "hang.cpp", "b.cpp"}, 1), expected);
}

TEST(WorkerPool, TriesACrashedFileOnceMoreAlone) {
  TemporaryFolder folder;
  std::string marker = folder.path() + "/crashed-before";
  auto crashOnce = [&](const CompileCommand &command) {
    if (command.file.ends_with("once.cpp") && !std::filesystem::exists(marker)) {
      folder.write("crashed-before", "");
      raise(SIGKILL);
    }
    return misbehave(command);
  };
  const std::vector<std::string> expected = {"/project/once.cpp", "/project/b.cpp"};
  EXPECT_EQ(extract({"once.cpp", "b.cpp"}, 2, crashOnce), expected);
}

TEST(WorkerPool, AcceptsNoCommands) { EXPECT_TRUE(extract({}, 4).empty()); }

} // namespace
} // namespace threadlint
