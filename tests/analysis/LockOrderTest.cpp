// LockOrderTest: cycles of the lock-order graph: which close, and which are harmless.
#include "tests/support/Relations.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>

namespace threadlint {
namespace {

struct Row {
  const char *worker, *main, *expected;
};

void check(std::initializer_list<Row> rows) {
  for (const Row &row : rows)
    EXPECT_EQ(cyclesOf(std::string("mutex a b c g; rwlock r s; record S { mutex mu; S* next }; S x "
                                   "y; pthread t; fn work { ") +
                       row.worker + " }; fn main { spawn t work(); " + row.main + "; join t }"),
              row.expected)
        << row.worker << " / " << row.main;
}

TEST(LockOrder, TwoLocks) {
  check({
      {"lock a; lock b; unlock b; unlock a", "lock b; lock a; unlock a; unlock b", "a>b"},
      {"lock a; lock b; unlock b; unlock a", "lock a; lock b; unlock b; unlock a", ""},
      {"lock a; unlock a; lock b; unlock b", "lock b; lock a; unlock a; unlock b", ""},
      {"guard h a; guard k b; end k; end h", "guard h b; guard k a; end k; end h", "a>b"},
      {"lock x.mu; lock y.mu; unlock y.mu; unlock x.mu",
       "lock y.mu; lock x.mu; unlock x.mu; unlock y.mu", "S::mu>S::mu"},
      {"lock a; if ? { lock b; unlock b }; unlock a", "lock b; if ? { lock a; unlock a }; unlock b",
       "a>b"},
  });
}

TEST(LockOrder, GateLocks) {
  check({
      {"lock g; lock a; lock b; unlock b; unlock a; unlock g",
       "lock g; lock b; lock a; unlock a; unlock b; unlock g", ""},
      {"lock g; lock a; lock b; unlock b; unlock a; unlock g", "lock b; lock a; unlock a; unlock b",
       "a>b"},
      {"lock shared r; lock a; lock b; unlock b; unlock a; unlock r",
       "lock shared r; lock b; lock a; unlock a; unlock b; unlock r", "a>b"},
      {"lock shared r; lock a; lock b; unlock b; unlock a; unlock r",
       "lock r; lock b; lock a; unlock a; unlock b; unlock r", ""},
  });
}

TEST(LockOrder, TryAndGroupedAcquisitionsAddNoEdge) {
  check({
      {"lock a; k = try b; if k { unlock b }; unlock a", "lock b; lock a; unlock a; unlock b", ""},
      {"k = try a; if k { lock b; unlock b; unlock a }", "lock b; lock a; unlock a; unlock b",
       "a>b"},
      {"lock a b; unlock a b", "lock b a; unlock a b", ""},
      {"guard h a b; end h", "guard h b a; end h", ""},
      {"lock a b; lock c; unlock c; unlock a b", "lock c; lock a; unlock a; unlock c", "a>c"},
  });
}

TEST(LockOrder, SharedOnBothSidesDoesNotBlock) {
  check({
      {"lock shared r; lock a; unlock a; unlock r", "lock a; lock shared r; unlock r; unlock a",
       ""},
      {"lock shared r; lock a; unlock a; unlock r", "lock a; lock r; unlock r; unlock a", "a>r"},
      {"lock shared r; lock shared s; unlock s; unlock r",
       "lock shared s; lock shared r; unlock r; unlock s", ""},
  });
}

TEST(LockOrder, OneThreadCannotDeadlockWithItself) {
  check({
      {"write_nothing = 1",
       "lock a; lock b; unlock b; unlock a; lock b; lock a; unlock a; unlock b", ""},
  });
  EXPECT_EQ(cyclesOf("mutex a b; pthread t; fn work { lock a; lock b; unlock b; unlock a }; "
                     "fn main { spawn t work(); join t; lock b; lock a; unlock a; unlock b }"),
            "");
  EXPECT_EQ(cyclesOf("mutex a b; pthread[] ts; fn work { lock a; lock b; unlock b; unlock a; lock "
                     "b; lock a; unlock a; unlock b }; "
                     "fn main { int i; i = 0; while i < 3 { spawn ts[i] work(); i = i + 1 } }"),
            "a>b");
}

TEST(LockOrder, ThreeAndFourLocks) {
  const std::string edges =
      "mutex a b c d e; pthread t u v w; fn ab { lock a; lock b; unlock b; unlock a }; fn bc { "
      "lock b; lock c; unlock c; unlock b }; "
      "fn ca { lock c; lock a; unlock a; unlock c }; fn cd { lock c; lock d; unlock d; unlock c }; "
      "fn da { lock d; lock a; unlock a; unlock d }; ";
  EXPECT_EQ(cyclesOf(edges + "fn main { spawn t ab(); spawn u bc(); spawn v ca() }"), "a>b>c");
  EXPECT_EQ(cyclesOf(edges + "fn main { spawn t ab(); spawn u bc(); spawn v cd() }"), "");
  EXPECT_EQ(cyclesOf(edges + "fn main { spawn t ab(); spawn u bc(); spawn v cd(); spawn w da() }"),
            "a>b>c>d");
}

TEST(LockOrder, ThroughCallsAndArguments) {
  const std::string text = "mutex a b; record S { mutex mu; int n }; S x y; pthread t u; ";
  EXPECT_EQ(cyclesOf(text +
                     "fn inner { lock b; unlock b }; fn work { lock a; call inner(); unlock a }; "
                     "fn main { spawn t work(); lock b; lock a; unlock a; unlock b; join t }"),
            "a>b");
  EXPECT_EQ(cyclesOf(text + "fn both(S* p, S* q) { lock p->mu; lock q->mu; unlock q->mu; unlock "
                            "p->mu }; fn work { call both(&x, &y) }; "
                            "fn main { spawn t work(); call both(&y, &x); join t }"),
            "S::mu>S::mu");
  EXPECT_EQ(cyclesOf(text + "fn both(S* p, S* q) { lock p->mu; lock q->mu; unlock q->mu; unlock "
                            "p->mu }; fn work { call both(&x, &y) }; "
                            "fn main { spawn t work(); call both(&x, &y); join t }"),
            "");
}

/// Random graphs: one thread per edge takes its two locks; the cycles are those of the graph, at most four long, one per set of nodes.
class RandomGraph {
public:
  RandomGraph(unsigned seed, unsigned nodes, unsigned edges) : nodes_(nodes) {
    std::mt19937 random(seed);
    for (unsigned i = 0; i < edges; ++i) {
      unsigned from = random() % nodes, to = random() % nodes;
      if (from != to)
        edges_.emplace(from, to);
    }
  }

