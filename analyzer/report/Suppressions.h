// Suppressions: NOLINT comments applied at the primary location of findings.
//
// The meaning is clang-tidy's: NOLINT on the line, NOLINTNEXTLINE on the line before, NOLINTBEGIN ... NOLINTEND with equal lists
// around it. Lists are globs that name checks with or without `threadlint-`; negative globs have no effect, no list means all.
// A NOLINTBEGIN without its NOLINTEND suppresses nothing and is told, as is the reverse.
#pragma once

#include "analyzer/report/Finding.h"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace threadlint {

class Suppressions {
public:
  /// One comment, or one pair of comments.
  struct Span {
    std::string file;
    std::uint32_t first, last; ///< the lines it is about
    std::uint32_t comment;     ///< the line it stands on
    std::vector<std::string> globs;
  };

  /// A NOLINTBEGIN without its NOLINTEND, or the other way round.
  struct Unmatched {
    std::string file;
    std::uint32_t line;
    bool isBegin;
    std::vector<std::string> globs;
  };

  explicit Suppressions(std::vector<SuppressionReport> comments);

  /// Whether a comment suppresses findings of `check` at this line.
  bool cover(const std::string &check, const std::string &file, std::uint32_t line) const {
    return !covering(check, file, line).empty();
  }
  /// All the comments that do, by their number in spans().
  std::vector<std::size_t> covering(const std::string &check, const std::string &file,
                                    std::uint32_t line) const;
  /// In source order.
  const std::vector<Span> &spans() const { return spans_; }
  const std::vector<Unmatched> &unmatched() const { return unmatched_; }

private:
  std::vector<Span> spans_;
  std::vector<Unmatched> unmatched_;
  std::map<std::string, std::vector<std::size_t>, std::less<>> spansOfFile_;
};

/// What the author of a NOLINT comment wrote behind it on the same line: "// NOLINT(data-race): benign" gives "benign".
std::string reasonOf(std::string_view line);

} // namespace threadlint
