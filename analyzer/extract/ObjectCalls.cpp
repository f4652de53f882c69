// ObjectCalls: model rows about values: smart pointers, containers, iterators, callables, std::move and its kin.
#include "analyzer/extract/FunctionLowering.h"

#include "llvm/ADT/StringSwitch.h"

namespace threadlint {
namespace {

clang::QualType templateArgument(clang::QualType type, unsigned index) {
  const auto *special = llvm::dyn_cast_or_null<clang::ClassTemplateSpecializationDecl>(
      type.getNonReferenceType()->getAsCXXRecordDecl());
  if (!special || special->getTemplateArgs().size() <= index ||
      special->getTemplateArgs()[index].getKind() != clang::TemplateArgument::Type)
    return {};
  return special->getTemplateArgs()[index].getAsType();
}

bool isMap(const clang::CXXRecordDecl *record) {
  if (!record || !record->getIdentifier())
    return false;
  llvm::StringRef name = record->getName();
  return name == "map" || name == "unordered_map" || name == "multimap" ||
         name == "unordered_multimap" || name == "flat_map";
}

bool isPackagedTask(const ClassModel &model) {
  return model.name.find("packaged_task") != std::string_view::npos;
}

} // namespace

/// What `std::less` and its kin compare.
std::optional<ValueOp> FunctionLowering::standardComparison(const clang::CXXMethodDecl *method) {
  const clang::CXXRecordDecl *record = method->getParent();
  if (!record->getIdentifier() || !record->isInStdNamespace())
    return std::nullopt;
  return llvm::StringSwitch<std::optional<ValueOp>>(record->getName())
      .Case("less", ValueOp::Lt)
      .Case("less_equal", ValueOp::Le)
      .Case("greater", ValueOp::Gt)
      .Case("greater_equal", ValueOp::Ge)
      .Default(std::nullopt);
}

/// A number that is no handle of a thread, as `pthread_t` is in some libraries.
bool FunctionLowering::isPlainNumber(const clang::Expr *given) {
  return given->getType()->isArithmeticType() &&
         tu_.typeClass(given->IgnoreParenImpCasts()->getType()) != TypeClass::Thread;
}

PathId FunctionLowering::mapElement(PathId container, clang::QualType containerType) {
  Path element = out_.paths[elementPath(container)];
  if (isMap(containerType.getNonReferenceType()->getAsCXXRecordDecl()) &&
      element.base != BaseKind::Unknown)
    element.steps.push_back({StepKind::Field, tu_.namedField("std::pair", "second")});
  return path(std::move(element));
}

void FunctionLowering::storeElement(PathId container, llvm::ArrayRef<const clang::Expr *> arguments,
                                    SourceRange range) {
  if (arguments.empty())
    return;
  const clang::Expr *argument = arguments.back();
  PathId element = elementPath(container);
  TypeClass cls = tu_.typeClass(argument->getType());
  if ((cls == TypeClass::Thread || cls == TypeClass::JThread || cls == TypeClass::Guard) &&
      argument->getType()->isRecordType()) {
    moveHandle(element, pathOf(argument), cls, range);
    return;
  }
  ValueId stored = isCallable(argument) ? callableValue(argument) : forwardedValue(argument);
  Path place = out_.paths[element];
  place.type = tu_.type(argument->getType().getNonReferenceType());
  access(EventKind::Write, path(std::move(place)), range, Flag::Mutator, stored);
}

void FunctionLowering::swapObjects(PathId left, PathId right, clang::QualType type,
                                   SourceRange range) {
  TypeClass cls = tu_.typeClass(type);
  if (cls == TypeClass::Guard) {
    ValueId other = addressOfPath(right);
    Event &event = emit(EventKind::GuardSwap, range);
    event.path = left;
    event.value = other;
    return;
  }
  PathId temp = tempPath(newTemp(), tu_.type(type.getNonReferenceType()));
  if (cls == TypeClass::Thread || cls == TypeClass::JThread) {
    // An element that a loop fills, or what a reference leads to, was empty: with something else in it, nobody would let it go.
    auto isSome = [&](PathId path) {
      return std::any_of(out_.paths[path].steps.begin(), out_.paths[path].steps.end(),
                         [](const PathStep &s) {
                           return s.kind == StepKind::AnyIndex || s.kind == StepKind::Deref;
                         });
    };
    if (isSome(left) != isSome(right)) {
      isSome(left) ? moveHandle(left, right, cls, range) : moveHandle(right, left, cls, range);
      return;
    }
    moveHandle(temp, left, cls, range);
    moveHandle(left, right, cls, range);
    moveHandle(right, temp, cls, range);
    return;
  }
  define(temp, loadOf(left), range);
  access(EventKind::ReadWrite, left, range, Flag::Mutator, loadOf(right));
  access(EventKind::ReadWrite, right, range, Flag::Mutator, loadOf(temp));
}

Lowered FunctionLowering::lowerObjectCall(const LibraryCall &call) {
  Lowered result;
  std::uint32_t temp = kNone;
  const CallModel &model = call.model;
  const clang::Expr *first = call.arguments.empty() ? nullptr : call.arguments[0];
  switch (model.effect) {
  case Effect::Identity:
    if (call.object != kNone) { // ++it
      result.path = call.object;
      if (!call.call->isGLValue())
        result.value = loadOf(call.object);
      return result;
    }
    if (!first)
      return voidOrUnknown(call.call);
    if (call.call->isGLValue()) {
      result.path = pathOf(first);
    } else {
      result = lower(first);
      if (result.value == kNone)
        result.value = valueOf(first);
    }
    return result;
  case Effect::AddressOf:
    if (call.object != kNone)
      result.value = addressOfPath(call.object);
    else if (first)
      result.value = tu_.typeClass(first->getType()) == TypeClass::Other && first->isPRValue()
                         ? valueOf(first)
                         : addressOf(first);
    else
      result.value = unknownValue();
    return result;
  case Effect::PointerValue: {
    PathId object = call.object != kNone ? call.object : first ? pathOf(first) : kNone;
    if (object == kNone)
      return voidOrUnknown(call.call);
    access(EventKind::Read, object, call.object != kNone ? call.range : rangeOf(first));
    // `lock()` and casts give a new pointer object holding the same address.
    if (call.call->isGLValue())
      result.path = stepPath(object, StepKind::Deref, tu_.type(call.call->getType()));
    else
      result.value = loadOf(object);
    return result;
  }
  case Effect::Dereference: {
    access(EventKind::Read, call.object, call.range);
    result.path = stepPath(call.object, StepKind::Deref,
                           tu_.type(call.call->getType().getNonReferenceType()));
    if (!call.call->isGLValue())
      result.value = loadOf(result.path);
    return result;
  }
  case Effect::MakeObject: {
    clang::QualType type = templateArgument(call.call->getType(), 0);
    result = resultTemp(call.call, temp);
    Event &event = emit(EventKind::Alloc, call.range);
    event.result = temp;
    event.type = tu_.type(type);
    event.number = 1;
    if (!type.isNull() && !type->isArrayType() && result.path != kNone) {
      PathId object = stepPath(result.path, StepKind::Deref, tu_.type(type));
      constructFromArguments(type, object, call.arguments.drop_front(model.object == 1 ? 1 : 0),
                             call.call);
    }
    return result;
  }
  case Effect::Swap: {
    PathId left = call.object, right = kNone;
    const clang::Expr *other = first;
    if (left == kNone && call.arguments.size() >= 2) {
      left = pathOf(call.arguments[0]);
      other = call.arguments[1];
    }
    if (left != kNone && other) {
      right = pathOf(other);
      swapObjects(left, right, other->getType(), call.range);
    }
    return voidOrUnknown(call.call);
  }
  case Effect::FutureShare:
    access(EventKind::Read, call.object, call.range);
    result.value = loadOf(call.object);
    return result;
  case Effect::Reset: {
    clang::QualType held =
        templateArgument(tu_.context.getCanonicalTagType(
                             llvm::cast<clang::CXXMethodDecl>(call.function)->getParent()),
                         0);
    ValueId stored =
        first && !llvm::isa<clang::CXXDefaultArgExpr>(first) ? forwardedValue(first) : intValue(0);
    if (!held.isNull() && call.callee.cls &&
        call.callee.cls->name.find("shared_ptr") == std::string_view::npos)
      destroy(stepPath(call.object, StepKind::Deref, tu_.type(held)), held, call.range, false);
    access(EventKind::Write, call.object, call.range, 0, stored);
    return result;
  }
  case Effect::ReleasePointer: {
    result = resultTemp(call.call, temp);
    if (temp != kNone)
      define(tempPath(temp, tu_.type(call.call->getType())), loadOf(call.object), call.range);
    access(EventKind::Write, call.object, call.range, 0, intValue(0));
    return result;
  }
  case Effect::EmplaceObject: {
    clang::QualType held =
        templateArgument(tu_.context.getCanonicalTagType(
                             llvm::cast<clang::CXXMethodDecl>(call.function)->getParent()),
                         0);
    if (held.isNull())
      return voidOrUnknown(call.call);
    std::uint32_t made = newTemp();
    Event &alloc = emit(EventKind::Alloc, call.range);
    alloc.result = made;
    alloc.type = tu_.type(held);
    define(call.object, loadOf(tempPath(made, TypeInfo())), call.range);
    PathId object = stepPath(call.object, StepKind::Deref, tu_.type(held));
    constructFromArguments(held, object, call.arguments, call.call);
    result.path = object;
    return result;
  }
  case Effect::TupleGet: {
    if (!first)
      return voidOrUnknown(call.call);
    PathId tuple = pathOf(first);
    std::int64_t index = -1;
    if (const clang::TemplateArgumentList *list = call.function->getTemplateSpecializationArgs();
        list && list->size() > 0 && (*list)[0].getKind() == clang::TemplateArgument::Integral)
      index = (*list)[0].getAsIntegral().getExtValue();
    const clang::CXXRecordDecl *record = first->getType()->getAsCXXRecordDecl();
    TypeInfo type = tu_.type(call.call->getType().getNonReferenceType());
    if (record && record->getIdentifier() && record->getName() == "pair" && index >= 0) {
      Path member = out_.paths[tuple];
      if (member.base != BaseKind::Unknown)
        member.steps.push_back(
            {StepKind::Field, tu_.namedField("std::pair", index ? "second" : "first")});
      member.type = type;
      result.path = path(std::move(member));
    } else {
      result.path = index >= 0 ? stepPath(tuple, StepKind::Index, type, index)
                               : stepPath(tuple, StepKind::AnyIndex, type);
    }
    return result;
  }
  default: { // Inspect, and methods without a row
    const auto *method = llvm::dyn_cast<clang::CXXMethodDecl>(call.function);
    TypeClass cls = call.callee.cls ? call.callee.cls->cls : TypeClass::Other;
    bool isPlain =
        cls == TypeClass::Container || cls == TypeClass::SmartPointer || cls == TypeClass::Callable;
    if (isPlain && call.object != kNone) {
      if (method && method->isConst())
        access(EventKind::Read, call.object, call.range);
      else
        access(EventKind::Write, call.object, call.range, Flag::Mutator);
    }
    systemEffects(call.call, call.function, kNone, call.arguments, /*keepsCallables=*/true);
    // `s.append(x)` and `os.put(c)` return their object.
    if (call.call->isGLValue() && call.object != kNone && call.call->getType()->isRecordType() &&
        tu_.typeClass(call.call->getType()) == cls) {
      result.path = call.object;
      return result;
    }
    return resultTemp(call.call, temp);
  }
  }
}

Lowered FunctionLowering::lowerContainerCall(const LibraryCall &call) {
  Lowered result;
  std::uint32_t temp = kNone;
  PathId object = call.object;
  if (object == kNone && !call.arguments.empty())
    object = pathOf(call.arguments[0]);
  if (object == kNone)
    return voidOrUnknown(call.call);
  const auto *method = llvm::dyn_cast<clang::CXXMethodDecl>(call.function);
  clang::QualType container =
      method ? clang::QualType(tu_.context.getCanonicalTagType(method->getParent()))
             : call.arguments[0]->getType();
  bool map = isMap(container->getAsCXXRecordDecl());
  bool isEnd = call.model.name == "end" || call.model.name == "cend" || call.model.name == "rend" ||
               call.model.name == "crend" || call.model.name == "std::end";
  switch (call.model.effect) {
  case Effect::Element: {
    bool inserts = map && call.model.name == "operator[]";
    access(inserts ? EventKind::ReadWrite : EventKind::Read, object, call.range,
           inserts ? std::uint32_t(Flag::Mutator) : 0u);
    Path element = out_.paths[map ? mapElement(object, container) : elementPath(object)];
    element.type = tu_.type(call.call->getType().getNonReferenceType());
    const bool isBit = isBitReference(call.call->getType()) ||
                       (!call.call->isGLValue() && call.call->getType()->isBooleanType());
    if (!map && !isBit && !element.steps.empty() && !call.arguments.empty() &&
        element.base != BaseKind::Unknown) {
      ValueId index = forwardedValue(call.arguments[0]);
      ValueKind kind = out_.values[index].kind;
      if (kind == ValueKind::Int || kind == ValueKind::Load || kind == ValueKind::Op)
        element.steps.back().indexValue = index;
    } else if (!call.arguments.empty()) {
      forwardedValue(call.arguments[0]);
    }
    result.path = path(std::move(element));
    if (isBit && call.call->getType()->isBooleanType())
      access(EventKind::Read, result.path, call.range);
    if (!call.call->isGLValue())
      result.value = loadOf(result.path);
    return result;
  }
  case Effect::Iterate: {
    if (out_.paths[object].type.cls == TypeClass::Array) {
      result.value = isEnd ? unknownValue() : addressOfPath(object);
      return result;
    }
    access(EventKind::Read, object, call.range);
    for (const clang::Expr *argument : call.arguments)
      if (call.object != kNone)
        forwardedValue(argument);
    // Past-the-end is no element, and must not look equal to the result of find().
    result.value = isEnd ? unknownValue() : addressOfPath(elementPath(object));
    return result;
  }
  case Effect::Insert: {
    access(EventKind::Write, object, call.range, Flag::Mutator);
    bool isRange = call.model.name == "insert" && call.arguments.size() >= 3;
    if (call.model.name == "insert_or_assign" && call.arguments.size() >= 2)
      access(EventKind::Write, mapElement(object, container), call.range, Flag::Mutator,
             isCallable(call.arguments[1]) ? callableValue(call.arguments[1])
                                           : forwardedValue(call.arguments[1]));
    else if (!isRange && !call.arguments.empty() &&
             !llvm::isa<clang::CXXStdInitializerListExpr>(call.arguments.back()) &&
             !isPlainNumber(call.arguments.back()))
      storeElement(object, call.arguments, call.range);
    break;
  }
  case Effect::Emplace: {
    access(EventKind::Write, object, call.range, Flag::Mutator);
    clang::QualType type = templateArgument(container, map ? 1 : 0);
    llvm::ArrayRef<const clang::Expr *> given = call.arguments;
    if ((call.model.name == "emplace_hint" ||
         (call.model.name == "emplace" && tu_.typeClass(container) == TypeClass::Container &&
          !given.empty() && tu_.typeClass(given[0]->getType()) == TypeClass::Iterator)) &&
        !given.empty())
      given = given.drop_front();
    if (map && given.size() >= 2)
      given = given.drop_front();
    PathId element = map ? mapElement(object, container) : elementPath(object);
    if (!type.isNull()) {
      Path typed = out_.paths[element];
      typed.type = tu_.type(type);
      element = path(std::move(typed));
      if (type->isArithmeticType() && given.size() == 1 && !isPlainNumber(given[0]))
        storeElement(object, given, call.range);
      else if (!type->isArithmeticType())
        constructFromArguments(type, element, given, call.call);
    }
    if (call.call->isGLValue()) {
      result.path = element;
      return result;
    }
    break;
  }
  default: {
    if ((call.model.name == "clear" || call.model.name == "erase" ||
         llvm::StringRef(call.model.name).starts_with("pop")) &&
        tu_.destructionMatters(container)) {
      clang::QualType type = templateArgument(container, map ? 1 : 0);
      if (!type.isNull())
        destroy(map ? mapElement(object, container) : elementPath(object), type, call.range, false);
    }
    access(EventKind::Write, object, call.range, Flag::Mutator);
    break;
  }
  }
  if (tu_.typeClass(call.call->getType()) == TypeClass::Iterator && !call.call->isGLValue()) {
    result.value = addressOfPath(elementPath(object));
    return result;
  }
  return resultTemp(call.call, temp);
}

Lowered FunctionLowering::lowerCallableCall(const LibraryCall &call) {
  Lowered result;
  std::uint32_t temp = kNone;
  llvm::ArrayRef<const clang::Expr *> arguments = call.arguments;
  switch (call.model.effect) {
  case Effect::CallObject: {
    access(EventKind::Read, call.object, call.range);
    ValueId callable = loadOf(call.object);
    const auto *type = call.function->getType()->getAs<clang::FunctionProtoType>();
    std::vector<ValueId> values = this->arguments(arguments, type);
    result = resultTemp(call.call, temp);
    BlockId unwind = unwindFor(call.call);
    Event &event = emit(EventKind::Call, call.range);
    event.value = callable;
    event.args = std::move(values);
    event.result = temp;
    event.unwind = unwind;
    if (call.callee.cls && isPackagedTask(*call.callee.cls)) {
      ValueId task = addressOfPath(call.object);
      emit(EventKind::PromiseSet, call.range).args.push_back(task);
    }
    return result;
  }
  case Effect::Bind: {
    Value bind;
    bind.kind = ValueKind::Bind;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
      const clang::CXXRecordDecl *record = arguments[i]->getType()->getAsCXXRecordDecl();
      bool placeholder = record && record->getIdentifier() &&
                         (record->getName() == "_Placeholder" || record->getName() == "arg" ||
                          record->getName() == "__ph");
      bind.operands.push_back(placeholder ? unknownValue()
                              : i == 0    ? callableValue(arguments[i])
                                          : forwardedValue(arguments[i]));
    }
    result.value = value(std::move(bind));
    return result;
  }
  case Effect::Invoke:
  case Effect::Apply: {
    if (arguments.empty())
      return voidOrUnknown(call.call);
    ValueId callable = callableValue(arguments[0]);
    std::vector<ValueId> values;
    if (call.model.effect == Effect::Invoke)
      for (const clang::Expr *argument : arguments.drop_front())
        values.push_back(argument->getType()->isPointerType() || !argument->isGLValue()
                             ? forwardedValue(argument)
                             : addressOf(argument));
    result = resultTemp(call.call, temp);
    BlockId unwind = unwindFor(call.call);
    Event &event = emit(EventKind::Call, call.range);
    event.value = callable;
    event.args = std::move(values);
    event.result = temp;
    event.unwind = unwind;
    return result;
  }
  default: // Keep
    systemEffects(call.call, call.function, kNone, arguments, /*keepsCallables=*/true);
    return resultTemp(call.call, temp);
  }
}

} // namespace threadlint
