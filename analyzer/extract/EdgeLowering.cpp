// EdgeLowering: the ends of CFG blocks: branches, switches, merges of && and ||, initialisers of static locals.
#include "analyzer/extract/FunctionLowering.h"

namespace threadlint {

void FunctionLowering::edge(BlockId from, EdgeKind kind, const clang::CFGBlock *target,
                            ValueId condition, std::int64_t caseValue) {
  if (!target)
    return;
  auto found = firstBlock_.find(target);
  if (found == firstBlock_.end())
    return;
  liveAtEntry_.try_emplace(target, live_);
  BlockId to = found->second;
  // A merge of && or || receives its value on the edge.
  if (auto merge = logicalMerges_.find(target); merge != logicalMerges_.end()) {
    ValueId known = kNone;
    if (kind == EdgeKind::Always) {
      // The last operand decides: one way for each answer.
      known = lookUp(merge->second.first->getRHS());
      if (known != kNone && out_.values[known].kind != ValueKind::Unknown &&
          out_.values[known].kind != ValueKind::Int) {
        edge(from, EdgeKind::True, target, known, caseValue);
        edge(from, EdgeKind::False, target, known, caseValue);
        return;
      }
    } else {
      known = intValue(kind == EdgeKind::True);
    }
    BlockId between = newBlock();
    BlockId saved = current_;
    current_ = between;
    TypeInfo type = tu_.type(merge->second.first->getType());
    define(tempPath(merge->second.second, type), known, rangeOf(merge->second.first));
    current_ = saved;
    out_.blocks[between].edges.push_back({EdgeKind::Always, to});
    to = between;
  }
  out_.blocks[from].edges.push_back({kind, to, condition, caseValue});
}

/// A static local whose initialiser runs code, under the guard that C++11 asks for.
bool FunctionLowering::isGuardedStatic(const clang::VarDecl *variable) const {
  return variable->isStaticLocal() && variable->getInit() && tu_.context.getLangOpts().CPlusPlus &&
         tu_.context.getLangOpts().ThreadsafeStatics && !variable->getInit()->isValueDependent() &&
         !variable->getType()->isReferenceType() &&
         !variable->getInit()->isConstantInitializer(tu_.context, false);
}

/// `if (pthread_mutex_lock)` asks whether a weak symbol was linked in: in a program with threads it was.
static bool isFunctionName(const clang::Expr *condition) {
  const auto *name = llvm::dyn_cast<clang::DeclRefExpr>(condition->IgnoreParenCasts());
  return name && llvm::isa<clang::FunctionDecl>(name->getDecl());
}

void FunctionLowering::connect(const clang::CFGBlock &block) {
  if (ended_)
    return;
  const clang::Stmt *terminator = block.getTerminatorStmt();
  const clang::Expr *condition = nullptr;
  bool isBranch =
      terminator && block.getTerminator().isStmtBranch() && block.succ_size() == 2 &&
      !llvm::isa<clang::SwitchStmt, clang::CXXTryStmt, clang::DeclStmt, clang::IndirectGotoStmt>(
          terminator);
  if (terminator && block.getTerminator().isStmtBranch())
    condition = llvm::dyn_cast_or_null<clang::Expr>(block.getTerminatorCondition());
  // The value tested in this block is the last operand of a split `a && b`.
  while (condition) {
    condition = strip(condition);
    const auto *logical = llvm::dyn_cast<clang::BinaryOperator>(condition);
    if (!logical || !logical->isLogicalOp() || lowered_.contains(logical))
      break;
    condition = logical->getRHS();
  }
  if (llvm::isa_and_nonnull<clang::SwitchStmt>(terminator)) {
    connectSwitch(block, condition);
    return;
  }
  const auto *declarations = llvm::dyn_cast_or_null<clang::DeclStmt>(terminator);
  if (declarations && declarations->isSingleDecl() && block.succ_size() == 2) {
    // The initialiser of a static local: the first to come runs it, whoever comes meanwhile waits.
    const auto *variable = llvm::dyn_cast<clang::VarDecl>(declarations->getSingleDecl());
    if (variable && isGuardedStatic(variable)) {
      BlockId from = current_, between = newBlock();
      current_ = between;
      emit(EventKind::StaticBegin, tu_.sources.range(variable->getLocation())).path =
          variablePath(variable);
      edge(between, EdgeKind::Always, (block.succ_begin() + 1)->getReachableBlock(), kNone);
      current_ = from;
      out_.blocks[from].edges.push_back({EdgeKind::Always, between});
      edge(from, EdgeKind::Always, block.succ_begin()->getReachableBlock(), kNone);
      return;
    }
  }
  if (isBranch) {
    ValueId tested = !condition                  ? unknownValue()
                     : isFunctionName(condition) ? intValue(1)
                                                 : lookUp(condition);
    edge(current_, EdgeKind::True, block.succ_begin()->getReachableBlock(), tested);
    edge(current_, EdgeKind::False, (block.succ_begin() + 1)->getReachableBlock(), tested);
    return;
  }
  for (const clang::CFGBlock::AdjacentBlock &successor : block.succs())
    edge(current_, EdgeKind::Always, successor.getReachableBlock(), kNone);
}

void FunctionLowering::connectSwitch(const clang::CFGBlock &block, const clang::Expr *condition) {
  ValueId tested = condition ? lookUp(condition) : unknownValue();
  unsigned index = 0;
  for (const clang::CFGBlock::AdjacentBlock &successor : block.succs()) {
    bool isLast = ++index == block.succ_size();
    const clang::CFGBlock *target = successor.getReachableBlock();
    if (!target)
      continue;
    const auto *label = llvm::dyn_cast_or_null<clang::CaseStmt>(target->getLabel());
    clang::Expr::EvalResult evaluated;
    if (!isLast && label && !label->getRHS() && !label->getLHS()->isValueDependent() &&
        label->getLHS()->EvaluateAsInt(evaluated, tu_.context) &&
        evaluated.Val.getInt().isRepresentableByInt64())
      edge(current_, EdgeKind::Case, target, tested, evaluated.Val.getInt().getExtValue());
    else
      edge(current_, EdgeKind::Default, target, tested);
  }
}

} // namespace threadlint
