// FactsSymbols: types, variables, records and fields of a FactsBuilder text.
#pragma once

#include "analyzer/facts/TuFacts.h"
#include "tests/support/FactsTokens.h"

#include <map>
#include <optional>

namespace threadlint {

class SymbolReader : protected TokenReader {
protected:
  SymbolReader(std::string_view text, const std::string &mainFile) : TokenReader(text) {
    facts_.mainFile = mainFile;
    facts_.files.push_back(mainFile);
    intType_ = addType(TypeClass::Integer, "int");
  }

  struct Type {
    TypeInfo info;
    int inner = -1; ///< pointee or element
  };
  TuFacts facts_;
  std::map<std::string, StringId> strings_;
  std::vector<Type> types_;
  std::map<std::string, int> recordTypes_;
  std::map<std::string, std::size_t> records_; ///< by name: index in facts_.records
  std::vector<int> varTypes_, fieldTypes_;
  Token statement_; ///< first token of what is being read: its place is that of the events
  int intType_ = 0;

  StringId intern(const std::string &text) {
    if (text.empty())
      return 0;
    auto [it, isNew] = strings_.try_emplace(text, static_cast<StringId>(facts_.strings.size()));
    if (isNew)
      facts_.strings.push_back(text);
    return it->second;
  }

  // -- types
  int addType(TypeClass cls, const std::string &name, LockKind kind = LockKind::Normal) {
    Type type;
    type.info.cls = cls;
    type.info.lockKind = kind;
    type.info.name = intern(name);
    types_.push_back(type);
    return static_cast<int>(types_.size()) - 1;
  }
  std::optional<int> namedType(const std::string &name) {
    static const std::map<std::string, std::pair<TypeClass, LockKind>> kTypes = {
        {"int", {TypeClass::Integer, LockKind::Normal}},
        {"bool", {TypeClass::Bool, LockKind::Normal}},
        {"atomic", {TypeClass::Integer, LockKind::Normal}},
        {"mutex", {TypeClass::Lock, LockKind::Normal}},
        {"recursive", {TypeClass::Lock, LockKind::Recursive}},
        {"errorcheck", {TypeClass::Lock, LockKind::ErrorCheck}},
        {"rwlock", {TypeClass::Lock, LockKind::Shared}},
        {"thread", {TypeClass::Thread, LockKind::Normal}},
        {"pthread", {TypeClass::Thread, LockKind::Normal}},
        {"jthread", {TypeClass::JThread, LockKind::Normal}},
        {"sem", {TypeClass::Semaphore, LockKind::Normal}},
        {"cond", {TypeClass::CondVar, LockKind::Normal}},
        {"once", {TypeClass::OnceFlag, LockKind::Normal}},
        {"attr", {TypeClass::LockAttribute, LockKind::Normal}},
        {"guardtype", {TypeClass::Guard, LockKind::Normal}}};
    if (auto record = recordTypes_.find(name); record != recordTypes_.end())
      return record->second;
    auto known = kTypes.find(name);
    if (known == kTypes.end())
      return std::nullopt;
    int type = addType(known->second.first, name, known->second.second);
    types_.back().info.isAtomic = name == "atomic";
    return type;
  }
  bool atType() {
    return isWord() && namedType(peek()) &&
           (isWord(1) || peek(1) == "*" || (peek(1) == "[" && peek(2) == "]"));
  }
  int type() {
    std::optional<int> result = namedType(word());
    if (!result)
      fail("unknown type before");
    for (;;) {
      TypeClass cls = TypeClass::Pointer;
      if (accept("[")) {
        expect("]");
        cls = TypeClass::Array;
      } else if (!accept("*")) {
        return *result;
      }
      int outer = addType(cls, "");
      types_.back().inner = *result;
      types_.back().info.record = types_[static_cast<std::size_t>(*result)].info.record;
      result = outer;
    }
  }
  bool isClass(int type, TypeClass cls) const {
    return type >= 0 && types_[static_cast<std::size_t>(type)].info.cls == cls;
  }
  int innerOf(int type) const {
    return type < 0 ? -1 : types_[static_cast<std::size_t>(type)].inner;
  }

  // -- declarations
  VarId addVar(const std::string &key, const std::string &name, VarKind kind, int type) {
    VarFacts var;
    var.key = intern(key);
    var.name = intern(name);
    var.kind = kind;
    var.type = types_[static_cast<std::size_t>(type)].info;
    var.range = here();
    var.external = kind == VarKind::Global;
    facts_.vars.push_back(var);
    varTypes_.push_back(type);
    return static_cast<VarId>(facts_.vars.size() - 1);
  }
  SourceRange here() const {
    return {1, statement_.line, statement_.column, statement_.line, statement_.column + 1};
  }

  void record() {
    std::string name = word();
    RecordFacts record;
    record.key = record.name = intern(name);
    if (accept(":"))
      record.bases.push_back(intern(word()));
    int self = addType(TypeClass::Record, name);
    types_.back().info.record = record.key;
    recordTypes_[name] = self;
    records_[name] = facts_.records.size();
    expect("{");
    while (skipSeparators(), !accept("}")) {
      int fieldType = type();
      while (!atEnd()) {
        FieldFacts field;
        std::string fieldName = word();
        field.key = intern(name + "::" + fieldName);
        field.name = intern(fieldName);
        field.record = record.key;
        field.type = types_[static_cast<std::size_t>(fieldType)].info;
        record.fields.push_back(static_cast<FieldId>(facts_.fields.size()));
        facts_.fields.push_back(field);
        fieldTypes_.push_back(fieldType);
      }
    }
    facts_.records.push_back(record);
  }
};

} // namespace threadlint
