// BodyHash: FNV-1a over 64-bit words, strings included.
#include "analyzer/extract/BodyHash.h"

namespace threadlint {
namespace {

class Hasher {
public:
  explicit Hasher(const TuFacts &facts) : facts_(facts) {}

  void number(std::uint64_t word) {
    hash_ = (hash_ ^ word) * 0x100000001b3ull;
    hash_ ^= hash_ >> 29;
  }
  void string(StringId id) {
    for (unsigned char c : facts_.strings[id])
      hash_ = (hash_ ^ c) * 0x100000001b3ull;
    number(0xff);
  }
  void range(const SourceRange &range) {
    number(range.line);
    number(range.column);
    number(range.endLine);
    number(range.endColumn);
  }
  void type(const TypeInfo &type) {
    number(static_cast<std::uint64_t>(type.cls) | static_cast<std::uint64_t>(type.lockKind) << 8 |
           std::uint64_t(type.isAtomic) << 16 | std::uint64_t(type.isConst) << 17 |
           std::uint64_t(type.isVolatile) << 18 | std::uint64_t(type.isReference) << 19);
    string(type.record);
    string(type.name);
  }
  void path(const Path &path) {
    number(static_cast<std::uint64_t>(path.base));
    if (path.base == BaseKind::Var)
      string(facts_.vars[path.id].key);
    else
      number(path.id);
    for (const PathStep &step : path.steps) {
      number(static_cast<std::uint64_t>(step.kind));
      if (step.field != kNone)
        string(facts_.fields[step.field].key);
      number(static_cast<std::uint64_t>(step.index));
      number(step.indexValue);
    }
    type(path.type);
  }
  void value(const Value &value) {
    number(static_cast<std::uint64_t>(value.kind));
    number(static_cast<std::uint64_t>(value.number));
    number(value.path);
    string(value.function);
    number(static_cast<std::uint64_t>(value.op));
    for (ValueId operand : value.operands)
      number(operand);
  }
  void event(const Event &event) {
    number(static_cast<std::uint64_t>(event.kind) | static_cast<std::uint64_t>(event.mode) << 8 |
           static_cast<std::uint64_t>(event.lockKind) << 16 |
           static_cast<std::uint64_t>(event.tag) << 24 |
           static_cast<std::uint64_t>(event.success) << 32 |
           static_cast<std::uint64_t>(event.spawnKind) << 40 |
           static_cast<std::uint64_t>(event.order) << 48);
    number(event.flags);
    range(event.range);
    number(event.path);
    number(event.value);
    for (ValueId argument : event.args)
      number(argument);
    number(event.extra);
    string(event.callee);
    number(event.result);
    number(static_cast<std::uint64_t>(event.number));
    type(event.type);
    number(event.unwind);
  }
  void edge(const Edge &edge) {
    number(static_cast<std::uint64_t>(edge.kind));
    number(edge.target);
    number(edge.condition);
    number(static_cast<std::uint64_t>(edge.caseValue));
  }
  std::uint64_t result() const { return hash_; }

private:
  const TuFacts &facts_;
  std::uint64_t hash_ = 0xcbf29ce484222325ull;
};

} // namespace

std::uint64_t bodyHash(const TuFacts &facts, const FunctionFacts &function) {
  Hasher hasher(facts);
  hasher.string(function.key);
  hasher.string(function.name);
  hasher.string(function.pattern);
  hasher.string(function.record);
  hasher.string(function.enclosing);
  // Whether somebody takes the address is a fact about the TU, not the function.
  hasher.number(function.flags & ~static_cast<std::uint32_t>(FunctionFlag::AddressTaken));
  hasher.range(function.range);
  for (VarId parameter : function.params) {
    hasher.string(facts.vars[parameter].key);
    hasher.type(facts.vars[parameter].type);
  }
  hasher.number(function.captureCount);
  for (StringId name : function.captureNames)
    hasher.string(name);
  for (std::uint8_t byReference : function.captureByReference)
    hasher.number(byReference);
  hasher.number(function.tempCount);
  for (const Path &path : function.paths)
    hasher.path(path);
  for (const Value &value : function.values)
    hasher.value(value);
  for (const Block &block : function.blocks) {
    for (const Event &event : block.events)
      hasher.event(event);
    for (const Edge &edge : block.edges)
      hasher.edge(edge);
    hasher.number(0xb10c);
  }
  hasher.number(function.entry);
  hasher.number(function.exit);
  hasher.number(function.exceptionalExit);
  hasher.type(function.returnType);
  return hasher.result();
}

} // namespace threadlint
