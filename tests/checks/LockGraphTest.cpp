// LockGraphTest: the lock-order graph has one node for each lock that is known apart from others.
#include "checks/Checks.h"
#include "tests/support/FactsBuilder.h"

#include <gtest/gtest.h>

namespace threadlint {
namespace {

/// "from -> to" of every edge, with ` !` for one in a cycle.
std::string graph(std::initializer_list<std::pair<const char *, const char *>> sources) {
  std::vector<TuFacts> tus;
  for (const auto &[file, text] : sources)
    tus.push_back(buildFacts(text, file));
  std::string edges;
  for (const LockOrderEdge &edge :
       analyzeProgram(std::move(tus), {.withLockGraph = true, .stop = nullptr}).lockOrder)
    edges += edge.from + " -> " + edge.to + (edge.isInCycle ? " !" : "") + "\n";
  return edges;
}

TEST(LockGraph, HasOneNodeForOneLock) {
  EXPECT_EQ(graph({{"a.cpp", "mutex a; mutex b\nfn main { lock a; lock b; unlock b; unlock a }"}}),
            "a -> b\n");
}

TEST(LockGraph, HasTwoNodesForTwoLocksOfOneName) {
  EXPECT_EQ(graph({{"a.cpp", "static mutex mu; extern mutex all\n"
                             "fn f { lock mu; lock all; unlock all; unlock mu }"},
                   {"b.cpp", "static mutex mu; mutex all\n"
                             "fn g { lock all; lock mu; unlock mu; unlock all }"}}),
            "all -> mu (b.cpp:1)\nmu (a.cpp:1) -> all\n");
}

TEST(LockGraph, TellsTheObjectsThatLocksArePartsOf) {
  EXPECT_EQ(graph({{"a.cpp", "record Box { mutex mu }\nBox left; Box right\n"
                             "fn main { lock left.mu; lock right.mu; unlock right.mu; "
                             "unlock left.mu }"}}),
            "Box::mu (left, a.cpp:2) -> Box::mu (right, a.cpp:2)\n");
}

TEST(LockGraph, HasOneNodeForWhatPointersLeadTo) {
  EXPECT_EQ(graph({{"a.cpp", "record Box { mutex mu }\nmutex all\n"
                             "fn f(Box* p) { lock p->mu; lock all; unlock all; unlock p->mu }\n"
                             "fn g(Box* q) { lock q->mu; lock all; unlock all; unlock q->mu }"}}),
            "Box::mu -> all\n");
}

} // namespace
} // namespace threadlint
