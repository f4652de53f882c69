// TuLowering: all the user's functions, variables and records of one AST -> TuFacts.
//
//   top-level declarations  =>  functions, instantiations, lambdas, destructors (each once)  =>  FunctionFacts
//
// Template instantiations are reached through their templates; a template nobody instantiated is lowered from its pattern. System
// headers are never traversed: what is needed of them is reached by reference.
#pragma once

#include "analyzer/facts/TuFacts.h"

#include "llvm/ADT/ArrayRef.h"

#include <string>

namespace clang {
class ASTContext;
class Decl;
} // namespace clang

namespace threadlint {

/// Fills `facts` from the given declarations (any order of nesting; system ones are ignored).
void lowerTranslationUnit(clang::ASTContext &context,
                          llvm::ArrayRef<const clang::Decl *> declarations,
                          const std::string &projectRoot, TuFacts &facts);

} // namespace threadlint
