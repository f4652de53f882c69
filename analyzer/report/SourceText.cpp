// SourceText: whole files are kept, lines are searched; a report asks for few lines of few files.
#include "analyzer/report/SourceText.h"

#include <algorithm>
#include <fstream>
#include <sstream>

namespace threadlint {
namespace {

constexpr std::size_t kLongestLine = 400;

bool continuesCharacter(char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; }

std::string readAll(const std::string &path) {
  std::ifstream stream(path, std::ios::binary);
  std::ostringstream content;
  if (stream)
    content << stream.rdbuf();
  return std::move(content).str();
}

} // namespace

std::optional<std::string> SourceText::line(const std::string &file, std::uint32_t line) {
  if (file.empty() || line == 0)
    return std::nullopt;
  auto [place, isNew] = contents_.try_emplace(file);
  if (isNew)
    place->second = readAll(file.starts_with('/') ? file : root_ + "/" + file);
  const std::string &content = place->second;
  std::size_t begin = 0;
  for (std::uint32_t i = 1; i < line; ++i) {
    begin = content.find('\n', begin);
    if (begin == std::string::npos)
      return std::nullopt;
    ++begin;
  }
  if (begin >= content.size())
    return std::nullopt;
  std::size_t end = std::min(content.find('\n', begin), content.size());
  if (end > begin && content[end - 1] == '\r')
    --end;
  return content.substr(begin, end - begin);
}

std::string snippet(const std::string &source, std::uint32_t line, std::uint32_t column,
                    std::uint32_t endColumn) {
  if (column == 0 || column > source.size() + 1 || source.size() > kLongestLine)
    return {};
  std::string shown = source;
  std::replace_if(
      shown.begin(), shown.end(),
      [](char c) { return (c >= 0 && c < ' ' && c != '\t') || c == 0x7f; }, '?');

  std::string number = std::to_string(line);
  std::string gutter(std::max<std::size_t>(number.size(), 5), ' ');
  std::string marks;
  for (std::size_t i = 0; i + 1 < column; ++i)
    if (!continuesCharacter(shown[i]))
      marks.push_back(shown[i] == '\t' ? '\t' : ' ');
  marks.push_back('^');
  for (std::size_t i = column; i + 1 < endColumn && i < shown.size(); ++i)
    if (!continuesCharacter(shown[i]))
      marks.push_back('~');
  return gutter.substr(number.size()) + number + " | " + shown + "\n" + gutter + " | " + marks +
         "\n";
}

} // namespace threadlint
