// ConstructLowering: objects coming into being: variables, members, heap objects, temporaries, aggregates.
//
// A construction writes directly into the object it initialises (its target, registered before the block is lowered), so
// `std::lock_guard g(m)` is a GuardInit of g and no temporary appears. What models know is expressed by their events; everything
// else is a call of the user's constructor.
#include "analyzer/extract/FunctionLowering.h"

namespace threadlint {
namespace {

constexpr unsigned kMaxListElements = 256;

bool keepsTarget(const clang::CastExpr *cast) {
  switch (cast->getCastKind()) {
  case clang::CK_ConstructorConversion:
  case clang::CK_UserDefinedConversion:
  case clang::CK_NoOp:
    return true;
  default:
    return false;
  }
}

llvm::StringRef recordName(clang::QualType type) {
  const clang::CXXRecordDecl *record = type.getNonReferenceType()->getAsCXXRecordDecl();
  return record && record->getIdentifier() ? record->getName() : llvm::StringRef();
}

const clang::Expr *withoutTemporary(const clang::Expr *expression) {
  return peel(expression, [](const clang::CastExpr *cast) {
    return cast->getType()->isRecordType() && keepsTarget(cast);
  });
}

} // namespace

void FunctionLowering::registerTarget(const clang::Expr *init, PathId destination,
                                      std::uint32_t flags) {
  const clang::Expr *bare = strip(init);
  if (const auto *byDefault = llvm::dyn_cast<clang::CXXDefaultInitExpr>(bare)) {
    registerTarget(byDefault->getExpr(), destination, flags);
  } else if (const auto *cast = llvm::dyn_cast<clang::CastExpr>(bare)) {
    if (cast->getType()->isRecordType() && keepsTarget(cast))
      registerTarget(cast->getSubExpr(), destination, flags);
  } else if (const auto *construct = llvm::dyn_cast<clang::CXXConstructExpr>(bare)) {
    targets_[bare] = {destination, flags};
    if (construct->isElidable() && construct->getNumArgs() >= 1)
      registerTarget(withoutTemporary(construct->getArg(0)), destination, flags);
  } else if (llvm::isa<clang::CXXInheritedCtorInitExpr>(bare)) {
    targets_[bare] = {destination, flags};
  } else if (const auto *conditional = llvm::dyn_cast<clang::ConditionalOperator>(bare)) {
    if (!bare->getType()->isRecordType())
      return;
    targets_[bare] = {destination, flags};
    registerTarget(conditional->getTrueExpr(), destination, flags);
    registerTarget(conditional->getFalseExpr(), destination, flags);
  } else if (const auto *list = llvm::dyn_cast<clang::InitListExpr>(bare)) {
    targets_[bare] = {destination, flags};
    if (list->isTransparent()) {
      registerTarget(list->getInit(0), destination, flags);
      return;
    }
    if (const auto *array = tu_.context.getAsArrayType(list->getType())) {
      TypeInfo type = tu_.type(array->getElementType());
      for (unsigned i = 0; i < list->getNumInits() && i < kMaxListElements; ++i)
        if (array->getElementType()->isRecordType() || array->getElementType()->isArrayType())
          registerTarget(list->getInit(i), stepPath(destination, StepKind::Index, type, i), flags);
    } else if (const clang::RecordDecl *record = list->getType()->getAsRecordDecl()) {
      unsigned i = 0;
      if (const auto *cxx = llvm::dyn_cast<clang::CXXRecordDecl>(record))
        for ([[maybe_unused]] const clang::CXXBaseSpecifier &base : cxx->bases())
          if (i < list->getNumInits())
            registerTarget(list->getInit(i++), destination, flags);
      if (record->isUnion()) {
        if (list->getInitializedFieldInUnion() && list->getNumInits() > 0)
          registerTarget(list->getInit(0),
                         fieldPath(destination, list->getInitializedFieldInUnion()), flags);
        return;
      }
      for (const clang::FieldDecl *field : record->fields()) {
        if (field->isUnnamedBitField())
          continue;
        if (i >= list->getNumInits())
          break;
        const clang::Expr *element = list->getInit(i++);
        if (!field->getType()->isReferenceType() &&
            (field->getType()->isRecordType() || field->getType()->isArrayType()))
          registerTarget(element, fieldPath(destination, field), flags);
      }
    }
  }
}

void FunctionLowering::initialize(PathId destination, const clang::Expr *init, std::uint32_t flags,
                                  SourceRange range) {
  const clang::Expr *bare = strip(init);
  if (bare->getType().isNull()) { // `member(a, b)` of a dependent type
    access(EventKind::Write, destination, range, flags, unknownValue());
    return;
  }
  // PTHREAD_MUTEX_INITIALIZER and its kin: VarFacts::staticLockKind says what matters.
  if (llvm::isa<clang::InitListExpr>(bare) && !isAccess(out_.paths[destination]) &&
      out_.paths[destination].type.cls != TypeClass::Guard)
    return;
  if (const auto *byDefault = llvm::dyn_cast<clang::CXXDefaultInitExpr>(bare)) {
    initialize(destination, byDefault->getExpr(), flags, range);
    return;
  }
  if (const auto *list = llvm::dyn_cast<clang::InitListExpr>(bare)) {
    if (list->getType()->isRecordType() || list->getType()->isArrayType()) {
      initializeList(destination, list, flags);
      return;
    }
  }
  if (auto target = targets_.find(bare); target != targets_.end()) {
    lower(init); // emits the construction unless its own CFG element did
    if (llvm::isa<clang::ConditionalOperator>(bare))
      return;
    return;
  }
  if (const auto *cast = llvm::dyn_cast<clang::CastExpr>(bare);
      cast && cast->getType()->isRecordType() && keepsTarget(cast)) {
    initialize(destination, cast->getSubExpr(), flags, range);
    return;
  }
  if (llvm::isa<clang::ImplicitValueInitExpr, clang::ArrayInitLoopExpr, clang::NoInitExpr,
                clang::DesignatedInitUpdateExpr>(bare)) {
    if (llvm::isa<clang::ImplicitValueInitExpr>(bare) && bare->getType()->isScalarType())
      access(EventKind::Write, destination, range, flags, intValue(0));
    return;
  }
  if (init->getType()->isArrayType()) // a string literal
    return;
  TypeClass cls = out_.paths[destination].type.cls;
  if (cls == TypeClass::Guard || ((cls == TypeClass::Thread || cls == TypeClass::JThread) &&
                                  bare->getType()->isRecordType())) {
    PathId source = pathOf(init);
    markMoved(bare);
    moveHandle(destination, source, cls, range);
    return;
  }
  ValueId stored = valueOf(init);
  markMoved(bare);
  access(EventKind::Write, destination, range, flags, stored);
}

void FunctionLowering::initializeList(PathId destination, const clang::InitListExpr *list,
                                      std::uint32_t flags) {
  if (const clang::InitListExpr *semantic = list->getSemanticForm())
    list = semantic;
  SourceRange range = rangeOf(list);
  if (list->isTransparent()) {
    initialize(destination, list->getInit(0), flags, range);
    return;
  }
  if (const auto *array = tu_.context.getAsArrayType(list->getType())) {
    TypeInfo type = tu_.type(array->getElementType());
    bool plain = array->getElementType()->isArithmeticType();
    for (unsigned i = 0; i < list->getNumInits() && i < kMaxListElements; ++i) {
      const clang::Expr *element = list->getInit(i);
      if (llvm::isa<clang::ImplicitValueInitExpr>(element) ||
          (plain && lowered_.contains(strip(element))))
        continue;
      if (plain) {
        lower(element);
        continue;
      }
      initialize(stepPath(destination, StepKind::Index, type, i), element, flags, rangeOf(element));
    }
    return;
  }
  const clang::RecordDecl *record = list->getType()->getAsRecordDecl();
  if (!record)
    return;
  unsigned i = 0;
  if (const auto *cxx = llvm::dyn_cast<clang::CXXRecordDecl>(record))
    for ([[maybe_unused]] const clang::CXXBaseSpecifier &base : cxx->bases())
      if (i < list->getNumInits())
        initialize(destination, list->getInit(i++), flags, range);
  if (record->isUnion()) {
    if (list->getInitializedFieldInUnion() && list->getNumInits() > 0)
      initialize(fieldPath(destination, list->getInitializedFieldInUnion()), list->getInit(0),
                 flags, range);
    return;
  }
  for (const clang::FieldDecl *field : record->fields()) {
    if (field->isUnnamedBitField())
      continue;
    if (i >= list->getNumInits())
      break;
    const clang::Expr *element = list->getInit(i++);
    if (llvm::isa<clang::ImplicitValueInitExpr, clang::NoInitExpr>(element))
      continue;
    SourceRange place = element->getBeginLoc().isValid() ? rangeOf(element) : range;
    if (field->getType()->isReferenceType()) {
      Path raw = out_.paths[destination];
      raw.steps.push_back({StepKind::Field, tu_.field(field)});
      raw.type = tu_.type(field->getType());
      access(EventKind::Write, path(std::move(raw)), place, flags, addressOf(element));
    } else {
      initialize(fieldPath(destination, field), element, flags, place);
    }
  }
}

void FunctionLowering::moveHandle(PathId destination, PathId source, TypeClass cls,
                                  SourceRange range) {
  ValueId from = addressOfPath(source);
  Event &event =
      emit(cls == TypeClass::Guard ? EventKind::GuardMove : EventKind::HandleMove, range);
  event.path = destination;
  event.value = from;
  if (cls == TypeClass::JThread)
    event.spawnKind = SpawnKind::JThread;
  else if (cls == TypeClass::Thread)
    event.spawnKind = SpawnKind::StdThread;
}

void FunctionLowering::copyObject(PathId destination, const clang::Expr *source,
                                  std::uint32_t flags, SourceRange range, bool moves) {
  const clang::Expr *bare = withoutTemporary(source);
  if (const auto *lambda = llvm::dyn_cast<clang::LambdaExpr>(bare)) {
    access(EventKind::Write, destination, range, flags, valueOf(lambda));
    return;
  }
  PathId from = pathOf(source);
  access(EventKind::Read, from, rangeOf(bare));
  access(EventKind::Write, destination, range, flags, loadOf(from));
  if (!moves)
    return;
  if (out_.paths[from].base == BaseKind::Temp) {
    markMoved(source);
    return;
  }
  TypeClass cls = out_.paths[from].type.cls;
  if (cls == TypeClass::SmartPointer || cls == TypeClass::Future)
    access(EventKind::Write, from, rangeOf(bare), 0, intValue(0));
  else if (cls == TypeClass::Container || cls == TypeClass::Callable)
    access(EventKind::Write, from, rangeOf(bare), Flag::Mutator);
}

Lowered FunctionLowering::lowerConstruct(const clang::CXXConstructExpr *construct) {
  Lowered result;
  std::uint32_t flags = 0;
  const clang::CXXConstructorDecl *constructor = construct->getConstructor();
  const clang::CXXRecordDecl *record = constructor->getParent();
  if (auto target = targets_.find(construct); target != targets_.end()) {
    result.path = target->second.path;
    flags = target->second.flags;
  } else {
    result.path = tempPath(newTemp(), tu_.type(construct->getType()));
  }
  PathId object = result.path;
  if (const auto *array = tu_.context.getAsArrayType(construct->getType()))
    object = stepPath(object, StepKind::AnyIndex, tu_.type(tu_.context.getBaseElementType(array)));
  result.value = loadOf(result.path);
  SourceRange range = rangeOf(construct);
  llvm::ArrayRef<const clang::Expr *> arguments(construct->getArgs(), construct->getNumArgs());
  if (construct->isElidable() && construct->getNumArgs() >= 1 && targets_.contains(construct)) {
    const clang::Expr *inner = withoutTemporary(construct->getArg(0));
    if (targets_.contains(inner)) {
      lower(inner);
      return result;
    }
    if (inner->getType()->isRecordType() && inner->isPRValue()) {
      initialize(object, inner, flags, range);
      return result;
    }
  }
  if (const ClassModel *model = tu_.classModel(record)) {
    constructModelled(construct, object, *model, flags);
    return result;
  }
  bool copies = constructor->isCopyOrMoveConstructor() && !arguments.empty();
  if (record->isLambda() && copies) {
    const clang::Expr *source = withoutTemporary(arguments[0]);
    ValueId closure = valueOf(source);
    result.value = closure;
    access(EventKind::Write, object, range, flags, closure);
    return result;
  }
  if (!tu_.isUserRecord(record)) {
    if (record->hasDefinition() && record->isEmpty()) // tags
      return result;
    if (copies) {
      copyObject(object, arguments[0], flags, range, constructor->isMoveConstructor());
    } else {
      systemEffects(nullptr, constructor, kNone, arguments, /*keepsCallables=*/true);
      // std::pair and the like: the parts by name.
      if (recordName(construct->getType()) == "pair" && arguments.size() == 2)
        for (unsigned i = 0; i < 2; ++i) {
          Path member = out_.paths[object];
          member.steps.push_back(
              {StepKind::Field, tu_.namedField("std::pair", i ? "second" : "first")});
          member.type = tu_.type(arguments[i]->getType());
          PathId part = path(std::move(member));
          if (!isAccess(out_.paths[part]))
            continue;
          access(EventKind::Write, part, range, flags, forwardedValue(arguments[i]));
        }
    }
    return result;
  }
  if (copies && !constructor->isUserProvided() && !tu_.hasHandleMember(record)) {
    copyObject(object, arguments[0], flags, range, constructor->isMoveConstructor());
    return result;
  }
  bool byDefault = constructor->isDefaultConstructor() && !constructor->isUserProvided();
  if (byDefault && !tu_.interestingDefaultConstructor(record))
    return result;
  // Another defaulted constructor runs member initialisers only where Clang defined it.
  if (!byDefault && !constructor->isUserProvided() && !constructor->hasBody() &&
      !constructor->isInheritingConstructor())
    return result;
  if (byDefault)
    tu_.enqueue(constructor);
  constructUser(constructor, object, arguments, construct, flags);
  return result;
}

void FunctionLowering::constructUser(const clang::CXXConstructorDecl *constructor, PathId object,
                                     llvm::ArrayRef<const clang::Expr *> arguments,
                                     const clang::Expr *where, std::uint32_t flags) {
  std::vector<ValueId> values{addressOfPath(object)};
  for (ValueId argument :
       this->arguments(arguments, constructor->getType()->getAs<clang::FunctionProtoType>()))
    values.push_back(argument);
  BlockId unwind = mayUnwind(constructor) ? unwindFor(where) : kNone;
  Event &event = emit(EventKind::Call, rangeOf(where));
  event.callee = tu_.functionKey(constructor);
  event.flags = Flag::Constructor | (flags & (Flag::Static | Flag::Initialization));
  event.args = std::move(values);
  event.unwind = unwind;
}

void FunctionLowering::constructGuard(const clang::CXXConstructExpr *construct, PathId object,
                                      const ClassModel &model, std::uint32_t flags) {
  SourceRange range = rangeOf(construct);
  const clang::CXXConstructorDecl *constructor = construct->getConstructor();
  if (constructor->isCopyOrMoveConstructor() && construct->getNumArgs() >= 1) {
    moveHandle(object, pathOf(construct->getArg(0)), TypeClass::Guard, range);
    return;
  }
  initGuard(object, model, llvm::ArrayRef(construct->getArgs(), construct->getNumArgs()), flags,
            range);
}

void FunctionLowering::initGuard(PathId object, const ClassModel &model,
                                 llvm::ArrayRef<const clang::Expr *> arguments, std::uint32_t flags,
                                 SourceRange range) {
  GuardTag tag = GuardTag::Lock;
  std::vector<ValueId> locks;
  for (const clang::Expr *argument : arguments) {
    if (llvm::isa<clang::CXXDefaultArgExpr>(argument))
      continue;
    clang::QualType type = argument->getType();
    llvm::StringRef name = recordName(type);
    if (name == "defer_lock_t")
      tag = GuardTag::Defer;
    else if (name == "adopt_lock_t")
      tag = GuardTag::Adopt;
    else if (name == "try_to_lock_t" || name == "try_lock_t")
      tag = GuardTag::Try;
    else if (name == "duration" || name == "time_point" || name == "ptime" || name == "Condition")
      tag = name == "Condition" ? tag : GuardTag::Timed;
    else if (type->isPointerType())
      locks.push_back(valueOf(argument));
    else if (tu_.isNullLock(type))
      continue;
    else if (type->isRecordType() || argument->isGLValue())
      locks.push_back(addressOf(argument));
  }
  if (locks.empty())
    tag = GuardTag::Empty;
  const clang::CXXMethodDecl *taker =
      locks.size() == 1 ? tu_.lockMethod(arguments[0]->getType(), model.mode) : nullptr;
  Event &event = emit(EventKind::GuardInit, range);
  event.path = object;
  event.tag = tag;
  event.mode = model.mode;
  event.args = std::move(locks);
  event.flags = flags;
  if (taker)
    event.callee = tu_.functionKey(taker);
}

void FunctionLowering::constructThread(PathId object, TypeClass cls,
                                       llvm::ArrayRef<const clang::Expr *> arguments,
                                       SourceRange range) {
  if (arguments.empty())
    return;
  TypeClass first = tu_.typeClass(arguments[0]->getType());
  if (arguments.size() == 1 && (first == TypeClass::Thread || first == TypeClass::JThread)) {
    moveHandle(object, pathOf(arguments[0]), cls, range);
    return;
  }
  // Thread attributes of boost come first.
  if (recordName(arguments[0]->getType()) == "attributes" ||
      recordName(arguments[0]->getType()) == "allocator_arg_t")
    arguments = arguments.drop_front();
  if (arguments.empty())
    return;
  // The end of the thread is when the future of a packaged task is ready.
  ValueId task = kNone;
  if (recordName(arguments[0]->getType()) == "packaged_task" && arguments[0]->isGLValue())
    task = addressOf(arguments[0]);
  ValueId callable = callableValue(arguments[0]);
  std::vector<ValueId> values;
  for (const clang::Expr *argument : arguments.drop_front())
    if (!llvm::isa<clang::CXXDefaultArgExpr>(argument))
      values.push_back(forwardedValue(argument));
  Event &event = emit(EventKind::Spawn, range);
  event.path = object;
  event.value = callable;
  event.args = std::move(values);
  event.extra = task;
  event.spawnKind = cls == TypeClass::JThread ? SpawnKind::JThread : SpawnKind::StdThread;
}

void FunctionLowering::constructModelled(const clang::CXXConstructExpr *construct, PathId object,
                                         const ClassModel &model, std::uint32_t flags) {
  const clang::CXXConstructorDecl *constructor = construct->getConstructor();
  SourceRange range = rangeOf(construct);
  llvm::SmallVector<const clang::Expr *, 4> arguments;
  for (const clang::Expr *argument : llvm::ArrayRef(construct->getArgs(), construct->getNumArgs()))
    if (!llvm::isa<clang::CXXDefaultArgExpr>(argument))
      arguments.push_back(argument);
  bool copies = constructor->isCopyOrMoveConstructor() && !arguments.empty();
  if (model.atomic) {
    if (recordName(construct->getType()) == "atomic_ref")
      define(object,
             copies              ? valueOf(arguments[0])
             : arguments.empty() ? unknownValue()
                                 : addressOf(arguments[0]),
             range);
    else if (!arguments.empty())
      access(EventKind::Write, object, range, flags | Flag::Initialization, valueOf(arguments[0]));
    return;
  }
  auto number = [&]() -> std::int64_t {
    if (arguments.empty())
      return -1;
    const Value &count = out_.values[forwardedValue(arguments[0])];
    return count.kind == ValueKind::Int ? count.number : -1;
  };
  switch (model.cls) {
  case TypeClass::Guard:
    constructGuard(construct, object, model, flags);
    return;
  case TypeClass::Thread:
  case TypeClass::JThread:
    constructThread(object, model.cls, arguments, range);
    return;
  case TypeClass::Semaphore:
  case TypeClass::Barrier:
  case TypeClass::Latch: {
    std::int64_t count = number();
    ValueId address = addressOfPath(object);
    Event &event = emit(
        model.cls == TypeClass::Semaphore ? EventKind::SemInit : EventKind::BarrierInit, range);
    event.args.push_back(address);
    event.number = count;
    return;
  }
  case TypeClass::Callable:
    if (copies)
      copyObject(object, arguments[0], flags, range, constructor->isMoveConstructor());
    else if (!arguments.empty())
      access(EventKind::Write, object, range, flags, callableValue(arguments.back()));
    else
      access(EventKind::Write, object, range, flags, intValue(0));
    return;
  case TypeClass::SmartPointer: {
    llvm::StringRef name = recordName(construct->getType());
    if (copies) {
      copyObject(object, arguments[0], flags, range, constructor->isMoveConstructor());
    } else if (arguments.empty()) {
      access(EventKind::Write, object, range, flags, intValue(0));
    } else if (tu_.typeClass(arguments[0]->getType()) == TypeClass::SmartPointer) {
      copyObject(object, arguments[0], flags, range, withoutTemporary(arguments[0])->isXValue());
    } else if (name == "optional") {
      if (recordName(arguments[0]->getType()) == "nullopt_t")
        return;
      const auto *special =
          llvm::dyn_cast<clang::ClassTemplateSpecializationDecl>(constructor->getParent());
      if (special && special->getTemplateArgs().size() > 0) {
        clang::QualType type = special->getTemplateArgs()[0].getAsType();
        llvm::ArrayRef<const clang::Expr *> rest(arguments);
        if (recordName(arguments[0]->getType()) == "in_place_t")
          rest = rest.drop_front();
        constructFromArguments(type, stepPath(object, StepKind::Deref, tu_.type(type)), rest,
                               construct);
      }
    } else {
      access(EventKind::Write, object, range, flags, forwardedValue(arguments[0]));
    }
    return;
  }
  case TypeClass::Container: {
    if (copies) {
      copyObject(object, arguments[0], flags, range, constructor->isMoveConstructor());
      return;
    }
    for (const clang::Expr *argument : arguments) {
      const auto *braces =
          llvm::dyn_cast<clang::CXXStdInitializerListExpr>(withoutTemporary(argument));
      if (!braces) {
        if (argument->isGLValue())
          access(EventKind::Read, pathOf(argument), rangeOf(argument));
        continue;
      }
      const auto *list =
          llvm::dyn_cast<clang::InitListExpr>(withoutTemporary(braces->getSubExpr()));
      for (unsigned i = 0; list && i < list->getNumInits() && i < kMaxListElements; ++i) {
        const clang::Expr *element = list->getInit(i);
        if (!element->getType()->isArithmeticType())
          storeElement(object, element, range);
      }
    }
    return;
  }
  case TypeClass::Iterator:
    if (!arguments.empty())
      access(EventKind::Write, object, range, flags, valueOf(arguments[0]));
    return;
  case TypeClass::Promise:
    if (copies)
      copyObject(object, arguments[0], flags, range, constructor->isMoveConstructor());
    else // moved to another place it is still the promise made here
      define(object, addressOfPath(object), range);
    return;
  case TypeClass::Future:
  case TypeClass::StopToken:
    if (copies)
      copyObject(object, arguments[0], flags, range, constructor->isMoveConstructor());
    return;
  default:
    return;
  }
}

} // namespace threadlint
