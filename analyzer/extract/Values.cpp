// Values: interning of paths and values, and the one place that decides whether a memory access is an event.
#include "analyzer/extract/FunctionLowering.h"

namespace threadlint {
namespace {

/// A path with more steps is an unknown one: no term is as deep, and n nested members would cost n * n steps.
constexpr std::size_t kMaxSteps = 64;

std::uint64_t mix(std::uint64_t hash, std::uint64_t word) {
  hash ^= word + 0x9e3779b97f4a7c15ull + (hash << 6) + (hash >> 2);
  return hash;
}

std::uint64_t hashOf(const Path &path) {
  std::uint64_t hash = mix(static_cast<std::uint64_t>(path.base), path.id);
  for (const PathStep &step : path.steps) {
    hash = mix(hash, static_cast<std::uint64_t>(step.kind));
    hash = mix(hash, step.field);
    hash = mix(hash, static_cast<std::uint64_t>(step.index));
    hash = mix(hash, step.indexValue);
  }
  return hash;
}

std::uint64_t hashOf(const Value &value) {
  std::uint64_t hash =
      mix(static_cast<std::uint64_t>(value.kind), static_cast<std::uint64_t>(value.number));
  hash = mix(hash, value.path);
  hash = mix(hash, value.function);
  hash = mix(hash, static_cast<std::uint64_t>(value.op));
  for (ValueId operand : value.operands)
    hash = mix(hash, operand);
  return hash;
}

} // namespace

PathId FunctionLowering::path(Path path) {
  std::uint64_t hash = hashOf(path);
  auto [begin, end] = pathIndex_.equal_range(hash);
  for (auto entry = begin; entry != end; ++entry) {
    const Path &known = out_.paths[entry->second];
    if (known.base == path.base && known.id == path.id && known.steps == path.steps &&
        known.type == path.type)
      return entry->second;
  }
  auto id = static_cast<PathId>(out_.paths.size());
  pathIndex_.emplace(hash, id);
  out_.paths.push_back(std::move(path));
  return id;
}

ValueId FunctionLowering::value(Value value) {
  std::uint64_t hash = hashOf(value);
  auto [begin, end] = valueIndex_.equal_range(hash);
  for (auto entry = begin; entry != end; ++entry)
    if (out_.values[entry->second] == value)
      return entry->second;
  auto id = static_cast<ValueId>(out_.values.size());
  valueIndex_.emplace(hash, id);
  out_.values.push_back(std::move(value));
  return id;
}

ValueId FunctionLowering::intValue(std::int64_t number) {
  Value result;
  result.kind = ValueKind::Int;
  result.number = number;
  return value(std::move(result));
}

ValueId FunctionLowering::unknownValue() { return value(Value()); }

ValueId FunctionLowering::loadOf(PathId path) {
  if (path == kNone)
    return unknownValue();
  if (out_.paths[path].base == BaseKind::Unknown)
    return unknownValue();
  Value result;
  result.kind = ValueKind::Load;
  result.path = path;
  return value(std::move(result));
}

ValueId FunctionLowering::addressOfPath(PathId path) {
  if (path == kNone || out_.paths[path].base == BaseKind::Unknown)
    return unknownValue();
  // The address of `*p` is the value of `p`.
  const Path &location = out_.paths[path];
  if (!location.steps.empty() && location.steps.back().kind == StepKind::Deref) {
    Path pointer = location;
    pointer.steps.pop_back();
    // A path spelled with the pointer's own type may exist; prefer it so that equal loads are one value.
    auto [begin, end] = pathIndex_.equal_range(hashOf(pointer));
    PathId best = kNone;
    for (auto entry = begin; entry != end; ++entry) {
      const Path &known = out_.paths[entry->second];
      if (known.base == pointer.base && known.id == pointer.id && known.steps == pointer.steps)
        best = std::min(best, entry->second);
    }
    if (best != kNone)
      return loadOf(best);
    pointer.type = TypeInfo();
    pointer.type.cls = TypeClass::Pointer;
    pointer.type.record = location.type.record;
    return loadOf(this->path(std::move(pointer)));
  }
  Value result;
  result.kind = ValueKind::Address;
  result.path = path;
  return value(std::move(result));
}

ValueId FunctionLowering::opValue(ValueOp op, std::vector<ValueId> operands) {
  Value result;
  result.kind = ValueKind::Op;
  result.op = op;
  result.operands = std::move(operands);
  return value(std::move(result));
}

PathId FunctionLowering::variablePath(const clang::VarDecl *variable) {
  Path result;
  if (auto capture = captures_.find(llvm::cast<clang::ValueDecl>(variable->getCanonicalDecl()));
      capture != captures_.end()) {
    result.base = BaseKind::Capture;
    result.id = capture->second;
    result.type = tu_.type(variable->getType().getNonReferenceType());
    if (captureByReference_[capture->second])
      result.steps.push_back({StepKind::Deref});
    return path(std::move(result));
  }
  result.base = BaseKind::Var;
  result.id = tu_.variable(variable);
  if (variable->getType()->isReferenceType()) {
    result.steps.push_back({StepKind::Deref});
    result.type = tu_.type(variable->getType().getNonReferenceType());
  } else {
    result.type = tu_.type(variable->getType());
  }
  return path(std::move(result));
}

PathId FunctionLowering::tempPath(std::uint32_t temp, const TypeInfo &type) {
  Path result;
  result.base = BaseKind::Temp;
  result.id = temp;
  result.type = type;
  return path(std::move(result));
}

PathId FunctionLowering::stepPath(PathId base, StepKind kind, const TypeInfo &type,
                                  std::int64_t index, ValueId indexValue) {
  if (base == kNone)
    return unknownPath(type);
  if (out_.paths[base].steps.size() >= kMaxSteps)
    return unknownPath(type);
  Path result = out_.paths[base];
  result.type = type;
  if (result.base != BaseKind::Unknown)
    result.steps.push_back({kind, kNone, index, indexValue});
  return path(std::move(result));
}

PathId FunctionLowering::fieldPath(PathId base, const clang::FieldDecl *field) {
  FieldId id = tu_.field(field);
  if (base == kNone || out_.paths[base].steps.size() >= kMaxSteps)
    return unknownPath(tu_.type(field->getType().getNonReferenceType()));
  Path result = out_.paths[base];
  bool isReference = field->getType()->isReferenceType();
  result.type = tu_.type(field->getType().getNonReferenceType());
  if (result.base != BaseKind::Unknown) {
    result.steps.push_back({StepKind::Field, id});
    if (isReference)
      result.steps.push_back({StepKind::Deref});
  }
  return path(std::move(result));
}

PathId FunctionLowering::elementPath(PathId container) {
  TypeInfo type;
  type.record = out_.paths[container].type.record;
  type.cls = type.record ? TypeClass::Record : TypeClass::Other;
  return stepPath(container, StepKind::AnyIndex, type);
}

PathId FunctionLowering::unknownPath(const TypeInfo &type) {
  Path result;
  result.type = type;
  return path(std::move(result));
}

PathId FunctionLowering::derefOf(ValueId pointer, clang::QualType pointee) {
  TypeInfo type = tu_.type(pointee);
  if (pointer == kNone)
    return unknownPath(type);
  const Value known = out_.values[pointer];
  if (known.kind == ValueKind::Load)
    return stepPath(known.path, StepKind::Deref, type);
  if (known.kind == ValueKind::Address) {
    const Path &location = out_.paths[known.path];
    if (location.type.cls == TypeClass::Array && type.cls != TypeClass::Array)
      return stepPath(known.path, StepKind::Index, type, 0);
    return known.path;
  }
  return unknownPath(type);
}

Event &FunctionLowering::emit(EventKind kind, SourceRange range) {
  Event &event = out_.blocks[current_].events.emplace_back();
  event.kind = kind;
  event.range = range;
  return event;
}

bool FunctionLowering::isPrivate(const Path &path) const {
  for (const PathStep &step : path.steps)
    if (step.kind == StepKind::Deref)
      return false;
  switch (path.base) {
  case BaseKind::Var: {
    const VarFacts &variable = tu_.facts.vars[path.id];
    return (variable.kind == VarKind::Local || variable.kind == VarKind::Param) &&
           !variable.addressTaken;
  }
  case BaseKind::Temp:
  case BaseKind::This:
    return true;
  case BaseKind::Capture:
  case BaseKind::Unknown:
    return false;
  }
  return false;
}

bool FunctionLowering::isAccess(const Path &path) const {
  if (path.base == BaseKind::Unknown)
    return false;
  if (path.type.isReference) // the reference itself, which is bound once
    return true;
  switch (path.type.cls) {
  case TypeClass::Lock:
  case TypeClass::Guard:
  case TypeClass::CondVar:
  case TypeClass::Semaphore:
  case TypeClass::Barrier:
  case TypeClass::Latch:
  case TypeClass::OnceFlag:
  case TypeClass::StopToken:
  case TypeClass::LockAttribute:
  case TypeClass::ThreadAttribute:
  case TypeClass::Stream:
    return false;
  case TypeClass::Thread:
  case TypeClass::JThread:
  case TypeClass::Future:
  case TypeClass::Promise:
  case TypeClass::Callable:
  case TypeClass::SmartPointer:
  case TypeClass::Container:
  case TypeClass::Iterator:
  case TypeClass::Other:
  case TypeClass::Integer:
  case TypeClass::Bool:
  case TypeClass::Enum:
  case TypeClass::Pointer:
  case TypeClass::Record:
  case TypeClass::Array:
  case TypeClass::Function:
    break;
  }
  return true;
}

void FunctionLowering::define(PathId path, ValueId value, SourceRange range) {
  Event &event = emit(EventKind::Define, range);
  event.path = path;
  event.value = value;
}

void FunctionLowering::access(EventKind kind, PathId path, SourceRange range, std::uint32_t flags,
                              ValueId value, Order order) {
  if (path == kNone)
    return;
  const Path &location = out_.paths[path];
  if (location.base == BaseKind::Unknown)
    return;
  if (isPrivate(location)) {
    // A change of a container nobody else can reach says nothing unless it stores something known.
    if (kind != EventKind::Read && !(value == kNone && (flags & Flag::Mutator)))
      define(path, value == kNone ? unknownValue() : value, range);
    return;
  }
  if (!isAccess(location))
    return;
  if (location.base == BaseKind::Capture && location.steps.empty() && kind == EventKind::Read)
    return;
  if (location.base == BaseKind::Var && kind == EventKind::Read) {
    const VarFacts &variable = tu_.facts.vars[location.id];
    bool inside = true;
    for (const PathStep &step : location.steps)
      inside = inside && step.kind != StepKind::Deref;
    if (inside && variable.type.isConst && !variable.type.isReference &&
        (variable.kind == VarKind::Global || variable.kind == VarKind::StaticLocal))
      return;
    // stdin, stdout and stderr never change.
    if (location.steps.empty() && variable.type.cls == TypeClass::Pointer &&
        !variable.isDefinition) {
      const std::string &name = tu_.facts.strings[variable.name];
      if (name == "stdin" || name == "stdout" || name == "stderr")
        return;
    }
  }
  if (location.type.isAtomic) {
    flags |= Flag::Atomic;
    if (order == Order::None)
      order = Order::SeqCst;
  }
  if (location.type.isVolatile)
    flags |= Flag::Volatile;
  Event &event = emit(kind, range);
  event.path = path;
  event.flags = flags;
  event.value = kind == EventKind::Read ? kNone : value;
  event.order = order;
}

} // namespace threadlint
