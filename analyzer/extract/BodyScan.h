// BodyScan: what lowering must know of a function body before it lowers the first statement.
//
// One walk over the statements: which locals have their address taken (so their accesses are events), which functions are used as
// values, which try statement encloses a call, and the lambdas and local classes that need lowering of their own.
#pragma once

#include "analyzer/extract/TuBuilder.h"

#include "clang/AST/StmtCXX.h"

namespace threadlint {

struct BodyScan {
  llvm::DenseSet<const clang::VarDecl *> addressTaken;
  /// Innermost try statement around each call, construction and throw that stands in one.
  llvm::DenseMap<const clang::Stmt *, const clang::CXXTryStmt *> enclosingTry;
  /// Outer try of a try.
  llvm::DenseMap<const clang::CXXTryStmt *, const clang::CXXTryStmt *> outerTry;
  std::vector<const clang::LambdaExpr *> lambdas;
  std::vector<const clang::CXXRecordDecl *> localClasses;
  bool isCoroutine = false;
};

BodyScan scanBody(TuBuilder &tu, const clang::FunctionDecl *function);
/// The same for the initialiser of a global.
void scanExpression(TuBuilder &tu, const clang::Expr *expression, BodyScan &scan);

} // namespace threadlint
