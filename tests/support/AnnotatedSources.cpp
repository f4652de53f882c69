// AnnotatedSources: line scanner for annotations, folder walk and Markdown blocks for cases.
#include "tests/support/AnnotatedSources.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace threadlint {
namespace fs = std::filesystem;
namespace {

constexpr std::string_view kFlagsMarker = "// flags:";
constexpr const char *kCFlags[] = {"-std=c17", "-pthread"};
constexpr const char *kCxxFlags[] = {"-std=c++20", "-pthread"};

bool isC(const AnnotatedSource &source) { return source.file.ends_with(".c"); }

std::vector<std::string> splitLines(const std::string &content) {
  std::vector<std::string> lines;
  std::istringstream stream(content);
  for (std::string line; std::getline(stream, line);)
    lines.push_back(line);
  return lines;
}

std::string_view trimmed(std::string_view text) {
  std::size_t begin = text.find_first_not_of(" \t\r");
  return begin == std::string_view::npos
             ? std::string_view()
             : text.substr(begin, text.find_last_not_of(" \t\r") - begin + 1);
}

bool isCode(std::string_view line) {
  line = trimmed(line);
  return !line.empty() && !line.starts_with("//");
}

/// Reads `expect...: check "text"` at the front of `text` and removes it; false when there is none.
bool takeAnnotation(std::string_view &text, Annotation &annotation) {
  static constexpr std::pair<std::string_view, AnnotationKind> kMarkers[] = {
      {"expect:", AnnotationKind::Expect},
      {"expect-fp:", AnnotationKind::FalsePositive},
      {"expect-fn:", AnnotationKind::FalseNegative}};
  for (const auto &[marker, kind] : kMarkers) {
    if (!text.starts_with(marker))
      continue;
    annotation.kind = kind;
    text = trimmed(text.substr(marker.size()));
    std::size_t end =
        std::min(text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-"), text.size());
    annotation.check = text.substr(0, end);
    text = trimmed(text.substr(end));
    if (text.starts_with('"')) {
      std::size_t close = std::min(text.find('"', 1), text.size() - 1);
      annotation.text = text.substr(1, close - 1);
      text.remove_prefix(close + 1);
    }
    return true;
  }
  return false;
}

AnnotatedSource readSource(const fs::path &path, const fs::path &projectFolder) {
  return {path.lexically_relative(projectFolder).generic_string(), readTestFile(path.string())};
}

std::vector<fs::path> sortedEntries(const fs::path &folder) {
  std::vector<fs::path> entries;
  std::error_code error;
  for (const fs::directory_entry &entry : fs::directory_iterator(folder, error))
    entries.push_back(entry.path());
  std::sort(entries.begin(), entries.end());
  return entries;
}

void addFolderCases(const fs::path &folder, const fs::path &projectFolder,
                    std::vector<AnnotatedCase> &cases) {
  for (const fs::path &entry : sortedEntries(folder)) {
    AnnotatedCase annotatedCase;
    annotatedCase.name = (folder.filename() / entry.filename()).generic_string();
    if (fs::is_directory(entry)) {
      for (const fs::path &file : sortedEntries(entry))
        if (fs::is_regular_file(file))
          annotatedCase.sources.push_back(readSource(file, projectFolder));
    } else if (isTranslationUnit(entry.string())) {
      annotatedCase.sources.push_back(readSource(entry, projectFolder));
    }
    if (!annotatedCase.sources.empty())
      cases.push_back(std::move(annotatedCase));
  }
}

/// "<!-- expect: 8 data-race -->" before a block of a page stands for "// expect: data-race" at the end of its line 8, and "none" for
/// "// expect: none" behind it: so readers of the page see only the code.
void annotate(std::vector<std::string> &block, const std::string &expectation) {
  const std::string mark = " // expect: ";
  std::size_t space = expectation.find(' ');
  if (space == std::string::npos) {
    block.push_back(mark + expectation);
    return;
  }
  std::size_t line = std::strtoul(expectation.c_str(), nullptr, 10);
  if (line >= 1 && line <= block.size())
    block[line - 1] += mark + expectation.substr(space + 1);
  else
    block.push_back("#error the page expects something of line " + std::to_string(line));
}

void addPageCases(const fs::path &page, std::vector<AnnotatedCase> &cases) {
  const std::string opening = "<!-- expect: ", closing = " -->";
  const std::string name = "docs/" + page.stem().string();
  std::vector<std::string> block, expectations;
  bool inBlock = false;
  unsigned number = 0;
  for (const std::string &line : splitLines(readTestFile(page.string()))) {
    if (!inBlock && line == "```cpp") {
      inBlock = true;
      block.clear();
    } else if (inBlock && line == "```") {
      inBlock = false;
      if (expectations.empty())
        continue;
      for (const std::string &expectation : expectations)
        annotate(block, expectation);
      expectations.clear();
      std::string content;
      for (const std::string &each : block)
        content += each + "\n";
      std::string caseName = name + "-" + std::to_string(++number);
      cases.push_back({caseName, {{caseName + ".cpp", content}}});
    } else if (inBlock) {
      block.push_back(line);
    } else if (line.starts_with(opening) && line.ends_with(closing)) {
      expectations.push_back(
          line.substr(opening.size(), line.size() - opening.size() - closing.size()));
    }
  }
}

} // namespace

bool isTranslationUnit(const std::string &file) {
  return file.ends_with(".c") || file.ends_with(".cc") || file.ends_with(".cpp");
}

std::vector<std::string> flagsOf(const AnnotatedSource &source) {
  std::vector<std::string> flags(isC(source) ? std::begin(kCFlags) : std::begin(kCxxFlags),
                                 isC(source) ? std::end(kCFlags) : std::end(kCxxFlags));
  if (std::size_t at = source.content.find(kFlagsMarker); at != std::string::npos) {
    at += kFlagsMarker.size();
    std::istringstream added(source.content.substr(at, source.content.find('\n', at) - at));
    for (std::string flag; added >> flag;)
      flags.push_back(flag);
  }
  return flags;
}

std::vector<std::string> precompiledHeaderFlags(const AnnotatedSource &source) {
  if (isC(source) || flagsOf(source).size() != std::size(kCxxFlags))
    return {};
  return {"-include-pch", THREADLINT_STANDARD_HEADERS};
}

std::string lineOf(const std::string &content, std::uint32_t line) {
  std::vector<std::string> lines = splitLines(content);
  return line >= 1 && line <= lines.size() ? lines[line - 1] : std::string();
}

std::string readTestFile(const std::string &path) {
  std::ifstream stream(path, std::ios::binary);
  std::ostringstream content;
  content << stream.rdbuf();
  return std::move(content).str();
}

std::vector<Annotation> findAnnotations(const std::string &content) {
  std::vector<Annotation> annotations;
  std::vector<std::string> lines = splitLines(content);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    std::size_t target = i;
    if (!isCode(lines[i]))
      while (target + 1 < lines.size() && !isCode(lines[target]))
        ++target;
    std::string_view rest = lines[i];
    for (std::size_t at; (at = rest.find("// expect")) != std::string_view::npos;) {
      rest.remove_prefix(at + 3);
      Annotation annotation;
      annotation.line = static_cast<std::uint32_t>(target + 1);
      if (takeAnnotation(rest, annotation) && annotation.check != "none")
        annotations.push_back(std::move(annotation));
    }
  }
  return annotations;
}

std::vector<AnnotatedCase> findAnnotatedCases(const std::string &projectFolder) {
  std::vector<AnnotatedCase> cases;
  for (const fs::path &folder : sortedEntries(projectFolder + "/testdata"))
    if (fs::is_directory(folder) && folder.filename() != "golden" && folder.filename() != "tracer")
      addFolderCases(folder, projectFolder, cases);
  for (const fs::path &page : sortedEntries(projectFolder + "/docs/checks"))
    if (page.extension() == ".md")
      addPageCases(page, cases);
  return cases;
}

} // namespace threadlint
