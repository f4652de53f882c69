// Progress: how far the extraction is, on standard error: a bar on a terminal, one line per file otherwise.
#pragma once

#include <cstddef>
#include <string>

namespace threadlint {

class Progress {
public:
  enum class Style { None, Lines, Bar };

  Progress(Style style, std::size_t total) : style_(style), total_(total) {}
  /// Counts one file as done and shows it.
  void advance(const std::string &file);
  /// On a terminal: what goes on after the last file.
  void show(const std::string &activity);
  /// Removes what was shown on a terminal.
  void finish();

private:
  Style style_;
  std::size_t total_, done_ = 0;
};

} // namespace threadlint
