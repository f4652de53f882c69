// FactsJsonTest: the dump is JSON, resolves names, and survives arbitrary facts.
#include "analyzer/facts/FactsJson.h"

#include "analyzer/facts/FactsText.h"
#include "tests/support/RandomFacts.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace threadlint {
namespace {

TEST(FactsJson, DumpsRandomFacts) {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    TuFacts facts = randomFacts(seed, 5);
    auto json = nlohmann::json::parse(factsToJson(facts), nullptr, false);
    ASSERT_FALSE(json.is_discarded()) << "seed " << seed;
    EXPECT_EQ(json["functions"].size(), 5u);
  }
}

/// Facts with variables `p` and `table`, fields `mu` and `next`.
TuFacts namedFacts() {
  TuFacts facts;
  facts.strings = {"", "p", "table", "mu", "next", "worker"};
  facts.vars.resize(2);
  facts.vars[0].name = 1;
  facts.vars[1].name = 2;
  facts.fields.resize(2);
  facts.fields[0].name = 3;
  facts.fields[1].name = 4;
  return facts;
}

PathStep field(FieldId id) { return {StepKind::Field, id, 0, kNone}; }
PathStep deref() { return {StepKind::Deref, kNone, 0, kNone}; }
PathStep index(std::int64_t i) { return {StepKind::Index, kNone, i, kNone}; }
PathStep anyIndex(ValueId value = kNone) { return {StepKind::AnyIndex, kNone, 0, value}; }

TEST(FactsText, WritesPathsAsExpressions) {
  struct Row {
    BaseKind base;
    std::uint32_t id;
    std::vector<PathStep> steps;
    const char *expected;
  };
  const Row rows[] = {
      {BaseKind::Var, 0, {}, "p"},
      {BaseKind::Var, 0, {deref()}, "*p"},
      {BaseKind::Var, 0, {deref(), field(0)}, "p->mu"},
      {BaseKind::Var, 0, {deref(), field(1), deref(), field(0)}, "p->next->mu"},
      {BaseKind::Var, 0, {field(1)}, "p.next"},
      {BaseKind::Var, 1, {index(3)}, "table[3]"},
      {BaseKind::Var, 1, {anyIndex(), field(0)}, "table[*].mu"},
      {BaseKind::Var, 1, {anyIndex(0)}, "table[7]"},
      {BaseKind::Var, 0, {deref(), index(1)}, "(*p)[1]"},
      {BaseKind::This, 0, {deref(), field(0)}, "this->mu"},
      {BaseKind::Capture, 2, {}, "^2"},
      {BaseKind::Temp, 4, {deref()}, "*$4"},
      {BaseKind::Unknown, 0, {}, "?"},
  };
  TuFacts facts = namedFacts();
  for (const Row &row : rows) {
    FunctionFacts function;
    function.values = {{ValueKind::Int, 7, kNone, 0, ValueOp::Other, {}}};
    function.paths = {{row.base, row.id, row.steps, {}}};
    EXPECT_EQ(pathText(facts, function, 0), row.expected);
  }
}

TEST(FactsText, WritesValuesAsExpressions) {
  TuFacts facts = namedFacts();
  FunctionFacts function;
  function.paths = {{BaseKind::Var, 0, {}, {}}};
  function.values = {
      {ValueKind::Int, -1, kNone, 0, ValueOp::Other, {}},
      {ValueKind::Load, 0, 0, 0, ValueOp::Other, {}},
      {ValueKind::Address, 0, 0, 0, ValueOp::Other, {}},
      {ValueKind::Function, 0, kNone, 5, ValueOp::Other, {}},
      {ValueKind::Op, 0, kNone, 0, ValueOp::Eq, {1, 0}},
      {ValueKind::Op, 0, kNone, 0, ValueOp::Not, {4}},
      {ValueKind::Bind, 0, kNone, 0, ValueOp::Other, {3, 2}},
  };
  const char *expected[] = {
      "-1", "p", "&p", "worker", "(p == -1)", "!((p == -1))", "bind(worker, &p)"};
  for (ValueId id = 0; id < function.values.size(); ++id)
    EXPECT_EQ(valueText(facts, function, id), expected[id]);
  EXPECT_EQ(valueText(facts, function, kNone), "none");
}

TEST(FactsText, BoundsSharedOperands) {
  TuFacts facts = namedFacts();
  FunctionFacts function;
  function.values.push_back({ValueKind::Int, 1, kNone, 0, ValueOp::Other, {}});
  for (ValueId id = 0; id < 200; ++id)
    function.values.push_back({ValueKind::Op, 0, kNone, 0, ValueOp::Add, {id, id}});
  EXPECT_LT(valueText(facts, function, 200).size(), 2000u);
}

} // namespace
} // namespace threadlint