  std::string program() const {
    std::string text = "mutex", body;
    for (unsigned i = 0; i < nodes_; ++i)
      text += " " + name(i);
    text += "; ";
    for (auto [from, to] : edges_) {
      std::string thread = "take" + name(from) + name(to);
      text += "pthread h" + thread + "; fn " + thread + " { lock " + name(from) + "; lock " +
              name(to) + "; unlock " + name(to) + "; unlock " + name(from) + " }; ";
      body += "spawn h" + thread + " " + thread + "(); ";
    }
    return text + "fn main { " + body + "}";
  }

  /// Every permutation of every set of two to four nodes that follows the edges.
  std::set<std::set<std::string>> cycles() const {
    std::set<std::set<std::string>> result;
    for (unsigned mask = 0; mask < (1u << nodes_); ++mask) {
      std::vector<unsigned> members;
      for (unsigned i = 0; i < nodes_; ++i)
        if (mask & (1u << i))
          members.push_back(i);
      if (members.size() < 2 || members.size() > 4)
        continue;
      do {
        bool isCycle = true;
        for (std::size_t i = 0; i < members.size(); ++i)
          isCycle &= edges_.count({members[i], members[(i + 1) % members.size()]}) != 0;
        if (isCycle) {
          std::set<std::string> names;
          for (unsigned member : members)
            names.insert(name(member));
          result.insert(names);
        }
      } while (std::next_permutation(members.begin(), members.end()));
    }
    return result;
  }

private:
  unsigned nodes_;
  std::set<std::pair<unsigned, unsigned>> edges_;
  static std::string name(unsigned node) { return std::string(1, static_cast<char>('A' + node)); }
};

std::set<std::set<std::string>> foundCycles(const std::string &text) {
  std::set<std::set<std::string>> result;
  std::set<std::string> current;
  for (char c : cyclesOf(text) + " ")
    if (c == ' ') {
      if (!current.empty())
        result.insert(current);
      current.clear();
    } else if (c != '>') {
      current.insert(std::string(1, c));
    }
  return result;
}

TEST(LockOrder, RandomGraphsHaveTheCyclesOfAnObviousSearch) {
  for (unsigned seed = 0; seed < 150; ++seed) {
    RandomGraph graph(seed, 3 + seed % 4, 3 + seed % 7);
    EXPECT_EQ(foundCycles(graph.program()), graph.cycles()) << "seed " << seed << "\n"
                                                            << graph.program();
  }
}

} // namespace
} // namespace threadlint
