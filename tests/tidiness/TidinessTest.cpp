// TidinessTest: the house rules that a machine can check (pages, cases, description comments, layers, order).
#include "checks/Checks.h"
#include "tests/support/AnnotatedSources.h"
#include "tests/support/AnnotationRunner.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <regex>
#include <set>

namespace threadlint {
namespace {

namespace fs = std::filesystem;

const fs::path kRoot = THREADLINT_SOURCE_DIR;

/// Files under `folders` with one of the extensions, relative to the root, sorted.
std::vector<fs::path> filesIn(std::initializer_list<const char *> folders,
                              std::set<std::string> extensions) {
  std::vector<fs::path> files;
  for (const char *folder : folders) {
    std::error_code error;
    for (const fs::directory_entry &entry : fs::recursive_directory_iterator(kRoot / folder, error))
      if (entry.is_regular_file() && extensions.contains(entry.path().extension().string()))
        files.push_back(entry.path().lexically_relative(kRoot));
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::string read(const fs::path &file) { return readTestFile((kRoot / file).string()); }

/// Ids in the order of Checks.def.
std::vector<std::string> checkIds() {
  static const std::regex kRow(R"re(CHECK\("([^"]*)")re");
  std::vector<std::string> ids;
  std::string list = read("checks/Checks.def");
  for (std::sregex_iterator row(list.begin(), list.end(), kRow), end; row != end; ++row)
    if (std::string id = (*row)[1]; id.find("id") != 0)
      ids.push_back(id);
  return ids;
}

std::vector<std::string> includesOf(const fs::path &file) {
  static const std::regex kInclude(R"re(^\s*#\s*include\s*[<"]([^>"]+)[>"])re",
                                   std::regex::multiline);
  std::vector<std::string> includes;
  std::string content = read(file);
  for (std::sregex_iterator match(content.begin(), content.end(), kInclude), end; match != end;
       ++match)
    includes.push_back((*match)[1]);
  return includes;
}

TEST(Tidiness, EveryCheckIsDocumented) {
  for (const std::string &id : checkIds()) {
    std::string page = read("docs/checks/" + id + ".md");
    for (const char *section : {"What it finds", "Why it matters", "Example", "How to fix",
                                "Limitations", "Options", "References"})
      EXPECT_NE(page.find(std::string("\n## ") + section + "\n"), std::string::npos)
          << "docs/checks/" << id << ".md lacks '## " << section << "'";
  }
}

TEST(Tidiness, EveryPageBelongsToACheck) {
  std::vector<std::string> ids = checkIds();
  for (const fs::path &page : filesIn({"docs/checks"}, {".md"}))
    if (page.stem() != "README" && page.stem() != "stall") // of traces, not of Checks.def
      EXPECT_TRUE(std::count(ids.begin(), ids.end(), page.stem().string()))
          << page << " has no row in Checks.def";
}

TEST(Tidiness, EveryCheckHasCasesThatFireAndCasesThatDoNot) {
  std::map<std::string, std::pair<int, int>> casesOf; // firing, silent
  for (const AnnotatedCase &annotatedCase : findAnnotatedCases(kRoot.string())) {
    bool fires = false;
    for (const AnnotatedSource &source : annotatedCase.sources)
      for (const Annotation &annotation : findAnnotations(source.content))
        fires |= annotation.kind == AnnotationKind::Expect;
    auto &[firing, silent] = casesOf[annotatedCase.name.substr(0, annotatedCase.name.find('/'))];
    ++(fires ? firing : silent);
  }
  for (const std::string &id : checkIds()) {
    EXPECT_GT(casesOf[id].first, 0) << "testdata/" << id << " has no case that fires";
    EXPECT_GT(casesOf[id].second, 0) << "testdata/" << id << " has no near-miss case";
  }
}

TEST(Tidiness, AnnotationsNameKnownChecks) {
  std::vector<std::string> ids = checkIds();
  for (const AnnotatedCase &annotatedCase : findAnnotatedCases(kRoot.string()))
    for (const AnnotatedSource &source : annotatedCase.sources)
      for (const Annotation &annotation : findAnnotations(source.content))
        EXPECT_TRUE(std::count(ids.begin(), ids.end(), annotation.check))
            << source.file << ":" << annotation.line << ": unknown check '" << annotation.check
            << "'";
}

TEST(Tidiness, ChecksAreGroupedBySeverityAndUnique) {
  std::set<std::string_view> seen;
  Severity previous = Severity::Error;
  for (const CheckInfo &check : allChecks()) {
    EXPECT_TRUE(seen.insert(check.id).second) << check.id << " has two rows";
    EXPECT_GE(check.severity, previous)
        << check.id << ": errors come first, then warnings, then notes";
    EXPECT_FALSE(check.summary.ends_with('.')) << check.id;
    EXPECT_NE(check.cwe, 0u) << check.id;
    previous = check.severity;
  }
}

TEST(Tidiness, EverySourceOpensWithItsDescription) {
  for (const fs::path &file :
       filesIn({"analyzer", "checks", "tests", "bench", "tracer"}, {".h", ".cpp", ".def"})) {
    std::string content = read(file);
    EXPECT_TRUE(content.starts_with("// ")) << file << " does not open with a description comment";
    if (file.extension() != ".def")
      EXPECT_TRUE(content.starts_with("// " + file.stem().string()))
          << file << " does not name itself in its first line";
  }
}

TEST(Tidiness, BuildFilesOpenWithTheirDescription) {
  for (const fs::path &file : filesIn({"cmake", "tests", "bench"}, {".cmake", ".txt"}))
    EXPECT_TRUE(read(file).starts_with("# ")) << file;
}

TEST(Tidiness, HeadersAreIncludedOnce) {
  for (const fs::path &file : filesIn({"analyzer", "checks", "tests", "tracer"}, {".h"}))
    EXPECT_NE(read(file).find("\n#pragma once\n"), std::string::npos) << file;
}

TEST(Tidiness, OnlyExtractAndThePluginIncludeClang) {
  for (const fs::path &file : filesIn({"analyzer", "checks"}, {".h", ".cpp"})) {
    std::string name = file.generic_string();
    if (name.starts_with("analyzer/extract/") || name.starts_with("checks/tidy/"))
      continue;
    for (const std::string &include : includesOf(file))
      EXPECT_FALSE(include.starts_with("clang")) << name << " includes " << include;
  }
}

TEST(Tidiness, OnlyTheCommandLineAndExtractIncludeLlvm) {
  for (const fs::path &file : filesIn({"analyzer", "checks"}, {".h", ".cpp"})) {
    std::string name = file.generic_string();
    if (name.starts_with("analyzer/extract/") || name.starts_with("checks/tidy/") ||
        name.starts_with("analyzer/cli/"))
      continue;
    for (const std::string &include : includesOf(file))
      EXPECT_FALSE(include.starts_with("llvm/")) << name << " includes " << include;
  }
}

TEST(Tidiness, JsonStaysInSources) {
  for (const fs::path &file : filesIn({"analyzer", "checks"}, {".h"}))
    for (const std::string &include : includesOf(file))
      EXPECT_FALSE(include.starts_with("nlohmann")) << file;
}

/// The stages, left to right. Checks and the plain values of reports (Finding, Fingerprint) may be used by checks.
int layerOf(const std::string &file) {
  static constexpr std::pair<const char *, int> kLayers[] = {{"analyzer/facts/", 0},
                                                             {"analyzer/models/", 1},
                                                             {"analyzer/extract/", 2},
                                                             {"analyzer/program/", 3},
                                                             {"analyzer/analysis/", 4},
                                                             {"analyzer/report/Finding.h", 4},
                                                             {"analyzer/report/Fingerprint.h", 4},
                                                             {"analyzer/report/", 6},
                                                             {"tracer/record/", 0},
                                                             {"tracer/report/ReportCommand", 8},
                                                             {"tracer/report/", 6},
                                                             {"checks/tidy/", 8},
                                                             {"checks/", 6},
                                                             {"analyzer/cli/", 7},
                                                             {"tracer/run/", 9},
                                                             {"tracer/cli/", 10},
                                                             {"tracer/runtime/", 11},
                                                             {"tests/", 12},
                                                             {"bench/", 12}};
  for (const auto &[prefix, layer] : kLayers)
    if (file.starts_with(prefix))
      return layer;
  for (const char *folder : {"analyzer/", "checks/", "tracer/"})
    EXPECT_FALSE(file.starts_with(folder) && fs::exists(kRoot / file)) << file << " has no layer";
  return -1; // not of the project
}

TEST(Tidiness, NoStageIncludesAStageToItsRight) {
  EXPECT_LT(layerOf("analyzer/cli/Errors.h"), layerOf("tracer/run/Watch.h"));
  EXPECT_LT(layerOf("tracer/run/Watch.h"), layerOf("tests/support/Shell.h"));
  for (const fs::path &file : filesIn({"analyzer", "checks", "tracer"}, {".h", ".cpp"})) {
    std::string name = file.generic_string();
    if (name.starts_with("tracer/include/"))
      continue;
    for (const std::string &include : includesOf(file)) {
      EXPECT_LE(layerOf(include), layerOf(name)) << name << " includes " << include;
      // The runtime is part of other programs: it has only itself and the format.
      EXPECT_FALSE(name.starts_with("tracer/runtime/") && layerOf(include) >= 0 &&
                   !include.starts_with("tracer/runtime/") &&
                   !include.starts_with("tracer/record/"))
          << name << " includes " << include;
      EXPECT_FALSE(name.starts_with("analyzer/report/") && include.starts_with("checks/"))
          << name << " includes " << include;
    }
  }
}

TEST(Tidiness, IncludesStartAtTheRoot) {
  for (const fs::path &file : filesIn({"analyzer", "checks", "tests", "tracer"}, {".h", ".cpp"}))
    for (const std::string &include : includesOf(file))
      EXPECT_FALSE(include.starts_with(".")) << file << " includes " << include;
}

TEST(Tidiness, SourcesStayShort) {
  for (const fs::path &file : filesIn({"analyzer", "checks", "tracer"}, {".h", ".cpp"})) {
    std::string content = read(file);
    EXPECT_LE(std::count(content.begin(), content.end(), '\n'), 600)
        << file << ": past 600 lines, split by noun";
  }
}

TEST(Tidiness, NamesAreNotHidingANoun) {
  static const std::regex kHidden("(Manager|Helper|Util|Utils|Handler|Processor|Info|Data)$");
  for (const fs::path &file : filesIn({"analyzer", "checks", "tests", "tracer"}, {".h", ".cpp"}))
    EXPECT_FALSE(std::regex_search(file.stem().string(), kHidden)) << file;
}

} // namespace
} // namespace threadlint
