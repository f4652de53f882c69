// FactsValidation: range checks of every table, then a search for values and paths that contain themselves.
#include "analyzer/facts/FactsValidation.h"

namespace threadlint {
namespace {

template <class Enum> bool known(Enum value, Enum last) { return value <= last; }

class Validator {
public:
  explicit Validator(const TuFacts &facts) : facts_(facts) {}

  std::string run() {
    check(!facts_.strings.empty() && facts_.strings[0].empty(), "string table");
    check(!facts_.files.empty() && facts_.files[0].empty(), "file table");
    for (const VarFacts &var : facts_.vars)
      variable(var);
    for (const FieldFacts &field : facts_.fields) {
      string(field.key), string(field.record), string(field.name);
      type(field.type);
    }
    for (const RecordFacts &record : facts_.records)
      this->record(record);
    for (const FunctionFacts &function : facts_.functions) {
      if (!problem_.empty())
        break;
      this->function(function);
    }
    for (const Suppression &suppression : facts_.suppressions) {
      check(known(suppression.kind, SuppressionKind::End), "suppression kind");
      check(suppression.file < facts_.files.size(), "file of a suppression");
      strings(suppression.globs);
    }
    for (const Limitation &limitation : facts_.limitations) {
      string(limitation.kind), string(limitation.message);
      range(limitation.range);
    }
    return problem_;
  }

private:
  void check(bool holds, const char *what) {
    if (!holds && problem_.empty())
      problem_ = std::string("invalid ") + what;
  }
  void string(StringId id) { check(id < facts_.strings.size(), "string"); }
  void strings(const std::vector<StringId> &ids) {
    for (StringId id : ids)
      string(id);
  }
  void range(const SourceRange &range) {
    check(range.file < facts_.files.size(), "file of a source range");
  }
  void type(const TypeInfo &type) {
    check(known(type.cls, TypeClass::Stream), "type class");
    check(known(type.lockKind, LockKind::Unknown), "lock kind");
    string(type.record), string(type.name);
  }
  void variable(const VarFacts &var) {
    string(var.key), string(var.name);
    check(known(var.kind, VarKind::Param), "variable kind");
    check(known(var.staticLockKind, LockKind::Unknown), "lock kind");
    type(var.type);
    range(var.range);
  }
  void record(const RecordFacts &record) {
    string(record.key), string(record.name), string(record.destructor);
    strings(record.bases), strings(record.overriders);
    check(record.overriders.size() % 2 == 0, "overrider list");
    for (FieldId field : record.fields)
      check(field < facts_.fields.size(), "field of a record");
  }

  void function(const FunctionFacts &function) {
    string(function.key), string(function.name), string(function.pattern);
    string(function.record), string(function.enclosing);
    strings(function.captureNames);
    range(function.range);
    type(function.returnType);
    for (VarId param : function.params)
      check(param < facts_.vars.size(), "parameter");
    check(function.captureNames.size() == function.captureCount &&
              function.captureByReference.size() == function.captureCount,
          "capture list");
    for (const Path &path : function.paths)
      this->path(function, path);
    for (const Value &value : function.values)
      this->value(function, value);
    for (const Block &block : function.blocks)
      this->block(function, block);
    check(function.entry < function.blocks.size() ||
              (function.blocks.empty() && function.entry == 0),
          "entry block");
    blockOrNone(function, function.exit);
    blockOrNone(function, function.exceptionalExit);
    if (problem_.empty())
      check(isAcyclic(function), "value or path that contains itself");
  }

  void pathOrNone(const FunctionFacts &function, PathId id) {
    check(id == kNone || id < function.paths.size(), "path");
  }
  void valueOrNone(const FunctionFacts &function, ValueId id) {
    check(id == kNone || id < function.values.size(), "value");
  }
  void blockOrNone(const FunctionFacts &function, BlockId id) {
    check(id == kNone || id < function.blocks.size(), "block");
  }
  void valueList(const FunctionFacts &function, const std::vector<ValueId> &ids) {
    for (ValueId id : ids)
      valueOrNone(function, id);
  }

