// FindingsTest: what each check says about an event graph, and where.
#include "tests/support/Relations.h"

#include "tests/support/FactsBuilder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace threadlint {
namespace {

struct Row {
  const char *text, *expected;
};

void check(std::initializer_list<Row> rows) {
  for (const Row &row : rows)
    EXPECT_EQ(findingsOf(row.text), row.expected) << row.text;
}

TEST(Findings, DataRaceIsAtTheWriteWithTheFewestLocks) {
  check({
      {"int x; pthread t\nfn work {\n write x\n}\nfn main {\n spawn t work()\n read x\n join t }",
       "data-race@3"},
      {"int x; mutex m; pthread t\nfn work {\n lock m; write x; unlock m\n}\nfn main {\n spawn t "
       "work()\n write x\n join t }",
       "data-race@7"},
      {"int x; mutex m; pthread t\nfn work {\n lock m; write x; unlock m\n}\nfn main {\n spawn t "
       "work()\n lock m; write x; unlock m\n join t }",
       ""},
  });
}

TEST(Findings, InversionIsAtTheInnerAcquisitionOfTheFirstEdge) {
  check({
      {"mutex a b; pthread t\nfn work {\n lock a\n lock b\n unlock b; unlock a }\nfn main {\n "
       "spawn t work()\n lock b\n lock a\n unlock a; unlock b; join t }",
       "lock-order-inversion@4"},
  });
}

TEST(Findings, SelfDeadlockIsAtTheSecondAcquisition) {
  check({
      {"mutex m\nfn main {\n lock m\n lock m\n}", "self-deadlock@4"},
      {"recursive m\nfn main {\n lock m\n lock m\n unlock m; unlock m }", ""},
      {"errorcheck m\nfn main {\n lock m\n lock m\n unlock m; unlock m }", ""},
      {"rwlock s\nfn main {\n lock shared s\n lock s\n unlock s; unlock s }", "self-deadlock@4"},
      {"rwlock s\nfn main {\n lock shared s\n lock shared s\n unlock s; unlock s }",
       "self-deadlock?@4"},
      {"mutex m\nfn main {\n lock m\n r = try m\n if r { unlock m }\n unlock m }", ""},
      {"mutex m\nfn inner {\n lock m; unlock m }\nfn main {\n lock m\n call inner()\n unlock m }",
       "self-deadlock@3"},
      {"record S { mutex mu; int n }; S s o\nfn f(S* p, S* q) {\n lock p->mu\n lock q->mu\n unlock "
       "q->mu; unlock p->mu }\nfn main { call f(&s, &o) }",
       ""},
      {"mutex m\nfn main {\n initlock m recursive\n lock m\n lock m\n unlock m; unlock m }", ""},
      {"mutex m\nfn main {\n guard g m\n gunlock g\n lock m\n unlock m; end g }", ""},
  });
}

TEST(Findings, UnjoinedThreadIsAtTheCreation) {
  check({
      {"fn work { }\nfn main {\n pthread t\n spawn t work()\n}", "unjoined-thread@4"},
      {"fn work { }\nfn main {\n pthread t\n spawn t work()\n join t }", ""},
      {"fn work { }\nfn main {\n pthread t\n spawn t work()\n detach t }", ""},
      {"fn work { }\nfn main {\n pthread t\n spawn t work() detached\n}", ""},
      {"fn work { }\nfn main {\n thread t\n spawn t work()\n drop t }", "unjoined-thread@4"},
      {"fn work { }\nfn main {\n thread t\n spawn t work()\n if ? { join t }\n drop t }",
       "unjoined-thread@4"},
      {"fn work { }\nfn main {\n thread t\n spawn t work()\n r = joinable t\n if r { join t }\n "
       "drop t }",
       ""},
      {"fn work { }\nfn main {\n jthread t\n spawn t work()\n drop t }", ""},
      {"fn work { }\nfn main {\n thread t u\n spawn t work()\n hmove u t\n drop t; join u; drop u "
       "}",
       ""},
      {"fn work { }\nfn main {\n thread t u\n spawn t work()\n hmove u t\n drop t; drop u }",
       "unjoined-thread@4"},
      {"fn work { }\nfn main {\n pthread t\n spawn t work()\n exit }", ""},
      {"pthread t\nfn work { }\nfn main {\n spawn t work()\n}", "unjoined-thread@4"},
      {"pthread t\nfn work { }\nfn stop { join t }\nfn main {\n spawn t work()\n call stop() }",
       ""},
  });
}

TEST(Findings, LockLeakIsAtTheAcquisition) {
  check({
      {"mutex m\nfn main {\n lock m\n if ? { return }\n unlock m }", "lock-leak@3"},
      {"mutex m\nfn f {\n lock m\n if ? { return 1 }\n unlock m\n return 0 }\nfn main { call f() }",
       "lock-leak@3"},
      {"mutex m\nfn f {\n lock m\n}\nfn main {\n call f()\n unlock m }", ""},
      {"mutex m\nfn f {\n lock m\n if ? { exit }\n unlock m }\nfn main { call f() }", ""},
      {"mutex m\nfn f {\n r = try m\n if r { return 1 }\n return 0 }\nfn main {\n r = call f()\n "
       "if r { unlock m } }",
       ""},
      {"mutex m\nfn main {\n guard g m\n if ? { end g; return }\n end g }", ""},
  });
}

TEST(Findings, UnlockNotHeldIsAtTheUnlock) {
  check({
      {"mutex m\nfn main {\n unlock m }", "unlock-not-held@3"},
      {"mutex m\nfn main {\n lock m\n unlock m\n unlock m }", "unlock-not-held@5"},
      {"mutex m\nfn main {\n lock m\n if ? { unlock m }\n unlock m }", "unlock-not-held@5"},
      {"mutex m\nfn f {\n unlock m }\nfn main {\n lock m\n call f() }", ""},
      {"mutex m; recursive r\nfn main {\n lock r\n lock r\n unlock r\n unlock r }", ""},
      {"mutex m\nfn main {\n guard g m\n gunlock g\n end g }", ""},
      {"mutex m\nfn main {\n r = trylock m\n if r == 0 { unlock m } }", ""},
  });
}

TEST(Findings, HandOverHandLockingIsBalanced) {
  check({
      {"record S { mutex mu; int n; S* next }\nfn f(S* p) {\n lock p->mu\n while ? {\n S* k\n k = "
       "p->next\n"
       " lock k->mu\n unlock p->mu\n p = k\n write p->n }\n unlock p->mu }\n"
       "fn main { S* o; o = call unknown(); call f(o) }",
       ""},
  });
}

TEST(Findings, OneCauseIsOneFinding) {
  check({
      // Two sites of one location, one finding.
      {"int x; pthread t\nfn work {\n write x\n write x\n}\nfn main {\n spawn t work()\n write x\n "
       "join t }",
       "data-race@3"},
      {"mutex m\nfn inner {\n lock m; unlock m }\nfn main {\n lock m\n call inner(); call "
       "inner()\n unlock m }",
       "self-deadlock@3"},
  });
}

TEST(Findings, BothThreadsAreTraced) {
  std::vector<TuFacts> tus;
  tus.push_back(buildFacts(
      "int x; mutex m; pthread t\nfn deep { lock m; write x; unlock m }\nfn work { call deep() }\n"
      "fn main {\n spawn t work()\n write x\n join t }"));
  AnalysisResult result = analyzeProgram(std::move(tus));
  ASSERT_EQ(result.findings.size(), 1u);
  const Finding &finding = result.findings[0];
  EXPECT_EQ(finding.check, "data-race");
  EXPECT_EQ(finding.function, "main");
  ASSERT_EQ(finding.threads.size(), 2u);
  for (const ThreadTrace &thread : finding.threads) {
    bool isWorker = thread.entry == "work";
    ASSERT_FALSE(thread.path.empty());
    EXPECT_EQ(thread.path.back().place.line, isWorker ? 2u : 6u);
    EXPECT_EQ(thread.path.back().locksHeld,
              isWorker ? std::vector<std::string>{"m"} : std::vector<std::string>{});
  }
  EXPECT_EQ(finding.fingerprint.size(), 32u);
}

TEST(Findings, ATraceTellsTheAcquisitionsOfItsOwnThread) {
  // `other` takes `a` with the same context as `work` does: the trace of `work` must not go through it.
  std::vector<TuFacts> tus;
  tus.push_back(
      buildFacts("mutex a b; int n; pthread t u\nfn other {\n lock a\n write n\n unlock a }\n"
                 "fn first { lock b; call other(); unlock b }\n"
                 "fn work {\n lock a\n lock b\n unlock b; unlock a }\n"
                 "fn main { spawn t first(); spawn u work(); join t; join u }"));
  AnalysisResult result = analyzeProgram(std::move(tus));
  ASSERT_EQ(result.findings.size(), 1u);
  for (const ThreadTrace &thread : result.findings[0].threads)
    if (thread.entry == "work")
      for (const TraceStep &step : thread.path)
        EXPECT_THAT(step.function, testing::AnyOf("main", "work"));
}

} // namespace
} // namespace threadlint
