// PointsToTest: which objects an access through pointers may denote.
#include "analyzer/facts/FactsValidation.h"
#include "tests/support/FactsBuilder.h"
#include "tests/support/Relations.h"

#include <gtest/gtest.h>

namespace threadlint {
namespace {

struct Row {
  const char *text, *expected;
};

TEST(PointsTo, ResolvesStoredPointers) {
  const Row rows[] = {
      {"int x y; int* p; fn main { p = &x; call unknown(); write *p }", "p=p x=x"},
      {"int x y; int* p; fn set { p = &x }; fn main { call set(); write *p }", "p=p x=x"},
      {"int x; fn set(int* q) { write *q }; fn main { call set(&x) }", "x=x"},
      {"int x y; fn set(int* q) { write *q }; fn main { call set(&x); call set(&y) }", "x=x y=y"},
      {"record S { int n }; S a b; S* p; fn user { write p->n }; pthread t; "
       "fn main { p = &a; spawn t user(); p = &b; join t }",
       "S::n=S::n p=p"},
  };
  for (const Row &row : rows)
    EXPECT_EQ(resolvedAccesses(row.text), row.expected) << row.text;
}

TEST(PointsTo, ThreadsMeetThroughPointers) {
  const std::string text = "record S { int n; S* next }; S a b; S* p; S* q; pthread t; ";
  const Row rows[] = {
      {"fn work { write p->n }; fn main { p = &a; spawn t work(); write a.n; join t }", "S::n"},
      {"fn work { write p->n }; fn main { p = &b; spawn t work(); write a.n; join t }", ""},
      {"fn work { write p->n }; fn main { p = &a; q = &a; spawn t work(); write q->n; join t }",
       "S::n"},
      {"fn work { write p->n }; fn main { p = &a; q = &b; spawn t work(); write q->n; join t }",
       ""},
      {"fn work { write p->next->n }; fn main { a.next = &b; p = &a; spawn t work(); write b.n; "
       "join t }",
       "S::n"},
      {"fn work { write p->next->n }; fn main { a.next = &b; p = &a; spawn t work(); write a.n; "
       "join t }",
       ""},
      {"fn work(S* o) { write o->n }; fn main { S* h; h = alloc S; spawn t work(h); write h->n; "
       "join t }",
       "S::n"},
      {"fn work(S* o) { write o->n }; fn main { S* h g; h = alloc S; g = alloc S; spawn t work(h); "
       "write g->n; join t }",
       ""},
  };
  for (const Row &row : rows)
    EXPECT_EQ(conflictsOf(text + row.text), row.expected) << row.text;
}

/// What the extraction does not understand may be missing wherever a value has operands.
TEST(PointsTo, OperandsMayBeMissing) {
  TuFacts whole = buildFacts(
      "int x n i c; mutex m; pthread[] h; fn work(int a) { if x == 0 { lock m; x = n + 1; unlock m "
      "} }\n"
      "fn main { c = bind(@work, 7); while i < 3 { spawn h[i] c() }\n"
      "while !n { join h[i] }; if n + 1 { write x } }");
  std::size_t missing = 0;
  for (std::size_t at = 0; at < 3; ++at) {
    TuFacts facts = whole;
    for (FunctionFacts &function : facts.functions)
      for (Value &value : function.values)
        for (std::size_t i = 0; i < value.operands.size(); ++i)
          if (at == i || at == 2) {
            value.operands[i] = kNone;
            ++missing;
          }
    ASSERT_EQ(validateFacts(facts), "");
    std::vector<TuFacts> tus;
    tus.push_back(std::move(facts));
    EXPECT_TRUE(analyzeProgram(std::move(tus), {}).isComplete) << at;
  }
  EXPECT_GE(missing, 10u);
}

TEST(PointsTo, StoredCallablesAreThreadEntries) {
  EXPECT_EQ(conflictsOf("int x entry; pthread t; fn work { write x }; fn main { entry = @work; "
                        "spawn t entry(); write x; join t }"),
            "x");
}

} // namespace
} // namespace threadlint
