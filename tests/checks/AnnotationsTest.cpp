// AnnotationsTest: the annotation language itself.
#include "tests/support/AnnotationRunner.h"

#include <gtest/gtest.h>

namespace threadlint {
namespace {

struct Row {
  const char *source;
  std::vector<Annotation> expected;
};

TEST(Annotations, AreReadFromComments) {
  const Row rows[] = {
      {"x++;", {}},
      {"x++; // expect: data-race", {{AnnotationKind::Expect, "data-race", "", 1}}},
      {"x++; // expect: data-race \"on 'x'\"",
       {{AnnotationKind::Expect, "data-race", "on 'x'", 1}}},
      {"x++; // expect-fp: lock-leak -- reason; #12",
       {{AnnotationKind::FalsePositive, "lock-leak", "", 1}}},
      {"x++; // expect-fn: lock-leak -- reason",
       {{AnnotationKind::FalseNegative, "lock-leak", "", 1}}},
      {"// expect: a-check\n\n// a comment\nx++;\n", {{AnnotationKind::Expect, "a-check", "", 4}}},
      {"// expect: none\nx++;\n", {}},
      {"x++; // expect: a // expect: b",
       {{AnnotationKind::Expect, "a", "", 1}, {AnnotationKind::Expect, "b", "", 1}}},
      {"// expected by nobody\nx++;", {}},
  };
  for (const Row &row : rows)
    EXPECT_TRUE(findAnnotations(row.source) == row.expected) << row.source;
}

} // namespace
} // namespace threadlint
