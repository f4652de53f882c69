// ExprLowering: expressions -> paths and values, with the reads and writes they perform.
//
// An lvalue becomes a path and performs nothing; the conversion to an rvalue is the Read. Operands of && || ?: that stand in other
// blocks are only looked up, never lowered again.
#include "analyzer/extract/FunctionLowering.h"

namespace threadlint {

const clang::Expr *FunctionLowering::strip(const clang::Expr *expression) const {
  while (true) {
    const clang::Expr *inner = nullptr;
    switch (expression->getStmtClass()) {
    case clang::Stmt::ParenExprClass:
      inner = llvm::cast<clang::ParenExpr>(expression)->getSubExpr();
      break;
    case clang::Stmt::ConstantExprClass:
    case clang::Stmt::ExprWithCleanupsClass:
      inner = llvm::cast<clang::FullExpr>(expression)->getSubExpr();
      break;
    case clang::Stmt::CXXBindTemporaryExprClass:
      inner = llvm::cast<clang::CXXBindTemporaryExpr>(expression)->getSubExpr();
      break;
    case clang::Stmt::SubstNonTypeTemplateParmExprClass:
      inner = llvm::cast<clang::SubstNonTypeTemplateParmExpr>(expression)->getReplacement();
      break;
    case clang::Stmt::OpaqueValueExprClass:
      inner = llvm::cast<clang::OpaqueValueExpr>(expression)->getSourceExpr();
      break;
    case clang::Stmt::ChooseExprClass:
      if (!llvm::cast<clang::ChooseExpr>(expression)->isConditionDependent())
        inner = llvm::cast<clang::ChooseExpr>(expression)->getChosenSubExpr();
      break;
    case clang::Stmt::GenericSelectionExprClass:
      if (!llvm::cast<clang::GenericSelectionExpr>(expression)->isResultDependent())
        inner = llvm::cast<clang::GenericSelectionExpr>(expression)->getResultExpr();
      break;
    case clang::Stmt::CXXRewrittenBinaryOperatorClass:
      inner = llvm::cast<clang::CXXRewrittenBinaryOperator>(expression)->getSemanticForm();
      break;
    case clang::Stmt::UnaryOperatorClass:
      if (llvm::cast<clang::UnaryOperator>(expression)->getOpcode() == clang::UO_Extension)
        inner = llvm::cast<clang::UnaryOperator>(expression)->getSubExpr();
      break;
    default:
      break;
    }
    if (!inner)
      return expression;
    expression = inner;
  }
}

Lowered FunctionLowering::lower(const clang::Expr *expression) {
  const clang::Expr *bare = strip(expression);
  Lowered result;
  auto found = lowered_.find(bare);
  if (found != lowered_.end()) {
    result = found->second;
  } else {
    result = lowerUncached(bare);
    if (memoize_)
      lowered_[bare] = result;
  }
  // Remember which object a temporary's destructor is about.
  while (expression != bare) {
    if (const auto *bind = llvm::dyn_cast<clang::CXXBindTemporaryExpr>(expression)) {
      if (result.path != kNone && !targets_.contains(bare))
        temporaries_.try_emplace(bind, result.path);
      expression = bind->getSubExpr();
    } else if (const auto *full = llvm::dyn_cast<clang::FullExpr>(expression)) {
      expression = full->getSubExpr();
    } else if (const auto *paren = llvm::dyn_cast<clang::ParenExpr>(expression)) {
      expression = paren->getSubExpr();
    } else {
      break;
    }
  }
  return result;
}

Lowered FunctionLowering::lowerUncached(const clang::Expr *expression) {
  Lowered result;
  switch (expression->getStmtClass()) {
  case clang::Stmt::DeclRefExprClass:
    return lowerReference(llvm::cast<clang::DeclRefExpr>(expression));
  case clang::Stmt::MemberExprClass:
    return lowerMember(llvm::cast<clang::MemberExpr>(expression));
  case clang::Stmt::ArraySubscriptExprClass:
    return lowerSubscript(llvm::cast<clang::ArraySubscriptExpr>(expression));
  case clang::Stmt::ImplicitCastExprClass:
  case clang::Stmt::CStyleCastExprClass:
  case clang::Stmt::CXXStaticCastExprClass:
  case clang::Stmt::CXXFunctionalCastExprClass:
  case clang::Stmt::CXXReinterpretCastExprClass:
  case clang::Stmt::CXXConstCastExprClass:
  case clang::Stmt::CXXDynamicCastExprClass:
  case clang::Stmt::BuiltinBitCastExprClass:
    return lowerCast(llvm::cast<clang::CastExpr>(expression));
  case clang::Stmt::UnaryOperatorClass:
    return lowerUnary(llvm::cast<clang::UnaryOperator>(expression));
  case clang::Stmt::BinaryOperatorClass:
  case clang::Stmt::CompoundAssignOperatorClass:
    return lowerBinary(llvm::cast<clang::BinaryOperator>(expression));
  case clang::Stmt::ConditionalOperatorClass:
  case clang::Stmt::BinaryConditionalOperatorClass: {
    auto temp = conditionalTemps_.find(expression);
    if (temp == conditionalTemps_.end()) {
      result.value = unknownValue();
      return result;
    }
    PathId merged = tempPath(temp->second, tu_.type(expression->getType()));
    if (expression->isGLValue()) {
      result.path = stepPath(merged, StepKind::Deref, tu_.type(expression->getType()));
    } else {
      result.path = expression->getType()->isRecordType() ? merged : kNone;
      result.value = loadOf(merged);
    }
    return result;
  }
  case clang::Stmt::CallExprClass:
  case clang::Stmt::CXXMemberCallExprClass:
  case clang::Stmt::CXXOperatorCallExprClass:
  case clang::Stmt::UserDefinedLiteralClass:
  case clang::Stmt::CUDAKernelCallExprClass:
    return lowerCall(llvm::cast<clang::CallExpr>(expression));
  case clang::Stmt::CXXConstructExprClass:
  case clang::Stmt::CXXTemporaryObjectExprClass:
    return lowerConstruct(llvm::cast<clang::CXXConstructExpr>(expression));
  case clang::Stmt::CXXInheritedCtorInitExprClass: {
    const auto *inherited = llvm::cast<clang::CXXInheritedCtorInitExpr>(expression);
    auto target = targets_.find(inherited);
    if (target == targets_.end())
      return result;
    ValueId object = addressOfPath(target->second.path);
    std::vector<ValueId> values{object};
    for (const clang::ParmVarDecl *parameter : function_->parameters())
      values.push_back(parameter->getType()->isReferenceType() ? addressOfPath(variablePath(parameter))
                                                               : loadOf(variablePath(parameter)));
    if (!tu_.callee(inherited->getConstructor()).isSystem) {
      BlockId unwind = mayUnwind(inherited->getConstructor()) ? unwindFor(expression) : kNone;
      Event &event = emit(EventKind::Call, rangeOf(expression));
      event.callee = tu_.functionKey(inherited->getConstructor());
      event.flags = Flag::Constructor | Flag::Implicit;
      event.args = std::move(values);
      event.unwind = unwind;
    }
    return result;
  }
  case clang::Stmt::CXXNewExprClass:
    return lowerNew(llvm::cast<clang::CXXNewExpr>(expression));
  case clang::Stmt::CXXDeleteExprClass:
    lowerDelete(llvm::cast<clang::CXXDeleteExpr>(expression));
    return result;
  case clang::Stmt::LambdaExprClass:
    return lowerLambda(llvm::cast<clang::LambdaExpr>(expression));
  case clang::Stmt::AtomicExprClass:
    return lowerAtomicBuiltin(llvm::cast<clang::AtomicExpr>(expression));
  case clang::Stmt::CXXThisExprClass: {
    if (thisCapture_ != kNone) {
      Path capture;
      capture.base = BaseKind::Capture;
      capture.id = thisCapture_;
      capture.type = tu_.type(thisCaptureByCopy_ ? expression->getType()->getPointeeType() : expression->getType());
      PathId id = path(std::move(capture));
      result.value = thisCaptureByCopy_ ? addressOfPath(id) : loadOf(id);
      return result;
    }
    result.value = loadOf(thisPath());
    return result;
  }
  case clang::Stmt::IntegerLiteralClass:
    result.value = intValue(static_cast<std::int64_t>(
        llvm::cast<clang::IntegerLiteral>(expression)->getValue().getLimitedValue()));
    return result;
  case clang::Stmt::CharacterLiteralClass:
    result.value = intValue(llvm::cast<clang::CharacterLiteral>(expression)->getValue());
    return result;
  case clang::Stmt::CXXBoolLiteralExprClass:
    result.value = intValue(llvm::cast<clang::CXXBoolLiteralExpr>(expression)->getValue());
    return result;
  case clang::Stmt::CXXNullPtrLiteralExprClass:
  case clang::Stmt::GNUNullExprClass:
  case clang::Stmt::ImplicitValueInitExprClass:
  case clang::Stmt::CXXScalarValueInitExprClass:
    result.value = intValue(0);
    return result;
  case clang::Stmt::StringLiteralClass:
  case clang::Stmt::PredefinedExprClass: {
    Value text;
    text.kind = ValueKind::String;
    result.value = value(std::move(text));
    result.path = unknownPath(TypeInfo());
    return result;
  }
  case clang::Stmt::MaterializeTemporaryExprClass: {
    const clang::Expr *inner = llvm::cast<clang::MaterializeTemporaryExpr>(expression)->getSubExpr();
    result.path = pathOf(inner);
    return result;
  }
  case clang::Stmt::InitListExprClass: {
    const auto *list = llvm::cast<clang::InitListExpr>(expression);
    if (auto target = targets_.find(list); target != targets_.end()) {
      result.path = target->second.path; // initialize() stores the elements
      return result;
    }
    if (list->getType()->isRecordType() || list->getType()->isArrayType()) {
      result.path = tempPath(newTemp(), tu_.type(list->getType()));
      initializeList(result.path, list, Flag::Initialization);
      result.value = loadOf(result.path);
      return result;
    }
    result.value = list->getNumInits() == 1 ? valueOf(list->getInit(0)) : intValue(0);
    return result;
  }
  case clang::Stmt::CXXStdInitializerListExprClass:
    result.value = unknownValue();
    return result;
  case clang::Stmt::CompoundLiteralExprClass: {
    const auto *literal = llvm::cast<clang::CompoundLiteralExpr>(expression);
    result.path = tempPath(newTemp(), tu_.type(literal->getType()));
    const clang::Expr *init = strip(literal->getInitializer());
    if (const auto *list = llvm::dyn_cast<clang::InitListExpr>(init))
      initializeList(result.path, list, Flag::Initialization);
    else
      define(result.path, valueOf(init), rangeOf(expression));
    if (!expression->isGLValue())
      result.value = loadOf(result.path);
    return result;
  }
  case clang::Stmt::CXXDefaultArgExprClass: {
    // The expression belongs to the callee's declaration and is shared by all calls: never remembered.
    const auto *byDefault = llvm::cast<clang::CXXDefaultArgExpr>(expression);
    bool saved = memoize_;
    memoize_ = false;
    result = lower(byDefault->getExpr());
    memoize_ = saved;
    return result;
  }
  case clang::Stmt::CXXDefaultInitExprClass:
    return lower(llvm::cast<clang::CXXDefaultInitExpr>(expression)->getExpr());
  case clang::Stmt::CXXThrowExprClass: {
    BlockId target = unwindFor(expression);
    Event &event = emit(EventKind::Throw, rangeOf(expression));
    event.unwind = target;
    if (target != kNone)
      out_.blocks[current_].edges.push_back({EdgeKind::Always, target});
    ended_ = true;
    return result;
  }
  case clang::Stmt::StmtExprClass: {
    const clang::CompoundStmt *body = llvm::cast<clang::StmtExpr>(expression)->getSubStmt();
    const auto *last = body->body_empty() ? nullptr : llvm::dyn_cast<clang::Expr>(body->body_back());
    if (last && !expression->getType()->isVoidType()) {
      result = lowered_.lookup(strip(last));
      if (result.value == kNone && result.path == kNone)
        result.value = lookUp(last);
    }
    return result;
  }
  case clang::Stmt::CoawaitExprClass:
  case clang::Stmt::CoyieldExprClass: {
    emit(EventKind::Suspend, rangeOf(expression));
    if (!expression->getType()->isVoidType()) {
      PathId temp = tempPath(newTemp(), tu_.type(expression->getType()));
      result.path = expression->isGLValue() ? stepPath(temp, StepKind::Deref, tu_.type(expression->getType())) : temp;
      if (!expression->isGLValue())
        result.value = loadOf(temp);
    }
    return result;
  }
  case clang::Stmt::UnaryExprOrTypeTraitExprClass: {
    clang::Expr::EvalResult evaluated;
    if (!expression->isValueDependent() && expression->EvaluateAsInt(evaluated, tu_.context) &&
        evaluated.Val.getInt().isRepresentableByInt64())
      result.value = intValue(evaluated.Val.getInt().getExtValue());
    else
      result.value = unknownValue();
    return result;
  }
  case clang::Stmt::VAArgExprClass:
    result.value = unknownValue();
    if (expression->getType()->isRecordType())
      result.path = tempPath(newTemp(), tu_.type(expression->getType()));
    return result;
  case clang::Stmt::CXXDependentScopeMemberExprClass: {
    const auto *member = llvm::cast<clang::CXXDependentScopeMemberExpr>(expression);
    if (!member->isImplicitAccess())
      lower(member->getBase());
    result.path = unknownPath(TypeInfo());
    return result;
  }
  default:
    if (expression->isGLValue())
      result.path = unknownPath(tu_.type(expression->getType()));
    else
      result.value = unknownValue();
    return result;
  }
}

PathId FunctionLowering::thisPath() {
  Path self;
  self.base = BaseKind::This;
  if (const auto *method = llvm::dyn_cast_or_null<clang::CXXMethodDecl>(function_); method && method->isInstance())
    self.type = tu_.type(method->getThisType());
  else
    self.type.cls = TypeClass::Pointer;
  return path(std::move(self));
}

PathId FunctionLowering::pathOf(const clang::Expr *expression) {
  Lowered result = lower(expression);
  if (result.path != kNone)
    return result.path;
  // A value without a place gets one.
  const clang::Expr *bare = strip(expression);
  PathId temp = tempPath(newTemp(), tu_.type(bare->getType()));
  define(temp, result.value == kNone ? unknownValue() : result.value, rangeOf(bare));
  if (memoize_)
    lowered_[bare].path = temp;
  return temp;
}

ValueId FunctionLowering::valueOf(const clang::Expr *expression) {
  const clang::Expr *bare = strip(expression);
  if (const auto *reference = llvm::dyn_cast<clang::DeclRefExpr>(bare))
    if (const auto *function = llvm::dyn_cast<clang::FunctionDecl>(reference->getDecl()))
      return functionValue(function);
  Lowered result = lower(expression);
  if (result.value != kNone)
    return result.value;
  if (result.path == kNone)
    return unknownValue();
  if (out_.paths[result.path].type.cls == TypeClass::Array && bare->getType()->isArrayType())
    return addressOfPath(result.path);
  return loadOf(result.path);
}

ValueId FunctionLowering::addressOf(const clang::Expr *expression) {
  const clang::Expr *bare = strip(expression);
  if (const auto *reference = llvm::dyn_cast<clang::DeclRefExpr>(bare))
    if (const auto *function = llvm::dyn_cast<clang::FunctionDecl>(reference->getDecl()))
      return functionValue(function);
  return addressOfPath(pathOf(expression));
}

ValueId FunctionLowering::lookUp(const clang::Expr *expression) {
  const clang::Expr *bare = strip(expression);
  auto found = lowered_.find(bare);
  if (found != lowered_.end())
    return found->second.value != kNone ? found->second.value : loadOf(found->second.path);
  if (llvm::isa<clang::IntegerLiteral, clang::CXXBoolLiteralExpr, clang::CXXNullPtrLiteralExpr, clang::GNUNullExpr,
                clang::CharacterLiteral>(bare))
    return valueOf(bare);
  return unknownValue();
}

ValueId FunctionLowering::functionValue(const clang::FunctionDecl *function) {
  Value result;
  result.kind = ValueKind::Function;
  result.function = tu_.functionKey(function);
  return value(std::move(result));
}

Lowered FunctionLowering::readOf(PathId location, const clang::Expr *where) {
  access(EventKind::Read, location, rangeOf(where));
  Lowered result;
  result.value = loadOf(location);
  return result;
}

Lowered FunctionLowering::lowerReference(const clang::DeclRefExpr *reference) {
  return lowerDeclaration(reference->getDecl(), reference);
}

Lowered FunctionLowering::lowerDeclaration(const clang::ValueDecl *decl, const clang::Expr *where) {
  Lowered result;
  if (const auto *function = llvm::dyn_cast<clang::FunctionDecl>(decl)) {
    result.value = functionValue(function);
    return result;
  }
  if (const auto *enumerator = llvm::dyn_cast<clang::EnumConstantDecl>(decl)) {
    const llvm::APSInt &number = enumerator->getInitVal();
    result.value = number.isRepresentableByInt64() ? intValue(number.getExtValue()) : unknownValue();
    return result;
  }
  if (const auto *variable = llvm::dyn_cast<clang::VarDecl>(decl)) {
    result.path = variablePath(variable);
    return result;
  }
  if (const auto *binding = llvm::dyn_cast<clang::BindingDecl>(decl)) {
    if (auto capture = captures_.find(llvm::cast<clang::ValueDecl>(binding->getCanonicalDecl())); capture != captures_.end()) {
      Path captured;
      captured.base = BaseKind::Capture;
      captured.id = capture->second;
      captured.type = tu_.type(binding->getType().getNonReferenceType());
      if (captureByReference_[capture->second])
        captured.steps.push_back({StepKind::Deref});
      result.path = path(std::move(captured));
      return result;
    }
    const auto *whole = llvm::dyn_cast_or_null<clang::DecompositionDecl>(binding->getDecomposedDecl());
    if (whole && binding->getHoldingVar()) {
      // Tuple-like: the elements of std::pair by name, of others by number.
      PathId object = variablePath(whole);
      unsigned index = 0;
      for (const clang::BindingDecl *each : whole->bindings()) {
        if (each == binding)
          break;
        ++index;
      }
      const clang::CXXRecordDecl *record = whole->getType().getNonReferenceType()->getAsCXXRecordDecl();
      TypeInfo type = tu_.type(binding->getType().getNonReferenceType());
      if (record && record->getIdentifier() && record->getName() == "pair") {
        Path member = out_.paths[object];
        member.steps.push_back({StepKind::Field, tu_.namedField("std::pair", index ? "second" : "first")});
        member.type = type;
        result.path = path(std::move(member));
      } else {
        result.path = stepPath(object, StepKind::Index, type, index);
      }
      return result;
    }
    if (const clang::Expr *bound = binding->getBinding()) {
      bool saved = memoize_;
      memoize_ = false;
      result = lower(bound);
      memoize_ = saved;
      return result;
    }
  }
  if (const auto *member = llvm::dyn_cast<clang::FieldDecl>(decl)) {
    // A pointer to member; C designators.
    (void)member;
  }
  if (where->isGLValue())
    result.path = unknownPath(tu_.type(where->getType()));
  else
    result.value = unknownValue();
  return result;
}

PathId FunctionLowering::objectPath(const clang::Expr *object, bool isArrow) {
  if (!isArrow)
    return pathOf(object);
  return derefOf(valueOf(object), object->getType()->getPointeeType());
}

Lowered FunctionLowering::lowerMember(const clang::MemberExpr *member) {
  Lowered result;
  const clang::ValueDecl *decl = member->getMemberDecl();
  if (llvm::isa<clang::FunctionDecl>(decl))
    return result; // a bound method: the call lowers the object
  const auto *field = llvm::dyn_cast<clang::FieldDecl>(decl);
  if (!field)
    return lowerDeclaration(decl, member);
  PathId object = objectPath(member->getBase(), member->isArrow());
  result.path = fieldPath(object, field);
  if (!member->isGLValue())
    result.value = loadOf(result.path);
  return result;
}

Lowered FunctionLowering::lowerSubscript(const clang::ArraySubscriptExpr *subscript) {
  Lowered result;
  ValueId base = valueOf(subscript->getBase());
  ValueId index = valueOf(subscript->getIdx());
  TypeInfo type = tu_.type(subscript->getType());
  Value pointer = out_.values[base];
  const Value &number = out_.values[index];
  bool isConstant = number.kind == ValueKind::Int;
  bool isSimple = number.kind == ValueKind::Load || number.kind == ValueKind::Op;
  if (pointer.kind != ValueKind::Load && pointer.kind != ValueKind::Address) {
    result.path = unknownPath(type);
    return result;
  }
  PathId array = pointer.path;
  if (pointer.kind == ValueKind::Load)
    array = stepPath(array, StepKind::Deref, type);
  else if (out_.paths[array].type.cls != TypeClass::Array) {
    // `(&x)[0]`, or an element's address: stay at the place, lose the index.
    Path location = out_.paths[array];
    if (!location.steps.empty() &&
        (location.steps.back().kind == StepKind::Index || location.steps.back().kind == StepKind::AnyIndex)) {
      location.steps.back() = {StepKind::AnyIndex};
      result.path = path(std::move(location));
      return result;
    }
    result.path = array;
    return result;
  }
  if (isConstant)
    result.path = stepPath(array, StepKind::Index, type, number.number);
  else
    result.path = stepPath(array, StepKind::AnyIndex, type, 0, isSimple ? index : kNone);
  return result;
}

Lowered FunctionLowering::lowerCast(const clang::CastExpr *cast) {
  Lowered result;
  const clang::Expr *inner = cast->getSubExpr();
  switch (cast->getCastKind()) {
  case clang::CK_LValueToRValue: {
    const clang::Expr *bare = strip(inner);
    if (const auto *reference = llvm::dyn_cast<clang::DeclRefExpr>(bare))
      if (const auto *variable = llvm::dyn_cast<clang::VarDecl>(reference->getDecl()))
        if (variable->getType().isConstQualified() && variable->getType()->isIntegralOrEnumerationType() &&
            !variable->getType().isVolatileQualified() && variable->getAnyInitializer() &&
            !llvm::isa<clang::ParmVarDecl>(variable) && !variable->getAnyInitializer()->isValueDependent())
          if (const clang::APValue *known = variable->hasConstantInitialization() ? variable->evaluateValue() : nullptr;
              known && known->isInt() && known->getInt().isRepresentableByInt64()) {
            result.value = intValue(known->getInt().getExtValue());
            return result;
          }
    PathId location = pathOf(inner);
    // The value of an assignment is what was just stored: no second access.
    if (const auto *binary = llvm::dyn_cast<clang::BinaryOperator>(bare); binary && binary->isAssignmentOp()) {
      result.value = loadOf(location);
      return result;
    }
    if (const auto *unary = llvm::dyn_cast<clang::UnaryOperator>(bare); unary && unary->isIncrementDecrementOp()) {
      result.value = loadOf(location);
      return result;
    }
    if (const auto *call = llvm::dyn_cast<clang::CallExpr>(bare); call && call->isLValue()) {
      const auto *function = call->getDirectCallee();
      if (function && function->getIdentifier() &&
          (function->getName() == "__errno_location" || function->getName() == "__errno")) {
        result.value = loadOf(location);
        return result;
      }
    }
    if (const auto *unary = llvm::dyn_cast<clang::UnaryOperator>(bare); unary && unary->getOpcode() == clang::UO_Deref)
      if (const auto *call = llvm::dyn_cast<clang::CallExpr>(unary->getSubExpr()->IgnoreParenImpCasts()))
        if (const auto *function = call->getDirectCallee();
            function && function->getIdentifier() && function->getName().contains("errno")) {
          result.value = loadOf(location);
          return result;
        }
    return readOf(location, bare);
  }
  case clang::CK_ArrayToPointerDecay: {
    Lowered array = lower(inner);
    result.value = llvm::isa<clang::StringLiteral, clang::PredefinedExpr>(strip(inner)) ? array.value
                                                                                       : addressOfPath(pathOf(inner));
    return result;
  }
  case clang::CK_FunctionToPointerDecay:
  case clang::CK_BuiltinFnToFnPtr:
    result.value = valueOf(inner);
    return result;
  case clang::CK_NullToPointer:
  case clang::CK_NullToMemberPointer:
    lower(inner);
    result.value = intValue(0);
    return result;
  case clang::CK_ToVoid:
    lower(inner);
    return result;
  case clang::CK_IntegralToFloating:
  case clang::CK_FloatingToIntegral:
  case clang::CK_FloatingToBoolean:
  case clang::CK_FloatingCast:
    lower(inner);
    result.value = unknownValue();
    return result;
  case clang::CK_Dependent:
    lower(inner);
    if (cast->isGLValue())
      result.path = unknownPath(TypeInfo());
    else
      result.value = unknownValue();
    return result;
  default: {
    // Conversions that keep the place or the value: base/derived, integral, bit casts, constructor conversions.
    Lowered same = lower(inner);
    if (cast->isGLValue() || cast->getType()->isRecordType()) {
      result.path = same.path;
      result.value = cast->isGLValue() ? kNone : same.value;
      if (result.path == kNone && same.value != kNone && cast->isGLValue())
        result.path = pathOf(inner);
      // A cast changes how the place is seen, which matters when the base class is a modelled one.
      return result;
    }
    result.value = same.value != kNone ? same.value : valueOf(inner);
    return result;
  }
  }
}

Lowered FunctionLowering::lowerUnary(const clang::UnaryOperator *unary) {
  Lowered result;
  const clang::Expr *inner = unary->getSubExpr();
  switch (unary->getOpcode()) {
  case clang::UO_AddrOf: {
    const clang::Expr *bare = strip(inner);
    if (const auto *reference = llvm::dyn_cast<clang::DeclRefExpr>(bare)) {
      if (const auto *function = llvm::dyn_cast<clang::FunctionDecl>(reference->getDecl())) {
        result.value = functionValue(function);
        return result;
      }
      if (llvm::isa<clang::FieldDecl>(reference->getDecl())) {
        result.value = unknownValue();
        return result;
      }
    }
    result.value = addressOf(inner);
    return result;
  }
  case clang::UO_Deref: {
    ValueId pointer = valueOf(inner);
    if (out_.values[pointer].kind == ValueKind::Function) {
      result.value = pointer;
      return result;
    }
    result.path = derefOf(pointer, unary->getType());
    return result;
  }
  case clang::UO_PreInc:
  case clang::UO_PreDec:
  case clang::UO_PostInc:
  case clang::UO_PostDec: {
    PathId location = pathOf(inner);
    bool isPointer = unary->getType()->isPointerType();
    ValueOp op = unary->isIncrementOp() ? ValueOp::Add : ValueOp::Sub;
    ValueId next = isPointer ? unknownValue() : opValue(op, {loadOf(location), intValue(1)});
    if (isPointer) {
      // Walking over an array stays in the array.
      next = loadOf(location);
    }
    access(EventKind::ReadWrite, location, rangeOf(inner), 0, next);
    if (unary->isPrefix() && unary->isGLValue()) {
      result.path = location;
      return result;
    }
    if (unary->isPostfix() && !isPointer)
      result.value = opValue(op == ValueOp::Add ? ValueOp::Sub : ValueOp::Add, {loadOf(location), intValue(1)});
    else
      result.value = loadOf(location);
    return result;
  }
  case clang::UO_Minus: {
    ValueId operand = valueOf(inner);
    const Value number = out_.values[operand];
    result.value = number.kind == ValueKind::Int ? intValue(-number.number) : opValue(ValueOp::Sub, {intValue(0), operand});
    return result;
  }
  case clang::UO_LNot:
    result.value = opValue(ValueOp::Not, {valueOf(inner)});
    return result;
  case clang::UO_Plus:
    result.value = valueOf(inner);
    return result;
  case clang::UO_Not:
    result.value = opValue(ValueOp::Other, {valueOf(inner)});
    return result;
  case clang::UO_Real:
  case clang::UO_Imag:
    lower(inner);
    if (unary->isGLValue())
      result.path = pathOf(inner);
    else
      result.value = unknownValue();
    return result;
  default:
    lower(inner);
    result.value = unknownValue();
    return result;
  }
}

Lowered FunctionLowering::lowerBinary(const clang::BinaryOperator *binary) {
  Lowered result;
  const clang::Expr *left = binary->getLHS();
  const clang::Expr *right = binary->getRHS();
  if (binary->isLogicalOp()) {
    auto temp = conditionalTemps_.find(binary);
    result.value = temp == conditionalTemps_.end()
                       ? unknownValue()
                       : loadOf(tempPath(temp->second, tu_.type(binary->getType())));
    return result;
  }
  if (binary->getOpcode() == clang::BO_Comma) {
    lower(left);
    Lowered last = lower(right);
    if (last.path == kNone && last.value == kNone && !right->getType()->isVoidType())
      last.value = unknownValue();
    return last;
  }
  if (binary->isPtrMemOp()) {
    lower(left);
    lower(right);
    result.path = unknownPath(tu_.type(binary->getType()));
    return result;
  }
  if (binary->isAssignmentOp()) {
    // The right operand is evaluated first in C++17; elements come in the CFG's order anyway.
    ValueId stored = valueOf(right);
    PathId location = pathOf(left);
    if (binary->isCompoundAssignmentOp()) {
      ValueOp op = binary->getOpcode() == clang::BO_AddAssign   ? ValueOp::Add
                   : binary->getOpcode() == clang::BO_SubAssign ? ValueOp::Sub
                   : binary->getOpcode() == clang::BO_MulAssign ? ValueOp::Mul
                                                                : ValueOp::Other;
      stored = binary->getType()->isPointerType() ? loadOf(location) : opValue(op, {loadOf(location), stored});
      access(EventKind::ReadWrite, location, rangeOf(left), 0, stored);
    } else {
      access(EventKind::Write, location, rangeOf(left), 0, stored);
    }
    if (binary->isGLValue())
      result.path = location;
    else
      result.value = stored;
    return result;
  }
  ValueId a = valueOf(left), b = valueOf(right);
  ValueOp op = ValueOp::Other;
  switch (binary->getOpcode()) {
  case clang::BO_EQ:
    op = ValueOp::Eq;
    break;
  case clang::BO_NE:
    op = ValueOp::Ne;
    break;
  case clang::BO_LT:
    op = ValueOp::Lt;
    break;
  case clang::BO_LE:
    op = ValueOp::Le;
    break;
  case clang::BO_GT:
    op = ValueOp::Gt;
    break;
  case clang::BO_GE:
    op = ValueOp::Ge;
    break;
  case clang::BO_Add:
    op = ValueOp::Add;
    break;
  case clang::BO_Sub:
    op = ValueOp::Sub;
    break;
  case clang::BO_Mul:
    op = ValueOp::Mul;
    break;
  default:
    break;
  }
  const Value first = out_.values[a], second = out_.values[b];
  if (binary->getType()->isPointerType() && (op == ValueOp::Add || op == ValueOp::Sub)) {
    // `p + i` is the address of p's element i.
    bool pointerFirst = left->getType()->isPointerType();
    const Value &pointer = pointerFirst ? first : second;
    const Value &offset = pointerFirst ? second : first;
    ValueId index = pointerFirst ? b : a;
    TypeInfo type = tu_.type(binary->getType()->getPointeeType());
    if (pointer.kind == ValueKind::Load || pointer.kind == ValueKind::Address) {
      PathId array = pointer.path;
      if (pointer.kind == ValueKind::Load)
        array = stepPath(array, StepKind::Deref, type);
      else if (out_.paths[array].type.cls != TypeClass::Array) {
        result.value = pointerFirst ? a : b;
        return result;
      }
      bool isConstant = offset.kind == ValueKind::Int && op == ValueOp::Add;
      bool isSimple = (offset.kind == ValueKind::Load || offset.kind == ValueKind::Op) && op == ValueOp::Add;
      result.value = addressOfPath(isConstant ? stepPath(array, StepKind::Index, type, offset.number)
                                              : stepPath(array, StepKind::AnyIndex, type, 0, isSimple ? index : kNone));
      return result;
    }
    result.value = unknownValue();
    return result;
  }
  if (first.kind == ValueKind::Int && second.kind == ValueKind::Int) {
    std::int64_t number = 0;
    bool folded = true;
    if (binary->getOpcode() == clang::BO_Or)
      number = first.number | second.number;
    else if (binary->getOpcode() == clang::BO_And)
      number = first.number & second.number;
    else if (op == ValueOp::Add)
      folded = !__builtin_add_overflow(first.number, second.number, &number);
    else if (op == ValueOp::Sub)
      folded = !__builtin_sub_overflow(first.number, second.number, &number);
    else if (op == ValueOp::Mul)
      folded = !__builtin_mul_overflow(first.number, second.number, &number);
    else
      folded = false;
    if (folded) {
      result.value = intValue(number);
      return result;
    }
  }
  if (first.kind == ValueKind::Unknown && second.kind == ValueKind::Unknown) {
    result.value = unknownValue();
    return result;
  }
  result.value = opValue(op, {a, b});
  return result;
}

/// The allocation precedes the constructor: called at the CFG's allocator element, or by lowerNew when there is none.
void FunctionLowering::allocate(const clang::CXXNewExpr *expression) {
  auto [entry, inserted] = allocations_.try_emplace(expression, 0);
  if (inserted)
    entry->second = newTemp();
  std::uint32_t temp = entry->second;
  if (!allocated_.insert(expression).second)
    return;
  bool isPlacement = expression->getNumPlacementArgs() == 1 &&
                     expression->getPlacementArg(0)->getType()->isPointerType();
  if (isPlacement) {
    define(tempPath(temp, tu_.type(expression->getType())), valueOf(expression->getPlacementArg(0)),
           rangeOf(expression));
    return;
  }
  Event &event = emit(EventKind::Alloc, rangeOf(expression));
  event.result = temp;
  event.type = tu_.type(expression->getAllocatedType());
  event.number = expression->hasInitializer() && !expression->getAllocatedType()->isRecordType();
}

Lowered FunctionLowering::lowerNew(const clang::CXXNewExpr *expression) {
  allocate(expression);
  Lowered result;
  PathId pointer = tempPath(allocations_[expression], tu_.type(expression->getType()));
  if (const clang::Expr *init = expression->getInitializer()) {
    PathId object = stepPath(pointer, StepKind::Deref, tu_.type(expression->getAllocatedType()));
    if (expression->isArray())
      object = stepPath(object, StepKind::AnyIndex, tu_.type(expression->getAllocatedType()));
    if (!targets_.contains(strip(init)))
      registerTarget(init, object, Flag::Initialization);
    initialize(object, init, Flag::Initialization, rangeOf(expression));
  }
  result.value = loadOf(pointer);
  return result;
}

void FunctionLowering::lowerDelete(const clang::CXXDeleteExpr *expression) {
  ValueId pointer = valueOf(expression->getArgument());
  clang::QualType type = expression->getDestroyedType();
  SourceRange range = rangeOf(expression);
  if (!type.isNull()) {
    PathId object = derefOf(pointer, type);
    std::size_t before = out_.blocks[current_].events.size();
    if (expression->isArrayForm())
      object = stepPath(object, StepKind::AnyIndex, tu_.type(type));
    destroy(object, type, range, /*implicit=*/false);
    if (const clang::CXXRecordDecl *record = type->getAsCXXRecordDecl(); record && record->getDefinition()) {
      const clang::CXXDestructorDecl *destructor = record->getDestructor();
      std::vector<Event> &events = out_.blocks[current_].events;
      if (destructor && destructor->isVirtual() && tu_.isUserRecord(record)) {
        if (events.size() == before) {
          Event &event = emit(EventKind::Call, range);
          event.callee = tu_.functionKey(destructor);
          event.flags = Flag::Destructor;
          event.args.push_back(pointer);
        }
        events.back().flags |= Flag::Virtual;
      }
      access(EventKind::Write, object, range);
    }
  }
  emit(EventKind::Free, range).value = pointer;
}

Lowered FunctionLowering::lowerLambda(const clang::LambdaExpr *lambda) {
  const clang::CXXMethodDecl *callOperator = lambda->getCallOperator();
  if (const clang::FunctionTemplateDecl *pattern = callOperator->getDescribedFunctionTemplate())
    for (const clang::FunctionDecl *instance : pattern->specializations()) {
      callOperator = llvm::cast<clang::CXXMethodDecl>(instance);
      break;
    }
  Value closure;
  closure.kind = ValueKind::Closure;
  closure.function = tu_.functionKey(callOperator);
  auto init = lambda->capture_init_begin();
  for (const clang::LambdaCapture &capture : lambda->captures()) {
    const clang::Expr *captured = *init++;
    if (!captured || capture.capturesVLAType()) {
      closure.operands.push_back(unknownValue());
      continue;
    }
    bool byReference = capture.getCaptureKind() == clang::LCK_ByRef ||
                       (capture.capturesVariable() && capture.getCapturedVar()->isInitCapture() &&
                        capture.getCapturedVar()->getType()->isReferenceType());
    closure.operands.push_back(byReference ? addressOf(captured) : valueOf(captured));
  }
  Lowered result;
  result.value = value(std::move(closure));
  return result;
}

Lowered FunctionLowering::lowerAtomicBuiltin(const clang::AtomicExpr *atomic) {
  Lowered result;
  llvm::StringRef name = atomic->getOpAsString();
  SourceRange range = rangeOf(atomic);
  PathId location = derefOf(valueOf(atomic->getPtr()), atomic->getPtr()->getType()->getPointeeType());
  Order order = atomic->getNumSubExprs() > 1 && atomic->getOp() != clang::AtomicExpr::AO__c11_atomic_init
                    ? orderOf(atomic->getOrder())
                    : Order::SeqCst;
  std::uint32_t flags = Flag::Atomic;
  if (name.contains("atomic_init")) {
    access(EventKind::Write, location, range, Flag::Initialization, valueOf(atomic->getVal1()));
  } else if (name.contains("compare_exchange")) {
    access(EventKind::ReadWrite, location, range, flags | Flag::Try, kNone, order);
    std::uint32_t temp = newTemp();
    if (!out_.blocks[current_].events.empty() && out_.blocks[current_].events.back().path == location) {
      out_.blocks[current_].events.back().result = temp;
      out_.blocks[current_].events.back().success = Success::NonZero;
    }
    result.value = loadOf(tempPath(temp, tu_.type(atomic->getType())));
  } else if (name.contains("load")) {
    access(EventKind::Read, location, range, flags, kNone, order);
    result.value = loadOf(location);
    if (atomic->getOp() == clang::AtomicExpr::AO__atomic_load)
      access(EventKind::Write, derefOf(valueOf(atomic->getVal1()), atomic->getPtr()->getType()->getPointeeType()), range,
             0, loadOf(location));
  } else if (name.contains("store") || name.contains("clear")) {
    ValueId stored = name.contains("clear") ? intValue(0) : valueOf(atomic->getVal1());
    access(EventKind::Write, location, range, flags, stored, order);
  } else {
    ValueId stored = name.contains("exchange") ? valueOf(atomic->getVal1()) : name.contains("test_and_set") ? intValue(1) : kNone;
    if (!name.contains("test_and_set") && !name.contains("exchange"))
      lower(atomic->getVal1());
    access(EventKind::ReadWrite, location, range, flags, stored, order);
    std::uint32_t temp = newTemp();
    if (!out_.blocks[current_].events.empty() && out_.blocks[current_].events.back().path == location)
      out_.blocks[current_].events.back().result = temp;
    result.value = loadOf(tempPath(temp, tu_.type(atomic->getType())));
  }
  return result;
}

Order FunctionLowering::orderOf(const clang::Expr *expression) {
  if (!expression)
    return Order::SeqCst;
  const clang::Expr *bare = expression->IgnoreParenImpCasts();
  llvm::StringRef name;
  std::int64_t number = -1;
  if (const auto *byDefault = llvm::dyn_cast<clang::CXXDefaultArgExpr>(bare))
    return byDefault->getParam()->hasUninstantiatedDefaultArg() ? Order::SeqCst : orderOf(byDefault->getExpr());
  if (const auto *reference = llvm::dyn_cast<clang::DeclRefExpr>(bare)) {
    if (reference->getDecl()->getIdentifier())
      name = reference->getDecl()->getName();
  } else if (!bare->isValueDependent()) {
    clang::Expr::EvalResult evaluated;
    if (bare->getType()->isIntegralOrEnumerationType() && bare->EvaluateAsInt(evaluated, tu_.context))
      number = evaluated.Val.getInt().getExtValue();
  }
  name.consume_front("memory_order_");
  if (name == "relaxed" || number == 0)
    return Order::Relaxed;
  if (name == "consume" || number == 1)
    return Order::Consume;
  if (name == "acquire" || number == 2)
    return Order::Acquire;
  if (name == "release" || number == 3)
    return Order::Release;
  if (name == "acq_rel" || number == 4)
    return Order::AcqRel;
  return Order::SeqCst;
}

} // namespace threadlint
