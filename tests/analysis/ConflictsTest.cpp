// ConflictsTest: which pairs of accesses are races, and which are kept apart.
//
// Each row gives the body of a worker and of main while the worker runs.
#include "tests/support/Relations.h"

#include <gtest/gtest.h>

namespace threadlint {
namespace {

constexpr const char *kGlobals =
    "record S { mutex mu; int n; int k }; S s o; mutex m n; rwlock rw; int x y; int[] xs; mutex[] "
    "ms; S[] items; atomic f; pthread t; ";

struct Row {
  const char *worker, *main, *expected;
};

void check(std::initializer_list<Row> rows) {
  for (const Row &row : rows)
    EXPECT_EQ(conflictsOf(kGlobals + std::string("fn work { ") + row.worker +
                          " }; fn main { spawn t work(); " + row.main + "; join t }"),
              row.expected)
        << row.worker << " / " << row.main;
}

TEST(Conflicts, NeedAWriteToOneLocation) {
  check({
      {"write x", "write x", "x"},
      {"write x", "read x", "x"},
      {"read x", "write x", "x"},
      {"read x", "read x; write y", ""},
      {"write x", "write y", ""},
      {"rmw x", "read x", "x"},
      {"write x; write y", "write x; write y", "x y"},
  });
}

TEST(Conflicts, ACommonLockGuards) {
  check({
      {"lock m; write x; unlock m", "lock m; write x; unlock m", ""},
      {"lock m; write x; unlock m", "lock n; write x; unlock n", "x"},
      {"lock m; write x; unlock m", "write x", "x"},
      {"lock m; lock n; write x; unlock n; unlock m", "lock n; write x; unlock n", ""},
      {"guard g m; write x; end g", "lock m; write x; unlock m", ""},
      {"lock m; unlock m; write x", "lock m; write x; unlock m", "x"},
      {"if ? { lock m }; write x", "lock m; write x; unlock m", "x"},
      {"r = try m; if r { write x; unlock m }", "lock m; write x; unlock m", ""},
      {"r = try m; write x", "lock m; write x; unlock m", "x"},
  });
}

TEST(Conflicts, SharedModeExcludesWritersOnly) {
  check({
      {"lock shared rw; read x; unlock rw", "lock rw; write x; unlock rw", ""},
      {"lock shared rw; write x; unlock rw", "lock shared rw; write x; unlock rw", "x"},
      {"lock shared rw; write x; unlock rw", "lock shared rw; read x; unlock rw", "x"},
      {"lock shared rw; read x; unlock rw", "write x", "x"},
  });
}

TEST(Conflicts, AtomicsDoNotRaceWithEachOther) {
  check({
      {"awrite f", "awrite f", ""},
      {"awrite f", "aread f", ""},
      {"awrite x", "write x", "x"},
      {"aread x", "write x", "x"},
  });
}

TEST(Conflicts, PartsAreLocationsOfTheirOwn) {
  check({
      {"write s.n", "write s.k", ""},
      {"write s.n", "write s.n", "S::n"},
      {"write s.n", "write o.n", ""},
      {"write xs[0]", "write xs[1]", ""},
      {"write xs[1]", "write xs[1]", "xs[]"},
      {"i = call unknown(); write xs[i]", "write xs[1]", "xs[]"},
  });
}

TEST(Conflicts, LocksOfTheRecordGuardTheirOwnFields) {
  check({
      {"lock s.mu; write s.n; unlock s.mu", "lock s.mu; write s.n; unlock s.mu", ""},
      {"lock s.mu; write s.n; unlock s.mu", "lock o.mu; write s.n; unlock o.mu", "S::n"},
      {"lock ms[1]; write xs[1]; unlock ms[1]", "lock ms[1]; write xs[1]; unlock ms[1]", ""},
      {"lock ms[1]; write x; unlock ms[1]", "lock ms[2]; write x; unlock ms[2]", "x"},
      {"i = call unknown(); lock items[i].mu; write items[i].n; unlock items[i].mu",
       "j = call unknown(); lock items[j].mu; write items[j].n; unlock items[j].mu", ""},
      {"i = call unknown(); lock items[i].mu; write items[i].n; unlock items[i].mu",
       "j = call unknown(); write items[j].n", "S::n"},
  });
}

TEST(Conflicts, OrderedStepsDoNotRace) {
  const std::string text = "int x; sem s; atomic f; pthread t; ";
  EXPECT_EQ(conflictsOf(
                text +
                "fn work { write x; post s }; fn main { spawn t work(); wait s; write x; join t }"),
            "");
  EXPECT_EQ(conflictsOf(
                text +
                "fn work { post s; write x }; fn main { spawn t work(); wait s; write x; join t }"),
            "x");
  EXPECT_EQ(conflictsOf(text + "once o; fn set { write x }; fn work { oncecall o @set; read x }; "
                               "fn main { spawn t work(); oncecall o @set; read x; join t }"),
            "");
}

TEST(Conflicts, RepeatedThreads) {
  const std::string text = "int x; int[] slots; pthread[] ts; mutex m; fn work { write x }; fn "
                           "safe { lock m; write x; unlock m }; "
                           "fn slot(int* p) { write *p }; ";
  EXPECT_EQ(
      conflictsOf(text + "fn main { int i; i = 0; while i < 4 { spawn ts[i] work(); i = i + 1 } }"),
      "x");
  EXPECT_EQ(
      conflictsOf(text + "fn main { int i; i = 0; while i < 4 { spawn ts[i] safe(); i = i + 1 } }"),
      "");
  EXPECT_EQ(conflictsOf(
                text + "fn main { int i; i = 0; while i < 4 { spawn ts[i] slot(&x); i = i + 1 } }"),
            "x");
}

TEST(Conflicts, WithoutMainAGuardedFieldIsEvidence) {
  const std::string text = "record C { mutex mu; int n; int k }; ";
  EXPECT_EQ(conflictsOf(text + "fn C::set { lock this->mu; write this->n; unlock this->mu }; fn "
                               "C::get { read this->n }"),
            "C::n");
  EXPECT_EQ(conflictsOf(text + "fn C::set { lock this->mu; write this->n; unlock this->mu }; "
                               "fn C::get { lock this->mu; read this->n; unlock this->mu }"),
            "");
  EXPECT_EQ(conflictsOf(text + "fn C::set { write this->k }; fn C::get { read this->k }"),
            "C::k??");
}

} // namespace
} // namespace threadlint
