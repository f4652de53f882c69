// JoinLawsTest: the join of lock states is idempotent and commutative, and branching programs have the states of their paths.
#include "tests/support/Relations.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>

namespace threadlint {
namespace {

/// A random program of locks and branches, with the locksets at its probes found by following every path.
class RandomProgram {
public:
  explicit RandomProgram(unsigned seed) : random_(seed) {}

  using Path = std::vector<char>; ///< locks in order of acquisition
  using Paths = std::set<Path>;

  std::string block(Paths &paths, unsigned depth) {
    std::string text;
    for (unsigned n = 1 + pick(4); n > 0 && !paths.empty(); --n) {
      text += text.empty() ? "" : "; ";
      text += statement(paths, depth);
      widest = std::max(widest, paths.size());
    }
    return text;
  }

  std::string expected() const {
    std::string text;
    for (const std::string &state : states_)
      text += (text.empty() ? "" : " ") + state;
    return text;
  }
  std::size_t widest = 1;

private:
  std::mt19937 random_;
  std::set<std::string> states_;

  unsigned pick(unsigned n) { return static_cast<unsigned>(random_() % n); }

  std::string statement(Paths &paths, unsigned depth) {
    char lock = static_cast<char>('a' + pick(4));
    auto holds = [lock](const Path &path) {
      return std::find(path.begin(), path.end(), lock) != path.end();
    };
    bool all = std::all_of(paths.begin(), paths.end(), holds),
         none = std::none_of(paths.begin(), paths.end(), holds);
    Paths next;
    switch (pick(depth > 0 ? 5 : 3)) {
    case 0:
    case 1:
      if (!all && !none)
        break;
      for (Path path : paths) {
        if (all)
          path.erase(std::find(path.begin(), path.end(), lock));
        else
          path.push_back(lock);
        next.insert(path);
      }
      paths = next;
      return std::string(all ? "unlock " : "lock ") + lock;
    case 3: {
      Paths other = paths;
      std::string yes = block(paths, depth - 1), no = block(other, depth - 1);
      paths.insert(other.begin(), other.end());
      return "if ? { " + yes + " } else { " + no + " }";
    }
    case 4: {
      Paths branch = paths;
      std::string body = block(branch, depth - 1);
      if (pick(3) == 0)
        return "if ? { " + body + "; return }";
      paths.insert(branch.begin(), branch.end());
      return "if ? { " + body + " }";
    }
    default:
      break;
    }
    std::string probe(1, static_cast<char>('p' + pick(4)));
    for (const Path &path : paths) {
      std::string locks;
      for (char held : path)
        locks += (locks.empty() ? "" : ",") + std::string(1, held);
      states_.insert(probe + "{" + locks + "}");
    }
    return "write " + probe;
  }
};

const std::string kGlobals = "mutex a b c d; int p q r s; ";

std::string statesOf(const std::string &body) {
  return lockStates(kGlobals + "fn main { " + body + " }");
}

TEST(JoinLaws, BranchesHaveTheStatesOfTheirPaths) {
  unsigned compared = 0;
  for (unsigned seed = 0; seed < 2000; ++seed) {
    RandomProgram program(seed);
    RandomProgram::Paths paths{{}};
    std::string body = program.block(paths, 3);
    if (program.widest > 8)
      continue; // states are forced together there
    ++compared;
    EXPECT_EQ(statesOf(body), program.expected()) << "seed " << seed << ": " << body;
  }
  EXPECT_GT(compared, 1000u);
}

TEST(JoinLaws, CommutativeAndIdempotent) {
  for (unsigned seed = 0; seed < 300; ++seed) {
    RandomProgram one(seed), two(seed + 100000);
    RandomProgram::Paths pathsOne{{}}, pathsTwo{{}};
    std::string x = one.block(pathsOne, 1), y = two.block(pathsTwo, 1);
    pathsOne.insert(pathsTwo.begin(), pathsTwo.end());
    if (std::max({one.widest, two.widest, pathsOne.size()}) > 8)
      continue;
    EXPECT_EQ(statesOf("if ? { " + x + " } else { " + y + " }; write s"),
              statesOf("if ? { " + y + " } else { " + x + " }; write s"))
        << x << " / " << y;
    EXPECT_EQ(statesOf("if ? { " + x + " } else { " + x + " }; write s"), statesOf(x + "; write s"))
        << x;
  }
}

TEST(JoinLaws, ACalleeInlinesToItsBody) {
  for (unsigned seed = 0; seed < 300; ++seed) {
    RandomProgram program(seed);
    RandomProgram::Paths paths{{}};
    std::string body = program.block(paths, 2);
    if (program.widest > 8)
      continue;
    EXPECT_EQ(lockStates(kGlobals + "fn f { " + body + " }; fn main { call f(); write s }"),
              lockStates(kGlobals + "fn f { " + body +
                         " }; fn main { if ? { call f() } else { call f() }; write s }"))
        << body;
  }
}

} // namespace
} // namespace threadlint
