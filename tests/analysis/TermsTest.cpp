// TermsTest: equal things are one term, simplifications hold, and substitution commutes with every constructor.
#include "analyzer/analysis/Terms.h"

#include "analyzer/facts/Event.h"

#include <gtest/gtest.h>

#include <array>
#include <limits>
#include <random>

namespace threadlint {
namespace {

std::int64_t number(ValueOp op) { return static_cast<std::int64_t>(op); }

TEST(Terms, EqualConstructionsAreOneTerm) {
  Terms terms;
  Term x = terms.variable(1, kGlobalChain);
  EXPECT_EQ(x, terms.variable(1, kGlobalChain));
  EXPECT_NE(x, terms.variable(1, 0));
  EXPECT_NE(x, terms.variable(2, kGlobalChain));
  EXPECT_EQ(terms.field(x, 3), terms.field(x, 3));
  EXPECT_NE(terms.field(x, 3), terms.field(x, 4));
  EXPECT_EQ(terms.closure(7, {x, terms.integer(1)}), terms.closure(7, {x, terms.integer(1)}));
  EXPECT_NE(terms.closure(7, {x, terms.integer(1)}), terms.closure(7, {terms.integer(1), x}));
  std::size_t size = terms.size();
  terms.deref(terms.init(terms.field(x, 3)));
  terms.deref(terms.init(terms.field(x, 3)));
  EXPECT_EQ(terms.size(), size + 2);
}

TEST(Terms, LocationsAndAddressesAreInverse) {
  Terms terms;
  Term x = terms.variable(1, 0), p = terms.param(0);
  EXPECT_EQ(terms.deref(terms.address(x)), x);
  EXPECT_EQ(terms.address(terms.deref(p)), p);
  EXPECT_EQ(terms.deref(terms.integer(0)), kUnknownTerm);
  EXPECT_NE(terms.deref(terms.init(x)), x);
}

TEST(Terms, UnknownAbsorbs) {
  Terms terms;
  Term one = terms.integer(1);
  for (Term t :
       {terms.field(kUnknownTerm, 1), terms.index(kUnknownTerm, 1),
        terms.element(kUnknownTerm, one), terms.deref(kUnknownTerm), terms.address(kUnknownTerm),
        terms.init(kUnknownTerm), terms.project(kUnknownTerm, 1),
        terms.operation(number(ValueOp::Add), {kUnknownTerm, one})})
    EXPECT_EQ(t, kUnknownTerm);
}

TEST(Terms, ElementsWithKnownIndexAreIndices) {
  Terms terms;
  Term a = terms.variable(1, 0), i = terms.param(0);
  EXPECT_EQ(terms.element(a, terms.integer(3)), terms.index(a, 3));
  EXPECT_EQ(terms.index(terms.index(a, 2), 3), terms.index(a, 5));
  EXPECT_EQ(terms.element(a, i), terms.element(a, i));
  EXPECT_NE(terms.element(a, i), terms.element(a, terms.param(1)));
  EXPECT_EQ(terms.element(terms.index(a, 0), i), terms.element(a, i));
}

TEST(Terms, OperationsAreSimplified) {
  Terms terms;
  Term x = terms.param(0), y = terms.param(1), address = terms.address(terms.variable(1, 0));
  auto n = [&](std::int64_t v) { return terms.integer(v); };
  auto op = [&](ValueOp o, std::vector<Term> kids) {
    return terms.operation(number(o), std::move(kids));
  };
  struct Row {
    const char *law;
    Term left, right;
  };
  const Row rows[] = {
      {"2 + 3", op(ValueOp::Add, {n(2), n(3)}), n(5)},
      {"2 - 3", op(ValueOp::Sub, {n(2), n(3)}), n(-1)},
      {"2 * 3", op(ValueOp::Mul, {n(2), n(3)}), n(6)},
      {"2 < 3", op(ValueOp::Lt, {n(2), n(3)}), n(1)},
      {"3 <= 2", op(ValueOp::Le, {n(3), n(2)}), n(0)},
      {"1 && 0", op(ValueOp::And, {n(1), n(0)}), n(0)},
      {"1 || 0", op(ValueOp::Or, {n(1), n(0)}), n(1)},
      {"x == x", op(ValueOp::Eq, {x, x}), n(1)},
      {"x != x", op(ValueOp::Ne, {x, x}), n(0)},
      {"x + 0", op(ValueOp::Add, {x, n(0)}), x},
      {"!!(x == y)", op(ValueOp::Not, {op(ValueOp::Not, {op(ValueOp::Eq, {x, y})})}),
       op(ValueOp::Eq, {x, y})},
      {"!x", op(ValueOp::Not, {x}), op(ValueOp::Eq, {x, n(0)})},
      {"!(x == 3)", op(ValueOp::Not, {op(ValueOp::Eq, {x, n(3)})}), op(ValueOp::Ne, {x, n(3)})},
      {"3 == x", op(ValueOp::Eq, {n(3), x}), op(ValueOp::Eq, {x, n(3)})},
      {"y == x", op(ValueOp::Eq, {y, x}), op(ValueOp::Eq, {x, y})},
      {"(x == 3) != 0", op(ValueOp::Ne, {op(ValueOp::Eq, {x, n(3)}), n(0)}),
       op(ValueOp::Eq, {x, n(3)})},
      {"(x < y) == 0", op(ValueOp::Eq, {op(ValueOp::Lt, {x, y}), n(0)}), op(ValueOp::Ge, {x, y})},
      {"&v == null", op(ValueOp::Eq, {address, n(0)}), n(0)},
      {"!&v", op(ValueOp::Not, {address}), n(0)},
  };
  for (const Row &row : rows)
    EXPECT_EQ(row.left, row.right) << row.law;
  EXPECT_NE(op(ValueOp::Sub, {x, y}), op(ValueOp::Sub, {y, x}));
  EXPECT_NE(op(ValueOp::Lt, {x, y}), op(ValueOp::Lt, {y, x}));
  std::int64_t big = std::numeric_limits<std::int64_t>::max();
  EXPECT_EQ(op(ValueOp::Add, {n(big), n(1)}), n(std::numeric_limits<std::int64_t>::min()));
}

TEST(Terms, PhisKeepTheirNameWhateverComesIn) {
  Terms terms;
  Term at = terms.variable(1, 0), x = terms.param(0), y = terms.param(1);
  Term phi = terms.phi(9, at);
  EXPECT_EQ(phi, terms.phi(9, at));
  EXPECT_NE(phi, terms.phi(8, at)); // another join, another name
  EXPECT_TRUE(terms.addInput(phi, y));
  EXPECT_TRUE(terms.addInput(phi, x));
  EXPECT_FALSE(terms.addInput(phi, x));
  EXPECT_FALSE(terms.addInput(phi, phi));
  EXPECT_EQ(std::vector<Term>(terms.inputs(phi)),
            (std::vector<Term>{std::min(x, y), std::max(x, y)}));
  EXPECT_TRUE(terms.inputs(x).empty());
}

TEST(Terms, TooManyInputsMakeAPhiUnknown) {
  Terms terms;
  Term phi = terms.phi(9, terms.variable(1, 0));
  for (std::int64_t n = 0; n < 20; ++n)
    terms.addInput(phi, terms.integer(n));
  EXPECT_TRUE(terms.inputs(phi).empty());
}

TEST(Terms, RootStripsParts) {
  Terms terms;
  Term x = terms.variable(1, 0), pointee = terms.deref(terms.init(x));
  EXPECT_EQ(terms.root(terms.field(terms.index(terms.field(x, 1), 3), 2)), x);
  EXPECT_EQ(terms.root(terms.element(terms.field(pointee, 1), terms.param(0))), pointee);
  EXPECT_EQ(terms.root(x), x);
}

TEST(Terms, ChainsKeepTheOutermostCalls) {
  Terms terms;
  ChainId chain = 0;
  for (SiteId site = 1; site <= 10; ++site)
    chain = terms.extend(site, chain);
  ChainId direct = 0;
  for (SiteId site = 7; site <= 10; ++site)
    direct = terms.extend(site, direct);
  EXPECT_EQ(chain, direct);
  EXPECT_EQ(terms.extend(3, kGlobalChain), kGlobalChain);
  EXPECT_NE(terms.extend(1, terms.extend(2, 0)), terms.extend(2, terms.extend(1, 0)));
}

TEST(Terms, DeepTermsBecomeUnknown) {
  Terms terms;
  Term t = terms.variable(1, kGlobalChain);
  for (unsigned i = 0; i < Terms::kMaxDepth; ++i)
    t = terms.field(t, i);
  EXPECT_NE(t, kUnknownTerm);
  EXPECT_EQ(terms.field(t, 0), kUnknownTerm);
}

/// A term built twice from the same random choices: once with `from`, and once with `to` in its place.
class RandomPair {
public:
  RandomPair(Terms &terms, unsigned seed, Term from, Term to)
      : terms_(terms), random_(seed), from_(from), to_(to) {}

