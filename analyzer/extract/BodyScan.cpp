// BodyScan: see the header.
#include "analyzer/extract/BodyScan.h"

#include "clang/AST/StmtOpenMP.h"
#include "clang/Basic/OpenMPKinds.h"

#include <algorithm>

namespace threadlint {
namespace {

class Scanner {
public:
  Scanner(TuBuilder &tu, BodyScan &scan) : tu_(tu), scan_(scan) {}

  void walk(const clang::Stmt *statement) {
    note(statement);
    if (const auto *tryStatement = llvm::dyn_cast<clang::CXXTryStmt>(statement)) {
      scan_.outerTry[tryStatement] = try_;
      const clang::CXXTryStmt *outer = try_;
      try_ = tryStatement;
      walk(tryStatement->getTryBlock());
      try_ = outer;
      for (unsigned i = 0; i < tryStatement->getNumHandlers(); ++i)
        walk(tryStatement->getHandler(i));
      return;
    }
    if (const auto *call = llvm::dyn_cast<clang::CallExpr>(statement)) {
      const clang::Expr *callee = call->getCallee();
      const clang::Expr *bare = callee->IgnoreParenImpCasts();
      // The function called directly is not a use of its address.
      if (!(llvm::isa<clang::DeclRefExpr>(bare) && call->getDirectCallee()))
        walk(callee);
      for (const clang::Expr *argument : call->arguments())
        if (argument)
          walk(argument);
      return;
    }
    forEachChild(statement, [&](const clang::Stmt *child) { walk(child); });
  }

  /// Member initialisers of a function-try-block are inside it.
  void walkInside(const clang::CXXTryStmt *tryStatement, const clang::Stmt *statement) {
    try_ = tryStatement;
    walk(statement);
    try_ = nullptr;
  }

private:
  void take(const clang::Expr *expression) {
    while (expression) {
      expression = expression->IgnoreParens();
      if (const auto *member = llvm::dyn_cast<clang::MemberExpr>(expression)) {
        if (member->isArrow())
          return;
        expression = member->getBase();
      } else if (const auto *subscript = llvm::dyn_cast<clang::ArraySubscriptExpr>(expression)) {
        const clang::Expr *base = subscript->getBase()->IgnoreParenImpCasts();
        if (!base->getType()->isArrayType())
          return;
        expression = base;
      } else if (const auto *cast = llvm::dyn_cast<clang::CastExpr>(expression)) {
        if (cast->getCastKind() == clang::CK_LValueToRValue)
          return;
        expression = cast->getSubExpr();
      } else if (const auto *conditional = llvm::dyn_cast<clang::ConditionalOperator>(expression)) {
        take(conditional->getTrueExpr());
        expression = conditional->getFalseExpr();
      } else if (const auto *binary = llvm::dyn_cast<clang::BinaryOperator>(expression)) {
        expression = binary->getOpcode() == clang::BO_Comma ? binary->getRHS()
                     : binary->isAssignmentOp()             ? binary->getLHS()
                                                            : nullptr;
      } else if (const auto *unary = llvm::dyn_cast<clang::UnaryOperator>(expression)) {
        expression = unary->isIncrementDecrementOp() || unary->getOpcode() == clang::UO_Extension
                         ? unary->getSubExpr()
                         : nullptr;
      } else if (const auto *call = llvm::dyn_cast<clang::CallExpr>(expression)) {
        const clang::FunctionDecl *callee = call->getDirectCallee();
        Callee known = callee ? tu_.callee(callee) : Callee();
        expression =
            known.model && known.model->effect == Effect::Identity && call->getNumArgs() > 0
                ? call->getArg(0)
                : nullptr;
      } else if (const auto *reference = llvm::dyn_cast<clang::DeclRefExpr>(expression)) {
        takeDeclaration(reference->getDecl());
        return;
      } else {
        return;
      }
    }
  }

  void takeDeclaration(const clang::ValueDecl *decl) {
    if (const auto *variable = llvm::dyn_cast<clang::VarDecl>(decl)) {
      mark(variable);
    } else if (const auto *binding = llvm::dyn_cast<clang::BindingDecl>(decl)) {
      if (const auto *whole = llvm::dyn_cast_or_null<clang::VarDecl>(binding->getDecomposedDecl()))
        mark(whole);
    }
  }

  void mark(const clang::VarDecl *variable) {
    if (scan_.addressTaken.insert(variable->getCanonicalDecl()).second)
      tu_.variableFacts(variable).addressTaken = true;
  }

