// SourceText: whole files are kept, with the starts of their lines.
#include "analyzer/report/SourceText.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace threadlint {
namespace {

constexpr std::size_t kLongestLine = 400;

bool continuesCharacter(char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; }

/// Nothing of what is no file any more: a pipe has no end.
std::string readAll(const std::string &path) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error))
    return {};
  std::ifstream stream(path, std::ios::binary);
  std::ostringstream content;
  if (stream)
    content << stream.rdbuf();
  return std::move(content).str();
}

} // namespace

const SourceText::File &SourceText::file(const std::string &name) {
  auto [place, isNew] = files_.try_emplace(name);
  File &file = place->second;
  if (!isNew)
    return file;
  file.content = readAll(name.starts_with('/') ? name : root_ + "/" + name);
  if (!file.content.empty())
    file.lineStarts.push_back(0);
  for (std::size_t at = 0; (at = file.content.find('\n', at)) != std::string::npos;)
    if (++at < file.content.size())
      file.lineStarts.push_back(at);
  return file;
}

const std::string &SourceText::content(const std::string &name) { return file(name).content; }

std::optional<std::string> SourceText::line(const std::string &name, std::uint32_t line) {
  if (name.empty() || line == 0)
    return std::nullopt;
  const File &file = this->file(name);
  if (line > file.lineStarts.size())
    return std::nullopt;
  std::size_t begin = file.lineStarts[line - 1];
  std::size_t end = std::min(file.content.find('\n', begin), file.content.size());
  if (end > begin && file.content[end - 1] == '\r')
    --end;
  return file.content.substr(begin, end - begin);
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
