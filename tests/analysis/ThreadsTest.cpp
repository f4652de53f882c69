// ThreadsTest: which steps of which threads may happen in parallel.
//
// Rows name globals whose accesses can meet: `a|w` when main's `a` and the worker's `w` can; `w|w` for two threads' accesses.
#include "tests/support/Relations.h"

#include <gtest/gtest.h>

namespace threadlint {
namespace {

constexpr const char *kText =
    "int a b c v w; sem done; pthread t; pthread[] ts; fn work { write w }; fn other { write v }; ";

struct Row {
  const char *body, *expected;
};

void check(std::initializer_list<Row> rows) {
  for (const Row &row : rows)
    EXPECT_EQ(parallelPairs(kText + std::string("fn main { ") + row.body + " }"), row.expected)
        << row.body;
}

TEST(Threads, SpawnAndJoinBoundTheParallelPart) {
  check({
      {"write a; write b", ""},
      {"write a; spawn t work(); write b; join t; write c", "b|w"},
      {"write a; spawn t work(); write b", "b|w"},
      {"spawn t work(); detach t; write b", "b|w"},
      {"spawn t work() detached; write b", "b|w"},
      {"spawn t work(); if ? { join t; write a; return }; write b; join t; write c", "b|w"},
  });
}

TEST(Threads, Siblings) {
  check({
      {"pthread t1 t2; spawn t1 work(); spawn t2 other(); join t1; join t2", "v|w"},
      {"pthread t1 t2; spawn t1 work(); spawn t2 work(); join t1; join t2", "w|w"},
      {"pthread t1 t2; spawn t1 work(); join t1; spawn t2 other(); join t2", ""},
      {"pthread t1 t2; spawn t1 work(); spawn t2 other(); join t1; write a; join t2; write b",
       "a|v v|w"},
      {"spawn t work(); join t; spawn t other(); join t; write a", ""},
  });
}

TEST(Threads, Loops) {
  check({
      {"int i; i = 0; while i < 4 { spawn ts[i] work(); i = i + 1 }; write a", "a|w w|w"},
      {"int i; i = 0; while i < 4 { spawn ts[i] work(); i = i + 1 }; write a; i = 0; while i < 4 { "
       "join ts[i]; i = i + 1 }; write b",
       "a|w w|w"},
      {"int i; i = 0; while i < 4 { spawn t work(); join t; i = i + 1 }; write b", ""},
      {"int i; i = 0; while i < 4 { spawn t work(); write a; join t; i = i + 1 }; write b", "a|w"},
      {"while ? { spawn t work() detached }; write a", "a|w w|w"},
      {"spawn ts[0] work(); spawn ts[1] other(); join ts[0]; join ts[1]; write a", "v|w"},
      {"spawn ts[0] work(); spawn ts[1] other(); join ts[0]; write a; join ts[1]; write b",
       "a|v v|w"},
  });
}

TEST(Threads, ThroughFunctions) {
  EXPECT_EQ(
      parallelPairs(
          kText + std::string("fn start { spawn t work() }; fn stop { join t }; "
                              "fn main { write a; call start(); write b; call stop(); write c }")),
      "b|w");
  EXPECT_EQ(
      parallelPairs(
          kText +
          std::string(
              "fn run { pthread l; spawn l work(); join l }; fn main { call run(); write a }")),
      "");
  EXPECT_EQ(
      parallelPairs(
          kText +
          std::string("fn run { spawn t work() }; fn main { call run(); call run(); write a }")),
      "a|w w|w");
}

TEST(Threads, GrandchildrenOutliveTheirParent) {
  const std::string child = "fn middle { pthread g; spawn g work() detached; write v }; ";
  EXPECT_EQ(parallelPairs(kText + child + "fn main { spawn t middle(); write a; join t }"),
            "a|v a|w v|w");
  EXPECT_EQ(
      parallelPairs(kText + std::string("fn middle { pthread g; spawn g work(); join g; write v }; "
                                        "fn main { spawn t middle(); write a; join t; write b }")),
      "a|v a|w");
}

TEST(Threads, SemaphoresOrder) {
  const std::string poster = "fn poster { write v; post done; write w }; ";
  EXPECT_EQ(parallelPairs(kText + poster +
                          "fn main { spawn t poster(); write a; wait done; write b; join t }"),
            "a|v a|w b|w");
}

TEST(Threads, HandlesMove) {
  check({
      {"thread x y; spawn x work(); hmove y x; write a; join y; write b", "a|w"},
      {"jthread x; spawn x work(); write a; drop x; write b", "a|w"},
  });
}

TEST(Threads, ArgumentsTellWhatAThreadTouches) {
  const std::string text = "int a b; fn set(int* p) { write *p }; ";
  EXPECT_EQ(
      conflictsOf(
          text + "fn main { pthread t1 t2; spawn t1 set(&a); spawn t2 set(&b); join t1; join t2 }"),
      "");
  EXPECT_EQ(
      conflictsOf(
          text + "fn main { pthread t1 t2; spawn t1 set(&a); spawn t2 set(&a); join t1; join t2 }"),
      "a");
}

TEST(Threads, AnInterfaceMeetsItselfWithoutMain) {
  EXPECT_EQ(parallelPairs("int a; fn f { write a }"), "a|a");
  EXPECT_EQ(parallelPairs("int a; fn f { write a }; fn main { call f() }"), "");
}

} // namespace
} // namespace threadlint
