// GlobTest: the two pattern languages, one line per case.
#include "analyzer/report/Glob.h"

#include <gtest/gtest.h>

namespace threadlint {
namespace {

struct Row {
  const char *glob, *text;
  bool matches;
};

TEST(Glob, MatchesChecks) {
  const Row rows[] = {
      {"data-race", "data-race", true},   {"threadlint-data-race", "data-race", true},
      {"*", "data-race", true},           {"threadlint-*", "data-race", true},
      {"data-*", "data-race", true},      {"*-race", "data-race", true},
      {"*a*a*", "data-race", true},       {"data", "data-race", false},
      {"", "data-race", false},           {"data-races", "data-race", false},
      {"bugprone-*", "data-race", false},
  };
  for (const Row &row : rows)
    EXPECT_EQ(matchesCheck(row.glob, row.text), row.matches) << row.glob << " " << row.text;
}

TEST(Glob, MatchesPaths) {
  const Row rows[] = {
      {"a.cpp", "a.cpp", true},
      {"a.cpp", "src/a.cpp", true},
      {"*.cpp", "src/deep/a.cpp", true},
      {"*.cpp", "src/a.c", false},
      {"third_party", "third_party/x/y.cpp", true},
      {"third_party", "src/third_party/y.cpp", true},
      {"third_party/", "third_party/y.cpp", true},
      {"party", "third_party/y.cpp", false},
      {"src/*.cpp", "src/a.cpp", true},
      {"src/*.cpp", "src/deep/a.cpp", false},
      {"src/**", "src/deep/a.cpp", true},
      {"src/**/a.cpp", "src/a.cpp", true},
      {"src/**/a.cpp", "src/x/y/a.cpp", true},
      {"src/**/a.cpp", "lib/a.cpp", false},
      {"**/test/*_test.cc", "a/b/test/x_test.cc", true},
      {"**/test/*_test.cc", "a/b/test/deep/x_test.cc", false},
      {"/src", "src/a.cpp", true},
      {"/src", "lib/src/a.cpp", false},
      {"./src/a.cpp", "src/a.cpp", true},
      {"/usr/include", "/usr/include/x.h", true},
      {"/usr/include/*.h", "/usr/include/x.h", true},
      {"include", "/usr/include/x.h", true},
      {"a?c", "abc", true},
      {"a?c", "a/c", false},
      {"[a-c]x", "bx", true},
      {"[!a-c]x", "bx", false},
      {"[!a-c]x", "dx", true},
      {"a[", "a[", true},
      {"*x/*", "axbx/y", true},
      {"", "a", false},
      {"*", "a/b", true},
      {"**", "a/b", true},
  };
  for (const Row &row : rows)
    EXPECT_EQ(matchesPath(row.glob, row.text), row.matches) << row.glob << " " << row.text;
}

TEST(Glob, StaysFastOnHostilePatterns) {
  std::string text(3000, 'a');
  EXPECT_FALSE(matchesPath("**a*a*a*a*a*a*a*a*a*a*a*a*b", text));
  EXPECT_FALSE(matchesCheck("*a*a*a*a*a*a*a*a*a*a*a*a*b", text));
}

} // namespace
} // namespace threadlint
