// ExtractionTable: runs one snippet through extractTu and compares the dump with what must and must not occur in it.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace threadlint {

struct ExtractionCase {
  const char *name;
  const char *code;
  std::vector<std::string> expected; ///< in this order
  std::vector<std::string> absent = {};
  const char *file = "test.cpp";
  std::vector<std::string> options = {};
};

/// The dump of the facts of `code`.
std::string extractDump(const std::string &code, const std::string &file = "test.cpp",
                        const std::vector<std::string> &options = {});
void checkExtraction(const ExtractionCase &test);

inline std::string caseName(const testing::TestParamInfo<ExtractionCase> &info) {
  return info.param.name;
}

} // namespace threadlint
