// LockStatesTest: which locks are held where, path by path.
//
// Each row is one function body of `main`; p, q and r are probes: writing one shows the locks held there.
#include "tests/support/Relations.h"

#include <gtest/gtest.h>

namespace threadlint {
namespace {

struct Row {
  const char *body;
  const char *expected;
};

constexpr const char *kGlobals = "mutex m n o; rwlock s; int p q r; int flag cond; mutex[] locks; ";

void check(std::initializer_list<Row> rows) {
  for (const Row &row : rows)
    EXPECT_EQ(lockStates(kGlobals + std::string("fn main { ") + row.body + " }"), row.expected)
        << row.body;
}

TEST(LockStates, StraightLine) {
  check({
      {"write p", "p{}"},
      {"lock m; write p; unlock m; write q", "p{m} q{}"},
      {"lock m; lock n; write p; unlock m; write q; unlock n; write r", "p{m,n} q{n} r{}"},
      {"lock shared s; write p; unlock s; write q", "p{s'} q{}"},
      {"lock m n; write p; unlock n m; write q", "p{m,n} q{}"},
      {"lock m; unlock m; lock m; write p; unlock m", "p{m}"},
  });
}

TEST(LockStates, RecursiveAcquisitionsAreCounted) {
  check({
      {"lock m; lock m; unlock m; write p; unlock m; write q", "p{m} q{}"},
  });
}

TEST(LockStates, Branches) {
  check({
      {"if ? { lock m }; write p", "p{m} p{}"},
      {"if ? { lock m } else { lock m }; write p; unlock m", "p{m}"},
      {"if ? { lock m } else { lock n }; write p", "p{m} p{n}"},
      {"if ? { lock m; unlock m }; write p", "p{}"},
      {"lock m; if ? { unlock m; return }; write p; unlock m", "p{m}"},
      {"lock m; if ? { unlock m; write p; lock m }; write q; unlock m", "p{} q{m}"},
      {"lock m; if ? { exit }; write p", "p{m}"},
  });
}

TEST(LockStates, CorrelatedBranchesStayApart) {
  check({
      {"int b; b = call unknown(); if b { lock m }; if b { write p; unlock m } else { write q }; "
       "write r",
       "p{m} q{} r{}"},
      {"int b; b = call unknown(); if b { lock m }; write r; if b { unlock m }; write p",
       "p{} r{m} r{}"},
      {"int b; b = call unknown(); if b == 3 { lock m }; if b == 3 { write p; unlock m }; write q",
       "p{m} q{}"},
      {"int b; b = call unknown(); if b == 3 { lock m }; if b == 4 { write p } ; write q",
       "p{} q{m} q{}"},
      {"int b; b = call unknown(); if b { lock m }; if !b { write p } else { write q }",
       "p{} q{m}"},
      {"int b; b = 0; if ? { lock m; b = 1 }; if b { write p; unlock m }; write q", "p{m} q{}"},
      {"int b; b = 1; if b { lock m }; write p", "p{m}"},
  });
}

TEST(LockStates, ConditionsOnMemoryHoldUntilItIsWritten) {
  check({
      {"if cond { lock m }; write cond; if cond { write p }", "cond{m?} cond{m} p{m?} p{m}"},
      {"if cond { lock m }; write flag; if cond { write p; unlock m }; write q",
       "flag{m?} flag{m} p{m} q{}"},
  });
}

TEST(LockStates, TryLock) {
  check({
      {"r1 = try m; if r1 { write p; unlock m } else { write q }; write r", "p{m} q{} r{}"},
      {"r1 = try m; if !r1 { write q; return }; write p; unlock m", "p{m} q{}"},
      {"r1 = trylock m; if r1 == 0 { write p; unlock m } else { write q }", "p{m} q{}"},
      {"r1 = trylock m; if r1 != 0 { write q; return }; write p; unlock m", "p{m} q{}"},
      {"r1 = trylock m; if r1 { write q } else { write p }", "p{m} q{}"},
      {"r1 = try shared s; if r1 { write p; unlock s }", "p{s'}"},
      {"r1 = try m; r2 = try n; if r1 { write p }; if r2 { write q }", "p{m,n} p{m} q{m,n} q{n}"},
      {"r1 = try m; write p", "p{m} p{}"},
  });
}

TEST(LockStates, Guards) {
  check({
      {"guard g m; write p; end g; write q", "p{m} q{}"},
      {"guard g m n; write p; end g; write q", "p{m,n} q{}"},
      {"guard g s shared; write p; end g; write q", "p{s'} q{}"},
      {"guard g m defer; write p; glock g; write q; end g; write r", "p{} q{m} r{}"},
      {"guard g m defer; write p; end g; write q", "p{} q{}"},
      {"lock m; guard g m adopt; write p; end g; write q", "p{m} q{}"},
      {"guard g m; gunlock g; write p; glock g; write q; end g; write r", "p{} q{m} r{}"},
      {"guard g m; gunlock g; end g; write p", "p{}"},
      {"guard g m; grelease g; end g; write p; unlock m; write q", "p{m} q{}"},
      {"guard g; end g; write p", "p{}"},
  });
}

TEST(LockStates, TryGuards) {
  check({
      {"guard g m try; b = owns g; if b { write p } else { write q }; end g; write r",
       "p{m} q{} r{}"},
      {"guard g m try; b = owns g; if !b { end g; write q; return }; write p; end g; write r",
       "p{m} q{} r{}"},
      {"guard g m defer; b = gtry g; if b { write p }; end g; write q", "p{m} q{}"},
      {"guard g m defer; b = owns g; if b { write p } else { write q }; end g", "q{}"},
  });
}

TEST(LockStates, MovedAndSwappedGuards) {
  check({
      {"guard g m; gmove h g; end g; write p; end h; write q", "p{m} q{}"},
      {"guard g m; guard h; gmove h g; b = owns g; if b { write r }; write p; end h; end g; write "
       "q",
       "p{m} q{} r{m}"},
      {"guard g m; guard h n; gmove h g; write p; end h; write q; end g", "p{m} q{}"},
      {"guard g m; guard h n; gswap g h; end g; write p; end h; write q", "p{m} q{}"},
      {"guard g m; guard h n defer; gswap g h; end g; write p; end h; write q", "p{m} q{}"},
  });
}

TEST(LockStates, Loops) {
  check({
      {"while ? { lock m; write p; unlock m }; write q", "p{m} q{}"},
      {"lock m; while ? { write p }; unlock m; write q", "p{m} q{}"},
      {"lock m; while ? { unlock m; write p; lock m }; write q; unlock m", "p{} q{m}"},
      {"while ? { guard g m; write p; end g }; write q", "p{m} q{}"},
      {"int i; i = 0; while i < 9 { lock m; if ? { unlock m; return }; i = i + 1; unlock m }; "
       "write p",
       "p{}"},
      {"label again; r1 = try m; if !r1 { goto again }; write p; unlock m; write q", "p{m} q{}"},
      {"while ? { lock m; if ? { goto out }; unlock m }; return; label out; write p; unlock m",
       "p{m}"},
  });
}

TEST(LockStates, Goto) {
  check({
      {"lock m; if ? { goto fail }; write p; label fail; unlock m; write q", "p{m} q{}"},
      {"if ? { goto b }; label a; lock m; write p; unlock m; goto end1; label b; lock n; write q; "
       "unlock n; goto a; label end1; write r",
       "p{m} q{n} r{}"},
  });
}

TEST(LockStates, ElementsAndPointers) {
  check({
      {"lock locks[1]; write p; unlock locks[1]; write q", "p{locks[]} q{}"},
      {"int i; i = call unknown(); lock locks[i]; write p; unlock locks[i]; write q",
       "p{locks[]} q{}"},
      {"mutex* k; k = &m; lock *k; write p; unlock m; write q", "p{m} q{}"},
      {"mutex* k; k = &n; if ? { k = &m }; lock *k; unlock *k; write p", "p{}"},
  });
}

/// Nine independent conditional locks make more states than are kept apart: what may be held is then marked.
TEST(LockStates, ForcedJoinNeverClaimsALock) {
  std::string text = "int p; mutex z; ", body = "lock z; ";
  for (char c = 'a'; c < 'a' + 9; ++c) {
    text += "mutex m" + std::string(1, c) + "; ";
    body += "if ? { lock m" + std::string(1, c) + " }; ";
  }
  std::string states = lockStates(text + "fn main { " + body + " write p }");
  EXPECT_NE(states.find('?'), std::string::npos) << states;
  std::size_t disjuncts = 0;
  for (std::size_t at = 0; (at = states.find("p{z", at)) != std::string::npos; ++at)
    ++disjuncts;
  EXPECT_LE(disjuncts, 8u);
  // z is held on every path, so it is never only "may".
  EXPECT_EQ(states.find("z?"), std::string::npos) << states;
}

} // namespace
} // namespace threadlint
