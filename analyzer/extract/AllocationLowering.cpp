// AllocationLowering: new, delete and closures.
#include "analyzer/extract/FunctionLowering.h"

namespace threadlint {

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

clang::QualType FunctionLowering::sizedType(llvm::ArrayRef<const clang::Expr *> arguments) {
  clang::QualType type;
  for (const clang::Expr *argument : arguments) {
    llvm::SmallVector<const clang::Expr *, 4> work{argument->IgnoreParenImpCasts()};
    while (!work.empty()) {
      const clang::Expr *each = work.pop_back_val();
      if (const auto *size = llvm::dyn_cast<clang::UnaryExprOrTypeTraitExpr>(each)) {
        if (size->getKind() == clang::UETT_SizeOf && !size->getTypeOfArgument()->isDependentType())
          type = size->getTypeOfArgument();
      } else if (const auto *binary = llvm::dyn_cast<clang::BinaryOperator>(each)) {
        work.push_back(binary->getLHS()->IgnoreParenImpCasts());
        work.push_back(binary->getRHS()->IgnoreParenImpCasts());
      }
    }
  }
  return type;
}

/// `zalloc(sizeof(*p))`: a function that gives a `void *` is told how large a record is, and is given none.
bool FunctionLowering::isAllocator(const clang::FunctionDecl *function,
                                   llvm::ArrayRef<const clang::Expr *> arguments) {
  clang::QualType result = function->getReturnType();
  clang::QualType made = sizedType(arguments);
  if (!result->isVoidPointerType() || made.isNull() || !made->isRecordType())
    return false;
  return llvm::none_of(arguments, [&](const clang::Expr *argument) {
    clang::QualType type = argument->IgnoreParenImpCasts()->getType();
    return type->isPointerType() &&
           tu_.context.hasSameUnqualifiedType(type->getPointeeType(), made);
  });
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
    if (const clang::CXXRecordDecl *record = type->getAsCXXRecordDecl();
        record && record->getDefinition()) {
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

/// `sem_open`, `CreateMutex` and their kin make a lock or semaphore and give a handle of it.
Lowered FunctionLowering::lowerOpen(const LibraryCall &call) {
  ValueId start = argumentOrNone(call, call.model.second);
  std::int64_t count =
      start != kNone && out_.values[start].kind == ValueKind::Int ? out_.values[start].number : -1;
  bool isLock = call.model.effect == Effect::LockOpen;
  std::uint32_t temp = kNone;
  Lowered result = resultTemp(call.call, temp);
  Event &alloc = emit(EventKind::Alloc, call.range);
  alloc.result = temp;
  alloc.type.cls = isLock ? TypeClass::Lock : TypeClass::Semaphore;
  alloc.type.lockKind = call.model.lockKind;
  Event &init = emit(isLock ? EventKind::LockInit : EventKind::SemInit, call.range);
  init.args.push_back(result.value);
  init.lockKind = call.model.lockKind;
  init.number = isLock ? 0 : count;
  if (isLock && count == 1)
    emit(EventKind::Acquire, call.range).args.push_back(result.value);
  return result;
}

/// One call waits for threads, mutexes, semaphores and events alike; linking finds out what the handle is.
void FunctionLowering::noteHandleWait(Event &event, ValueId timeout) {
  event.spawnKind = SpawnKind::Model;
  event.success = Success::Zero;
  if (timeout == kNone || out_.values[timeout].kind != ValueKind::Int)
    return;
  constexpr std::int64_t kInfinite = 0xffffffff;
  std::int64_t milliseconds = out_.values[timeout].number;
  if (milliseconds == 0)
    event.flags |= Flag::Try;
  else if (milliseconds != kInfinite && milliseconds != -1)
    event.flags |= Flag::Timed;
}

} // namespace threadlint
