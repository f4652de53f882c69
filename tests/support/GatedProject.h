// GatedProject: the sources of a small project for tests of the gate: one change adds a bug with its other half in an untouched file.
#pragma once

#include "tests/support/Shell.h"

namespace threadlint {

/// src/backward.cpp before the change, and after it.
inline constexpr const char *kTame = "#include \"locks.h\"\nvoid backward() {\n"
                                     "  std::lock_guard b(second);\n}\n";
inline constexpr const char *kInverted =
    "#include \"locks.h\"\nvoid backward() {\n"
    "  std::lock_guard b(second);\n  std::lock_guard a(first);\n}\n";

/// The project before the change, with a race that was always there.
inline void writeTameProject(const TemporaryFolder &folder) {
  folder.write("src/locks.h", "#pragma once\n#include <mutex>\ninline std::mutex first, second;\n"
                              "inline int shared;\nvoid forward();\nvoid backward();\n");
  folder.write("src/forward.cpp", "#include \"locks.h\"\nvoid forward() {\n"
                                  "  std::lock_guard a(first);\n  std::lock_guard b(second);\n}\n");
  folder.write("src/backward.cpp", kTame);
  folder.write("src/main.cpp", "#include \"locks.h\"\n#include <thread>\nint main() {\n"
                               "  std::thread t([] { forward(); shared = 1; });\n  backward();\n  "
                               "shared = 2;\n  t.join();\n}\n");
}

} // namespace threadlint
