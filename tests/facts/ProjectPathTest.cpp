// ProjectPathTest: one name for every way to a file.
#include "analyzer/facts/ProjectPath.h"

#include "tests/support/Shell.h"

#include <gtest/gtest.h>

namespace threadlint {
namespace {

TEST(ProjectPath, IsWhatThePathResolvesTo) {
  TemporaryFolder folder;
  folder.write("real/app/src/a.cpp", "");
  folder.write("real/app/include/keep", "");
  folder.write("real/outside/lib/b.h", "");
  runShell("ln -s real/app link; cd real/app; ln -s src alias; ln -s ../src/a.cpp include/a.cpp\n"
           "ln -s ../outside third_party; ln -s ../../outside/lib/b.h src/b.h; ln -s loop loop",
           folder.path());
  const std::string base = resolvedPath(folder.path()) + "/";
  const std::pair<const char *, const char *> rows[] = {
      {"real/app/src/a.cpp", "src/a.cpp"},
      {"link/src/a.cpp", "src/a.cpp"},
      {"link/alias/a.cpp", "src/a.cpp"},
      {"link/include/a.cpp", "src/a.cpp"},
      {"link/./src/../alias/a.cpp", "src/a.cpp"},
      {"link/../app/src/a.cpp", "src/a.cpp"}, // above the link is real/
      // What the project takes from elsewhere has a name in it.
      {"link/third_party/lib/b.h", "third_party/lib/b.h"},
      {"real/app/alias/b.h", "src/b.h"},
      // What is not there yet, or no more.
      {"link/alias/gone.cpp", "src/gone.cpp"},
      {"link/gone/../gone.cpp", "gone.cpp"},
      {"link/loop/a.cpp", "loop/a.cpp"},
      {"nowhere/a.cpp", "*nowhere/a.cpp"},
      // Outside.
      {"real/outside/lib/b.h", "*real/outside/lib/b.h"},
      {"real/application/a.cpp", "*real/application/a.cpp"},
      {"link", "*real/app"},
  };
  for (const auto &[path, name] : rows)
    for (const char *root : {"real/app", "link", "link/", "link/src/.."})
      EXPECT_EQ(projectPath(base + path, base + root), *name == '*' ? base + (name + 1) : name)
          << path << " in " << root;
  EXPECT_EQ(projectPath("/usr/x.h", "/"), "usr/x.h");
  EXPECT_EQ(projectPath("/nowhere/./x.h", ""), "/nowhere/x.h");
  EXPECT_EQ(projectPath("", base), "");
}

} // namespace
} // namespace threadlint
