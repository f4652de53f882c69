// GoldenRunner: whole-file comparison; the diff is git's business after `./dev golden`.
#include "tests/support/GoldenRunner.h"

#include "tests/support/AnnotatedSources.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace threadlint {

std::string compareGolden(const std::string &name, const std::string &actual) {
  std::string path = std::string(THREADLINT_SOURCE_DIR "/testdata/golden/") + name;
  if (std::getenv("THREADLINT_UPDATE_GOLDEN")) {
    std::filesystem::create_directories(std::filesystem::path(path).parent_path());
    std::ofstream(path, std::ios::binary) << actual;
    return {};
  }
  std::string expected = readTestFile(path);
  if (expected == actual)
    return {};
  return "differs from testdata/golden/" + name + " (./dev golden rewrites it)\n--- expected\n" +
         expected + "--- actual\n" + actual;
}

std::string withoutFolder(std::string text, const std::string &folder) {
  for (std::size_t at = 0; (at = text.find(folder, at)) != std::string::npos;)
    text.replace(at, folder.size(), "<root>");
  return text;
}

} // namespace threadlint