  void bind(const clang::Expr *argument, clang::QualType parameter, const Callee &callee) {
    if (!parameter->isReferenceType() || !argument->isGLValue())
      return;
    // Modelled calls say themselves what they do; other library functions only read through const references.
    if (callee.model && callee.model->effect != Effect::AddressOf &&
        callee.model->effect != Effect::Keep)
      return;
    if (callee.cls && callee.isSystem)
      return;
    if (callee.isSystem && parameter.getNonReferenceType().isConstQualified() && !callee.model)
      return;
    take(argument);
  }

  void note(const clang::Stmt *statement) {
    if (const auto *directive = llvm::dyn_cast<clang::OMPExecutableDirective>(statement)) {
      noteDirective(directive);
    } else if (const auto *unary = llvm::dyn_cast<clang::UnaryOperator>(statement)) {
      if (unary->getOpcode() == clang::UO_AddrOf)
        take(unary->getSubExpr());
    } else if (const auto *cast = llvm::dyn_cast<clang::ImplicitCastExpr>(statement)) {
      if (cast->getCastKind() == clang::CK_ArrayToPointerDecay && !subscriptBases_.contains(cast))
        take(cast->getSubExpr());
    } else if (const auto *subscript = llvm::dyn_cast<clang::ArraySubscriptExpr>(statement)) {
      subscriptBases_.insert(subscript->getBase()->IgnoreParens());
    } else if (const auto *reference = llvm::dyn_cast<clang::DeclRefExpr>(statement)) {
      if (const auto *function = llvm::dyn_cast<clang::FunctionDecl>(reference->getDecl()))
        tu_.markFunctionAddressTaken(function);
    } else if (const auto *declarations = llvm::dyn_cast<clang::DeclStmt>(statement)) {
      for (const clang::Decl *decl : declarations->decls())
        noteDeclaration(decl);
    } else if (const auto *construct = llvm::dyn_cast<clang::CXXConstructExpr>(statement)) {
      noteTry(statement);
      const clang::CXXConstructorDecl *constructor = construct->getConstructor();
      bool copies = constructor->isCopyOrMoveConstructor() && !constructor->isUserProvided();
      Callee callee = tu_.callee(constructor);
      for (unsigned i = 0;
           !copies && i < construct->getNumArgs() && i < constructor->getNumParams(); ++i)
        if (!(callee.isSystem && callee.cls && callee.cls->cls != TypeClass::Guard))
          bind(construct->getArg(i), constructor->getParamDecl(i)->getType(), callee);
    } else if (const auto *call = llvm::dyn_cast<clang::CallExpr>(statement)) {
      noteTry(statement);
      noteCall(call);
    } else if (llvm::isa<clang::CXXThrowExpr, clang::CXXNewExpr, clang::CXXDeleteExpr>(statement)) {
      noteTry(statement);
    } else if (const auto *lambda = llvm::dyn_cast<clang::LambdaExpr>(statement)) {
      scan_.lambdas.push_back(lambda);
      auto init = lambda->capture_init_begin();
      for (const clang::LambdaCapture &capture : lambda->captures()) {
        if (capture.capturesVariable() && capture.getCaptureKind() == clang::LCK_ByRef) {
          takeDeclaration(capture.getCapturedVar());
          if (*init)
            take(*init);
        }
        ++init;
      }
    } else if (const auto *returned = llvm::dyn_cast<clang::ReturnStmt>(statement)) {
      if (returned->getRetValue() && returned->getRetValue()->isGLValue())
        take(returned->getRetValue());
    } else if (const auto *assembly = llvm::dyn_cast<clang::GCCAsmStmt>(statement)) {
      for (unsigned i = 0; i < assembly->getNumOutputs(); ++i)
        take(assembly->getOutputExpr(i));
    } else if (const auto *list = llvm::dyn_cast<clang::InitListExpr>(statement)) {
      for (const clang::Expr *init : list->inits())
        if (init && init->isGLValue() && !list->getType()->isScalarType())
          take(init);
    } else if (const auto *handler = llvm::dyn_cast<clang::CXXCatchStmt>(statement)) {
      if (handler->getExceptionDecl() && handler->getExceptionDecl()->getDeclName())
        tu_.variable(handler->getExceptionDecl());
    } else if (llvm::isa<clang::CoroutineBodyStmt, clang::CoreturnStmt, clang::CoawaitExpr,
                         clang::CoyieldExpr>(statement)) {
      scan_.isCoroutine = true;
    }
  }

