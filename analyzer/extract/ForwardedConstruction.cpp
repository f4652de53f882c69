// ForwardedConstruction: what emplace, make_unique and their kin construct from the arguments they forward.
//
// Overload resolution happens inside the library, whose bodies are not parsed, so the constructor is chosen here by count and types.
#include "analyzer/extract/FunctionLowering.h"

namespace threadlint {
void FunctionLowering::constructFromArguments(clang::QualType type, PathId object,
                                              llvm::ArrayRef<const clang::Expr *> arguments,
                                              const clang::Expr *where) {
  SourceRange range = rangeOf(where);
  std::uint32_t flags = Flag::Initialization;
  llvm::SmallVector<const clang::Expr *, 4> given;
  for (const clang::Expr *argument : arguments)
    if (!llvm::isa<clang::CXXDefaultArgExpr>(argument))
      given.push_back(argument);
  const clang::CXXRecordDecl *record = type->getAsCXXRecordDecl();
  const ClassModel *model = tu_.classModel(type);
  TypeClass cls = tu_.typeClass(type);
  if (cls == TypeClass::Thread || cls == TypeClass::JThread) {
    if (record)
      constructThread(object, cls, given, range);
    else if (!given.empty())
      access(EventKind::Write, object, range, flags, forwardedValue(given[0]));
    return;
  }
  if (cls == TypeClass::Guard && model) {
    if (given.size() == 1 && tu_.typeClass(given[0]->getType()) == TypeClass::Guard) {
      moveHandle(object, pathOf(given[0]), cls, range);
      return;
    }
    initGuard(object, *model, given, 0, range);
    return;
  }
  if (cls == TypeClass::Callable) {
    if (!given.empty())
      access(EventKind::Write, object, range, flags, callableValue(given[0]));
    return;
  }
  if (!record || model || !record->getDefinition() || !tu_.isUserRecord(record)) {
    if (given.size() == 1)
      access(EventKind::Write, object, range, flags, forwardedValue(given[0]));
    for (const clang::Expr *argument : given)
      if (given.size() > 1)
        handOver(argument);
    return;
  }
  if (given.size() == 1 && given[0]->getType()->getAsCXXRecordDecl() &&
      given[0]->getType()->getAsCXXRecordDecl()->getCanonicalDecl() == record->getCanonicalDecl()) {
    copyObject(object, given[0], flags, range, given[0]->isXValue());
    return;
  }
  if (given.empty() && record->getDefinition()->needsImplicitDefaultConstructor()) {
    constructByDefault(object, type, range);
    return;
  }
  // Overload resolution happened inside the library: the viable constructor whose parameters fit best.
  const clang::CXXConstructorDecl *best = nullptr;
  int bestScore = -1;
  for (const clang::CXXConstructorDecl *candidate : record->getDefinition()->ctors()) {
    if (candidate->isDeleted() || candidate->isCopyOrMoveConstructor() ||
        given.size() < candidate->getMinRequiredArguments() ||
        (given.size() > candidate->getNumParams() && !candidate->isVariadic()))
      continue;
    int score = 0;
    for (unsigned i = 0; i < given.size() && i < candidate->getNumParams(); ++i) {
      clang::QualType parameter = candidate->getParamDecl(i)
                                      ->getType()
                                      .getNonReferenceType()
                                      .getCanonicalType()
                                      .getUnqualifiedType();
      clang::QualType argument = given[i]->getType().getCanonicalType().getUnqualifiedType();
      score += parameter == argument                                     ? 2
               : parameter->isPointerType() == argument->isPointerType() ? 1
                                                                         : 0;
    }
    if (score > bestScore) {
      bestScore = score;
      best = candidate;
    }
  }
  if (!best)
    return;
  if (!best->isUserProvided()) {
    if (!best->isDefaultConstructor() || !tu_.interestingDefaultConstructor(record))
      return;
    tu_.enqueue(best);
  }
  std::vector<ValueId> values{addressOfPath(object)};
  for (unsigned i = 0; i < given.size(); ++i) {
    bool byReference =
        i < best->getNumParams() && best->getParamDecl(i)->getType()->isReferenceType();
    values.push_back(byReference ? addressOf(given[i]) : forwardedValue(given[i]));
  }
  BlockId unwind = mayUnwind(best) ? unwindFor(where) : kNone;
  Event &event = emit(EventKind::Call, range);
  event.callee = tu_.functionKey(best);
  event.flags = Flag::Constructor;
  event.args = std::move(values);
  event.unwind = unwind;
}

} // namespace threadlint
