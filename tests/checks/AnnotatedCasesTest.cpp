// AnnotatedCasesTest: every annotated source under testdata/ and every annotated example of docs/checks/.
#include "tests/support/AnnotationRunner.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>

namespace threadlint {
namespace {

class AnnotatedCases : public testing::TestWithParam<AnnotatedCase> {};

TEST_P(AnnotatedCases, GiveTheAnnotatedFindings) {
  std::string problems = runAnnotatedCase(GetParam(), THREADLINT_SOURCE_DIR);
  EXPECT_TRUE(problems.empty()) << problems;
}

std::string testName(const testing::TestParamInfo<AnnotatedCase> &info) {
  std::string name = info.param.name;
  std::replace_if(name.begin(), name.end(), [](unsigned char c) { return !std::isalnum(c); }, '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Testdata, AnnotatedCases,
                         testing::ValuesIn(findAnnotatedCases(THREADLINT_SOURCE_DIR)), testName);
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(AnnotatedCases);

TEST(KnownWrongAnswers, AreCounted) {
  std::size_t falseAlarms = 0, misses = 0;
  for (const AnnotatedCase &annotatedCase : findAnnotatedCases(THREADLINT_SOURCE_DIR))
    for (const AnnotatedSource &source : annotatedCase.sources)
      for (const Annotation &annotation : findAnnotations(source.content)) {
        falseAlarms += annotation.kind == AnnotationKind::FalsePositive;
        misses += annotation.kind == AnnotationKind::FalseNegative;
      }
  std::printf("known wrong answers: %zu expect-fp, %zu expect-fn\n", falseAlarms, misses);
}

} // namespace
} // namespace threadlint
