// SuppressionsTest: clang-tidy's meaning of every NOLINT form.
#include "analyzer/report/Suppressions.h"

#include "analyzer/facts/TuFacts.h"

#include <gtest/gtest.h>

namespace threadlint {
namespace {

SuppressionReport comment(SuppressionKind kind, std::uint32_t line,
                          std::vector<std::string> globs = {}) {
  return {static_cast<std::uint8_t>(kind), "a.cpp", line, std::move(globs)};
}

struct Row {
  const char *name;
  std::vector<SuppressionReport> comments;
  std::uint32_t line;
  bool covered;
};

TEST(Suppressions, CoverLines) {
  using enum SuppressionKind;
  const Row rows[] = {
      {"same line", {comment(Line, 5)}, 5, true},
      {"line before", {comment(Line, 5)}, 4, false},
      {"next line", {comment(NextLine, 5)}, 6, true},
      {"next line, own line", {comment(NextLine, 5)}, 5, false},
      {"bare id", {comment(Line, 5, {"data-race"})}, 5, true},
      {"prefixed id", {comment(Line, 5, {"threadlint-data-race"})}, 5, true},
      {"glob", {comment(Line, 5, {"threadlint-*"})}, 5, true},
      {"one of several", {comment(Line, 5, {"bugprone-*", "data-*"})}, 5, true},
      {"other check", {comment(Line, 5, {"lock-leak"})}, 5, false},
      {"negative globs have no effect", {comment(Line, 5, {"*", "-data-race"})}, 5, true},
      {"only a negative glob", {comment(Line, 5, {"-lock-leak"})}, 5, false},
      {"block", {comment(Begin, 3), comment(End, 7)}, 5, true},
      {"block's end", {comment(Begin, 3), comment(End, 7)}, 7, true},
      {"after block", {comment(Begin, 3), comment(End, 7)}, 8, false},
      {"block without end", {comment(Begin, 3)}, 5, false},
      {"end with another list", {comment(Begin, 3, {"data-race"}), comment(End, 7)}, 5, false},
      {"nested",
       {comment(Begin, 1), comment(Begin, 3, {"x"}), comment(End, 4, {"x"}), comment(End, 7)},
       6,
       true},
      {"block of another check", {comment(Begin, 3, {"x"}), comment(End, 7, {"x"})}, 5, false},
      {"repeated by two units",
       {comment(Begin, 3), comment(Begin, 3), comment(End, 7), comment(End, 7)},
       5,
       true},
  };
  for (const Row &row : rows)
    EXPECT_EQ(Suppressions(row.comments).cover("data-race", "a.cpp", row.line), row.covered)
        << row.name;
}

TEST(Suppressions, KeepFilesApart) {
  SuppressionReport end = comment(SuppressionKind::End, 7);
  end.file = "b.cpp";
  Suppressions suppressions(
      {comment(SuppressionKind::Begin, 3), end, comment(SuppressionKind::Line, 9)});
  EXPECT_FALSE(suppressions.cover("data-race", "a.cpp", 5));
  EXPECT_FALSE(suppressions.cover("data-race", "b.cpp", 9));
}

} // namespace
} // namespace threadlint