  std::pair<Term, Term> location(unsigned depth) {
    if (depth == 0)
      return pick(3) == 0 ? std::pair(from_, to_)
                          : same(terms_.variable(pick(2), pick(2) ? 0 : kGlobalChain));
    switch (pick(4)) {
    case 0: {
      auto [a, b] = location(depth - 1);
      FieldId field = pick(3);
      return {terms_.field(a, field), terms_.field(b, field)};
    }
    case 1: {
      auto [a, b] = location(depth - 1);
      std::int64_t n = pick(3);
      return {terms_.index(a, n), terms_.index(b, n)};
    }
    case 2: {
      auto [a, b] = location(depth - 1);
      auto [i, j] = value(depth - 1);
      return {terms_.element(a, i), terms_.element(b, j)};
    }
    default: {
      auto [a, b] = value(depth - 1);
      return {terms_.deref(a), terms_.deref(b)};
    }
    }
  }
  std::pair<Term, Term> value(unsigned depth) {
    if (depth == 0)
      return pick(2) ? same(terms_.param(pick(2))) : same(terms_.integer(pick(3)));
    switch (pick(4)) {
    case 0: {
      auto [a, b] = location(depth - 1);
      return {terms_.init(a), terms_.init(b)};
    }
    case 1: {
      auto [a, b] = location(depth - 1);
      return {terms_.address(a), terms_.address(b)};
    }
    case 2: {
      auto [a, b] = value(depth - 1);
      return {terms_.closure(1, {a}), terms_.closure(1, {b})};
    }
    default: {
      auto [a, b] = value(depth - 1);
      auto [c, d] = value(depth - 1);
      auto op = number(std::array{ValueOp::Eq, ValueOp::Lt, ValueOp::Add}[pick(3)]);
      return {terms_.operation(op, {a, c}), terms_.operation(op, {b, d})};
    }
    }
  }

private:
  Terms &terms_;
  std::mt19937 random_;
  Term from_, to_;
  std::uint32_t pick(std::uint32_t n) { return static_cast<std::uint32_t>(random_() % n); }
  std::pair<Term, Term> same(Term t) { return {t, t}; }
};

TEST(Terms, SubstitutionCommutesWithConstructors) {
  for (unsigned seed = 0; seed < 3000; ++seed) {
    Terms terms;
    Term from = terms.variable(77, 0), to = terms.field(terms.variable(78, 0), 5);
    auto [before, after] = RandomPair(terms, seed, from, to).location(1 + seed % 5);
    EXPECT_EQ(terms.replace(before, from, to), after) << "seed " << seed;
    EXPECT_FALSE(terms.contains(terms.replace(before, from, to), from)) << "seed " << seed;
    if (!terms.contains(before, from)) {
      EXPECT_EQ(terms.replace(before, from, to), before) << "seed " << seed;
    }
  }
}

} // namespace
} // namespace threadlint
