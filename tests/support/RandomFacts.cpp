// RandomFacts: fills every member; ids stay in their tables, operands refer to earlier values only.
#include "tests/support/RandomFacts.h"

#include <random>

namespace threadlint {
namespace {

class Generator {
public:
  explicit Generator(std::uint64_t seed) : random_(seed) {}

  TuFacts run(unsigned functionCount) {
    facts_.mainFile = "src/" + std::to_string(below(100)) + ".cpp";
    facts_.linkUnit = coin() ? "" : "app";
    for (unsigned i = 0, n = 1 + below(20); i < n; ++i)
      facts_.strings.push_back(text());
    for (unsigned i = 0, n = below(4); i < n; ++i)
      facts_.files.push_back("include/" + text());
    for (unsigned i = 0, n = 1 + below(8); i < n; ++i)
      facts_.vars.push_back(variable());
    for (unsigned i = 0, n = 1 + below(8); i < n; ++i)
      facts_.fields.push_back({string(), string(), string(), type(), coin(), coin(), any32()});
    for (unsigned i = 0, n = below(4); i < n; ++i)
      facts_.records.push_back(record());
    for (unsigned i = 0; i < functionCount; ++i)
      facts_.functions.push_back(function());
    for (unsigned i = 0, n = below(3); i < n; ++i)
      facts_.suppressions.push_back(
          {pick(SuppressionKind::End), id(facts_.files), any32(), strings()});
    for (unsigned i = 0, n = below(3); i < n; ++i)
      facts_.limitations.push_back({string(), string(), range(), coin()});
    return std::move(facts_);
  }

private:
  unsigned below(unsigned n) { return static_cast<unsigned>(random_() % n); }
  bool coin() { return below(2) == 0; }
  std::uint32_t any32() {
    static constexpr std::uint32_t kEdges[] = {0,          1,          127,       128,
                                               0x7fffffff, 0x80000000, kNone - 1, kNone};
    return coin() ? kEdges[below(8)] : below(1000);
  }
  std::int64_t any64() {
    static constexpr std::int64_t kEdges[] = {0, -1, 63, 64, INT64_MAX, INT64_MIN};
    return coin() ? kEdges[below(6)] : std::int64_t(below(1000)) - 500;
  }
  template <class Enum> Enum pick(Enum last) {
    return static_cast<Enum>(below(static_cast<unsigned>(last) + 1));
  }
  template <class T> std::uint32_t id(const std::vector<T> &table) {
    return below(static_cast<unsigned>(table.size()));
  }
  template <class T> std::uint32_t idOrNone(const std::vector<T> &table) {
    return table.empty() || coin() ? kNone : id(table);
  }
  StringId string() { return id(facts_.strings); }
  std::vector<StringId> strings() {
    std::vector<StringId> ids(below(3));
    for (StringId &each : ids)
      each = string();
    return ids;
  }
  std::string text() {
    std::string text(below(30), '\0');
    for (char &c : text)
      c = static_cast<char>(below(256));
    return text;
  }

  SourceRange range() { return {id(facts_.files), any32(), any32(), any32(), any32()}; }
  TypeInfo type() {
    return {pick(TypeClass::Stream),
            pick(LockKind::Unknown),
            coin(),
            coin(),
            coin(),
            coin(),
            string(),
            string()};
  }
  VarFacts variable() {
    return {string(), string(), pick(VarKind::Param),   type(), range(), coin(),
            coin(),   coin(),   pick(LockKind::Unknown)};
  }
  RecordFacts record() {
    RecordFacts record{string(), string(), coin(), coin(), coin(), strings(), {}, string(), {}};
    for (unsigned i = 0, n = below(3); i < n; ++i)
      record.fields.push_back(id(facts_.fields));
    for (unsigned i = 0, n = 2 * below(3); i < n; ++i)
      record.overriders.push_back(string());
    return record;
  }

  Path path(const FunctionFacts &function) {
    Path path;
    path.base = pick(BaseKind::Unknown);
    path.id = any32();
    if (path.base == BaseKind::Var)
      path.id = id(facts_.vars);
    else if (path.base == BaseKind::Temp)
      path.id = below(function.tempCount);
    else if (path.base == BaseKind::Capture && function.captureCount > 0)
      path.id = below(function.captureCount);
    else if (path.base == BaseKind::Capture)
      path.base = BaseKind::This;
    for (unsigned i = 0, n = below(5); i < n; ++i) {
      PathStep step;
      step.kind = pick(StepKind::AnyIndex);
      if (step.kind == StepKind::Field)
        step.field = id(facts_.fields);
      step.index = any64();
      step.indexValue = idOrNone(function.values);
      path.steps.push_back(step);
    }
    path.type = type();
    return path;
  }

  Value value(const FunctionFacts &function) {
    Value value;
    value.kind = pick(ValueKind::String);
    value.number = any64();
    value.path = idOrNone(function.paths);
    if (value.path == kNone && (value.kind == ValueKind::Load || value.kind == ValueKind::Address))
      value.kind = ValueKind::Unknown;
    value.function = string();
    value.op = pick(ValueOp::Rem);
    for (unsigned i = 0, n = below(3); i < n; ++i)
      value.operands.push_back(idOrNone(function.values));
    return value;
  }

  Event event(const FunctionFacts &function) {
    Event event;
    event.kind = pick(EventKind::StaticEnd);
    event.mode = pick(LockMode::Shared);
    event.lockKind = pick(LockKind::Unknown);
    event.tag = pick(GuardTag::Empty);
    event.success = pick(Success::MinusOne);
    event.spawnKind = pick(SpawnKind::Model);
    event.order = pick(Order::SeqCst);
    event.flags = any32();
    event.range = range();
    event.path = idOrNone(function.paths);
    event.value = idOrNone(function.values);
    for (unsigned i = 0, n = below(3); i < n; ++i)
      event.args.push_back(idOrNone(function.values));
    event.extra = idOrNone(function.values);
    event.callee = string();
    event.result = coin() ? kNone : below(function.tempCount);
    event.number = any64();
    event.type = type();
    event.unwind = idOrNone(function.blocks);
    return event;
  }

  FunctionFacts function() {
    FunctionFacts function;
    function.key = string(), function.name = string(), function.pattern = string();
    function.record = string(), function.enclosing = string();
    function.flags = any32();
    function.range = range();
    for (unsigned i = 0, n = below(3); i < n; ++i)
      function.params.push_back(id(facts_.vars));
    function.captureCount = below(3);
    for (unsigned i = 0; i < function.captureCount; ++i) {
      function.captureNames.push_back(string());
      function.captureByReference.push_back(coin());
    }
    function.tempCount = 1 + below(4);
    for (unsigned i = 0, n = below(10); i < n; ++i) {
      function.paths.push_back(path(function));
      function.values.push_back(value(function));
    }
    function.blocks.resize(1 + below(5));
    for (Block &block : function.blocks) {
      for (unsigned i = 0, n = below(8); i < n; ++i)
        block.events.push_back(event(function));
      for (unsigned i = 0, n = below(3); i < n; ++i)
        block.edges.push_back(
            {pick(EdgeKind::Default), id(function.blocks), idOrNone(function.values), any64()});
    }
    function.entry = id(function.blocks);
    function.exit = idOrNone(function.blocks);
    function.exceptionalExit = idOrNone(function.blocks);
    function.returnType = type();
    function.bodyHash = random_();
    return function;
  }

  std::mt19937_64 random_;
  TuFacts facts_;
};

} // namespace

TuFacts randomFacts(std::uint64_t seed, unsigned functionCount) {
  return Generator(seed).run(functionCount);
}

} // namespace threadlint