  void path(const FunctionFacts &function, const Path &path) {
    switch (path.base) {
    case BaseKind::Var:
      check(path.id < facts_.vars.size(), "variable of a path");
      break;
    case BaseKind::Capture:
      check(path.id < function.captureCount, "capture of a path");
      break;
    case BaseKind::Temp:
      check(path.id < function.tempCount, "temporary of a path");
      break;
    case BaseKind::This:
    case BaseKind::Unknown:
      break;
    }
    check(known(path.base, BaseKind::Unknown), "path base");
    type(path.type);
    for (const PathStep &step : path.steps) {
      check(known(step.kind, StepKind::AnyIndex), "path step");
      check(step.kind == StepKind::Field ? step.field < facts_.fields.size()
                                         : step.field == kNone || step.field < facts_.fields.size(),
            "field of a path");
      valueOrNone(function, step.indexValue);
    }
  }

  void value(const FunctionFacts &function, const Value &value) {
    check(known(value.kind, ValueKind::String), "value kind");
    check(known(value.op, ValueOp::BitXor), "value operation");
    bool needsPath = value.kind == ValueKind::Load || value.kind == ValueKind::Address;
    check(!needsPath || value.path != kNone, "path of a value");
    pathOrNone(function, value.path);
    string(value.function);
    valueList(function, value.operands);
  }

  void block(const FunctionFacts &function, const Block &block) {
    for (const Event &event : block.events) {
      check(known(event.kind, EventKind::StaticEnd), "event kind");
      check(known(event.mode, LockMode::Shared), "lock mode");
      check(known(event.lockKind, LockKind::Unknown), "lock kind");
      check(known(event.tag, GuardTag::Empty), "guard tag");
      check(known(event.success, Success::MinusOne), "success condition");
      check(known(event.spawnKind, SpawnKind::Model), "spawn kind");
      check(known(event.order, Order::SeqCst), "memory order");
      range(event.range);
      pathOrNone(function, event.path);
      valueOrNone(function, event.value);
      valueList(function, event.args);
      valueOrNone(function, event.extra);
      string(event.callee);
      check(event.result == kNone || event.result < function.tempCount, "result temporary");
      type(event.type);
      blockOrNone(function, event.unwind);
    }
    for (const Edge &edge : block.edges) {
      check(known(edge.kind, EdgeKind::Default), "edge kind");
      check(edge.target < function.blocks.size(), "edge target");
      valueOrNone(function, edge.condition);
    }
  }

  /// Depth-first search over "value contains path or value", "path is indexed by value", without recursion. Node v < |values|
  /// is a value, the others are paths.
  static bool isAcyclic(const FunctionFacts &function) {
    const std::size_t valueCount = function.values.size();
    enum : std::uint8_t { Unseen, Open, Done };
    std::vector<std::uint8_t> state(valueCount + function.paths.size(), Unseen);
    std::vector<std::size_t> stack;
    auto visitParts = [&](std::size_t node, auto visit) {
      if (node < valueCount) {
        const Value &value = function.values[node];
        if (value.path != kNone)
          visit(valueCount + value.path);
        for (ValueId operand : value.operands)
          if (operand != kNone)
            visit(operand);
      } else {
        for (const PathStep &step : function.paths[node - valueCount].steps)
          if (step.indexValue != kNone)
            visit(step.indexValue);
      }
    };
    bool acyclic = true;
    for (std::size_t root = 0; root < state.size() && acyclic; ++root) {
      if (state[root] != Unseen)
        continue;
      stack.push_back(root);
      while (!stack.empty()) {
        std::size_t node = stack.back();
        if (state[node] != Unseen) {
          state[node] = Done;
          stack.pop_back();
          continue;
        }
        state[node] = Open;
        visitParts(node, [&](std::size_t part) {
          if (state[part] == Unseen)
            stack.push_back(part);
          else if (state[part] == Open)
            acyclic = false;
        });
      }
    }
    return acyclic;
  }

  const TuFacts &facts_;
  std::string problem_;
};

} // namespace

std::string validateFacts(const TuFacts &facts) { return Validator(facts).run(); }

} // namespace threadlint
