// OperatorLowering: subscripts, casts and built-in operators. The conversion of an lvalue to an rvalue is the read of it.
#include "analyzer/extract/FunctionLowering.h"

namespace threadlint {

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
    if (!location.steps.empty() && (location.steps.back().kind == StepKind::Index ||
                                    location.steps.back().kind == StepKind::AnyIndex)) {
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
        if (variable->getType().isConstQualified() &&
            variable->getType()->isIntegralOrEnumerationType() &&
            !variable->getType().isVolatileQualified() && variable->getAnyInitializer() &&
            !llvm::isa<clang::ParmVarDecl>(variable) &&
            !variable->getAnyInitializer()->isValueDependent())
          if (const clang::APValue *known =
                  variable->hasConstantInitialization() ? variable->evaluateValue() : nullptr;
              known && known->isInt() && known->getInt().isRepresentableByInt64()) {
            result.value = intValue(known->getInt().getExtValue());
            return result;
          }
    PathId location = pathOf(inner);
    // The value of an assignment is what was just stored: no second access.
    if (const auto *binary = llvm::dyn_cast<clang::BinaryOperator>(bare);
        binary && binary->isAssignmentOp()) {
      result.value = loadOf(location);
      return result;
    }
    if (const auto *unary = llvm::dyn_cast<clang::UnaryOperator>(bare);
        unary && unary->isIncrementDecrementOp()) {
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
    if (const auto *unary = llvm::dyn_cast<clang::UnaryOperator>(bare);
        unary && unary->getOpcode() == clang::UO_Deref)
      if (const auto *call =
              llvm::dyn_cast<clang::CallExpr>(unary->getSubExpr()->IgnoreParenImpCasts()))
        if (const auto *function = call->getDirectCallee();
            function && function->getIdentifier() && function->getName().contains("errno")) {
          result.value = loadOf(location);
          return result;
        }
    return readOf(location, bare);
  }
  case clang::CK_ArrayToPointerDecay: {
    Lowered array = lower(inner);
    result.value = llvm::isa<clang::StringLiteral, clang::PredefinedExpr>(strip(inner))
                       ? array.value
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
    const clang::QualType pointee = unary->getType()->getPointeeType();
    const bool isPointer = unary->getType()->isPointerType();
    ValueOp op = unary->isIncrementOp() ? ValueOp::Add : ValueOp::Sub;
    // Walking over an array stays in the array, at another element.
    ValueId next = isPointer ? addressOfPath(stepPath(derefOf(loadOf(location), pointee),
                                                      StepKind::AnyIndex, tu_.type(pointee)))
                             : opValue(op, {loadOf(location), intValue(1)});
    access(EventKind::ReadWrite, location, rangeOf(inner), 0, next);
    if (unary->isPrefix() && unary->isGLValue()) {
      result.path = location;
      return result;
    }
    if (unary->isPostfix() && !isPointer)
      result.value = opValue(op == ValueOp::Add ? ValueOp::Sub : ValueOp::Add,
                             {loadOf(location), intValue(1)});
    else
      result.value = loadOf(location);
    return result;
  }
  case clang::UO_Minus: {
    ValueId operand = valueOf(inner);
    const Value number = out_.values[operand];
    result.value = number.kind == ValueKind::Int ? intValue(-number.number)
                                                 : opValue(ValueOp::Sub, {intValue(0), operand});
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
                   : binary->getOpcode() == clang::BO_RemAssign ? ValueOp::Rem
                   : binary->getOpcode() == clang::BO_AndAssign ? ValueOp::BitAnd
                   : binary->getOpcode() == clang::BO_XorAssign ? ValueOp::BitXor
                                                                : ValueOp::Other;
      stored = binary->getType()->isPointerType() ? loadOf(location)
                                                  : opValue(op, {loadOf(location), stored});
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
  case clang::BO_Rem:
    op = ValueOp::Rem;
    break;
  case clang::BO_And:
    op = ValueOp::BitAnd;
    break;
  case clang::BO_Xor:
    op = ValueOp::BitXor;
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
      bool isSimple =
          (offset.kind == ValueKind::Load || offset.kind == ValueKind::Op) && op == ValueOp::Add;
      result.value = addressOfPath(
          isConstant ? stepPath(array, StepKind::Index, type, offset.number)
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

} // namespace threadlint
