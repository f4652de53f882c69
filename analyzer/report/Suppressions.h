// Suppressions: NOLINT comments applied at the primary location of findings.
//
// The meaning is clang-tidy's: NOLINT on the line, NOLINTNEXTLINE on the line before, NOLINTBEGIN ... NOLINTEND with equal lists
// around it. Lists are globs that name checks with or without `threadlint-`; negative globs have no effect, no list means all.
// A NOLINTBEGIN without its NOLINTEND suppresses nothing.
#pragma once

#include "analyzer/report/Finding.h"

#include <map>
#include <string>
#include <vector>

namespace threadlint {

class Suppressions {
public:
  explicit Suppressions(std::vector<SuppressionReport> comments);

  /// Whether a comment suppresses findings of `check` at this line.
  bool cover(const std::string &check, const std::string &file, std::uint32_t line) const;

private:
  /// Lines first..last of a file.
  struct Span {
    std::uint32_t first, last;
    std::vector<std::string> globs;
  };
  std::map<std::string, std::vector<Span>, std::less<>> spansOfFile_;
};

} // namespace threadlint
