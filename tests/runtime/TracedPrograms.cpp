// TracedPrograms: see TracedPrograms.h.
#include "tests/runtime/TracedPrograms.h"

#include "tests/support/Shell.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <ostream>
#include <sstream>

namespace threadlint {

namespace {

namespace fs = std::filesystem;

TracedProgram readProgram(const fs::path &path) {
  TracedProgram program;
  program.name = path.filename().string();
  std::ifstream file(path);
  for (std::string line; std::getline(file, line) && line.starts_with("//");) {
    std::istringstream words(line.substr(2));
    std::string key, word;
    words >> key;
    std::vector<std::string> values;
    while (words >> word)
      values.push_back(word);
    if (key == "finds:")
      program.finds = values;
    else if (key == "pruned:")
      program.pruned = values;
    else if (key == "site:")
      program.sites.push_back(std::stoi(values.at(0)));
    else if (key == "any")
      program.isAny = true;
    else if (key == "hangs")
      program.hangs = true;
    else if (key == "exit:")
      program.exitCode = std::stoi(values.at(0));
    else if (key == "processes:")
      program.processes = std::stoi(values.at(0));
    else if (key == "library:")
      program.sharedPart = values.at(0);
  }
  return program;
}

} // namespace

void PrintTo(const TracedCase &tracedCase, std::ostream *stream) {
  *stream << tracedCase.program.name << " with " << tracedCase.toolchain.name;
}

std::vector<TracedProgram> tracedPrograms() {
  std::vector<TracedProgram> programs;
  for (const fs::directory_entry &entry :
       fs::directory_iterator(THREADLINT_SOURCE_DIR "/testdata/tracer"))
    if (entry.path().extension() == ".c" || entry.path().extension() == ".cpp")
      programs.push_back(readProgram(entry.path()));
  std::sort(programs.begin(), programs.end(),
            [](const auto &a, const auto &b) { return a.name < b.name; });
  return programs;
}

std::vector<TracedCase> tracedCases(std::vector<std::string> &missing) {
  std::vector<Toolchain> toolchains = {
      {"gcc -O0", "gcc -O0", false},
      {"clang -O2", "clang-22 -O2", false},
      {"g++ -O0", "g++ -std=c++20 -O0", true},
      {"g++ -O2", "g++ -std=c++20 -O2", true},
      {"clang++ -O0", "clang++-22 -std=c++20 -O0", true},
      {"clang++ -O1", "clang++-22 -std=c++20 -O1", true},
      {"clang++ -O0, libc++", "clang++-22 -stdlib=libc++ -std=c++20 -O0", true},
      {"clang++ -O2, libc++", "clang++-22 -stdlib=libc++ -std=c++20 -O2", true},
  };
  TemporaryFolder folder;
  folder.write("main.c", "int main(void) { return 0; }\n");
  folder.write("main.cpp", "#include <mutex>\nint main() {}\n");
  std::vector<TracedCase> cases;
  std::vector<TracedProgram> programs = tracedPrograms();
  for (const Toolchain &toolchain : toolchains) {
    if (runShell(toolchain.command + (toolchain.isCpp ? " main.cpp" : " main.c"), folder.path())
            .exitCode != 0) {
      missing.push_back(toolchain.name);
      continue;
    }
    for (const TracedProgram &program : programs)
      if (program.isCpp() == toolchain.isCpp)
        cases.push_back({program, toolchain});
  }
  return cases;
}

} // namespace threadlint
