// LibraryCalls: one model row -> events, for locks, threads, waiting, processes and memory. Objects and containers: ObjectCalls.cpp.
#include "analyzer/extract/FunctionLowering.h"

namespace threadlint {

constexpr std::int64_t kBusy = 16; ///< EBUSY, the one way in which a try fails, on all systems

ValueId FunctionLowering::argumentOrNone(const LibraryCall &call, int index) {
  if (index < 0 || static_cast<std::size_t>(index) >= call.arguments.size())
    return kNone;
  const clang::Expr *argument = call.arguments[static_cast<std::size_t>(index)];
  // A lock passed by reference (boost, std::lock) is given by its address like one passed by pointer.
  if (argument->isGLValue() && !argument->getType()->isFunctionType())
    return addressOf(argument);
  return valueOf(argument);
}

Lowered FunctionLowering::voidOrUnknown(const clang::CallExpr *call) {
  std::uint32_t temp = kNone;
  return resultTemp(call, temp);
}

Lowered FunctionLowering::lowerLibraryCall(const LibraryCall &call) {
  for (const clang::Expr *argument : call.arguments) {
    const clang::Expr *bare = strip(argument);
    if (!lowered_.contains(bare) && !isCallable(bare) &&
        !llvm::isa<clang::MaterializeTemporaryExpr>(bare))
      lower(argument);
  }
  switch (call.model.effect) {
  case Effect::Acquire:
  case Effect::Release:
  case Effect::AcquireAll:
  case Effect::LockInit:
  case Effect::LockDestroy:
  case Effect::AttributeInit:
  case Effect::AttributeKind:
  case Effect::AttributeDetached:
  case Effect::GuardLock:
  case Effect::GuardUnlock:
  case Effect::GuardRelease:
  case Effect::GuardOwns:
  case Effect::GuardMutex:
    return lowerLockCall(call);
  case Effect::SpawnPThread:
  case Effect::SpawnResult:
  case Effect::SpawnAsync:
    return lowerSpawnCall(call);
  case Effect::Join:
  case Effect::JoinAddress:
  case Effect::WaitHandle:
  case Effect::Detach:
  case Effect::Joinable:
    return lowerJoin(call);
  case Effect::Self:
    return {kNone, opValue(ValueOp::Self, {})};
  case Effect::Wait:
    return lowerWait(call);
  case Effect::CondInit:
  case Effect::None:
    // errno is a thread's own.
    if (call.model.name == "__errno_location")
      return {kNone, unknownValue()};
    return voidOrUnknown(call.call);
  case Effect::ThreadExit:
  case Effect::NoReturn: {
    for (const clang::Expr *argument : call.arguments)
      valueOf(argument);
    Event &event = emit(EventKind::NoReturn, call.range);
    event.number = call.model.effect == Effect::ThreadExit;
    ended_ = true;
    return {};
  }
  case Effect::NotifyOne:
  case Effect::NotifyAll:
  case Effect::SemWait:
  case Effect::SemPost:
  case Effect::SemInit:
  case Effect::BarrierInit:
  case Effect::BarrierWait:
  case Effect::LatchArrive:
  case Effect::LatchWait:
  case Effect::LatchArriveWait:
  case Effect::PromiseSet:
  case Effect::FutureGet: {
    ValueId object =
        call.object != kNone ? addressOfPath(call.object) : argumentOrNone(call, call.model.object);
    std::int64_t number = 0;
    EventKind kind = EventKind::Notify;
    switch (call.model.effect) {
    case Effect::NotifyAll:
      number = 1;
      break;
    case Effect::SemWait:
      kind = EventKind::SemWait;
      break;
    case Effect::SemPost:
      kind = EventKind::SemPost;
      break;
    case Effect::SemInit:
    case Effect::BarrierInit: {
      kind = call.model.effect == Effect::SemInit ? EventKind::SemInit : EventKind::BarrierInit;
      ValueId count = argumentOrNone(call, call.model.second);
      number = count != kNone && out_.values[count].kind == ValueKind::Int
                   ? out_.values[count].number
                   : -1;
      break;
    }
    case Effect::BarrierWait:
      kind = EventKind::BarrierWait;
      break;
    case Effect::LatchArrive:
    case Effect::LatchArriveWait:
      kind = EventKind::LatchArrive;
      break;
    case Effect::LatchWait:
      kind = EventKind::LatchWait;
      break;
    case Effect::PromiseSet:
      kind = EventKind::PromiseSet;
      break;
    case Effect::FutureGet:
      kind = EventKind::FutureGet;
      break;
    default:
      break;
    }
    std::uint32_t temp = kNone;
    Lowered result = resultTemp(call.call, temp);
    Event &event = emit(kind, call.range);
    event.args.push_back(object == kNone ? unknownValue() : object);
    event.number = number;
    event.result = temp;
    event.flags = call.model.flags;
    event.success = call.model.success;
    if (call.model.effect == Effect::LatchArriveWait) {
      Event wait = event;
      wait.kind = EventKind::LatchWait;
      out_.blocks[current_].events.push_back(std::move(wait));
    }
    return result;
  }
  case Effect::SemOpen:
  case Effect::LockOpen:
    return lowerOpen(call);
  case Effect::Once: {
    ValueId flag = argumentOrNone(call, call.model.object);
    ValueId callable =
        call.arguments.size() > 1 ? callableValue(call.arguments[1]) : unknownValue();
    std::vector<ValueId> values{flag == kNone ? unknownValue() : flag};
    for (std::size_t i = 2; i < call.arguments.size(); ++i)
      values.push_back(forwardedValue(call.arguments[i]));
    BlockId unwind = unwindFor(call.call);
    Lowered result = voidOrUnknown(call.call);
    Event &event = emit(EventKind::Once, call.range);
    event.args = std::move(values);
    event.value = callable;
    event.unwind = unwind;
    return result;
  }
  case Effect::FutureFrom: {
    std::uint32_t temp = kNone;
    Lowered result = resultTemp(call.call, temp);
    ValueId source = addressOfPath(call.object);
    Event &event = emit(EventKind::FutureFrom, call.range);
    event.args.push_back(source);
    event.result = temp;
    event.path = result.path;
    return result;
  }
  case Effect::Fork: {
    std::uint32_t temp = kNone;
    Lowered result = resultTemp(call.call, temp);
    emit(EventKind::Fork, call.range).result = temp;
    return result;
  }
  case Effect::SignalHandler: {
    ValueId handler = argumentOrNone(call, call.model.second);
    // sigaction: the handler is the function pointer inside the structure.
    if (handler != kNone && call.arguments.size() > 1 &&
        call.arguments[1]->getType()->isPointerType())
      if (const clang::RecordDecl *record =
              call.arguments[1]->getType()->getPointeeType()->getAsRecordDecl();
          record && record->getDefinition()) {
        PathId place = derefOf(handler, call.arguments[1]->getType()->getPointeeType());
        for (int depth = 0; record && depth < 3; ++depth) {
          const clang::FieldDecl *found = nullptr;
          for (const clang::FieldDecl *field : record->getDefinition()->fields())
            if (!found &&
                (field->getType()->isFunctionPointerType() || field->getType()->isUnionType()))
              found = field;
          if (!found)
            break;
          place = fieldPath(place, found);
          record = found->getType()->getAsRecordDecl();
        }
        handler = loadOf(place);
      }
    Lowered result = voidOrUnknown(call.call);
    Event &event = emit(EventKind::SignalHandler, call.range);
    event.value = handler;
    return result;
  }
  case Effect::Fence: {
    Event &event = emit(EventKind::Fence, call.range);
    event.order = call.arguments.empty() ? Order::SeqCst : orderOf(call.arguments[0]);
    return {};
  }
  case Effect::Block:
  case Effect::Store:
  case Effect::Copy:
  case Effect::Allocate:
  case Effect::Reallocate:
  case Effect::Free:
    return lowerMemoryCall(call);
  case Effect::MakeObject:
  case Effect::Identity:
  case Effect::AddressOf:
  case Effect::PointerValue:
  case Effect::Dereference:
  case Effect::Swap:
  case Effect::FutureShare:
  case Effect::Reset:
  case Effect::ReleasePointer:
  case Effect::EmplaceObject:
  case Effect::Inspect:
  case Effect::TupleGet:
    return lowerObjectCall(call);
  case Effect::Element:
  case Effect::ElementInsert:
  case Effect::Iterate:
  case Effect::Insert:
  case Effect::Emplace:
  case Effect::Mutate:
    return lowerContainerCall(call);
  case Effect::Bind:
  case Effect::Invoke:
  case Effect::Apply:
  case Effect::Keep:
  case Effect::CallObject:
    return lowerCallableCall(call);
  case Effect::AtomicLoad:
  case Effect::AtomicStore:
  case Effect::AtomicUpdate:
  case Effect::AtomicExchange:
  case Effect::AtomicWait:
    return lowerAtomicCall(call);
  }
  return voidOrUnknown(call.call);
}

Lowered FunctionLowering::lowerLockCall(const LibraryCall &call) {
  const CallModel &model = call.model;
  ValueId object =
      call.object != kNone ? addressOfPath(call.object) : argumentOrNone(call, model.object);
  if (object == kNone)
    object = unknownValue();
  std::uint32_t temp = kNone;
  switch (model.effect) {
  case Effect::GuardMutex: {
    Lowered result;
    result.value = loadOf(call.object); // a guard holds the address of its lock
    return result;
  }
  case Effect::GuardLock:
  case Effect::GuardUnlock:
  case Effect::GuardRelease:
  case Effect::GuardOwns: {
    Lowered result = resultTemp(call.call, temp);
    EventKind kind = model.effect == Effect::GuardLock      ? EventKind::GuardLock
                     : model.effect == Effect::GuardUnlock  ? EventKind::GuardUnlock
                     : model.effect == Effect::GuardRelease ? EventKind::GuardRelease
                                                            : EventKind::GuardOwns;
    Event &event = emit(kind, call.range);
    event.path = call.object;
    event.result = temp;
    event.flags = model.flags;
    event.success = model.success;
    if (call.callee.cls)
      event.mode = call.callee.cls->mode;
    return result;
  }
  case Effect::AttributeInit: {
    Lowered result = resultTemp(call.call, temp);
    Event &event = emit(EventKind::AttributeSet, call.range);
    event.args.push_back(object);
    return result;
  }
  case Effect::AttributeKind:
  case Effect::AttributeDetached: {
    ValueId given = argumentOrNone(call, model.second);
    bool isKnown = given != kNone && out_.values[given].kind == ValueKind::Int;
    std::int64_t number = isKnown ? out_.values[given].number : -1;
    Lowered result = resultTemp(call.call, temp);
    Event &event = emit(EventKind::AttributeSet, call.range);
    event.args.push_back(object);
    if (model.effect == Effect::AttributeDetached)
      event.number = number;
    else // PTHREAD_MUTEX_NORMAL, _RECURSIVE, _ERRORCHECK
      event.lockKind = !isKnown      ? LockKind::Unknown
                       : number == 1 ? LockKind::Recursive
                       : number == 2 ? LockKind::ErrorCheck
                                     : LockKind::Normal;
    return result;
  }
  case Effect::LockInit: {
    ValueId attribute = argumentOrNone(call, model.second);
    LockKind kind = model.lockKind;
    // C11: mtx_init(&m, mtx_plain | mtx_recursive).
    if (call.function->getIdentifier() && call.function->getName() == "mtx_init") {
      ValueId given = argumentOrNone(call, 1);
      kind = given == kNone || out_.values[given].kind != ValueKind::Int ? LockKind::Unknown
             : (out_.values[given].number & 1)                           ? LockKind::Recursive
                                                                         : LockKind::Normal;
    }
    if (attribute != kNone && out_.values[attribute].kind == ValueKind::Int)
      attribute = kNone; // a null attribute: the default kind
    Lowered result = resultTemp(call.call, temp);
    Event &event = emit(EventKind::LockInit, call.range);
    event.args.push_back(object);
    event.lockKind = kind;
    event.value = attribute;
    return result;
  }
  case Effect::LockDestroy: {
    Lowered result = resultTemp(call.call, temp);
    emit(EventKind::LockDestroy, call.range).args.push_back(object);
    return result;
  }
  case Effect::AcquireAll: {
    std::vector<ValueId> locks;
    std::vector<PathId> guards;
    for (const clang::Expr *argument : call.arguments) {
      if (tu_.typeClass(argument->getType()) == TypeClass::Guard)
        guards.push_back(pathOf(argument));
      else
        locks.push_back(argument->isGLValue() ? addressOf(argument) : valueOf(argument));
    }
    Lowered result = resultTemp(call.call, temp);
    // std::lock(unique_lock...) locks each guard; the group is atomic, so no order arises between them.
    for (PathId guard : guards) {
      Event &event = emit(EventKind::GuardLock, call.range);
      event.path = guard;
      event.flags = model.flags | (guards.size() > 1 ? std::uint32_t(Flag::Try) : 0u);
      event.success = model.flags & Flag::Try ? model.success : Success::Always;
      event.result = temp;
    }
    if (!locks.empty()) {
      Event &event = emit(EventKind::Acquire, call.range);
      event.args = std::move(locks);
      event.flags = model.flags;
      event.success = model.success;
      event.result = temp;
    }
    return result;
  }
  default: {
    Lowered result = resultTemp(call.call, temp);
    Event &event =
        emit(model.effect == Effect::Release ? EventKind::Release : EventKind::Acquire, call.range);
    event.args.push_back(object);
    event.mode = model.mode;
    event.flags = model.flags;
    event.success = temp == kNone ? Success::Always : model.success;
    if (model.effect == Effect::Acquire) {
      event.result = temp;
      if (model.name.starts_with("pthread_") && (model.flags & Flag::Try) &&
          !(model.flags & Flag::Timed))
        event.number = kBusy;
    } else if (model.name.starts_with("pthread_") || model.name.starts_with("mtx_")) {
      event.result = temp; // zero: it fails only where it is misused
    }
    return result;
  }
  }
}

Lowered FunctionLowering::lowerSpawnCall(const LibraryCall &call) {
  const CallModel &model = call.model;
  std::uint32_t temp = kNone;
  if (model.effect == Effect::SpawnAsync) {
    llvm::ArrayRef<const clang::Expr *> arguments = call.arguments;
    bool deferred = false;
    if (!arguments.empty() && arguments[0]->getType()->isEnumeralType()) {
      const Value &policy = out_.values[valueOf(arguments[0])];
      deferred = policy.kind == ValueKind::Int && policy.number == 2;
      arguments = arguments.drop_front();
    }
    if (arguments.empty())
      return resultTemp(call.call, temp);
    ValueId callable = callableValue(arguments[0]);
    std::vector<ValueId> values;
    for (const clang::Expr *argument : arguments.drop_front())
      values.push_back(forwardedValue(argument));
    Lowered result = resultTemp(call.call, temp);
    Event &event = emit(deferred ? EventKind::Call : EventKind::Spawn, call.range);
    event.value = callable;
    event.args = std::move(values);
    event.spawnKind = SpawnKind::Async;
    event.result = deferred ? kNone : temp;
    return result;
  }
  ValueId handle =
      model.effect == Effect::SpawnPThread ? argumentOrNone(call, model.object) : kNone;
  ValueId callable = static_cast<std::size_t>(model.second) < call.arguments.size()
                         ? callableValue(call.arguments[static_cast<std::size_t>(model.second)])
                         : unknownValue();
  ValueId argument = argumentOrNone(call, model.third);
  ValueId attributes = argumentOrNone(call, model.fourth);
  Lowered result = resultTemp(call.call, temp);
  PathId place = kNone;
  if (handle != kNone)
    place = derefOf(
        handle,
        call.arguments[static_cast<std::size_t>(model.object)]->getType()->getPointeeType());
  Event &event = emit(EventKind::Spawn, call.range);
  event.path = place;
  event.value = callable;
  if (argument != kNone)
    event.args.push_back(argument);
  if (attributes != kNone && out_.values[attributes].kind != ValueKind::Int)
    event.extra = attributes;
  event.result = temp;
  event.success = model.success;
  event.spawnKind = model.effect == Effect::SpawnResult                 ? SpawnKind::Model
                    : call.function->getNameAsString() == "thrd_create" ? SpawnKind::C11
                                                                        : SpawnKind::PThread;
  return result;
}

Lowered FunctionLowering::lowerJoin(const LibraryCall &call) {
  const CallModel &model = call.model;
  std::uint32_t temp = kNone;
  PathId place = call.object;
  ValueId handle = kNone;
  if (place == kNone) {
    handle = argumentOrNone(call, model.object);
    if (handle != kNone && out_.values[handle].kind == ValueKind::Load)
      place = out_.values[handle].path;
    if (model.effect == Effect::JoinAddress && handle != kNone)
      place = derefOf(
          handle,
          call.arguments[static_cast<std::size_t>(model.object)]->getType()->getPointeeType());
  }
  Lowered result = resultTemp(call.call, temp);
  EventKind kind = model.effect == Effect::Detach     ? EventKind::Detach
                   : model.effect == Effect::Joinable ? EventKind::HandleJoinable
                                                      : EventKind::Join;
  Event &event = emit(kind, call.range);
  event.path = place;
  event.value = handle;
  event.flags = model.flags;
  event.result = temp;
  if (model.effect == Effect::WaitHandle)
    noteHandleWait(event, argumentOrNone(call, model.second));
  return result;
}

Lowered FunctionLowering::lowerWait(const LibraryCall &call) {
  ValueId variable =
      call.object != kNone ? addressOfPath(call.object) : argumentOrNone(call, call.model.object);
  std::vector<ValueId> values{variable == kNone ? unknownValue() : variable};
  PathId guard = kNone;
  int lockIndex = call.model.second;
  const clang::Expr *predicate = nullptr;
  if (static_cast<std::size_t>(lockIndex) < call.arguments.size()) {
    const clang::Expr *lock = call.arguments[static_cast<std::size_t>(lockIndex)];
    if (tu_.typeClass(lock->getType()) == TypeClass::Guard)
      guard = pathOf(lock);
    else
      values.push_back(argumentOrNone(call, lockIndex));
    if (call.object != kNone && call.arguments.size() > static_cast<std::size_t>(lockIndex) + 1 &&
        isCallable(call.arguments.back()))
      predicate = call.arguments.back();
  }
  std::uint32_t flags = call.model.flags;
  for (const clang::Expr *argument : call.arguments)
    if (tu_.typeClass(argument->getType()) == TypeClass::StopToken)
      flags |= Flag::Timed; // a request to stop ends the wait
  std::uint32_t temp = kNone;
  Lowered result = resultTemp(call.call, temp);
  Event &event = emit(EventKind::Wait, call.range);
  event.args = std::move(values);
  event.path = guard;
  event.flags = flags | (predicate ? Flag::Predicate | Flag::Interrupted : 0);
  event.result = temp;
  if (predicate)
    callArgument(predicate, call.call);
  return result;
}

Lowered FunctionLowering::lowerMemoryCall(const LibraryCall &call) {
  const CallModel &model = call.model;
  std::uint32_t temp = kNone;
  auto pointee = [&](int index) -> PathId {
    ValueId pointer = argumentOrNone(call, index);
    if (pointer == kNone ||
        !call.arguments[static_cast<std::size_t>(index)]->getType()->isPointerType())
      return kNone;
    const clang::Expr *given =
        call.arguments[static_cast<std::size_t>(index)]->IgnoreParenImpCasts();
    clang::QualType type =
        given->getType()->isPointerType() ? given->getType()->getPointeeType()
        : given->getType()->isArrayType()
            ? given->getType()
            : call.arguments[static_cast<std::size_t>(index)]->getType()->getPointeeType();
    if (out_.values[pointer].kind == ValueKind::Address)
      return out_.values[pointer].path;
    return derefOf(pointer, type);
  };
  switch (model.effect) {
  case Effect::Block: {
    if (model.object == 1)
      access(EventKind::Write, pointee(1), call.range);
    Lowered result = resultTemp(call.call, temp);
    StringId callee = tu_.functionKey(call.function);
    Event &event = emit(EventKind::Block, call.range);
    event.callee = callee;
    event.result = temp;
    return result;
  }
  case Effect::Store:
  case Effect::Copy: {
    if (model.effect == Effect::Copy)
      access(EventKind::Read, pointee(model.second), call.range);
    access(EventKind::Write, pointee(model.object), call.range);
    Lowered result = resultTemp(call.call, temp);
    if (!call.call->getType()->isPointerType() || call.arguments.empty())
      return result;
    result.value = argumentOrNone(call, model.object);
    return result;
  }
  case Effect::Reallocate:
  case Effect::Allocate: {
    if (model.effect == Effect::Reallocate) {
      ValueId old = argumentOrNone(call, 0);
      if (old != kNone && out_.values[old].kind != ValueKind::Int)
        emit(EventKind::Free, call.range).value = old;
    }
    Lowered result = resultTemp(call.call, temp);
    TypeInfo type;
    if (auto found = allocatedTypes_.find(call.call); found != allocatedTypes_.end()) {
      type = tu_.type(found->second);
    } else {
      clang::QualType sized = sizedType(call.arguments);
      if (!sized.isNull())
        type = tu_.type(sized);
    }
    Event &event = emit(EventKind::Alloc, call.range);
    event.result = temp;
    event.type = type;
    event.number = model.object == -2;
    event.flags |= Flag::Nullable;
    return result;
  }
  case Effect::Free: {
    ValueId pointer = argumentOrNone(call, 0);
    if (pointer == kNone)
      return {};
    const clang::Expr *given = call.arguments[0]->IgnoreParenImpCasts();
    clang::QualType type =
        given->getType()->isPointerType() ? given->getType()->getPointeeType() : clang::QualType();
    if (!type.isNull() && type->isRecordType())
      access(EventKind::Write, derefOf(pointer, type), call.range);
    emit(EventKind::Free, call.range).value = pointer;
    return {};
  }
  default:
    return resultTemp(call.call, temp);
  }
}

} // namespace threadlint
