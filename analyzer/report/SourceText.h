// SourceText: the user's sources, for snippets, columns and hashes.
//
// Files are read when first asked for and kept. A file or line that is not there gives no snippet; it is never an error.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace threadlint {

class SourceText {
public:
  /// `root` is prepended to relative file names.
  explicit SourceText(std::string root) : root_(std::move(root)) {}

  /// Line number `line` (1-based) without its end.
  std::optional<std::string> line(const std::string &file, std::uint32_t line);
  /// All of a file; empty when it cannot be read.
  const std::string &content(const std::string &file);

private:
  struct File {
    std::string content;
    std::vector<std::size_t> lineStarts;
  };
  const File &file(const std::string &name);

  std::string root_;
  std::map<std::string, File, std::less<>> files_;
};

/// `source` as clang shows it under a message: the numbered line, a caret at `column`, tildes up to `endColumn` (0 = caret only).
/// Two lines with final newlines; empty when the column is outside of the line or the line is too long to help.
std::string snippet(const std::string &source, std::uint32_t line, std::uint32_t column,
                    std::uint32_t endColumn);

} // namespace threadlint
