// CompanionsTest: sources beside included headers are read when there is no compile database.
#include "tests/support/Shell.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace threadlint {
namespace {

using testing::HasSubstr;
using testing::Not;

void writeClass(const TemporaryFolder &folder, const std::string &name, const std::string &other,
                const std::string &extra = "") {
  folder.write(name + ".h",
               "#pragma once\n#include <mutex>\nstruct " + other + ";\nstruct " + name +
                   " {\n  void both(" + other +
                   " &);\n  void touch();\n  std::mutex mutex;\n  int uses = 0;\n};\n");
  folder.write(name + ".cpp",
               "#include \"" + name + ".h\"\n#include \"" + other + ".h\"\nvoid " + name +
                   "::both(" + other +
                   " &other) {\n  std::lock_guard guard(mutex);\n  other.touch();\n"
                   "}\nvoid " +
                   name + "::touch() {\n  std::lock_guard guard(mutex);\n  ++uses;\n}\n" + extra);
}

TEST(Companions, ShowWhatTheOtherHalfDoes) {
  TemporaryFolder folder;
  writeClass(folder, "Left", "Right");
  writeClass(folder, "Right", "Left");
  ShellResult one = runShell("$THREADLINT Left.cpp -- -std=c++17", folder.path());
  EXPECT_THAT(one.output, HasSubstr("lock order inversion"));
  EXPECT_EQ(one.output, runShell("$THREADLINT -j1 Left.cpp -- -std=c++17", folder.path()).output);
}

TEST(Companions, KeepTheirOwnFindingsAndTroublesToThemselves) {
  TemporaryFolder folder;
  writeClass(folder, "Left", "Right");
  writeClass(folder, "Right", "Left",
             "void leak(Right &r, bool b) {\n  r.mutex.lock();\n  if (b) return;\n  "
             "r.mutex.unlock();\n}\n");
  ShellResult one = runShell("$THREADLINT Left.cpp -- -std=c++17", folder.path());
  EXPECT_THAT(one.output, HasSubstr("lock order inversion"));
  EXPECT_THAT(one.output, Not(HasSubstr("leak")));
  folder.write("Right.cpp", "#include \"Right.h\"\nint Right::broken() { return missing; }\n");
  ShellResult broken = runShell("$THREADLINT --strict Left.cpp -- -std=c++17", folder.path());
  EXPECT_EQ(broken.exitCode, 0) << broken.output;
}

TEST(Companions, AreNoneOfTheGivenFilesByAnotherName) {
  TemporaryFolder folder;
  writeClass(folder, "Left", "Right");
  writeClass(folder, "Right", "Left",
             "void leak(Right &r, bool b) {\n  r.mutex.lock();\n  if (b) return;\n  "
             "r.mutex.unlock();\n}\n");
  ShellResult linked =
      runShell("ln -s . link; $THREADLINT link/Left.cpp Right.cpp -- -std=c++17", folder.path());
  EXPECT_THAT(linked.output, HasSubstr("Right.cpp:12:")) << "the leak in a file that was given";
  EXPECT_EQ(linked.output,
            runShell("$THREADLINT Left.cpp Right.cpp -- -std=c++17", folder.path()).output);
}

} // namespace
} // namespace threadlint
