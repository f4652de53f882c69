// PagesTest: what the pages show as output is the output.
#include "tests/support/AnnotatedSources.h"
#include "tests/support/Shell.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <regex>
#include <sstream>

namespace threadlint {
namespace {

namespace fs = std::filesystem;

std::string page(const std::string &name) { return readTestFile(THREADLINT_SOURCE_DIR "/" + name); }

struct Block {
  std::string before, language, text; ///< the last words before the fence
};

std::vector<Block> blocksOf(const std::string &text) {
  std::vector<Block> blocks;
  std::istringstream lines(text);
  std::string words, line;
  bool isInside = false;
  while (std::getline(lines, line)) {
    if (line.starts_with("```")) {
      if (!isInside)
        blocks.push_back({words, line.substr(3), ""});
      isInside = !isInside;
    } else if (isInside) {
      blocks.back().text += line + "\n";
    } else if (!line.empty() && !line.starts_with("<!--")) {
      words = line;
    }
  }
  return blocks;
}

/// The report that a block shows, without the summary, whose time differs.
std::string shownReport(const std::string &block) {
  std::string report = block.substr(block.find('\n') + 1);
  return std::regex_replace(report, std::regex("[0-9]+ findings? [^\n]* s\n$"), "");
}

/// Runs the commands that a page shows on the sources that it shows; returns how many.
std::size_t checkPage(const std::string &text, const std::string &name) {
  TemporaryFolder folder;
  std::size_t count = 0;
  for (const Block &block : blocksOf(text)) {
    std::smatch match;
    static const std::regex kFile("`([A-Za-z0-9_.-]+\\.(?:c|cpp|h))`");
    bool isSource = block.language == "c" || block.language == "cpp";
    if (isSource && std::regex_search(block.before, match, kFile))
      folder.write(match.str(1), block.text);
    if (block.language != "console" || !block.text.starts_with("$ threadlint "))
      continue;
    std::string command = block.text.substr(13, block.text.find('\n') - 13);
    ShellResult result = runShell("$THREADLINT --quiet " + command, folder.path());
    EXPECT_EQ(result.output, shownReport(block.text)) << name << ": " << command << result.errors;
    ++count;
  }
  return count;
}

TEST(Pages, OfChecksShowTheRealOutput) {
  for (const fs::path &path : fs::directory_iterator(THREADLINT_SOURCE_DIR "/docs/checks")) {
    std::string name = "docs/checks/" + path.filename().string();
    // A run has no fixed output.
    EXPECT_GE(checkPage(page(name), name), path.stem() == "stall" ? 0u : 1u)
        << name << " shows no output";
  }
}

TEST(Pages, TutorialShowsTheRealOutput) {
  std::string name = "docs/tutorial.md";
  std::string text = page(name);
  EXPECT_EQ(checkPage(text.substr(0, text.find("\n## 4.")), name), 2u);
}

TEST(Pages, ReadmeShowsTheOutputOfTheCheckPage) {
  std::string shown = blocksOf(page("README.md")).at(0).text;
  EXPECT_TRUE(shown.starts_with("$ threadlint abba.cpp")) << shown;
  std::string checkPage = page("docs/checks/lock-order-inversion.md");
  EXPECT_NE(checkPage.find(shown), std::string::npos) << shown;
}

TEST(Pages, LinksLeadToFiles) {
  std::vector<fs::path> pages{THREADLINT_SOURCE_DIR "/README.md"};
  for (const fs::path &path : fs::recursive_directory_iterator(THREADLINT_SOURCE_DIR "/docs"))
    if (path.extension() == ".md")
      pages.push_back(path);
  bool isReferenceLinked = false;
  static const std::regex kLink("\\]\\(([^)# ]+)(#[^)]*)?\\)");
  for (const fs::path &path : pages) {
    std::string text = readTestFile(path.string());
    for (std::sregex_iterator match(text.begin(), text.end(), kLink), end; match != end; ++match) {
      std::string target = match->str(1);
      if (target.find("://") != std::string::npos)
        continue;
      EXPECT_TRUE(fs::exists(path.parent_path() / target)) << path << ": " << target;
      isReferenceLinked |= path.filename() == "README.md" && target == "docs/reference/cli.md";
    }
  }
  EXPECT_TRUE(isReferenceLinked);
}

} // namespace
} // namespace threadlint
