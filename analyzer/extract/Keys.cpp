// Keys: names of declarations that are equal in every translation unit that sees the same entity.
//
// External linkage: USR. Internal linkage: USR + "@" + file. What stands inside a function (lambdas, local classes, locals): enclosing
// key + kind + name + ordinal among equals in source order, because USRs of those hold offsets or are shared.
#include "analyzer/extract/TuBuilder.h"

#include "clang/AST/StmtCXX.h"
#include "clang/Index/USRGeneration.h"

namespace threadlint {

void forEachChild(const clang::Stmt *statement,
                  llvm::function_ref<void(const clang::Stmt *)> visit) {
  if (const auto *lambda = llvm::dyn_cast<clang::LambdaExpr>(statement)) {
    for (const clang::Expr *init : lambda->capture_inits())
      if (init)
        visit(init);
    return;
  }
  if (const auto *list = llvm::dyn_cast<clang::InitListExpr>(statement))
    if (const clang::InitListExpr *semantic = list->getSemanticForm(); semantic && semantic != list)
      statement = semantic;
  for (const clang::Stmt *child : statement->children())
    if (child)
      visit(child);
}

namespace {

void walkForNumbers(const clang::Stmt *statement,
                    llvm::function_ref<void(const clang::Stmt *)> visit) {
  visit(statement);
  forEachChild(statement, [&](const clang::Stmt *child) { walkForNumbers(child, visit); });
}

} // namespace

std::string TuBuilder::usr(const clang::Decl *decl) {
  llvm::SmallString<128> buffer;
  if (!clang::index::generateUSRForDecl(decl, buffer))
    return std::string(buffer);
  std::string name = "?";
  if (const auto *named = llvm::dyn_cast<clang::NamedDecl>(decl))
    name += qualifiedName(named);
  return name + "@" + sources.fileName(decl->getLocation());
}

std::string TuBuilder::ordinalKey(const std::string &stem) {
  return stem + "#" + std::to_string(ordinals_[stem]++);
}

std::string TuBuilder::enclosingKey(const clang::DeclContext *declContext) {
  for (; declContext; declContext = declContext->getParent()) {
    if (const auto *function = llvm::dyn_cast<clang::FunctionDecl>(declContext))
      return facts.strings[functionKey(function)];
    if (const auto *record = llvm::dyn_cast<clang::RecordDecl>(declContext))
      return recordKeyText(record);
    if (declContext->isFileContext())
      break;
  }
  return "<init>";
}

void TuBuilder::setLambdaKey(const clang::CXXRecordDecl *closure, llvm::StringRef enclosing) {
  closure = closure->getCanonicalDecl();
  if (!lambdaKeys_.contains(closure))
    lambdaKeys_[closure] = ordinalKey(enclosing.str() + "#lambda");
}

void TuBuilder::numberBody(const clang::FunctionDecl *function) {
  const clang::FunctionDecl *definition = nullptr;
  if (!function->hasBody(definition) || !numbered_.insert(definition->getCanonicalDecl()).second)
    return;
  std::string key = facts.strings[functionKey(definition)];
  auto visit = [&](const clang::Stmt *statement) {
    if (const auto *lambda = llvm::dyn_cast<clang::LambdaExpr>(statement)) {
      setLambdaKey(lambda->getLambdaClass(), key);
    } else if (const auto *declarations = llvm::dyn_cast<clang::DeclStmt>(statement)) {
      for (const clang::Decl *decl : declarations->decls())
        if (const auto *record = llvm::dyn_cast<clang::RecordDecl>(decl))
          localRecordKeys_[llvm::cast<clang::RecordDecl>(record->getCanonicalDecl())] =
              ordinalKey(key + "#class#" + record->getName().str());
    }
  };
  if (const auto *constructor = llvm::dyn_cast<clang::CXXConstructorDecl>(definition))
    for (const clang::CXXCtorInitializer *initializer : constructor->inits())
      if (initializer->getInit())
        walkForNumbers(initializer->getInit(), visit);
  walkForNumbers(definition->getBody(), visit);
}

std::string TuBuilder::recordKeyText(const clang::RecordDecl *record) {
  record = llvm::cast<clang::RecordDecl>(record->getCanonicalDecl());
  if (const auto *cxx = llvm::dyn_cast<clang::CXXRecordDecl>(record); cxx && cxx->isLambda())
    return facts.strings[functionKey(cxx->getLambdaCallOperator())] + "$";
  if (const clang::DeclContext *parent = record->getParentFunctionOrMethod()) {
    if (auto found = localRecordKeys_.find(record); found != localRecordKeys_.end())
      return found->second;
    if (const auto *function = llvm::dyn_cast<clang::FunctionDecl>(parent)) {
      numberBody(function);
      if (auto found = localRecordKeys_.find(record); found != localRecordKeys_.end())
        return found->second;
    }
    std::string key = ordinalKey(enclosingKey(parent) + "#class#" + record->getName().str());
    return localRecordKeys_[record] = key;
  }
  if (record->getIdentifier()) {
    if (!context.getLangOpts().CPlusPlus)
      return "s:" + record->getName().str();
    std::string key = usr(record);
    if (const auto *special = llvm::dyn_cast<clang::ClassTemplateSpecializationDecl>(record))
      appendLocalTypes(special->getTemplateArgs().asArray(), key, 0);
    if (!record->isExternallyVisible())
      key += "@" + sources.fileName(record->getLocation());
    return key;
  }
  if (const clang::TypedefNameDecl *name = record->getTypedefNameForAnonDecl())
    return (context.getLangOpts().CPlusPlus ? "s:" + qualifiedName(name)
                                            : "s:" + name->getName().str());
  if (auto found = localRecordKeys_.find(record); found != localRecordKeys_.end())
    return found->second;
  std::string stem = enclosingKey(record->getLexicalDeclContext());
  if (record->getLexicalDeclContext()->isFileContext())
    stem += "@" + sources.fileName(record->getLocation());
  std::string key = ordinalKey(stem + "#anon");
  return localRecordKeys_[record] = key;
}

void TuBuilder::appendLocalTypes(clang::QualType type, std::string &key, unsigned depth) {
  if (type.isNull() || depth > 4)
    return;
  type = type.getCanonicalType().getNonReferenceType();
  while (!type->getPointeeType().isNull())
    type = type->getPointeeType();
  const clang::CXXRecordDecl *record = type->getAsCXXRecordDecl();
  if (!record)
    return;
  if (record->isLambda() || record->getParentFunctionOrMethod())
    key += "|" + recordKeyText(record);
  else if (const auto *special = llvm::dyn_cast<clang::ClassTemplateSpecializationDecl>(record))
    appendLocalTypes(special->getTemplateArgs().asArray(), key, depth + 1);
}

void TuBuilder::appendLocalTypes(llvm::ArrayRef<clang::TemplateArgument> arguments,
                                 std::string &key, unsigned depth) {
  for (const clang::TemplateArgument &argument : arguments) {
    if (argument.getKind() == clang::TemplateArgument::Type)
      appendLocalTypes(argument.getAsType(), key, depth);
    else if (argument.getKind() == clang::TemplateArgument::Pack)
      appendLocalTypes(argument.pack_elements(), key, depth);
  }
}

std::string TuBuilder::functionKeyText(const clang::FunctionDecl *function) {
  const auto *method = llvm::dyn_cast<clang::CXXMethodDecl>(function);
  if (method && method->getParent()->isLambda() &&
      method->getOverloadedOperator() == clang::OO_Call) {
    const clang::CXXRecordDecl *closure = method->getParent()->getCanonicalDecl();
    if (!lambdaKeys_.contains(closure)) {
      const clang::DeclContext *parent = closure->getParent();
      while (parent && !llvm::isa<clang::FunctionDecl>(parent) && !parent->isFileContext() &&
             !parent->isRecord())
        parent = parent->getParent();
      if (const auto *outer = llvm::dyn_cast_or_null<clang::FunctionDecl>(parent))
        numberBody(outer);
      if (!lambdaKeys_.contains(closure)) {
        std::string stem = enclosingKey(closure->getParent());
        if (stem == "<init>")
          stem += "@" + sources.fileName(closure->getLocation());
        setLambdaKey(closure, stem);
      }
    }
    std::string key = lambdaKeys_[closure];
    if (const clang::TemplateArgumentList *arguments = method->getTemplateSpecializationArgs()) {
      llvm::raw_string_ostream out(key);
      out << '<';
      for (const clang::TemplateArgument &argument : arguments->asArray()) {
        argument.print(policy_, out, /*IncludeType=*/true);
        out << ',';
      }
      out << '>';
    }
    return key;
  }
  if (function->getParentFunctionOrMethod() && method) {
    std::string signature;
    llvm::raw_string_ostream out(signature);
    method->getType().getCanonicalType().print(out, policy_);
    return recordKeyText(method->getParent()) + "#" + method->getNameAsString() + "(" + signature +
           ")";
  }
  std::string key = usr(function);
  // Closures and local classes are not told apart by the USR of what they instantiate.
  if (const clang::TemplateArgumentList *arguments = function->getTemplateSpecializationArgs())
    appendLocalTypes(arguments->asArray(), key, 0);
  if (method)
    if (const auto *special =
            llvm::dyn_cast<clang::ClassTemplateSpecializationDecl>(method->getParent()))
      appendLocalTypes(special->getTemplateArgs().asArray(), key, 0);
  if (!function->isExternallyVisible() && !function->isExternC())
    key += "@" + sources.fileName(function->getLocation());
  else if (function->isExternC() && function->getStorageClass() == clang::SC_Static)
    key += "@" + sources.fileName(function->getLocation());
  return key;
}

StringId TuBuilder::functionKey(const clang::FunctionDecl *function) {
  const clang::FunctionDecl *canonical = function->getCanonicalDecl();
  if (auto found = functionKeys_.find(canonical); found != functionKeys_.end())
    return found->second;
  // Library templates are known by their pattern: their arguments hold offsets of closures and say nothing we need.
  if (function->isTemplateInstantiation() && !sources.isUser(canonical->getLocation()))
    if (const clang::FunctionDecl *pattern = function->getTemplateInstantiationPattern()) {
      StringId key = intern(usr(pattern));
      functionKeys_[canonical] = key;
      return key;
    }
  // Internal functions are named after the file that defines them, not the first that declares them.
  const clang::FunctionDecl *definition = function->getDefinition();
  StringId key = intern(functionKeyText(definition ? definition : canonical));
  functionKeys_[canonical] = key;
  return key;
}

std::string TuBuilder::qualifiedName(const clang::NamedDecl *decl) {
  std::string prefix;
  if (const auto *function = decl->getParentFunctionOrMethod()) {
    if (const auto *outer = llvm::dyn_cast<clang::FunctionDecl>(function))
      prefix = functionName(outer) + "::";
  }
  llvm::SmallVector<std::string, 4> scopes;
  for (const clang::DeclContext *parent = decl->getDeclContext();
       parent && !parent->isFunctionOrMethod(); parent = parent->getParent()) {
    if (const auto *space = llvm::dyn_cast<clang::NamespaceDecl>(parent)) {
      if (!space->isInline() && !space->isAnonymousNamespace())
        scopes.push_back(space->getName().str());
    } else if (const auto *tag = llvm::dyn_cast<clang::TagDecl>(parent)) {
      if (tag->getIdentifier())
        scopes.push_back(tag->getName().str());
      else if (const clang::TypedefNameDecl *name = tag->getTypedefNameForAnonDecl())
        scopes.push_back(name->getName().str());
    }
  }
  for (const std::string &scope : llvm::reverse(scopes))
    prefix += scope + "::";
  // The policy drops template arguments from the names of constructors, destructors and conversions.
  if (const auto *constructor = llvm::dyn_cast<clang::CXXConstructorDecl>(decl))
    return prefix + constructor->getParent()->getName().str();
  if (const auto *destructor = llvm::dyn_cast<clang::CXXDestructorDecl>(decl))
    return prefix + "~" + destructor->getParent()->getName().str();
  if (decl->getDeclName().isIdentifier()) {
    if (decl->getIdentifier())
      return prefix + decl->getName().str();
    if (const auto *tag = llvm::dyn_cast<clang::TagDecl>(decl))
      if (const clang::TypedefNameDecl *name = tag->getTypedefNameForAnonDecl())
        return prefix + name->getName().str();
    return prefix + "(anonymous)";
  }
  return prefix + decl->getDeclName().getAsString();
}

std::string TuBuilder::functionName(const clang::FunctionDecl *function) {
  const auto *method = llvm::dyn_cast<clang::CXXMethodDecl>(function);
  if (method && method->getParent()->isLambda()) {
    const clang::DeclContext *parent = method->getParent()->getParent();
    while (parent && !llvm::isa<clang::FunctionDecl>(parent) && !parent->isFileContext())
      parent = parent->getParent();
    if (const auto *outer = llvm::dyn_cast_or_null<clang::FunctionDecl>(parent)) {
      std::string name = functionName(outer);
      return name.starts_with("lambda in ") ? name : "lambda in " + name;
    }
    return "lambda";
  }
  return qualifiedName(function);
}

} // namespace threadlint
