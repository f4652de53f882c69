// FactsValues: paths and values inside a function of a FactsBuilder text.
#pragma once

#include "tests/support/FactsSymbols.h"

namespace threadlint {

class ValueReader : protected SymbolReader {
protected:
  using SymbolReader::SymbolReader;

  FunctionFacts *function_ = nullptr; ///< the one being read
  std::map<std::string, VarId> globals_, locals_;
  std::map<std::string, std::uint32_t> captures_;

  // -- paths and values
  VarId variable(const std::string &name, bool declare = false, int type = -1) {
    if (auto local = locals_.find(name); local != locals_.end())
      return local->second;
    if (auto global = globals_.find(name); global != globals_.end())
      return global->second;
    if (!declare)
      fail("unknown variable '" + name + "' before");
    VarId var = addVar(std::string(facts_.strings[function_->name]) + "::" + name, name,
                       VarKind::Local, type < 0 ? intType_ : type);
    return locals_[name] = var;
  }
  PathId addPath(Path path, int type) {
    if (type >= 0)
      path.type = types_[static_cast<std::size_t>(type)].info;
    function_->paths.push_back(std::move(path));
    pathTypes_[static_cast<PathId>(function_->paths.size() - 1)] = type;
    return static_cast<PathId>(function_->paths.size() - 1);
  }
  std::map<PathId, int> pathTypes_;

  PathId path(bool declare = false, int declaredType = -1) {
    unsigned derefs = 0;
    while (accept("*"))
      ++derefs;
    Path path;
    int type = -1;
    if (accept("$")) {
      path.base = BaseKind::Capture;
      path.id = captures_.at(word());
    } else if (accept("this")) {
      path.base = BaseKind::This;
      std::string owner = facts_.strings[function_->record];
      type = addType(TypeClass::Pointer, "");
      types_.back().inner = recordTypes_.count(owner) ? recordTypes_.at(owner) : -1;
    } else {
      path.base = BaseKind::Var;
      path.id = variable(word(), declare, declaredType);
      type = varTypes_[path.id];
    }
    auto deref = [&] {
      path.steps.push_back({StepKind::Deref, kNone, 0, kNone});
      type = innerOf(type);
    };
    for (;;) {
      if (peek() == "." || peek() == "->") {
        if (tokens_[next_++].text == "->")
          deref();
        FieldId id = field(word(), type);
        path.steps.push_back({StepKind::Field, id, 0, kNone});
        type = fieldTypes_[id];
      } else if (accept("[")) {
        if (isClass(type, TypeClass::Pointer))
          deref();
        PathStep step{StepKind::AnyIndex, kNone, 0, kNone};
        if (std::isdigit(static_cast<unsigned char>(peek()[0])))
          step = {StepKind::Index, kNone, std::atoll(tokens_[next_++].text.c_str()), kNone};
        else if (peek() != "]")
          step.indexValue = value();
        expect("]");
        path.steps.push_back(step);
        type = innerOf(type);
      } else {
        break;
      }
    }
    while (derefs-- > 0)
      deref();
    return addPath(path, type);
  }
  FieldId field(const std::string &name, int type) {
    StringId record = type >= 0 ? types_[static_cast<std::size_t>(type)].info.record : 0;
    for (FieldId id = 0; id < facts_.fields.size(); ++id)
      if (facts_.strings[facts_.fields[id].name] == name &&
          (record == 0 || facts_.fields[id].record == record))
        return id;
    fail("unknown field '" + name + "' before");
  }

  ValueId addValue(Value value) {
    function_->values.push_back(std::move(value));
    return static_cast<ValueId>(function_->values.size() - 1);
  }
  ValueId addressOf(PathId at) {
    Value value;
    value.kind = ValueKind::Address;
    value.path = at;
    if (const Path &p = function_->paths[at];
        p.base == BaseKind::Var && (p.steps.empty() || p.steps[0].kind != StepKind::Deref))
      facts_.vars[p.id].addressTaken = true;
    return addValue(value);
  }
  ValueId lockAddress(PathId at) { // naming a lock in a call of lock() shows it to nobody else
    Value value;
    value.kind = ValueKind::Address;
    value.path = at;
    return addValue(value);
  }
  ValueId loadOf(PathId at) {
    Value value;
    value.kind = ValueKind::Load;
    value.path = at;
    return addValue(value);
  }
  std::string functionKey(const std::string &name) const {
    for (const FunctionFacts &f : facts_.functions)
      if (facts_.strings[f.name] == name)
        return facts_.strings[f.key];
    return name;
  }
  ValueId functionValue(const std::string &name) {
    Value value;
    value.kind = ValueKind::Function;
    value.function = intern(functionKey(name));
    return addValue(value);
  }
  std::vector<ValueId> values() {
    std::vector<ValueId> result;
    if (accept("("))
      for (; !accept(")"); accept(","))
        result.push_back(value());
    return result;
  }
  ValueId primary() {
    Value v;
    if (accept("?"))
      return addValue(v);
    if (accept("&"))
      return addressOf(path());
    if (accept("@"))
      return functionValue(word());
    if (accept("!")) {
      v.kind = ValueKind::Op;
      v.op = ValueOp::Not;
      v.operands = {primary()};
      return addValue(v);
    }
    if (accept("closure")) {
      v.kind = ValueKind::Closure;
      v.function = intern(functionKey(word()));
      v.operands = values();
      return addValue(v);
    }
    if (accept("bind")) {
      v.kind = ValueKind::Bind;
      v.operands = values();
      return addValue(v);
    }
    if (bool isNegative = accept("-");
        isNegative || std::isdigit(static_cast<unsigned char>(peek()[0]))) {
      v.kind = ValueKind::Int;
      v.number = std::atoll(tokens_[next_++].text.c_str()) * (isNegative ? -1 : 1);
      return addValue(v);
    }
    return loadOf(path());
  }
  ValueId value() {
    static const std::map<std::string, ValueOp> kOps = {
        {"==", ValueOp::Eq}, {"!=", ValueOp::Ne}, {"<", ValueOp::Lt}, {"+", ValueOp::Add}};
    ValueId left = primary();
    auto op = kOps.find(peek());
    if (op == kOps.end())
      return left;
    ++next_;
    Value v;
    v.kind = ValueKind::Op;
    v.op = op->second;
    v.operands = {left, primary()};
    return addValue(v);
  }
};

} // namespace threadlint
