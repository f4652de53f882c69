// ArgumentEffects: what happens to the arguments of a call whose body is not lowered.
//
// A library function without a model reads what it takes by const reference, changes what it takes by reference, and calls the
// callables handed to it right there, under the caller's locks; outside the standard library that is a guess. A function of the user's
// without a visible body reads what it takes by const reference.
#include "analyzer/extract/FunctionLowering.h"

namespace threadlint {

const clang::Expr *peel(const clang::Expr *expression) {
  return peel(expression, [](const clang::CastExpr *cast) {
    return cast->getCastKind() == clang::CK_NoOp ||
           cast->getCastKind() == clang::CK_ConstructorConversion;
  });
}

const clang::Expr *peel(const clang::Expr *expression,
                        llvm::function_ref<bool(const clang::CastExpr *)> isTransparent) {
  while (true) {
    const clang::Expr *before = expression;
    expression = expression->IgnoreParens();
    if (const auto *full = llvm::dyn_cast<clang::FullExpr>(expression))
      expression = full->getSubExpr();
    else if (const auto *bind = llvm::dyn_cast<clang::CXXBindTemporaryExpr>(expression))
      expression = bind->getSubExpr();
    else if (const auto *temporary = llvm::dyn_cast<clang::MaterializeTemporaryExpr>(expression))
      expression = temporary->getSubExpr();
    else if (const auto *cast = llvm::dyn_cast<clang::CastExpr>(expression);
             cast && isTransparent(cast))
      expression = cast->getSubExpr();
    if (expression == before)
      return expression;
  }
}

/// Functions that call what they are given before they return: the standard library's, but for those with a model, and some of C's.
static bool callsAtOnce(const clang::FunctionDecl *function) {
  if (!function || function->isInStdNamespace())
    return true;
  static constexpr llvm::StringLiteral kNames[] = {
      "bsearch", "dl_iterate_phdr", "ftw",   "lfind",   "lsearch", "nftw",
      "qsort",   "qsort_r",         "tfind", "scandir", "tsearch", "twalk"};
  return function->getIdentifier() && llvm::is_contained(kNames, function->getName());
}

void FunctionLowering::callArgument(const clang::Expr *argument, const clang::Expr *where,
                                    std::uint32_t flags) {
  ValueId callable = callableValue(argument);
  if (out_.values[callable].kind == ValueKind::Unknown)
    return;
  BlockId unwind = unwindFor(where);
  std::vector<ValueId> values;
  clang::QualType type = argument->getType().getNonReferenceType();
  const clang::FunctionProtoType *signature = nullptr;
  if (type->isFunctionPointerType())
    signature = type->getPointeeType()->getAs<clang::FunctionProtoType>();
  else if (const clang::CXXRecordDecl *record = type->getAsCXXRecordDecl();
           record && record->isLambda())
    signature = record->getLambdaCallOperator()->getType()->getAs<clang::FunctionProtoType>();
  for (unsigned i = 0; signature && i < signature->getNumParams(); ++i)
    values.push_back(unknownValue());
  Event &event = emit(EventKind::Call, rangeOf(where));
  event.value = callable;
  event.args = std::move(values);
  event.flags |= flags;
  event.unwind = unwind;
}

bool FunctionLowering::handOver(const clang::Expr *argument) {
  const clang::Expr *bare = peel(argument);
  TypeClass cls = tu_.typeClass(bare->getType());
  if ((cls != TypeClass::Thread && cls != TypeClass::JThread) || bare->isLValue() ||
      !bare->getType()->isRecordType())
    return false;
  PathId source = pathOf(bare);
  if (bare->isGLValue())
    moveHandle(tempPath(newTemp(), tu_.type(bare->getType())), source, cls, rangeOf(bare));
  else
    markMoved(bare);
  return true;
}

void FunctionLowering::systemEffects(const clang::CallExpr *call,
                                     const clang::FunctionDecl *function, PathId object,
                                     llvm::ArrayRef<const clang::Expr *> arguments,
                                     bool keepsCallables) {
  SourceRange range;
  if (call)
    range = rangeOf(call);
  if (object != kNone) {
    const auto *method = llvm::dyn_cast_or_null<clang::CXXMethodDecl>(function);
    const bool isOpaque = method && method->getIdentifier() && !method->isInStdNamespace() &&
                          !method->getParent()->isInStdNamespace();
    const std::uint32_t opaque = isOpaque ? std::uint32_t{Flag::Opaque} : 0;
    if (method && method->isConst())
      access(EventKind::Read, object, range, opaque);
    else
      access(EventKind::ReadWrite, object, range, Flag::Mutator | opaque);
  }
  const auto *type = function ? function->getType()->getAs<clang::FunctionProtoType>() : nullptr;
  bool scans = function && function->getIdentifier() && function->getName().contains("scanf");
  unsigned index = 0;
  for (const clang::Expr *argument : arguments) {
    clang::QualType parameter;
    if (type && index < type->getNumParams())
      parameter = type->getParamType(index);
    // What goes through `...` is printed, or an option that is kept: a call needs a type to call it by.
    bool isVariadic = type && type->isVariadic() && index >= type->getNumParams();
    ++index;
    if (isCallable(argument)) {
      if (!keepsCallables && !isVariadic)
        callArgument(argument, call ? static_cast<const clang::Expr *>(call) : argument,
                     callsAtOnce(function) ? 0 : Flag::Guessed);
      else
        callableValue(argument);
      continue;
    }
    if (!parameter.isNull() && parameter->isReferenceType()) {
      const clang::Expr *bare = peel(argument);
      if (handOver(bare))
        continue;
      if (!bare->isGLValue() || bare->getType()->isFunctionType()) {
        lower(bare);
        continue;
      }
      PathId location = pathOf(bare);
      bool reads = parameter.getNonReferenceType().isConstQualified();
      // A forwarding reference bound to an lvalue copies more often than it changes; a constructor never changes it.
      bool forwards = function->getPrimaryTemplate() != nullptr && keepsCallables;
      access(reads || forwards ? EventKind::Read : EventKind::ReadWrite, location, rangeOf(bare),
             reads || forwards ? 0 : Flag::Mutator);
      continue;
    }
    ValueId given = valueOf(argument);
    const Value pointer = out_.values[given];
    bool writes = scans && index > 1;
    if (!parameter.isNull() && parameter->isPointerType())
      writes |= !parameter->getPointeeType().isConstQualified() &&
                !parameter->getPointeeType()->isFunctionType();
    if (writes && pointer.kind == ValueKind::Address && argument->getType()->isPointerType())
      access(EventKind::Write, pointer.path, rangeOf(argument));
  }
}

std::int64_t FunctionLowering::readArguments(llvm::ArrayRef<const clang::Expr *> arguments,
                                             const clang::FunctionProtoType *type,
                                             std::size_t first) {
  std::int64_t read = 0;
  for (unsigned i = 0; type && i < arguments.size() && i < type->getNumParams(); ++i) {
    clang::QualType parameter = type->getParamType(i);
    if (!parameter->isLValueReferenceType() ||
        !parameter.getNonReferenceType().isConstQualified() || i + first >= 63)
      continue;
    const clang::Expr *bare = peel(arguments[i]);
    if (!bare->isLValue() || !llvm::isa<clang::DeclRefExpr, clang::MemberExpr>(bare))
      continue;
    switch (tu_.typeClass(bare->getType())) {
    case TypeClass::Integer:
    case TypeClass::Bool:
    case TypeClass::Enum:
    case TypeClass::Pointer:
    case TypeClass::SmartPointer:
    case TypeClass::Container:
      read |= std::int64_t(1) << (i + first);
      break;
    default:
      break;
    }
  }
  return read;
}

} // namespace threadlint
