// CallLowering: calls that are not a model's: user functions, methods, operators, function pointers, library functions without a row.
#include "analyzer/extract/FunctionLowering.h"

#include "clang/Basic/Builtins.h"

namespace threadlint {
namespace {

const clang::CXXMethodDecl *userCallOperator(const clang::CXXRecordDecl *record) {
  record = record ? record->getDefinition() : nullptr;
  if (!record || record->isLambda())
    return nullptr;
  for (const clang::CXXMethodDecl *method : record->methods())
    if (method->getOverloadedOperator() == clang::OO_Call)
      return method;
  for (const clang::Decl *decl : record->decls())
    if (const auto *pattern = llvm::dyn_cast<clang::FunctionTemplateDecl>(decl))
      if (pattern->getTemplatedDecl()->getOverloadedOperator() == clang::OO_Call)
        for (const clang::FunctionDecl *instance : pattern->specializations())
          return llvm::dyn_cast<clang::CXXMethodDecl>(instance);
  return nullptr;
}

} // namespace

bool FunctionLowering::mayUnwind(const clang::FunctionDecl *function) const {
  return !function || (!isNothrow(function) && !function->isExternC());
}

ValueId FunctionLowering::forwardedValue(const clang::Expr *expression) {
  const clang::Expr *bare = peel(expression);
  if (const auto *reference = llvm::dyn_cast<clang::DeclRefExpr>(bare))
    if (const auto *function = llvm::dyn_cast<clang::FunctionDecl>(reference->getDecl()))
      return functionValue(function);
  if (!bare->isGLValue()) {
    if (bare->getType()->isRecordType())
      markMoved(bare); // what it holds lives on in the copy
    return valueOf(bare);
  }
  PathId location = pathOf(bare);
  if (bare->getType()->isArrayType())
    return addressOfPath(location);
  access(EventKind::Read, location, rangeOf(bare));
  if (bare->isXValue() && tu_.typeClass(bare->getType()) == TypeClass::SmartPointer) {
    // `std::move(pointer)`: the source is null before the value is used.
    PathId temp = tempPath(newTemp(), tu_.type(bare->getType()));
    define(temp, loadOf(location), rangeOf(bare));
    access(EventKind::Write, location, rangeOf(bare), 0, intValue(0));
    return loadOf(temp);
  }
  return loadOf(location);
}

bool FunctionLowering::isCallable(const clang::Expr *expression) {
  clang::QualType type = expression->getType().getNonReferenceType();
  if (type->isFunctionType() || type->isFunctionPointerType() ||
      type->isMemberFunctionPointerType())
    return !llvm::isa<clang::GNUNullExpr, clang::CXXNullPtrLiteralExpr>(peel(expression)) &&
           !expression->isNullPointerConstant(tu_.context, clang::Expr::NPC_ValueDependentIsNull);
  if (const clang::CXXRecordDecl *record = type->getAsCXXRecordDecl()) {
    if (record->isLambda())
      return true;
    if (const ClassModel *model = tu_.classModel(record))
      return model->cls == TypeClass::Callable;
    if (const clang::Expr *bare = peel(expression); bare->getType()->isRecordType()) {
      const clang::CXXRecordDecl *named = bare->getType()->getAsCXXRecordDecl();
      return tu_.isUserRecord(named) && userCallOperator(named);
    }
  }
  return false;
}

ValueId FunctionLowering::callableValue(const clang::Expr *expression) {
  const clang::Expr *bare = peel(expression);
  if (const auto *construct = llvm::dyn_cast<clang::CXXConstructExpr>(bare)) {
    // std::function(f), or the copy of a closure.
    const clang::CXXRecordDecl *record = construct->getConstructor()->getParent();
    const ClassModel *model = tu_.classModel(record);
    if (construct->getNumArgs() >= 1 && !lowered_.contains(construct) &&
        ((model && model->cls == TypeClass::Callable) || record->isLambda()))
      return callableValue(construct->getArg(0));
    if (record->isLambda())
      return lower(construct).value;
  }
  clang::QualType type = bare->getType().getNonReferenceType();
  const clang::CXXRecordDecl *record = type->getAsCXXRecordDecl();
  // std::ref(functor): called on the original.
  if (const auto *wrapper = llvm::dyn_cast_or_null<clang::ClassTemplateSpecializationDecl>(record);
      wrapper && wrapper->getIdentifier() && wrapper->getName() == "reference_wrapper" &&
      bare->isPRValue() && wrapper->getTemplateArgs()[0].getKind() == clang::TemplateArgument::Type)
    if (const clang::CXXRecordDecl *referred =
            wrapper->getTemplateArgs()[0].getAsType()->getAsCXXRecordDecl();
        referred && tu_.isUserRecord(referred))
      if (const clang::CXXMethodDecl *method = userCallOperator(referred)) {
        Value bind;
        bind.kind = ValueKind::Bind;
        ValueId object = valueOf(bare);
        bind.operands = {functionValue(method), object};
        return value(std::move(bind));
      }
  if (record && !record->isLambda() && tu_.isUserRecord(record))
    if (const clang::CXXMethodDecl *method = userCallOperator(record)) {
      Value bind;
      bind.kind = ValueKind::Bind;
      ValueId object = addressOfPath(pathOf(bare));
      bind.operands = {functionValue(method), object};
      return value(std::move(bind));
    }
  return forwardedValue(bare);
}

ValueId FunctionLowering::argumentValue(const clang::Expr *argument, clang::QualType parameter) {
  if (!parameter.isNull() && parameter->isReferenceType())
    return addressOf(argument);
  ValueId result =
      argument->isGLValue() && !argument->getType()->isFunctionType() && parameter.isNull()
          ? addressOf(argument)
          : valueOf(argument);
  return result;
}

std::vector<ValueId> FunctionLowering::arguments(llvm::ArrayRef<const clang::Expr *> arguments,
                                                 const clang::FunctionProtoType *type) {
  std::vector<ValueId> values;
  values.reserve(arguments.size());
  unsigned index = 0;
  for (const clang::Expr *argument : arguments) {
    clang::QualType parameter;
    if (type && index < type->getNumParams())
      parameter = type->getParamType(index);
    ++index;
    values.push_back(argumentValue(argument, parameter));
    // The callee destroys what it takes by value.
    if (!parameter.isNull() && !parameter->isReferenceType() && argument->getType()->isRecordType())
      markMoved(argument);
  }
  return values;
}

void FunctionLowering::markMoved(const clang::Expr *expression) {
  while (true) {
    expression = strip(expression);
    moved_.insert(expression);
    if (const auto *cast = llvm::dyn_cast<clang::CastExpr>(expression))
      expression = cast->getSubExpr();
    else if (const auto *temporary = llvm::dyn_cast<clang::MaterializeTemporaryExpr>(expression))
      expression = temporary->getSubExpr();
    else
      return;
  }
}

Lowered FunctionLowering::resultTemp(const clang::Expr *call, std::uint32_t &temp) {
  Lowered result;
  if (call->getType()->isVoidType())
    return result;
  temp = newTemp();
  TypeInfo type = tu_.type(call->getType());
  if (call->isGLValue()) {
    TypeInfo pointer;
    pointer.cls = TypeClass::Pointer;
    pointer.record = type.record;
    result.path = stepPath(tempPath(temp, pointer), StepKind::Deref, type);
    return result;
  }
  PathId object = tempPath(temp, type);
  if (call->getType()->isRecordType())
    result.path = object;
  result.value = loadOf(object);
  return result;
}

Lowered FunctionLowering::lowerCall(const clang::CallExpr *call) {
  const clang::FunctionDecl *function = call->getDirectCallee();
  if (llvm::isa<clang::CXXPseudoDestructorExpr>(call->getCallee()->IgnoreParens()))
    return {};
  Callee callee = function ? tu_.callee(function) : Callee();
  if (const auto *method = llvm::dyn_cast_or_null<clang::CXXMethodDecl>(function);
      method && isBitReference(tu_.context.getCanonicalTagType(method->getParent())))
    if (std::optional<Lowered> bit = lowerBit(call, method))
      return *bit;
  if (const auto *operatorCall = llvm::dyn_cast<clang::CXXOperatorCallExpr>(call))
    return lowerOperator(operatorCall, function, callee);
  llvm::ArrayRef<const clang::Expr *> arguments(call->getArgs(), call->getNumArgs());
  if (const auto *memberCall = llvm::dyn_cast<clang::CXXMemberCallExpr>(call)) {
    if (const auto *conversion = llvm::dyn_cast_or_null<clang::CXXConversionDecl>(function);
        conversion && conversion->getParent()->isLambda()) { // a lambda as a function pointer
      Lowered closure;
      closure.value = callableValue(memberCall->getImplicitObjectArgument());
      return closure;
    }
    const auto *member = llvm::dyn_cast<clang::MemberExpr>(memberCall->getCallee()->IgnoreParens());
    if (member && function) {
      if (const auto *destructor = llvm::dyn_cast<clang::CXXDestructorDecl>(function)) {
        PathId object = objectPath(member->getBase(), member->isArrow());
        destroy(object, tu_.context.getCanonicalTagType(destructor->getParent()), rangeOf(call),
                false);
        return {};
      }
      if (callee.cls && !llvm::cast<clang::CXXMethodDecl>(function)->isStatic()) {
        static constexpr CallModel kUnmodelled = {"", Effect::Inspect};
        const CallModel &model = callee.model ? *callee.model : kUnmodelled;
        PathId object = objectPath(member->getBase(), member->isArrow());
        return lowerLibraryCall({call, function, model, callee, object, arguments, rangeOf(call)});
      }
    }
  } else if (callee.model) {
    return lowerLibraryCall(
        {call, function, *callee.model, callee, kNone, arguments, rangeOf(call)});
  }
  return lowerOrdinaryCall(call, function, callee);
}

Lowered FunctionLowering::lowerOrdinaryCall(const clang::CallExpr *call,
                                            const clang::FunctionDecl *function,
                                            const Callee &callee) {
  SourceRange range = rangeOf(call);
  llvm::ArrayRef<const clang::Expr *> given(call->getArgs(), call->getNumArgs());
  const clang::Expr *target = call->getCallee()->IgnoreParens();
  std::vector<ValueId> values;
  ValueId callable = kNone;
  std::int64_t read = 0;
  std::uint32_t flags = 0;
  PathId object = kNone;
  const clang::FunctionProtoType *type = nullptr;
  const auto *method = llvm::dyn_cast_or_null<clang::CXXMethodDecl>(function);
  if (function && function->getIdentifier() && function->getBuiltinID() != 0 &&
      function->getName().starts_with("__sync_")) {
    PathId location = derefOf(valueOf(given[0]), given[0]->getType()->getPointeeType());
    llvm::StringRef name = function->getName();
    std::uint32_t temp = kNone;
    Lowered result = resultTemp(call, temp);
    if (name.contains("lock_release")) {
      access(EventKind::Write, location, range, Flag::Atomic, intValue(0), Order::Release);
      return result;
    }
    bool exchange = name.contains("test_and_set");
    bool compare = name.contains("compare_and_swap");
    access(EventKind::ReadWrite, location, range, Flag::Atomic | (compare ? Flag::Try : 0),
           exchange && given.size() > 1  ? valueOf(given[1])
           : compare && given.size() > 2 ? valueOf(given[2])
                                         : kNone,
           exchange ? Order::Acquire : Order::SeqCst);
    if (!out_.blocks[current_].events.empty() &&
        out_.blocks[current_].events.back().path == location &&
        out_.blocks[current_].events.back().kind == EventKind::ReadWrite) {
      out_.blocks[current_].events.back().result = temp;
      out_.blocks[current_].events.back().number = name.contains("sub") ? -1 : 0;
      if (name.contains("bool_compare"))
        out_.blocks[current_].events.back().success = Success::NonZero;
    }
    return result;
  }
  if (const auto *memberCall = llvm::dyn_cast<clang::CXXMemberCallExpr>(call)) {
    if (const auto *member = llvm::dyn_cast<clang::MemberExpr>(target)) {
      object = objectPath(member->getBase(), member->isArrow());
      if (method) {
        bool isFinal =
            method->hasAttr<clang::FinalAttr>() || method->getParent()->isEffectivelyFinal();
        // A call on an object by name needs no dispatch; through a pointer or reference it does.
        bool byName =
            !member->isArrow() &&
            llvm::isa<clang::DeclRefExpr>(member->getBase()->IgnoreParenImpCasts()) &&
            !member->getBase()->IgnoreParenImpCasts()->getType()->isReferenceType() && [&] {
              const auto *reference =
                  llvm::cast<clang::DeclRefExpr>(member->getBase()->IgnoreParenImpCasts());
              return !reference->getDecl()->getType()->isReferenceType();
            }();
        if (method->isVirtual() && !member->hasQualifier() && !isFinal && !byName)
          flags |= Flag::Virtual;
        if (!method->isStatic())
          values.push_back(addressOfPath(object));
        else
          object = kNone;
      }
    } else if (const auto *pointer = llvm::dyn_cast<clang::BinaryOperator>(target);
               pointer && pointer->isPtrMemOp()) {
      callable = valueOf(pointer->getRHS());
      values.push_back(pointer->getOpcode() == clang::BO_PtrMemI ? valueOf(pointer->getLHS())
                                                                 : addressOf(pointer->getLHS()));
    }
    (void)memberCall;
  }
  if (function) {
    type = function->getType()->getAs<clang::FunctionProtoType>();
  } else {
    if (callable == kNone) {
      const clang::Expr *bare = strip(target);
      bool isDependent = bare->isTypeDependent() || llvm::isa<clang::OverloadExpr>(bare);
      callable = isDependent ? unknownValue() : valueOf(target);
    }
    clang::QualType pointee = target->getType()->isMemberFunctionPointerType() ||
                                      target->getType()->isPointerType() ||
                                      target->getType()->isReferenceType()
                                  ? target->getType()->getPointeeType()
                                  : target->getType();
    if (!pointee.isNull() && pointee->isFunctionType())
      type = pointee->getAs<clang::FunctionProtoType>();
  }
  if (function && callee.isSystem) {
    // Argument effects stand for the body nobody lowered.
    bool keeps =
        function->getIdentifier() &&
        (function->getName().starts_with("set_") || function->getName().starts_with("make_") ||
         function->getName().starts_with("on_") || function->getName().starts_with("pthread_"));
    if (const auto *record = method ? method->getParent() : nullptr;
        record && !function->getIdentifier())
      keeps = true;
    systemEffects(call, function, object, given, keeps);
    flags |= Flag::SystemCallee;
    bool isBuiltin = function->getIdentifier() && function->getName().starts_with("__builtin_");
    if (isBuiltin || method || function->isOverloadedOperator()) {
      // A method of an opaque library object: its effects were its arguments and the object.
      std::uint32_t temp = kNone;
      return resultTemp(call, temp);
    }
    for (const clang::Expr *argument : given)
      values.push_back(lookUp(argument));
  } else {
    read = readArguments(given, type, values.size());
    for (ValueId argument : arguments(given, type))
      values.push_back(argument);
  }
  if (function && !callee.isSystem && isAllocator(function, given))
    flags |= Flag::Allocates;
  std::uint32_t temp = kNone;
  Lowered result = resultTemp(call, temp);
  BlockId unwind = kNone;
  // What a library declares to throw may be defined in the program.
  if (!function || ((!callee.isSystem || function->isNoReturn()) && mayUnwind(function)))
    unwind = unwindFor(call);
  Event &event = emit(EventKind::Call, range);
  if (function)
    event.callee = tu_.functionKey(function);
  event.value = callable;
  event.args = std::move(values);
  event.result = temp;
  event.flags = flags;
  event.number = read;
  event.unwind = unwind;
  if ((function && function->isNoReturn()) || (type && type->getNoReturnAttr())) {
    emit(EventKind::NoReturn, range);
    ended_ = true;
  }
  return result;
}

Lowered FunctionLowering::lowerOperator(const clang::CXXOperatorCallExpr *call,
                                        const clang::FunctionDecl *function, const Callee &callee) {
  SourceRange range = rangeOf(call);
  llvm::ArrayRef<const clang::Expr *> given(call->getArgs(), call->getNumArgs());
  Lowered result;
  if (!function || given.empty()) {
    for (const clang::Expr *argument : given)
      lower(argument);
    if (call->isGLValue())
      result.path = unknownPath(TypeInfo());
    else
      result.value = unknownValue();
    return result;
  }
  const auto *method = llvm::dyn_cast<clang::CXXMethodDecl>(function);
  const auto *type = function->getType()->getAs<clang::FunctionProtoType>();
  clang::OverloadedOperatorKind kind = call->getOperator();
  // A lambda's operator(): through the closure value, which knows the captures.
  if (method && method->getParent()->isLambda() && kind == clang::OO_Call) {
    ValueId closure = valueOf(peel(given[0]));
    std::vector<ValueId> values = arguments(given.drop_front(), type);
    std::uint32_t temp = kNone;
    result = resultTemp(call, temp);
    BlockId unwind = mayUnwind(function) ? unwindFor(call) : kNone;
    Event &event = emit(EventKind::Call, range);
    event.value = closure;
    event.args = std::move(values);
    event.result = temp;
    event.unwind = unwind;
    return result;
  }
  if (method && kind == clang::OO_Call && given.size() == 3)
    if (std::optional<ValueOp> op = standardComparison(method)) {
      ValueId left = forwardedValue(given[1]), right = forwardedValue(given[2]);
      result.value = opValue(*op, {left, right});
      return result;
    }
  if (method && kind == clang::OO_Equal) {
    const clang::CXXRecordDecl *record = method->getParent();
    bool moves = method->isMoveAssignmentOperator();
    TypeClass cls = tu_.typeClass(given[0]->getType());
    if (callee.cls && !callee.isAtomicObject) {
      PathId object = pathOf(given[0]);
      result.path = object;
      const clang::Expr *source = peel(given[1]);
      if (callee.cls->cls == TypeClass::Guard || callee.cls->cls == TypeClass::Thread ||
          callee.cls->cls == TypeClass::JThread) {
        moveHandle(object, pathOf(given[1]), callee.cls->cls, range);
      } else if (callee.cls->cls == TypeClass::Callable) {
        if (tu_.typeClass(source->getType()) == TypeClass::Callable && source->isGLValue())
          copyObject(object, given[1], 0, range, moves);
        else
          access(EventKind::Write, object, rangeOf(given[0]), 0, callableValue(given[1]));
      } else if (tu_.typeClass(source->getType()) == callee.cls->cls && source->isGLValue()) {
        copyObject(object, given[1],
                   callee.cls->cls == TypeClass::Container ? std::uint32_t(Flag::Mutator) : 0u,
                   rangeOf(given[0]), moves);
      } else if (callee.cls->cls == TypeClass::SmartPointer &&
                 tu_.typeClass(source->getType()) != TypeClass::SmartPointer &&
                 !source->isNullPointerConstant(tu_.context,
                                                clang::Expr::NPC_ValueDependentIsNull) &&
                 record->getIdentifier() && record->getName().contains("ptional")) {
        const auto *special = llvm::dyn_cast<clang::ClassTemplateSpecializationDecl>(record);
        if (special && special->getTemplateArgs().size() > 0 &&
            special->getTemplateArgs()[0].getKind() == clang::TemplateArgument::Type) {
          clang::QualType held = special->getTemplateArgs()[0].getAsType();
          constructFromArguments(held, stepPath(object, StepKind::Deref, tu_.type(held)),
                                 given.drop_front(), call);
        }
      } else {
        access(EventKind::Write, object, rangeOf(given[0]),
               callee.cls->cls == TypeClass::Container ? std::uint32_t(Flag::Mutator) : 0u,
               forwardedValue(given[1]));
      }
      return result;
    }
    bool isPlainCopy = !method->isUserProvided() && !callee.cls && given.size() == 2;
    if (isPlainCopy && !tu_.hasHandleMember(record)) {
      PathId object = pathOf(given[0]);
      copyObject(object, given[1], 0, rangeOf(given[0]), moves);
      result.path = object;
      return result;
    }
    (void)cls;
  }
  if (callee.model && method) {
    PathId object = pathOf(given[0]);
    return lowerLibraryCall(
        {call, function, *callee.model, callee, object, given.drop_front(), range});
  }
  if (callee.model)
    return lowerLibraryCall({call, function, *callee.model, callee, kNone, given, range});
  bool isComparison = kind == clang::OO_EqualEqual || kind == clang::OO_ExclaimEqual ||
                      kind == clang::OO_Less || kind == clang::OO_Greater ||
                      kind == clang::OO_LessEqual || kind == clang::OO_GreaterEqual ||
                      kind == clang::OO_Spaceship;
  if (callee.isSystem && isComparison && given.size() == 2) {
    ValueId left = forwardedValue(given[0]), right = forwardedValue(given[1]);
    TypeClass cls = tu_.typeClass(given[0]->getType());
    bool pointers =
        cls == TypeClass::SmartPointer || cls == TypeClass::Pointer || cls == TypeClass::Callable;
    if (pointers && (kind == clang::OO_EqualEqual || kind == clang::OO_ExclaimEqual))
      result.value =
          opValue(kind == clang::OO_EqualEqual ? ValueOp::Eq : ValueOp::Ne, {left, right});
    else
      result.value = unknownValue();
    if (call->getType()->isRecordType())
      result = {};
    return result.value == kNone ? Lowered{kNone, unknownValue()} : result;
  }
  if (callee.isSystem && !given.empty()) {
    TypeClass first = tu_.typeClass(given[0]->getType());
    if (first == TypeClass::Stream || kind == clang::OO_LessLess ||
        kind == clang::OO_GreaterGreater) {
      // Streams are synchronised by themselves; the operand is read by << and written by >>.
      result.path = call->isGLValue() ? pathOf(given[0]) : kNone;
      for (unsigned i = 1; i < given.size(); ++i) {
        const clang::Expr *bare = peel(given[i]);
        if (bare->isGLValue() && !bare->getType()->isFunctionType() &&
            !bare->getType()->isArrayType())
          access(kind == clang::OO_GreaterGreater ? EventKind::Write : EventKind::Read,
                 pathOf(bare), rangeOf(bare));
      }
      if (result.path == kNone)
        result.value = unknownValue();
      return result;
    }
    if (first == TypeClass::Iterator && given.size() >= 1) {
      if (call->isGLValue())
        result.path = pathOf(given[0]);
      else
        result.value = forwardedValue(given[0]);
      return result;
    }
    PathId object = method ? pathOf(given[0]) : kNone;
    systemEffects(call, function, object, method ? given.drop_front() : given, true);
    std::uint32_t temp = kNone;
    if (call->isGLValue() && object != kNone && call->isAssignmentOp()) {
      result.path = object;
      return result;
    }
    return resultTemp(call, temp);
  }
  std::vector<ValueId> values;
  if (method && !method->isStatic()) {
    values.push_back(addressOf(given[0]));
    for (ValueId argument : arguments(given.drop_front(), type))
      values.push_back(argument);
  } else {
    values = arguments(method ? given.drop_front() : given, type);
  }
  std::uint32_t temp = kNone;
  result = resultTemp(call, temp);
  BlockId unwind = mayUnwind(function) ? unwindFor(call) : kNone;
  Event &event = emit(EventKind::Call, range);
  event.callee = tu_.functionKey(function);
  event.args = std::move(values);
  event.result = temp;
  if (method && method->isVirtual() && !method->hasAttr<clang::FinalAttr>())
    event.flags |= Flag::Virtual;
  event.unwind = unwind;
  return result;
}

} // namespace threadlint
