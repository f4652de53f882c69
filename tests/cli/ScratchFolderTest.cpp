// ScratchFolderTest: several processes that make and sweep scratch folders at once.
#include "analyzer/cli/ScratchFolder.h"
#include "tests/support/Shell.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <sys/wait.h>
#include <unistd.h>

namespace threadlint {
namespace {

constexpr int kFailed = 1, kVanished = 2;

/// Makes folders, each of which sweeps what it takes for abandoned, and looks whether its own are still there.
int makeMany(int count) {
  for (int i = 0; i < count; ++i) {
    llvm::Expected<ScratchFolder> folder = ScratchFolder::make("collision");
    if (!folder) {
      llvm::consumeError(folder.takeError());
      return kFailed;
    }
    for (int look = 0; look < 3; ++look, usleep(200))
      if (!std::filesystem::exists(folder->path() + "/lock"))
        return kVanished;
  }
  return 0;
}

TEST(ScratchFolder, IsNotSweptByAProcessThatStartsAtTheSameTime) {
  TemporaryFolder temporary;
  const char *before = std::getenv("TMPDIR");
  const std::string old = before ? before : "";
  setenv("TMPDIR", temporary.path().c_str(), 1);
  std::vector<pid_t> makers;
  for (int i = 0; i < 6; ++i)
    if (pid_t maker = fork(); maker == 0)
      _exit(makeMany(200));
    else
      makers.push_back(maker);
  for (pid_t maker : makers) {
    int status = 0;
    waitpid(maker, &status, 0);
    EXPECT_EQ(status, 0) << WEXITSTATUS(status);
  }
  EXPECT_TRUE(std::filesystem::is_empty(temporary.path()));
  before ? setenv("TMPDIR", old.c_str(), 1) : unsetenv("TMPDIR");
}

} // namespace
} // namespace threadlint
