// Unwinding: what clang::CFG leaves out. Each call that may throw leads to a landing block, which destroys the live locals in
// reverse order and goes on to the handlers of the innermost try or to the exceptional exit.
//
// Landing blocks are shared: one per (live object, try). Destruction by type is here too, for normal scope ends as well.
#include "analyzer/extract/FunctionLowering.h"

namespace threadlint {

void FunctionLowering::push(const clang::VarDecl *variable) {
  unsigned depth = live_ ? live_->depth + 1 : 1;
  liveNodes_.push_back(std::make_unique<Live>(Live{live_, variable->getCanonicalDecl(), depth}));
  live_ = liveNodes_.back().get();
}

void FunctionLowering::pop(const clang::VarDecl *variable) {
  const clang::VarDecl *canonical = variable->getCanonicalDecl();
  for (const Live *node = live_; node; node = node->parent)
    if (node->variable == canonical) {
      live_ = node->parent; // everything constructed later has ended its life as well
      return;
    }
}

BlockId FunctionLowering::exceptionalExit() {
  if (out_.exceptionalExit == kNone)
    out_.exceptionalExit = newBlock();
  return out_.exceptionalExit;
}

BlockId FunctionLowering::dispatch(const clang::CXXTryStmt *tryStatement) {
  if (auto found = dispatches_.find(tryStatement); found != dispatches_.end())
    return found->second;
  BlockId block = newBlock();
  dispatches_[tryStatement] = block;
  bool catchesAll = false;
  for (unsigned i = 0; i < tryStatement->getNumHandlers(); ++i)
    catchesAll |= tryStatement->getHandler(i)->getExceptionDecl() == nullptr;
  for (const clang::CFGBlock *handler : handlers_.lookup(tryStatement))
    if (auto first = firstBlock_.find(handler); first != firstBlock_.end())
      out_.blocks[block].edges.push_back({EdgeKind::Always, first->second});
  // Which handler fits is not decided here; where there is one, what is thrown in its block is taken to be caught.
  if (!catchesAll && out_.blocks[block].edges.empty()) {
    BlockId outer = landing(liveAtTry_.lookup(tryStatement), scan_.outerTry.lookup(tryStatement));
    if (outer != kNone)
      out_.blocks[block].edges.push_back({EdgeKind::Always, outer});
  }
  return block;
}

BlockId FunctionLowering::landing(const Live *live, const clang::CXXTryStmt *tryStatement) {
  if (tryStatement) {
    const Live *outer = liveAtTry_.lookup(tryStatement);
    if ((live ? live->depth : 0) <= (outer ? outer->depth : 0))
      return dispatch(tryStatement);
  } else if (isNoexcept_) {
    return kNone; // std::terminate
  }
  if (!live)
    return exceptionalExit();
  auto key = std::make_pair<const void *, const void *>(live, tryStatement);
  if (auto found = landings_.find(key); found != landings_.end())
    return found->second;
  BlockId block = newBlock();
  landings_[key] = block;
  BlockId saved = current_;
  const Live *savedLive = live_;
  current_ = block;
  destroy(variablePath(live->variable), live->variable->getType(),
          tu_.sources.range(live->variable->getLocation()));
  BlockId last = current_;
  current_ = saved;
  live_ = savedLive;
  BlockId next = landing(live->parent, tryStatement);
  if (next != kNone)
    out_.blocks[last].edges.push_back({EdgeKind::Always, next});
  return block;
}

BlockId FunctionLowering::unwindFor(const clang::Stmt *statement) {
  if (!tu_.context.getLangOpts().CPlusPlus || !tu_.context.getLangOpts().CXXExceptions)
    return kNone;
  return landing(live_,
                 scan_.enclosingTry.empty() ? nullptr : scan_.enclosingTry.lookup(statement));
}

void FunctionLowering::destroy(PathId object, clang::QualType type, SourceRange range,
                               bool implicit) {
  if (object == kNone || out_.paths[object].base == BaseKind::Unknown ||
      !tu_.destructionMatters(type))
    return;
  while (const auto *array = tu_.context.getAsArrayType(type)) {
    type = array->getElementType();
    object = stepPath(object, StepKind::AnyIndex, tu_.type(type));
  }
  const clang::CXXRecordDecl *record = type->getAsCXXRecordDecl();
  if (!record)
    return;
  if (const ClassModel *model = tu_.classModel(record)) {
    const auto *special = llvm::dyn_cast<clang::ClassTemplateSpecializationDecl>(record);
    switch (model->cls) {
    case TypeClass::Guard:
      emit(EventKind::GuardDestroy, range).path = object;
      return;
    case TypeClass::Thread:
    case TypeClass::JThread: {
      Event &event = emit(EventKind::HandleDestroy, range);
      event.path = object;
      event.spawnKind =
          model->cls == TypeClass::JThread ? SpawnKind::JThread : SpawnKind::StdThread;
      return;
    }
    case TypeClass::Future:
      emit(EventKind::ScopeEnd, range).path = object;
      return;
    case TypeClass::Container:
    case TypeClass::SmartPointer:
      if (!special || special->getName() == "shared_ptr")
        return;
      for (unsigned i = 0; i < special->getTemplateArgs().size() && i < 2; ++i) {
        const clang::TemplateArgument &argument = special->getTemplateArgs()[i];
        if (argument.getKind() != clang::TemplateArgument::Type ||
            !tu_.destructionMatters(argument.getAsType()))
          continue;
        TypeInfo element = tu_.type(argument.getAsType());
        PathId inner = stepPath(
            object, model->cls == TypeClass::Container ? StepKind::AnyIndex : StepKind::Deref,
            element);
        llvm::StringRef name = special->getName();
        if (i == 1 && name.contains("map")) {
          Path second = out_.paths[inner];
          second.steps.push_back({StepKind::Field, tu_.namedField("std::pair", "second")});
          inner = path(std::move(second));
        }
        destroy(inner, argument.getAsType(), range, implicit);
        // A smart pointer deletes what may be a derived object.
        const clang::CXXRecordDecl *held = argument.getAsType()->getAsCXXRecordDecl();
        if (model->cls == TypeClass::SmartPointer && held && held->getDefinition() &&
            held->getDestructor() && held->getDestructor()->isVirtual() &&
            special->getName() != "optional") {
          std::vector<Event> &events = out_.blocks[current_].events;
          if (!events.empty() && events.back().kind == EventKind::Call &&
              (events.back().flags & Flag::Destructor))
            events.back().flags |= Flag::Virtual;
        }
      }
      return;
    default:
      return;
    }
  }
  if (!tu_.isUserRecord(record)) {
    if (const auto *special = llvm::dyn_cast<clang::ClassTemplateSpecializationDecl>(record);
        special && record->getName() == "pair" && special->getTemplateArgs().size() == 2)
      for (unsigned i = 0; i < 2; ++i) {
        Path member = out_.paths[object];
        member.steps.push_back(
            {StepKind::Field, tu_.namedField("std::pair", i ? "second" : "first")});
        clang::QualType part = special->getTemplateArgs()[i].getAsType();
        member.type = tu_.type(part);
        destroy(path(std::move(member)), part, range, implicit);
      }
    return;
  }
  const clang::CXXDestructorDecl *destructor = tu_.interestingDestructor(record);
  if (!destructor)
    return;
  if (!destructor->isUserProvided())
    tu_.enqueue(destructor);
  ValueId address = addressOfPath(object);
  Event &event = emit(EventKind::Call, range);
  event.callee = tu_.functionKey(destructor);
  event.flags = Flag::Destructor | (implicit ? Flag::Implicit : 0);
  event.args.push_back(address);
}

} // namespace threadlint
