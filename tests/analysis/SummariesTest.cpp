// SummariesTest: what a function leaves behind for its callers, and what callers make of it.
#include "tests/support/Relations.h"

#include <gtest/gtest.h>

namespace threadlint {
namespace {

constexpr const char *kGlobals = "record S { mutex mu; int n }; mutex m n; S s t; int p q r; ";

struct ExitRow {
  const char *function;
  const char *expected;
};

TEST(Summaries, ExitsTellTheLocksByResult) {
  const ExitRow rows[] = {
      {"fn f { }", "return{}"},
      {"fn f { lock m }", "return{+m}"},
      {"fn f { unlock m }", "return{-m}"},
      {"fn f { lock m; unlock m }", "return{}"},
      {"fn f { unlock m; lock m }", "return{}"},
      {"fn f { r1 = try m; if r1 { return 1 }; return 0 }", "return{+m}=1 return{}=0"},
      {"fn f { r1 = trylock m; if r1 == 0 { return 0 }; return 1 }", "return{+m}=0 return{}=1"},
      {"fn f { r1 = try m; return r1 }", "return{+m}=1 return{}=0"},
      {"fn f { lock m; if ? { throw }; unlock m }", "return{} throw{+m}"},
      {"fn f { lock m; if ? { threadexit }; unlock m }", "exit{+m} return{}"},
      {"fn f { lock m; exit }", ""},
      {"fn f { lock m; lock n; unlock m }", "return{+n}"},
  };
  for (const ExitRow &row : rows)
    EXPECT_EQ(exitsOf(kGlobals + std::string(row.function), "f"), row.expected) << row.function;
}

struct CallRow {
  const char *callee, *body, *expected;
};

void check(std::initializer_list<CallRow> rows) {
  for (const CallRow &row : rows)
    EXPECT_EQ(lockStates(kGlobals + std::string(row.callee) + "; fn main { " + row.body + " }"),
              row.expected)
        << row.callee << " / " << row.body;
}

TEST(Summaries, LocksHeldAtExitReachTheCaller) {
  check({
      {"fn f { lock m }", "call f(); write p; unlock m; write q", "p{m} q{}"},
      {"fn f { unlock m }", "lock m; write p; call f(); write q", "p{m} q{}"},
      {"fn f(S* o) { lock o->mu }", "call f(&s); write p; unlock s.mu; write q", "p{S::mu} q{}"},
      {"fn f(S* o) { lock o->mu }; fn g(S* o) { unlock o->mu }",
       "call f(&s); write p; call g(&s); write q", "p{S::mu} q{}"},
      {"fn f(mutex* k) { lock *k }",
       "call f(&m); write p; call f(&n); write q; unlock n; unlock m; write r", "p{m} q{m,n} r{}"},
      {"fn f(mutex* k) { lock *k }; fn g(mutex* k) { call f(k) }",
       "call g(&m); write p; unlock m; write q", "p{m} q{}"},
  });
}

TEST(Summaries, CalleeReleasesAndRetakesTheCallersLock) {
  check({
      {"fn f { unlock m; write p; lock m }", "lock m; call f(); write q; unlock m", "p{} q{m}"},
      {"fn f(mutex* k) { unlock *k; write p; lock *k }",
       "lock n; lock m; call f(&m); write q; unlock m; write r", "p{n} q{n,m} r{n}"},
      {"fn f { write p }", "lock m; call f(); unlock m; call f()", "p{m} p{}"},
  });
}

TEST(Summaries, ResultTellsWhetherTheLockIsHeld) {
  check({
      {"fn f { r1 = try m; return r1 }",
       "b = call f(); if b { write p; unlock m } else { write q }", "p{m} q{}"},
      {"fn f { if ? { return 0 }; lock m; return 1 }",
       "b = call f(); if b == 1 { write p; unlock m }; write q", "p{m} q{}"},
      {"fn f { r1 = trylock m; if r1 { return -1 }; return 0 }",
       "b = call f(); if b < 0 { write q; return }; write p", "p{m} q{}"},
  });
}

TEST(Summaries, ReturnedAndBorrowedGuards) {
  check({
      {"fn f { guard g m; return g }", "guard h; h = call f(); write p; end h; write q",
       "p{m} q{}"},
      {"fn f { guard g m; return g }; fn k { guard h; h = call f(); return h }",
       "guard h; h = call k(); write p; end h; write q", "p{m} q{}"},
      {"fn f { guard g m try; return g }",
       "guard h; h = call f(); b = owns h; if b { write p } else { write q }; end h; write r",
       "p{m} q{} r{}"},
      {"fn f(guardtype* g) { gunlock *g; write p; glock *g }",
       "guard h m; call f(&h); write q; end h; write r", "p{} q{m} r{}"},
  });
}

TEST(Summaries, FlagArgumentsSelectThePath) {
  check({
      {"fn f(int take) { if take { lock m } }", "call f(1); write p; unlock m; call f(0); write q",
       "p{m} q{}"},
      {"fn f(int held) { if held == 0 { lock m }; write p; if held == 0 { unlock m } }",
       "call f(0); lock m; call f(1); unlock m; write q", "p{m} q{}"},
      {"fn f(int take) { if take { lock m }; write r; if take { unlock m } }",
       "b = call unknown(); call f(b); write q", "q{} r{m} r{}"},
  });
}

TEST(Summaries, CallablesAreFollowed) {
  check({
      {"fn f { write p }; fn each(int visit) { lock m; icall visit(); unlock m }", "call each(@f)",
       "p{m}"},
      {"fn body[x] { write q }; fn each(int visit) { lock m; icall visit(); unlock m }",
       "int v; call each(closure body(&v))", "q{m}"},
      {"fn f(S* o) { lock o->mu; write p; unlock o->mu }", "h = bind(@f, &s); icall h()",
       "p{S::mu}"},
  });
}

TEST(Summaries, RecursionEnds) {
  check({
      {"fn f { lock m; write p; unlock m; if ? { call f() } }", "call f(); write q", "p{m} q{}"},
      {"fn f { if ? { call g() } }; fn g { lock m; write p; unlock m; call f() }",
       "call f(); write q", "p{m} q{}"},
  });
}

TEST(Summaries, CirclesOfCallsAreWholeWhereverTheyAreEntered) {
  const char *two = "fn f { write p; if ? { call g() } }; fn g { if ? { call f() } }";
  const char *three =
      "fn f { write p; if ? { call g() } }; fn g { if ? { call h() } }; fn h { if ? { call f() } }";
  check({
      {two, "call f(); lock m; call g(); unlock m", "p{m} p{}"},
      {two, "lock m; call g(); unlock m; call f()", "p{m} p{}"},
      {three, "call f(); lock m; call g(); unlock m", "p{m} p{}"},
      {three, "call g(); lock m; call h(); unlock m", "p{m} p{}"},
  });
}

TEST(Summaries, VirtualCallsReachEveryOverride) {
  std::string text =
      "mutex m; int p q; record B { int n }; record D : B { int k }; overrides D::run B::run; D d; "
      "fn B::run { write p }; fn D::run { lock m; write q; unlock m }; ";
  EXPECT_EQ(
      lockStates(
          text +
          "fn visit(B* o) { vcall B::run(o) }; fn main { b = call unknown(); call visit(b) }"),
      "p{} q{m}");
  EXPECT_EQ(lockStates(text + "fn visit(B* o) { vcall B::run(o) }; fn main { vcall B::run(&d) }"),
            "q{m}");
}

TEST(Summaries, ThrownCallKeepsTheLocks) {
  EXPECT_EQ(exitsOf("mutex m; fn g { if ? { throw } }; fn f { lock m; call g(); unlock m }", "f"),
            "return{} throw{+m}");
}

} // namespace
} // namespace threadlint
