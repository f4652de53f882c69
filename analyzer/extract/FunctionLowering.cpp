// FunctionLowering: blocks, edges and statements. See the header for the parts.
#include "analyzer/extract/FunctionLowering.h"

#include "clang/AST/StmtCXX.h"

namespace threadlint {

void FunctionLowering::start(const clang::FunctionDecl *function) {
  function_ = function;
  for (const clang::ParmVarDecl *parameter : function->parameters())
    out_.params.push_back(tu_.variable(parameter));
  out_.returnType = tu_.type(function->getReturnType());
  isNoexcept_ = !tu_.context.getLangOpts().CPlusPlus || isNothrow(function);
  const auto *method = llvm::dyn_cast<clang::CXXMethodDecl>(function);
  hasThis_ = method && method->isInstance();
  if (!method || !method->getParent()->isLambda() ||
      method->getOverloadedOperator() != clang::OO_Call)
    return;
  for (const clang::LambdaCapture &capture : method->getParent()->captures()) {
    unsigned index = out_.captureCount++;
    bool byReference = capture.getCaptureKind() == clang::LCK_ByRef;
    std::string name = "this";
    if (capture.capturesThis()) {
      thisCapture_ = index;
      thisCaptureByCopy_ = capture.getCaptureKind() == clang::LCK_StarThis;
    } else if (capture.capturesVariable()) {
      const clang::ValueDecl *variable = capture.getCapturedVar();
      captures_[llvm::cast<clang::ValueDecl>(variable->getCanonicalDecl())] = index;
      name = variable->getName().str();
      // A parameter pack element or an init-capture of reference type is an address as well.
      if (variable->isInitCapture() && variable->getType()->isReferenceType())
        byReference = true;
    }
    out_.captureNames.push_back(tu_.intern(name));
    captureByReference_.push_back(byReference);
    out_.captureByReference.push_back(byReference ||
                                      (capture.capturesThis() && !thisCaptureByCopy_));
  }
}

BlockId FunctionLowering::newBlock() {
  out_.blocks.emplace_back();
  return static_cast<BlockId>(out_.blocks.size() - 1);
}

/// Broken code: a destructor has to destroy a base or member whose class is not defined. Clang's graph does not survive that.
static bool hasIncompletePart(const clang::FunctionDecl *function) {
  const auto *destructor = llvm::dyn_cast<clang::CXXDestructorDecl>(function);
  if (!destructor)
    return false;
  auto isIncomplete = [](clang::QualType type) {
    const clang::CXXRecordDecl *record = type->getBaseElementTypeUnsafe()->getAsCXXRecordDecl();
    return record && !record->hasDefinition();
  };
  const clang::CXXRecordDecl *record = destructor->getParent();
  return !record->hasDefinition() ||
         std::any_of(record->bases_begin(), record->bases_end(),
                     [&](const auto &base) { return isIncomplete(base.getType()); }) ||
         std::any_of(record->field_begin(), record->field_end(),
                     [&](const auto *field) { return isIncomplete(field->getType()); });
}

void FunctionLowering::lowerBody(const clang::FunctionDecl *function,
                                 const clang::CFG::BuildOptions &options) {
  start(function);
  scan_ = scanBody(tu_, function);
  if (scan_.isCoroutine)
    out_.flags |= FunctionFlag::Coroutine;
  clang::Stmt *body = function->getBody();
  if (const auto *coroutine = llvm::dyn_cast_or_null<clang::CoroutineBodyStmt>(body))
    body = coroutine->getBody();
  std::unique_ptr<clang::CFG> cfg;
  if (!hasIncompletePart(function))
    cfg = clang::CFG::buildCFG(function, body, &tu_.context, options);
  if (cfg) {
    lowerCfg(*cfg);
    dropGuessedThrows();
    return;
  }
  out_.entry = newBlock();
  out_.exit = newBlock();
  out_.blocks[out_.entry].edges.push_back({EdgeKind::Always, out_.exit});
  tu_.limitation("unsupported", "no control flow for '" + tu_.facts.strings[out_.name] + "'",
                 tu_.sources.range(function->getLocation()), false);
}

void FunctionLowering::lowerCfg(const clang::CFG &cfg) {
  prepare(cfg);
  // Reverse postorder, so that a block comes after a predecessor; handlers follow what they guard.
  std::vector<const clang::CFGBlock *> order;
  llvm::DenseSet<const clang::CFGBlock *> seen;
  auto walk = [&](const clang::CFGBlock *root) {
    if (!seen.insert(root).second)
      return;
    std::vector<const clang::CFGBlock *> postorder;
    std::vector<std::pair<const clang::CFGBlock *, clang::CFGBlock::const_succ_iterator>> stack;
    stack.emplace_back(root, root->succ_begin());
    while (!stack.empty()) {
      auto &[block, next] = stack.back();
      if (next == block->succ_end()) {
        postorder.push_back(block);
        stack.pop_back();
        continue;
      }
      const clang::CFGBlock *successor = (next++)->getReachableBlock();
      if (successor && seen.insert(successor).second)
        stack.emplace_back(successor, successor->succ_begin());
    }
    order.insert(order.end(), postorder.rbegin(), postorder.rend());
  };
  walk(&cfg.getEntry());
  for (auto block = cfg.try_blocks_begin(); block != cfg.try_blocks_end(); ++block)
    walk(*block);
  walk(&cfg.getExit());
  for (const clang::CFGBlock *block : order)
    firstBlock_[block] = newBlock();
  out_.entry = firstBlock_[&cfg.getEntry()];
  out_.exit = firstBlock_[&cfg.getExit()];
  // Objects taken by value live as long as the function: they are destroyed last, on every way out.
  llvm::SmallVector<const clang::ParmVarDecl *, 4> destroyed;
  if (function_)
    for (const clang::ParmVarDecl *parameter : function_->parameters())
      if (!parameter->getType()->isReferenceType() &&
          tu_.destructionMatters(parameter->getType())) {
        push(parameter);
        destroyed.push_back(parameter);
      }
  liveAtEntry_[&cfg.getEntry()] = live_;
  for (const clang::CFGBlock *block : order)
    lowerBlock(*block);
  if (destroyed.empty())
    return;
  current_ = newBlock();
  for (Block &block : out_.blocks)
    for (Edge &edge : block.edges)
      if (edge.target == out_.exit)
        edge.target = current_;
  for (const clang::ParmVarDecl *parameter : llvm::reverse(destroyed))
    destroy(variablePath(parameter), parameter->getType(),
            tu_.sources.range(function_->getEndLoc()));
  out_.blocks[current_].edges.push_back({EdgeKind::Always, out_.exit});
}

void FunctionLowering::prepare(const clang::CFG &cfg) {
  for (auto block = cfg.try_blocks_begin(); block != cfg.try_blocks_end(); ++block)
    if (const auto *statement =
            llvm::dyn_cast_or_null<clang::CXXTryStmt>((*block)->getTerminatorStmt()))
      for (const clang::CFGBlock::AdjacentBlock &successor : (*block)->succs())
        if (const clang::CFGBlock *handler = successor.getReachableBlock())
          if (llvm::isa_and_nonnull<clang::CXXCatchStmt>(handler->getLabel()))
            handlers_[statement].push_back(handler);
  for (const clang::CFGBlock *block : cfg) {
    for (const clang::CFGElement &element : *block) {
      if (auto initializer = element.getAs<clang::CFGInitializer>()) {
        const clang::CXXCtorInitializer *init = initializer->getInitializer();
        PathId destination = initializerPath(init);
        if (destination != kNone && init->getInit())
          registerTarget(init->getInit(), destination, Flag::Initialization);
        continue;
      }
      auto statement = element.getAs<clang::CFGStmt>();
      if (!statement)
        continue;
      const clang::Stmt *node = statement->getStmt();
      if (const auto *declarations = llvm::dyn_cast<clang::DeclStmt>(node)) {
        for (const clang::Decl *decl : declarations->decls())
          if (const auto *variable = llvm::dyn_cast<clang::VarDecl>(decl))
            if (variable->getInit() && !variable->getType()->isReferenceType())
              registerTarget(variable->getInit(), variablePath(variable),
                             variable->isStaticLocal() ? Flag::Static | Flag::Initialization
                                                       : Flag::Initialization);
      } else if (const auto *conditional =
                     llvm::dyn_cast<clang::AbstractConditionalOperator>(node)) {
        if (conditional->getType()->isVoidType() || targets_.contains(conditional))
          continue;
        std::uint32_t temp = newTemp();
        conditionalTemps_[conditional] = temp;
        armTemps_[strip(conditional->getTrueExpr())].push_back(temp);
        armTemps_[strip(conditional->getFalseExpr())].push_back(temp);
      } else if (const auto *logical = llvm::dyn_cast<clang::BinaryOperator>(node)) {
        if (logical->isLogicalOp() && !logicalMerges_.contains(block)) {
          std::uint32_t temp = newTemp();
          logicalMerges_[block] = {logical, temp};
          conditionalTemps_[logical] = temp;
        }
      } else if (const auto *allocation = llvm::dyn_cast<clang::CXXNewExpr>(node)) {
        if (allocation->getInitializer()) {
          std::uint32_t temp = newTemp();
          allocations_[allocation] = temp;
          TypeInfo type = tu_.type(allocation->getAllocatedType());
          PathId object =
              stepPath(tempPath(temp, tu_.type(allocation->getType())), StepKind::Deref, type);
          if (allocation->isArray())
            object = stepPath(object, StepKind::AnyIndex, type);
          registerTarget(allocation->getInitializer(), object, Flag::Initialization);
        }
      } else if (const auto *cast = llvm::dyn_cast<clang::CastExpr>(node)) {
        if (cast->getCastKind() == clang::CK_BitCast && cast->getType()->isPointerType())
          if (const clang::Expr *inner = strip(cast->getSubExpr());
              llvm::isa<clang::CallExpr>(inner))
            allocatedTypes_.try_emplace(inner, cast->getType()->getPointeeType());
      }
    }
  }
}

void FunctionLowering::lowerBlock(const clang::CFGBlock &block) {
  current_ = firstBlock_[&block];
  ended_ = false;
  live_ = liveAtEntry_.lookup(&block);
  if (const auto *handler = llvm::dyn_cast_or_null<clang::CXXCatchStmt>(block.getLabel())) {
    for (const auto &[statement, blocks] : handlers_)
      if (llvm::is_contained(blocks, &block))
        live_ = liveAtTry_.lookup(statement);
    if (const clang::VarDecl *caught = handler->getExceptionDecl();
        caught && caught->getDeclName()) {
      PathId object = variablePath(caught);
      if (isPrivate(out_.paths[object]))
        define(object, unknownValue(), tu_.sources.range(caught->getLocation()));
    }
  }
  for (const clang::CFGElement &element : block)
    lowerElement(element);
  lastBlock_[&block] = current_;
  connect(block);
}

void FunctionLowering::lowerElement(const clang::CFGElement &element) {
  switch (element.getKind()) {
  case clang::CFGElement::Initializer:
    visitInitializer(element.castAs<clang::CFGInitializer>().getInitializer());
    return;
  case clang::CFGElement::Statement:
  case clang::CFGElement::Constructor:
  case clang::CFGElement::CXXRecordTypedCall:
    visit(element.castAs<clang::CFGStmt>().getStmt());
    return;
  case clang::CFGElement::NewAllocator:
    if (!ended_)
      allocate(element.castAs<clang::CFGNewAllocator>().getAllocatorExpr());
    return;
  case clang::CFGElement::LifetimeEnds: {
    auto end = element.castAs<clang::CFGLifetimeEnds>();
    visitScopeEnd(end.getVarDecl(), end.getTriggerStmt());
    return;
  }
  case clang::CFGElement::AutomaticObjectDtor: {
    auto dtor = element.castAs<clang::CFGAutomaticObjDtor>();
    const clang::VarDecl *variable = dtor.getVarDecl();
    pop(variable);
    clang::SourceLocation end =
        dtor.getTriggerStmt() ? dtor.getTriggerStmt()->getEndLoc() : variable->getLocation();
    if (!variable->getType()->isReferenceType())
      destroy(variablePath(variable), variable->getType(), tu_.sources.range(end));
    return;
  }
  case clang::CFGElement::DeleteDtor:
    return; // lowerDelete destroys the object: it also knows virtual destructors
  case clang::CFGElement::BaseDtor: {
    clang::QualType type = element.castAs<clang::CFGBaseDtor>().getBaseSpecifier()->getType();
    if (hasThis_)
      destroy(stepPath(thisPath(), StepKind::Deref, tu_.type(type)), type,
              tu_.sources.range(function_->getEndLoc()));
    return;
  }
  case clang::CFGElement::MemberDtor: {
    const clang::FieldDecl *field = element.castAs<clang::CFGMemberDtor>().getFieldDecl();
    if (!hasThis_ || field->getType()->isReferenceType())
      return;
    PathId object = stepPath(thisPath(), StepKind::Deref,
                             tu_.type(tu_.context.getCanonicalTagType(field->getParent())));
    destroy(fieldPath(object, field), field->getType(), tu_.sources.range(function_->getEndLoc()));
    return;
  }
  case clang::CFGElement::TemporaryDtor: {
    const clang::CXXBindTemporaryExpr *bind =
        element.castAs<clang::CFGTemporaryDtor>().getBindTemporaryExpr();
    auto found = temporaries_.find(bind);
    if (found == temporaries_.end() || moved_.contains(strip(bind)))
      return;
    SourceRange range = rangeOf(bind);
    range.line = range.endLine;
    range.column = range.endColumn > 1 ? range.endColumn - 1 : 1;
    // A check that fails throws from the destructor of its message.
    const clang::CXXRecordDecl *record = bind->getType()->getAsCXXRecordDecl();
    const clang::CXXDestructorDecl *destructor = record ? record->getDestructor() : nullptr;
    const BlockId unwind = destructor && mayUnwind(destructor) ? unwindFor(bind) : kNone;
    const std::size_t before = out_.blocks[current_].events.size();
    destroy(found->second, bind->getType(), range);
    std::vector<Event> &events = out_.blocks[current_].events;
    if (unwind != kNone && events.size() > before && events.back().kind == EventKind::Call)
      events.back().unwind = unwind;
    if (destructor && destructor->isNoReturn()) {
      emit(EventKind::NoReturn, range);
      ended_ = true;
    }
    return;
  }
  case clang::CFGElement::CleanupFunction: {
    auto cleanup = element.castAs<clang::CFGCleanupFunction>();
    const clang::VarDecl *variable = cleanup.getVarDecl();
    if (const clang::FunctionDecl *function = cleanup.getFunctionDecl()) {
      ValueId address = addressOfPath(variablePath(variable));
      Event &event = emit(EventKind::Call, tu_.sources.range(variable->getLocation()));
      event.callee = tu_.functionKey(function);
      event.args.push_back(address);
      event.flags = Flag::Implicit;
    }
    return;
  }
  case clang::CFGElement::ScopeBegin:
  case clang::CFGElement::ScopeEnd:
  case clang::CFGElement::LoopExit:
    return;
  }
}

/// Where a visible call or throw leads to the handlers, it says in which state; the guess at the start of the block goes.
void FunctionLowering::dropGuessedThrows() {
  for (auto [entry, handlers] : tryEntries_) {
    bool isReached = false;
    for (BlockId block = 0; block < out_.blocks.size(); ++block)
      for (const Edge &edge : out_.blocks[block].edges)
        isReached |= block != entry && edge.target == handlers;
    for (const Block &block : out_.blocks)
      for (const Event &event : block.events)
        isReached |= event.unwind == handlers;
    if (isReached)
      std::erase_if(out_.blocks[entry].edges,
                    [handlers](const Edge &edge) { return edge.target == handlers; });
  }
}

void FunctionLowering::enterTry(const clang::Stmt *statement) {
  const clang::CXXTryStmt *innermost = scan_.enclosingTry.lookup(statement);
  llvm::SmallVector<const clang::CXXTryStmt *, 2> entered;
  for (; innermost && !liveAtTry_.contains(innermost); innermost = scan_.outerTry.lookup(innermost))
    entered.push_back(innermost);
  for (const clang::CXXTryStmt *tryStatement : llvm::reverse(entered)) {
    liveAtTry_[tryStatement] = live_;
    // Anything inside may throw before it has an effect: the handlers are reachable with the state at the start.
    BlockId handlers = dispatch(tryStatement);
    BlockId rest = newBlock();
    out_.blocks[current_].edges.push_back({EdgeKind::Always, rest});
    out_.blocks[current_].edges.push_back({EdgeKind::Always, handlers});
    tryEntries_.emplace_back(current_, handlers);
    current_ = rest;
  }
}

void FunctionLowering::visit(const clang::Stmt *statement) {
  if (ended_)
    return;
  if (!scan_.enclosingTry.empty() && scan_.enclosingTry.contains(statement))
    enterTry(statement);
  if (const auto *expression = llvm::dyn_cast<clang::Expr>(statement)) {
    const clang::Expr *bare = strip(expression);
    // A name of a function is lowered by who uses its value.
    if (const auto *reference = llvm::dyn_cast<clang::DeclRefExpr>(bare);
        reference && llvm::isa<clang::FunctionDecl>(reference->getDecl()))
      return;
    if (const auto *cast = llvm::dyn_cast<clang::ImplicitCastExpr>(bare);
        cast &&
        (cast->getCastKind() == clang::CK_FunctionToPointerDecay ||
         cast->getCastKind() == clang::CK_BuiltinFnToFnPtr) &&
        !armTemps_.contains(bare))
      return;
    // A temporary is materialised by who needs its place; here only its value is known.
    if (const auto *temporary = llvm::dyn_cast<clang::MaterializeTemporaryExpr>(bare);
        temporary && lowered_.lookup(strip(temporary->getSubExpr())).path == kNone &&
        !armTemps_.contains(bare))
      return;
    lower(expression);
    if (armTemps_.empty() || ended_)
      return;
    auto arm = armTemps_.find(bare);
    if (arm == armTemps_.end())
      return;
    Lowered result = lowered_.lookup(bare);
    for (std::uint32_t temp : arm->second) {
      ValueId stored = result.value != kNone ? result.value : kNone;
      if (bare->isGLValue() && result.path != kNone)
        stored = addressOfPath(result.path);
      else if (stored == kNone)
        stored = loadOf(result.path);
      define(tempPath(temp, tu_.type(bare->getType())), stored, rangeOf(bare));
    }
    return;
  }
  if (const auto *declarations = llvm::dyn_cast<clang::DeclStmt>(statement)) {
    visitDeclaration(declarations);
  } else if (const auto *returned = llvm::dyn_cast<clang::ReturnStmt>(statement)) {
    visitReturn(statement, returned->getRetValue());
  } else if (const auto *coreturn = llvm::dyn_cast<clang::CoreturnStmt>(statement)) {
    visitReturn(statement, coreturn->getOperand());
  }
}

void FunctionLowering::visitDeclaration(const clang::DeclStmt *statement) {
  for (const clang::Decl *decl : statement->decls())
    if (const auto *variable = llvm::dyn_cast<clang::VarDecl>(decl))
      declare(variable);
}

void FunctionLowering::declare(const clang::VarDecl *variable) {
  if (variable->hasExternalStorage())
    return;
  SourceRange range = tu_.sources.range(variable->getLocation());
  const clang::Expr *init = variable->getInit();
  std::uint32_t flags = Flag::Initialization;
  if (variable->isStaticLocal())
    flags |= Flag::Static;
  if (variable->getType()->isReferenceType()) {
    if (!init)
      return;
    Path raw;
    raw.base = BaseKind::Var;
    raw.id = tu_.variable(variable);
    raw.type = tu_.type(variable->getType());
    ValueId address = addressOf(init);
    define(path(std::move(raw)), address, range);
    // A lifetime-extended temporary is destroyed with the reference.
    return;
  }
  PathId object = variablePath(variable);
  if (init)
    initialize(object, init, flags, range);
  if (isGuardedStatic(variable))
    emit(EventKind::StaticEnd, range).path = object;
  if (!variable->isStaticLocal() && tu_.destructionMatters(variable->getType()))
    push(variable);
}

void FunctionLowering::visitReturn(const clang::Stmt *statement, const clang::Expr *result) {
  ValueId returned = kNone;
  if (result && !result->getType()->isVoidType()) {
    if (result->isGLValue()) {
      returned = addressOf(result);
    } else if (const clang::Expr *bare = strip(result); bare->getType()->isRecordType()) {
      returned = valueOf(result);
      markMoved(bare);
    } else {
      returned = valueOf(result);
    }
  }
  emit(EventKind::Return, rangeOf(statement)).value = returned;
}

PathId FunctionLowering::initializerPath(const clang::CXXCtorInitializer *initializer) {
  if (!hasThis_)
    return kNone;
  const auto *method = llvm::cast<clang::CXXMethodDecl>(function_);
  PathId object = stepPath(thisPath(), StepKind::Deref,
                           tu_.type(tu_.context.getCanonicalTagType(method->getParent())));
  if (initializer->isBaseInitializer() || initializer->isDelegatingInitializer())
    return object;
  if (initializer->isIndirectMemberInitializer()) {
    for (const clang::NamedDecl *link : initializer->getIndirectMember()->chain())
      if (const auto *field = llvm::dyn_cast<clang::FieldDecl>(link))
        object = fieldPath(object, field);
    return object;
  }
  const clang::FieldDecl *field = initializer->getMember();
  if (!field)
    return kNone;
  if (field->getType()->isReferenceType()) {
    // The reference itself is stored to: the path without the final Deref.
    Path raw = out_.paths[object];
    raw.steps.push_back({StepKind::Field, tu_.field(field)});
    raw.type = tu_.type(field->getType());
    return path(std::move(raw));
  }
  return fieldPath(object, field);
}

void FunctionLowering::visitInitializer(const clang::CXXCtorInitializer *initializer) {
  PathId destination = initializerPath(initializer);
  const clang::Expr *init = initializer->getInit();
  if (destination == kNone || !init)
    return;
  SourceRange range = initializer->isWritten() ? tu_.sources.range(initializer->getSourceRange())
                                               : tu_.sources.range(function_->getLocation());
  if (const auto *byDefault = llvm::dyn_cast<clang::CXXDefaultInitExpr>(init))
    init = byDefault->getExpr();
  const clang::FieldDecl *field = initializer->getAnyMember();
  if (field && field->getType()->isReferenceType()) {
    access(EventKind::Write, destination, range, Flag::Initialization, addressOf(init));
    return;
  }
  if (!field && !llvm::isa<clang::InitListExpr>(strip(init))) {
    lower(init); // a base or delegated constructor: the call is the event
    return;
  }
  initialize(destination, init, Flag::Initialization, range);
}

void FunctionLowering::visitScopeEnd(const clang::VarDecl *variable, const clang::Stmt *trigger) {
  pop(variable);
  if (variable->getType()->isReferenceType())
    return;
  const VarFacts &facts = tu_.variableFacts(variable);
  // A future's scope end is where it is destroyed: see destroy().
  bool matters = facts.addressTaken && facts.type.cls != TypeClass::Future;
  switch (facts.type.cls) {
  case TypeClass::Record:
  case TypeClass::Array:
  case TypeClass::Lock:
  case TypeClass::Thread:
  case TypeClass::CondVar:
  case TypeClass::Barrier:
  case TypeClass::Latch:
  case TypeClass::Semaphore:
    matters = true;
    break;
  default:
    break;
  }
  if (!matters)
    return;
  PathId object = variablePath(variable);
  clang::SourceLocation end = trigger ? trigger->getEndLoc() : variable->getLocation();
  emit(EventKind::ScopeEnd, tu_.sources.range(end)).path = object;
}

void FunctionLowering::lowerGlobals(llvm::ArrayRef<const clang::VarDecl *> variables,
                                    BodyScan scan) {
  scan_ = std::move(scan);
  isNoexcept_ = true;
  out_.entry = newBlock();
  out_.exit = newBlock();
  current_ = out_.entry;
  for (const clang::VarDecl *variable : variables) {
    ended_ = false;
    const clang::Expr *init = variable->getInit();
    SourceRange range = tu_.sources.range(variable->getLocation());
    if (variable->getType()->isReferenceType()) {
      Path raw;
      raw.base = BaseKind::Var;
      raw.id = tu_.variable(variable);
      raw.type = tu_.type(variable->getType());
      define(path(std::move(raw)), addressOf(init), range);
      continue;
    }
    PathId object = variablePath(variable);
    registerTarget(init, object, Flag::Initialization);
    initialize(object, init, Flag::Initialization, range);
  }
  out_.blocks[current_].edges.push_back({EdgeKind::Always, out_.exit});
}

} // namespace threadlint
