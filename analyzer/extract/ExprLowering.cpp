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
      values.push_back(parameter->getType()->isReferenceType()
                           ? addressOfPath(variablePath(parameter))
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
    if (constructed_ != kNone) {
      result.value = addressOfPath(constructed_);
      return result;
    }
    if (thisCapture_ != kNone) {
      Path capture;
      capture.base = BaseKind::Capture;
      capture.id = thisCapture_;
      capture.type = tu_.type(thisCaptureByCopy_ ? expression->getType()->getPointeeType()
                                                 : expression->getType());
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
    const clang::Expr *inner =
        llvm::cast<clang::MaterializeTemporaryExpr>(expression)->getSubExpr();
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
    const auto *last =
        body->body_empty() ? nullptr : llvm::dyn_cast<clang::Expr>(body->body_back());
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
      result.path = expression->isGLValue()
                        ? stepPath(temp, StepKind::Deref, tu_.type(expression->getType()))
                        : temp;
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
  if (const auto *method = llvm::dyn_cast_or_null<clang::CXXMethodDecl>(function_);
      method && method->isInstance())
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
  if (llvm::isa<clang::IntegerLiteral, clang::CXXBoolLiteralExpr, clang::CXXNullPtrLiteralExpr,
                clang::GNUNullExpr, clang::CharacterLiteral>(bare))
    return valueOf(bare);
  return unknownValue();
}

ValueId FunctionLowering::functionValue(const clang::FunctionDecl *function) {
  Value result;
  result.kind = ValueKind::Function;
  result.function = tu_.functionKey(function);
  if (tu_.addressTakenFunctions().contains(result.function) && !function->isDefined() &&
      isCalledByPointer(tu_.callee(function).model))
    tu_.enqueue(function);
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
    result.value =
        number.isRepresentableByInt64() ? intValue(number.getExtValue()) : unknownValue();
    return result;
  }
  if (const auto *variable = llvm::dyn_cast<clang::VarDecl>(decl)) {
    result.path = variablePath(variable);
    return result;
  }
  if (const auto *binding = llvm::dyn_cast<clang::BindingDecl>(decl)) {
    if (auto capture = captures_.find(llvm::cast<clang::ValueDecl>(binding->getCanonicalDecl()));
        capture != captures_.end()) {
      Path captured;
      captured.base = BaseKind::Capture;
      captured.id = capture->second;
      captured.type = tu_.type(binding->getType().getNonReferenceType());
      if (captureByReference_[capture->second])
        captured.steps.push_back({StepKind::Deref});
      result.path = path(std::move(captured));
      return result;
    }
    const auto *whole =
        llvm::dyn_cast_or_null<clang::DecompositionDecl>(binding->getDecomposedDecl());
    if (whole && binding->getHoldingVar()) {
      // Tuple-like: the elements of std::pair by name, of others by number.
      PathId object = variablePath(whole);
      unsigned index = 0;
      for (const clang::BindingDecl *each : whole->bindings()) {
        if (each == binding)
          break;
        ++index;
      }
      const clang::CXXRecordDecl *record =
          whole->getType().getNonReferenceType()->getAsCXXRecordDecl();
      TypeInfo type = tu_.type(binding->getType().getNonReferenceType());
      if (record && record->getIdentifier() && record->getName() == "pair") {
        Path member = out_.paths[object];
        member.steps.push_back(
            {StepKind::Field, tu_.namedField("std::pair", index ? "second" : "first")});
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

} // namespace threadlint
