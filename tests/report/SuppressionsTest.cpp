// SuppressionsTest: clang-tidy's meaning of every NOLINT form.
#include "analyzer/report/Suppressions.h"

#include "analyzer/facts/TuFacts.h"
#include "analyzer/report/Selection.h"
#include "tests/report/SampleReport.h"
#include "tests/support/Shell.h"

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

TEST(Suppressions, FindTheReasonBehindAComment) {
  const std::pair<const char *, const char *> rows[] = {
      {"x++; // NOLINT(data-race): benign, see #12 ", "benign, see #12"},
      {"x++; // NOLINT -- benign", "benign"},
      {"/* NOLINTNEXTLINE(data-race) benign */ x;", "benign"},
      {"x++; // NOLINT(data-race)", ""},
      {"x++; // NOLINT", ""},
      {"x++; // NOLINT(data-race", ""},
      {"x++; // NOLINT: ", ""},
      {"x++;", ""},
  };
  for (const auto &[line, reason] : rows)
    EXPECT_EQ(reasonOf(line), reason) << line;
}

TEST(SuppressionRules, MatchAnyStepOfATrace) {
  Finding finding = sampleReport("").findings[0];
  auto covered = [&](SuppressionRule rule) { return covers(rule, finding); };
  EXPECT_TRUE(covered({.check = "data-*"}));
  EXPECT_FALSE(covered({.check = "lock-leak"}));
  EXPECT_TRUE(covered({.function = "Counter::*"}));
  EXPECT_TRUE(covered({.file = "src/**", .function = "worker"}));
  EXPECT_FALSE(covered({.file = "src/other.cpp", .function = "worker"})) << "one place has both";
  EXPECT_TRUE(covered({.file = "src/other.cpp"})) << "a related place";
  EXPECT_TRUE(covered({.lock = "log"}));
  EXPECT_FALSE(covered({.check = "data-race", .lock = "other"}));
  finding.threads[0].path[0].message = "takes 'a' while holding 'b'";
  EXPECT_TRUE(covered({.lock = "a"}));
}

Report select(SelectionOptions options, std::vector<SuppressionReport> comments,
              const std::string &root) {
  options.checks = {"data-race"};
  AnalysisResult result;
  result.findings = {sampleReport("").findings[0]};
  result.suppressions = std::move(comments);
  Report report;
  report.root = root;
  selectFindings(std::move(result), options, report);
  return report;
}

TEST(Selection, WantsReasonsAndTellsWhatIsUnused) {
  TemporaryFolder folder;
  folder.write("src/counter.cpp", "\n\n\n\n// NOLINT(data-race)\n// NOLINT(data-race): old\n");
  SuppressionReport here{0, "src/counter.cpp", 5, {"data-race"}},
      elsewhere{0, "src/counter.cpp", 6, {"threadlint-*"}}, foreign{0, "src/counter.cpp", 7, {}};
  Report plain = select({}, {here, elsewhere, foreign}, folder.path());
  EXPECT_EQ(plain.suppressed, 1u);
  EXPECT_TRUE(plain.limitations.empty() && plain.setAside.empty());

  SelectionOptions strict;
  strict.requireReason = true;
  Report reasons = select(strict, {here}, folder.path());
  EXPECT_EQ(reasons.findings.size(), 1u);
  ASSERT_EQ(reasons.limitations.size(), 1u);
  EXPECT_EQ(reasons.limitations[0].kind, "suppression-without-reason");
  EXPECT_EQ(reasons.limitations[0].place.column, 4u) << "where the comment is";
  strict.suppressionRules = {{.function = "Counter::*", .origin = "s.yaml:1"}};
  Report rules = select(strict, {}, folder.path());
  EXPECT_EQ(rules.findings.size(), 1u);
  ASSERT_EQ(rules.limitations.size(), 1u);
  EXPECT_EQ(rules.limitations[0].message,
            "s.yaml:1: this rule hides nothing because it gives no reason");

  SelectionOptions talkative;
  talkative.tellUnused = talkative.showSuppressed = true;
  talkative.suppressionRules = {{.function = "nobody", .origin = "s.yaml:1"}};
  Report unused = select(talkative, {here, elsewhere, foreign}, folder.path());
  EXPECT_EQ(unused.setAside.size(), 1u);
  ASSERT_EQ(unused.limitations.size(), 2u);
  EXPECT_EQ(unused.limitations[0].place.line, 6u);
  EXPECT_EQ(unused.limitations[1].message, "s.yaml:1: this rule hides no finding");
}

TEST(Selection, TellsOfHalfAPair) {
  auto told = [](std::vector<SuppressionReport> comments) {
    TemporaryFolder folder;
    std::string text;
    for (const LimitationReport &remark :
         select({}, std::move(comments), folder.path()).limitations)
      text += remark.kind + "@" + std::to_string(remark.place.line) + " " +
              remark.message.substr(0, 24) + "\n";
    return text;
  };
  const SuppressionReport begin{2, "a.cpp", 1, {"data-race"}}, end{3, "a.cpp", 9, {"data-race"}};
  EXPECT_EQ(told({begin, end}), "");
  EXPECT_EQ(told({begin}), "unmatched-suppression@1 unmatched 'NOLINTBEGIN' \n");
  EXPECT_EQ(told({end}), "unmatched-suppression@9 unmatched 'NOLINTEND' co\n");
  EXPECT_EQ(told({begin, {3, "a.cpp", 9, {}}}),
            "unmatched-suppression@1 unmatched 'NOLINTBEGIN' \n"
            "unmatched-suppression@9 unmatched 'NOLINTEND' co\n");
  EXPECT_EQ(told({{2, "a.cpp", 1, {"bugprone-*"}}}), "") << "that is for clang-tidy to say";
}

TEST(Selection, LeavesGeneratedFilesOut) {
  TemporaryFolder folder;
  for (const char *mark : {"// @generated", "// Generated by x. DO NOT EDIT.", "// made by hand"}) {
    folder.write("src/counter.cpp", std::string("\n") + mark + "\n");
    SelectionOptions options;
    options.skipGenerated = true;
    bool isGenerated = mark != std::string("// made by hand");
    EXPECT_EQ(select(options, {}, folder.path()).generated, isGenerated ? 1u : 0u) << mark;
    EXPECT_EQ(select({}, {}, folder.path()).findings.size(), 1u);
  }
}

} // namespace
} // namespace threadlint