  /// A team of threads that nothing further on knows of; one remark for a file will do.
  void noteDirective(const clang::OMPExecutableDirective *directive) {
    const clang::OpenMPDirectiveKind kind = directive->getDirectiveKind();
    const StringId name = tu_.intern("openmp");
    const bool isKnown =
        std::any_of(tu_.facts.limitations.begin(), tu_.facts.limitations.end(),
                    [&](const Limitation &limitation) { return limitation.kind == name; });
    if (!isKnown && (clang::isOpenMPParallelDirective(kind) || clang::isOpenMPTeamsDirective(kind)))
      tu_.limitation("openmp",
                     "the threads of OpenMP are not understood: the region is read as code of one "
                     "thread, here and further on in this file",
                     tu_.sources.range(directive->getSourceRange()), false);
  }

  void noteTry(const clang::Stmt *statement) {
    if (try_)
      scan_.enclosingTry[statement] = try_;
  }

  void noteDeclaration(const clang::Decl *decl) {
    if (const auto *record = llvm::dyn_cast<clang::CXXRecordDecl>(decl)) {
      if (record->isThisDeclarationADefinition())
        scan_.localClasses.push_back(record);
      return;
    }
    const auto *variable = llvm::dyn_cast<clang::VarDecl>(decl);
    if (!variable)
      return;
    tu_.variable(variable);
    if (const auto *decomposition = llvm::dyn_cast<clang::DecompositionDecl>(variable))
      for (const clang::BindingDecl *binding : decomposition->bindings())
        if (const clang::VarDecl *holding = binding->getHoldingVar())
          tu_.variable(holding);
    if (variable->getType()->isReferenceType() && variable->getInit()) {
      // The range of a range-for over a library container needs no aliasing: its elements are reached by the model.
      bool range =
          variable->isImplicit() && tu_.typeClass(variable->getType()) == TypeClass::Container;
      if (!range)
        take(variable->getInit());
    }
  }

  void noteCall(const clang::CallExpr *call) {
    const clang::FunctionDecl *function = call->getDirectCallee();
    Callee callee = function ? tu_.callee(function) : Callee();
    unsigned first = 0;
    if (const auto *member = llvm::dyn_cast<clang::CXXMemberCallExpr>(call)) {
      const auto *bound = llvm::dyn_cast<clang::MemberExpr>(member->getCallee()->IgnoreParens());
      if (bound && !bound->isArrow() && !callee.isSystem)
        take(bound->getBase());
    } else if (llvm::isa<clang::CXXOperatorCallExpr>(call) &&
               llvm::isa_and_nonnull<clang::CXXMethodDecl>(function)) {
      first = 1;
      const auto *method = llvm::cast<clang::CXXMethodDecl>(function);
      bool copies = method->isImplicit() || method->isDefaulted();
      if (!callee.isSystem && !copies && !method->getParent()->isLambda() && call->getNumArgs() > 0)
        take(call->getArg(0));
      if (copies)
        return;
    }
    const clang::FunctionProtoType *type = nullptr;
    if (function)
      type = function->getType()->getAs<clang::FunctionProtoType>();
    else if (clang::QualType pointee = call->getCallee()->getType(); !pointee.isNull())
      if (!pointee->getPointeeType().isNull())
        type = pointee->getPointeeType()->getAs<clang::FunctionProtoType>();
    if (!type)
      return;
    for (unsigned i = first; i < call->getNumArgs() && i - first < type->getNumParams(); ++i)
      bind(call->getArg(i), type->getParamType(i - first), callee);
  }

  TuBuilder &tu_;
  BodyScan &scan_;
  const clang::CXXTryStmt *try_ = nullptr;
  llvm::DenseSet<const clang::Stmt *> subscriptBases_;
};

} // namespace

BodyScan scanBody(TuBuilder &tu, const clang::FunctionDecl *function) {
  BodyScan scan;
  Scanner scanner(tu, scan);
  tu.numberBody(function);
  for (const clang::ParmVarDecl *parameter : function->parameters())
    tu.variable(parameter);
  if (const auto *constructor = llvm::dyn_cast<clang::CXXConstructorDecl>(function))
    for (const clang::CXXCtorInitializer *initializer : constructor->inits())
      if (const clang::Expr *init = initializer->getInit()) {
        if (const auto *byDefault = llvm::dyn_cast<clang::CXXDefaultInitExpr>(init))
          init = byDefault->getExpr();
        scanner.walkInside(llvm::dyn_cast_or_null<clang::CXXTryStmt>(function->getBody()), init);
      }
  if (function->getBody())
    scanner.walk(function->getBody());
  return scan;
}

void scanExpression(TuBuilder &tu, const clang::Expr *expression, BodyScan &scan) {
  Scanner(tu, scan).walk(expression);
}

} // namespace threadlint
