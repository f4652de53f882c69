// SourceText: lines of the user's sources for the snippets of the text report.
//
// Files are read when first asked for and kept. A file or line that is not there gives no snippet; it is never an error.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace threadlint {

class SourceText {
public:
  /// `root` is prepended to relative file names.
  explicit SourceText(std::string root) : root_(std::move(root)) {}

  /// Line number `line` (1-based) without its end.
  std::optional<std::string> line(const std::string &file, std::uint32_t line);

private:
  std::string root_;
  std::map<std::string, std::string, std::less<>> contents_;
};

/// `source` as clang shows it under a message: the numbered line, a caret at `column`, tildes up to `endColumn` (0 = caret only).
/// Two lines with final newlines; empty when the column is outside of the line or the line is too long to help.
std::string snippet(const std::string &source, std::uint32_t line, std::uint32_t column,
                    std::uint32_t endColumn);

} // namespace threadlint
