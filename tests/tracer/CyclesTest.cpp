// CyclesTest: what is a deadlock and what is not, and why, on hand-written traces.
#include "tracer/report/Cycles.h"
#include "tests/tracer/TraceBuilder.h"
#include "tracer/report/HappensBefore.h"

#include <gtest/gtest.h>

namespace threadlint::tracing {
namespace {

/// "A B", "A B: guarded", "A B: hang", one a line.
std::string verdicts(const std::string &steps) {
  Trace trace = buildTrace(steps);
  std::string text;
  for (const TraceCycle &cycle : findTraceCycles(trace).cycles) {
    std::string line;
    for (std::uint32_t lock : cycle.locks)
      line += (line.empty() ? "" : " ") + trace.locks[lock].name;
    if (cycle.pruned)
      line += ": " + std::string(nameOf(*cycle.pruned));
    if (cycle.incident != kNone)
      line += ": hang";
    EXPECT_EQ(cycle.edges.size(), cycle.locks.size());
    text += (text.empty() ? "" : "\n") + line;
  }
  return text;
}

#define TAKE2(t, a, b) t " lock " a ";" t " lock " b ";" t " unlock " b ";" t " unlock " a ";"

TEST(Cycles, Verdicts) {
  struct Row {
    const char *name, *steps, *expected;
  };
  for (const Row &row : {
           Row{"abba", TAKE2("T1", "A", "B") TAKE2("T2", "B", "A"), "A B"},
           Row{"same order", TAKE2("T1", "A", "B") TAKE2("T2", "A", "B"), ""},
           Row{"three locks", TAKE2("T1", "A", "B") TAKE2("T2", "B", "C") TAKE2("T3", "C", "A"),
               "A B C"},
           Row{"three edges, two threads",
               TAKE2("T1", "A", "B") TAKE2("T2", "B", "C") TAKE2("T1", "C", "A"),
               "A B C: single-thread"},
           Row{"one thread", TAKE2("T1", "A", "B") TAKE2("T1", "B", "A"), "A B: single-thread"},
           Row{"one thread has both, another one of them",
               TAKE2("T1", "A", "B") TAKE2("T1", "B", "A") TAKE2("T2", "A", "B"), "A B"},
           Row{"before the start", TAKE2("T1", "A", "B") "T1 start T2;" TAKE2("T2", "B", "A"),
               "A B: ordered"},
           Row{"after the start", "T1 start T2;" TAKE2("T1", "A", "B") TAKE2("T2", "B", "A"),
               "A B"},
           Row{"after the join",
               "T1 start T2;" TAKE2("T2", "B", "A") "T1 join T2;" TAKE2("T1", "A", "B"),
               "B A: ordered"},
           Row{"again after the start",
               TAKE2("T1", "A", "B") "T1 start T2;" TAKE2("T1", "A", "B") TAKE2("T2", "B", "A"),
               "A B"},
           Row{"two children, one joined before the other starts",
               "T1 start T2;" TAKE2("T2", "A", "B") "T1 join T2;T1 start T3;" TAKE2("T3", "B", "A"),
               "A B: ordered"},
           Row{"a chain of orders",
               TAKE2("T1", "A", "B") "T1 hb T2;T2 hb T3;" TAKE2("T3", "B", "A"), "A B: ordered"},
           Row{"an order the other way", TAKE2("T1", "A", "B") "T2 hb T1;" TAKE2("T2", "B", "A"),
               "A B"},
           Row{"gate",
               "T1 lock G;" TAKE2("T1", "A", "B") "T1 unlock G;T2 lock G;" TAKE2("T2", "B", "A"),
               "A B: guarded"},
           Row{"gate of one only",
               "T1 lock G;" TAKE2("T1", "A", "B") "T1 unlock G;" TAKE2("T2", "B", "A"), "A B"},
           Row{"shared gate",
               "kind G rwlock;T1 rlock G;" TAKE2("T1", "A", "B") "T1 unlock G;T2 rlock G;" TAKE2(
                   "T2", "B", "A"),
               "A B"},
           Row{"gate shared by one",
               "kind G rwlock;T1 rlock G;" TAKE2("T1", "A", "B") "T1 unlock G;T2 lock G;" TAKE2(
                   "T2", "B", "A"),
               "A B: guarded"},
           Row{"readers", "kind R rwlock;kind S rwlock;T1 rlock R;T1 rlock S;T2 rlock S;T2 rlock R",
               "R S: readers"},
           Row{"one writer",
               "kind R rwlock;kind S rwlock;T1 rlock R;T1 lock S;T2 rlock S;T2 lock R", "R S"},
           Row{"readers of one of them", "kind R rwlock;T1 rlock R;T1 lock M;T2 lock M;T2 rlock R",
               "R M: readers"},
           Row{"writer preference without a writer",
               "kind R wrwlock;T1 rlock R;T1 lock M;T2 lock M;T2 rlock R", "R M: readers"},
           Row{"writer preference with a writer",
               "kind R wrwlock;T1 rlock R;T1 lock M;T2 lock M;T2 rlock R;T3 lock R", "R M"},
           Row{"try", "T1 lock A;T1 lock B;T2 lock B;T2 try A", "A B: bounded-wait"},
           Row{"held by try", "T1 try A;T1 lock B;T2 try B;T2 lock A", "A B"},
           Row{"timed", "T1 lock A;T1 timed B;T2 lock B;T2 lock A", "A B: bounded-wait"},
           Row{"both ways: try and lock",
               "T1 lock A;T1 try B;T1 unlock B;T1 lock B;T2 lock B;T2 lock A", "A B"},
           Row{"recursive", "kind A recursive;T1 lock A;T1 lock B;T1 lock A;T2 lock A;T2 lock B",
               ""},
           Row{"reacquire after a wait", "T1 lock A;T1 reacquire M;T2 lock M;T2 lock A", "A M"},
           Row{"join under a lock", "T1 start T2;T2 lock A;T2 unlock A;T1 lock A;T1 join T2",
               "A thread T2"},
           Row{"join under another lock", "T1 start T2;T2 lock A;T2 unlock A;T1 lock B;T1 join T2",
               ""},
           Row{"join under no lock", "T1 start T2;T2 lock A;T2 unlock A;T1 join T2;T1 lock A", ""},
           Row{"join through a third thread",
               "T1 start T2;T1 start T3;T2 lock B;T2 unlock B;T3 lock B;T3 lock A;T3 unlock A;T1 "
               "lock A;"
               "T1 join T2",
               "B A thread T2"},
           Row{"two reasons: the first counts",
               TAKE2("T1", "A", "B") "T1 start T2;T2 lock B;T2 try A", "A B: ordered"},
           Row{"hang", "T1 lock A;T2 lock B;T1 wants B;T2 wants A;hang T1 T2", "A B: hang"},
           Row{"no rule applies to a hang",
               "T1 lock A;T1 start T2;T2 lock B;T1 wants B;T2 try A;T2 unlock A;T2 wants A;hang T1 "
               "T2",
               "A B: hang"},
       })
    EXPECT_EQ(verdicts(row.steps), row.expected) << row.name;
}

TEST(Cycles, ACycleOfMoreThreadsThanItNeedsIsDecided) {
  std::string steps;
  for (int i = 0; i < 40; ++i) {
    std::string t = "T" + std::to_string(i), a = "L" + std::to_string(i),
                b = "L" + std::to_string((i + 1) % 40);
    steps += t + " lock " + a + ";" + t + " lock " + b + ";" + t + " unlock " + b + ";" + t +
             " unlock " + a + ";";
  }
  TraceCycles found = findTraceCycles(buildTrace(steps));
  ASSERT_EQ(found.cycles.size(), 1u);
  EXPECT_EQ(found.cycles[0].locks.size(), 40u);
  EXPECT_FALSE(found.cycles[0].pruned);
  EXPECT_EQ(found.limits.undecided, 0u);
}

TEST(HappensBefore, IsTransitiveAndNothingElse) {
  Trace trace = buildTrace("T1 hb T2;T2 hb T3;T4 lock A");
  HappensBefore before(trace);
  EXPECT_TRUE(before.precedes(0, 0, 1, 1));
  EXPECT_FALSE(before.precedes(0, 1, 1, 1)) << "what comes after the event is not ordered";
  EXPECT_FALSE(before.precedes(0, 0, 1, 0)) << "nor what comes before it on the other side";
  EXPECT_TRUE(before.precedes(0, 0, 2, 1));
  EXPECT_FALSE(before.precedes(0, 0, 3, 0));
  EXPECT_TRUE(before.precedes(0, 0, 0, 1));
}

TEST(HappensBefore, ThousandsOfThreadsTakeLittleMemoryAndNoDepth) {
  constexpr std::uint32_t kCount = 100'000; // a clock with a number for each of them would be 40 GB
  Trace turns, chain;
  turns.threads.resize(kCount + 1);
  for (std::uint32_t thread = 1; thread <= kCount; ++thread) {
    turns.threads[thread].parent = 0;
    turns.threads[thread].parentEpoch = 2 * thread - 1;
    turns.syncs.push_back({SyncKind::Join, 0, 2 * thread, 0, thread});
  }
  HappensBefore inTurn(turns);
  EXPECT_TRUE(inTurn.precedes(1, 7, kCount, 1));
  EXPECT_TRUE(inTurn.precedes(kCount - 1, 7, kCount, 1));
  EXPECT_FALSE(inTurn.precedes(kCount, 1, 1, 1));
  EXPECT_TRUE(inTurn.precedes(0, 3, 2, 1));
  EXPECT_FALSE(inTurn.precedes(0, 4, 2, 1));
  EXPECT_TRUE(inTurn.precedes(kCount, 7, 0, 2 * kCount + 1));
  EXPECT_FALSE(inTurn.precedes(kCount, 7, 0, 2 * kCount));
  chain.threads.resize(kCount);
  for (std::uint32_t thread = 1; thread < kCount; ++thread) {
    chain.threads[thread].parent = thread - 1;
    chain.threads[thread].parentEpoch = 1;
  }
  chain.syncs.push_back({SyncKind::Release, kCount - 1, 1, 5, kNone});
  HappensBefore inChain(chain);
  EXPECT_TRUE(inChain.precedes(0, 1, kCount - 1, 1));
  EXPECT_FALSE(inChain.precedes(0, 2, kCount - 1, 1));
  EXPECT_FALSE(inChain.precedes(kCount - 1, 1, 0, 2));
}

TEST(HappensBefore, RangesOverlapWhenSomeOfTheirEpochsDo) {
  // T1: 0 | 1 | 2, T2: 0 | 1 | 2; T1's 0 before T2's 1, T2's 1 before T1's 2.
  Trace trace = buildTrace("T1 hb T2;T2 hb T1");
  HappensBefore before(trace);
  struct Row {
    EpochRange a, b;
    bool overlap;
  };
  for (const Row &row :
       {Row{{0, 0}, {0, 0}, true}, Row{{0, 0}, {1, 1}, false}, Row{{0, 0}, {0, 9}, true},
        Row{{1, 1}, {0, 0}, true}, Row{{1, 1}, {1, 1}, true}, Row{{2, 2}, {0, 1}, false},
        Row{{2, 2}, {2, 2}, true}, Row{{0, 2}, {1, 1}, true}, Row{{0, 0}, {1, 5}, false},
        Row{{2, 9}, {1, 1}, false}})
    EXPECT_EQ(before.mayOverlap(0, row.a, 1, row.b), row.overlap)
        << row.a.first << "-" << row.a.last << " and " << row.b.first << "-" << row.b.last;
}

} // namespace
} // namespace threadlint::tracing
