// EscapeTest: what is still a thread's own, and what others can reach.
//
// An access to an owned object is not recorded at all, so `lockStates` shows the shared ones only.
#include "tests/support/Relations.h"

#include <gtest/gtest.h>

namespace threadlint {
namespace {

constexpr const char *kText =
    "record S { mutex mu; int n; S* next }; S* shared; pthread t; int p; "
    "fn work(int* x) { write *x }; fn use(S* o) { write o->n }; fn nop { }; ";

struct Row {
  const char *body, *expected;
};

void check(std::initializer_list<Row> rows) {
  for (const Row &row : rows)
    EXPECT_EQ(lockStates(kText + std::string("fn main { ") + row.body + " }"), row.expected)
        << row.body;
}

TEST(Escape, LocalsAreOwnedUntilAThreadGetsThem) {
  check({
      {"int x; write x", ""},
      {"int x; int* q; q = &x; write *q", ""},
      {"int x; write x; spawn t work(&x); join t", "x{}"},
      {"S s; write s.n", ""},
      {"S s; call use(&s)", ""},
  });
}

TEST(Escape, HeapIsOwnedUntilPublished) {
  check({
      {"S* o; o = alloc S; write o->n", ""},
      {"S* o; o = alloc S; call use(o)", ""},
      {"S* o; o = alloc S; shared = o; write p", "p{} shared{}"},
      {"S* o; o = alloc S; write o->n; shared = o; write o->n", "S::n{} shared{}"},
      {"S* o i; o = alloc S; i = alloc S; o->next = i; write i->n", ""},
      {"S* o i; o = alloc S; i = alloc S; o->next = i; shared = o; write i->n", "S::n{} shared{}"},
  });
}

TEST(Escape, PublishedObjectsAreSharedThroughTheirName) {
  EXPECT_EQ(
      conflictsOf(
          kText +
          std::string(
              "fn reader { write shared->n }; "
              "fn main { S* o; o = alloc S; write o->n; shared = o; spawn t reader(); join t }")),
      "");
  EXPECT_EQ(
      conflictsOf(
          kText +
          std::string(
              "fn reader { write shared->n }; "
              "fn main { S* o; o = alloc S; shared = o; spawn t reader(); write o->n; join t }")),
      "S::n");
}

TEST(Escape, AConstructorOwnsTheObject) {
  const std::string text = "record C { int n; pthread t }; C* shared; ";
  EXPECT_EQ(lockStates(text + "fn C::C { write this->n }; fn f(C* c) { call C::C(c) }"), "");
  EXPECT_EQ(lockStates(text + "fn C::run { write this->n }; fn f(C* c) { call C::run(c) }"),
            "C::n{}");
  EXPECT_EQ(
      conflictsOf(
          text +
          "fn C::run { write this->n }; fn C::C { write this->n; spawn this->t C::run(this) }; "
          "fn main { C c; call C::C(&c); join c.t }"),
      "");
}

TEST(Escape, ThreadLocalsAreNeverShared) {
  EXPECT_EQ(
      conflictsOf(
          "tls int x; pthread t; fn work { write x }; fn main { spawn t work(); write x; join t }"),
      "");
}

TEST(Escape, CapturesByReferenceAreShared) {
  const std::string text = "pthread t; fn byRef[x] { write *$x }; fn byValue[x] { write $x }; ";
  EXPECT_EQ(conflictsOf(text + "fn main { int v; spawn t closure byRef(&v); write v; join t }"),
            "v");
  EXPECT_EQ(conflictsOf(text + "fn main { int v; spawn t closure byValue(v); write v; join t }"),
            "");
  EXPECT_EQ(conflictsOf(text + "fn main { int v; spawn t closure byRef(&v); join t; write v }"),
            "");
}

} // namespace
} // namespace threadlint
