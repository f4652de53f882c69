// AtomicLowering: the __atomic and __c11_atomic builtins, the atomics of the library, and memory orders as they are spelled.
#include "analyzer/extract/FunctionLowering.h"

namespace threadlint {

Lowered FunctionLowering::lowerAtomicBuiltin(const clang::AtomicExpr *atomic) {
  Lowered result;
  llvm::StringRef name = atomic->getOpAsString();
  SourceRange range = rangeOf(atomic);
  PathId location =
      derefOf(valueOf(atomic->getPtr()), atomic->getPtr()->getType()->getPointeeType());
  Order order =
      atomic->getNumSubExprs() > 1 && atomic->getOp() != clang::AtomicExpr::AO__c11_atomic_init
          ? orderOf(atomic->getOrder())
          : Order::SeqCst;
  std::uint32_t flags = Flag::Atomic;
  if (name.contains("atomic_init")) {
    access(EventKind::Write, location, range, Flag::Initialization, valueOf(atomic->getVal1()));
  } else if (name.contains("compare_exchange")) {
    access(EventKind::ReadWrite, location, range, flags | Flag::Try, valueOf(atomic->getVal2()),
           order);
    std::uint32_t temp = newTemp();
    if (!out_.blocks[current_].events.empty() &&
        out_.blocks[current_].events.back().path == location) {
      out_.blocks[current_].events.back().result = temp;
      out_.blocks[current_].events.back().success = Success::NonZero;
    }
    result.value = loadOf(tempPath(temp, tu_.type(atomic->getType())));
  } else if (name.contains("load")) {
    access(EventKind::Read, location, range, flags, kNone, order);
    result.value = loadOf(location);
    if (atomic->getOp() == clang::AtomicExpr::AO__atomic_load)
      access(EventKind::Write,
             derefOf(valueOf(atomic->getVal1()), atomic->getPtr()->getType()->getPointeeType()),
             range, 0, loadOf(location));
  } else if (name.contains("store") || name.contains("clear")) {
    ValueId stored = name.contains("clear") ? intValue(0) : valueOf(atomic->getVal1());
    access(EventKind::Write, location, range, flags, stored, order);
  } else {
    ValueId stored = name.contains("exchange")       ? valueOf(atomic->getVal1())
                     : name.contains("test_and_set") ? intValue(1)
                                                     : kNone;
    if (!name.contains("test_and_set") && !name.contains("exchange"))
      lower(atomic->getVal1());
    access(EventKind::ReadWrite, location, range, flags, stored, order);
    std::uint32_t temp = newTemp();
    if (!out_.blocks[current_].events.empty() &&
        out_.blocks[current_].events.back().path == location) {
      out_.blocks[current_].events.back().result = temp;
      out_.blocks[current_].events.back().number = name.contains("sub") ? -1 : 0;
    }
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
    return byDefault->getParam()->hasUninstantiatedDefaultArg() ? Order::SeqCst
                                                                : orderOf(byDefault->getExpr());
  if (const auto *reference = llvm::dyn_cast<clang::DeclRefExpr>(bare)) {
    if (reference->getDecl()->getIdentifier())
      name = reference->getDecl()->getName();
  } else if (!bare->isValueDependent()) {
    clang::Expr::EvalResult evaluated;
    if (bare->getType()->isIntegralOrEnumerationType() &&
        bare->EvaluateAsInt(evaluated, tu_.context))
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

Lowered FunctionLowering::lowerAtomicCall(const LibraryCall &call) {
  PathId location = call.object;
  llvm::ArrayRef<const clang::Expr *> arguments = call.arguments;
  bool isFree = location == kNone;
  if (isFree) {
    if (arguments.empty())
      return voidOrUnknown(call.call);
    location = derefOf(valueOf(arguments[0]), arguments[0]->getType()->getPointeeType());
    arguments = arguments.drop_front();
  } else if (call.callee.cls &&
             call.callee.cls->name.find("atomic_ref") != std::string_view::npos) {
    location = stepPath(location, StepKind::Deref, TypeInfo());
  }
  Order order = Order::SeqCst;
  for (const clang::Expr *argument : arguments) {
    clang::QualType type = argument->getType();
    const auto *alias = type->getAs<clang::TypedefType>();
    bool isOrder =
        (type->isEnumeralType() && type.getAsString().find("memory_order") != std::string::npos) ||
        (alias && alias->getDecl()->getName() == "memory_order");
    if (isOrder) {
      order = orderOf(argument);
      break;
    }
  }
  std::uint32_t temp = kNone;
  Path atomic = out_.paths[location];
  atomic.type.isAtomic = true;
  location = path(std::move(atomic));
  switch (call.model.effect) {
  case Effect::AtomicStore: {
    ValueId stored = arguments.empty() ? intValue(0) : forwardedValue(arguments[0]);
    if (call.function->getNameAsString().find("clear") != std::string::npos)
      stored = intValue(0);
    access(EventKind::Write, location, call.range, Flag::Atomic, stored, order);
    Lowered result;
    if (!call.call->getType()->isVoidType()) {
      if (call.call->isGLValue())
        result.path = location;
      else
        result.value = stored;
    }
    return result;
  }
  case Effect::AtomicLoad: {
    access(EventKind::Read, location, call.range, Flag::Atomic, kNone, order);
    Lowered result;
    if (!call.call->getType()->isVoidType())
      result.value = loadOf(location);
    return result;
  }
  default: {
    bool exchanges = call.model.effect == Effect::AtomicExchange;
    bool compares = call.model.flags & Flag::Try;
    ValueId stored = exchanges && !arguments.empty()    ? forwardedValue(arguments[0])
                     : compares && arguments.size() > 1 ? forwardedValue(arguments[1])
                                                        : kNone;
    if (call.function->getNameAsString().find("test_and_set") != std::string::npos)
      stored = intValue(1);
    Lowered result = resultTemp(call.call, temp);
    std::size_t before = out_.blocks[current_].events.size();
    access(EventKind::ReadWrite, location, call.range, Flag::Atomic | call.model.flags, stored,
           order);
    std::vector<Event> &events = out_.blocks[current_].events;
    if (events.size() > before && events.back().kind == EventKind::ReadWrite) {
      events.back().result = temp;
      events.back().success = call.model.success;
      std::string name = call.function->getNameAsString();
      if (name.find("fetch_sub") != std::string::npos || name == "operator--")
        events.back().number = -1;
    }
    if (call.call->isGLValue())
      result.path = location;
    return result;
  }
  }
}

} // namespace threadlint
