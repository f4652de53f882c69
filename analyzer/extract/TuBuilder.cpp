// TuBuilder: strings, variables, fields and records of a TU. Keys and types are in Keys.cpp and TypeLowering.cpp.
#include "analyzer/extract/TuBuilder.h"

#include "clang/Basic/Builtins.h"

namespace threadlint {
namespace {

clang::PrintingPolicy messagePolicy(const clang::ASTContext &context) {
  clang::PrintingPolicy policy = context.getPrintingPolicy();
  policy.SuppressTagKeyword = true;
  policy.SuppressUnwrittenScope = true;
  policy.SuppressInlineNamespace =
      llvm::to_underlying(clang::PrintingPolicy::SuppressInlineNamespaceMode::All);
  policy.AnonymousTagLocations = false;
  return policy;
}

/// PTHREAD_*_INITIALIZER macros are braces; the first non-zero number among the leading fields is the kind.
LockKind staticLockKind(const clang::VarDecl *variable, LockKind fallback) {
  const auto *list = llvm::dyn_cast_or_null<clang::InitListExpr>(variable->getInit());
  if (!list)
    return fallback;
  // struct __pthread_mutex_s { int lock; unsigned count; int owner; unsigned nusers; int kind; ... } inside the union.
  if (list->getNumInits() > 0)
    if (const auto *inner = llvm::dyn_cast<clang::InitListExpr>(list->getInit(0)))
      list = inner;
  if (list->getNumInits() < 5)
    return fallback;
  const clang::Expr *kind = list->getInit(4)->IgnoreParenImpCasts();
  if (const auto *reference = llvm::dyn_cast<clang::DeclRefExpr>(kind)) {
    const auto *enumerator = llvm::dyn_cast<clang::EnumConstantDecl>(reference->getDecl());
    std::int64_t number = enumerator ? enumerator->getInitVal().getExtValue() : 0;
    return number == 1 ? LockKind::Recursive : number == 2 ? LockKind::ErrorCheck : fallback;
  }
  if (const auto *literal = llvm::dyn_cast<clang::IntegerLiteral>(kind)) {
    std::uint64_t number = literal->getValue().getLimitedValue();
    return number == 1 ? LockKind::Recursive : number == 2 ? LockKind::ErrorCheck : fallback;
  }
  return fallback;
}

} // namespace

bool isNothrow(const clang::FunctionDecl *function) {
  const auto *type = function->getType()->getAs<clang::FunctionProtoType>();
  if (!type || type->isDependentType())
    return false;
  bool unresolved = clang::isUnresolvedExceptionSpec(type->getExceptionSpecType());
  if (llvm::isa<clang::CXXDestructorDecl>(function))
    return unresolved || type->isNothrow();
  const auto *constructor = llvm::dyn_cast<clang::CXXConstructorDecl>(function);
  if (unresolved || (constructor && !constructor->isUserProvided()))
    return false;
  return type->isNothrow();
}

TuBuilder::TuBuilder(clang::ASTContext &context, TuFacts &facts, const std::string &projectRoot)
    : context(context), facts(facts),
      sources(context.getSourceManager(), context.getLangOpts(), facts, projectRoot),
      policy_(messagePolicy(context)) {
  strings_[""] = 0;
}

StringId TuBuilder::intern(llvm::StringRef text) {
  auto [entry, inserted] = strings_.try_emplace(text, static_cast<StringId>(facts.strings.size()));
  if (inserted)
    facts.strings.push_back(text.str());
  return entry->second;
}

void TuBuilder::limitation(llvm::StringRef kind, llvm::StringRef message, SourceRange range,
                           bool incomplete) {
  facts.limitations.push_back({intern(kind), intern(message), range, incomplete});
}

VarId TuBuilder::variable(const clang::VarDecl *variable) {
  const clang::VarDecl *canonical = variable->getCanonicalDecl();
  if (auto found = vars_.find(canonical); found != vars_.end())
    return found->second;
  const clang::VarDecl *definition = variable->getDefinition(context);
  const clang::VarDecl *best = definition ? definition : canonical;
  VarFacts var;
  var.name =
      intern(best->isLocalVarDeclOrParm() && !best->isStaticLocal() ? std::string(best->getName())
                                                                    : qualifiedName(best));
  var.type = type(best->getType());
  var.range = sources.range(best->getLocation());
  var.isDefinition = definition != nullptr;
  if (best->getTSCSpec() != clang::TSCS_unspecified || best->hasAttr<clang::ThreadAttr>())
    var.kind = VarKind::ThreadLocal;
  else if (llvm::isa<clang::ParmVarDecl>(best))
    var.kind = VarKind::Param;
  else if (best->isStaticLocal())
    var.kind = VarKind::StaticLocal;
  else if (best->isLocalVarDecl() && !best->hasExternalStorage())
    var.kind = VarKind::Local;
  else
    var.kind = VarKind::Global;
  if (best->getParentFunctionOrMethod() && !best->hasExternalStorage()) {
    const auto *function = llvm::dyn_cast<clang::FunctionDecl>(best->getDeclContext());
    const char *kind = best->isStaticLocal() ? "#static#" : "#v#";
    std::string stem = (function ? facts.strings[functionKey(function)] : std::string("?")) + kind +
                       std::string(best->getName());
    var.key = intern(ordinalKey(stem));
  } else {
    std::string key = usr(best);
    if (!best->isExternallyVisible())
      key += "@" + sources.fileName(best->getLocation());
    var.key = intern(key);
    var.external = best->isExternallyVisible();
  }
  if (var.type.cls == TypeClass::Lock)
    var.staticLockKind = staticLockKind(best, var.type.lockKind);
  VarId id = static_cast<VarId>(facts.vars.size());
  facts.vars.push_back(std::move(var));
  vars_[canonical] = id;
  return id;
}

FieldId TuBuilder::field(const clang::FieldDecl *field) {
  field = field->getCanonicalDecl();
  if (auto found = fields_.find(field); found != fields_.end())
    return found->second;
  const clang::RecordDecl *parent = field->getParent();
  // Members of std::pair are shared by all its specialisations, so that `m[k]` and `it->second` meet.
  if (const auto *cxx = llvm::dyn_cast<clang::CXXRecordDecl>(parent);
      cxx && cxx->isInStdNamespace() && cxx->getName() == "pair") {
    FieldId id = namedField("std::pair", field->getName());
    return fields_[field] = id;
  }
  StringId owner = record(parent);
  if (auto found = fields_.find(field); found != fields_.end())
    return found->second;
  FieldFacts result;
  result.record = owner;
  std::string name = field->getName().str();
  if (name.empty())
    name = "#" + std::to_string(field->getFieldIndex());
  result.key = intern(facts.strings[owner] + "::" + name);
  result.name = intern(name);
  FieldId id = static_cast<FieldId>(facts.fields.size());
  fields_[field] = id;
  facts.fields.push_back(result);
  TypeInfo fieldType = type(field->getType());
  FieldFacts &stored = facts.fields[id];
  stored.type = fieldType;
  stored.isBitField = field->isBitField();
  stored.isMutable = field->isMutable();
  return id;
}

FieldId TuBuilder::namedField(llvm::StringRef owner, llvm::StringRef name) {
  std::string key = owner.str() + "::" + name.str();
  auto [entry, inserted] = namedFields_.try_emplace(key, static_cast<FieldId>(facts.fields.size()));
  if (inserted) {
    FieldFacts result;
    result.key = intern(key);
    result.record = intern(owner);
    result.name = intern(name);
    facts.fields.push_back(result);
  }
  return entry->second;
}

StringId TuBuilder::record(const clang::RecordDecl *record) {
  const auto *canonical = llvm::cast<clang::RecordDecl>(record->getCanonicalDecl());
  StringId key;
  if (auto found = recordKeys_.find(canonical); found != recordKeys_.end())
    key = found->second;
  else
    recordKeys_[canonical] = key = intern(recordKeyText(canonical));
  const clang::RecordDecl *definition = record->getDefinition();
  if (!definition || definition->isBeingDefined() || !recordsDone_.insert(canonical).second)
    return key;
  const auto *cxx = llvm::dyn_cast<clang::CXXRecordDecl>(definition);
  bool isLambda = cxx && cxx->isLambda();
  bool isUser = isUserRecord(definition);
  // Library classes stay opaque: models say what they mean. C structs of system headers are plain data.
  if (!isUser && (!cxx || context.getLangOpts().CPlusPlus) && cxx)
    return key;
  auto index = static_cast<std::uint32_t>(facts.records.size());
  facts.records.emplace_back();
  RecordFacts result;
  result.key = key;
  result.name = intern(isLambda ? "lambda" : qualifiedName(definition));
  result.isUnion = definition->isUnion();
  result.isLambda = isLambda;
  unsigned unit = 0;
  bool inBitFields = false;
  if (!isLambda)
    for (const clang::FieldDecl *member : definition->fields()) {
      FieldId id = field(member);
      // Adjacent bit-fields share a memory location; a zero-width one or an ordinary member separates them.
      if (member->isBitField()) {
        if (!inBitFields || member->isZeroLengthBitField())
          ++unit;
        facts.fields[id].storageUnit = unit;
      }
      inBitFields = member->isBitField();
      result.fields.push_back(id);
    }
  if (cxx && !cxx->isDependentContext()) {
    result.isPolymorphic = cxx->isPolymorphic();
    for (const clang::CXXBaseSpecifier &base : cxx->bases())
      if (const clang::CXXRecordDecl *parent = base.getType()->getAsCXXRecordDecl())
        result.bases.push_back(this->record(parent));
    if (const clang::CXXDestructorDecl *destructor = cxx->getDestructor())
      if (destructor->isUserProvided())
        result.destructor = functionKey(destructor);
    if (cxx->isPolymorphic())
      for (const clang::CXXMethodDecl *method : cxx->methods())
        for (const clang::CXXMethodDecl *overridden : method->overridden_methods()) {
          result.overriders.push_back(functionKey(method));
          result.overriders.push_back(functionKey(overridden));
        }
  }
  facts.records[index] = std::move(result);
  return key;
}

Callee TuBuilder::callee(const clang::FunctionDecl *function) {
  const clang::FunctionDecl *canonical = function->getCanonicalDecl();
  auto [entry, inserted] = callees_.try_emplace(canonical);
  if (!inserted)
    return entry->second;
  Callee result;
  result.isSystem = function->getBuiltinID() != 0 || !sources.isUser(canonical->getLocation());
  const auto *method = llvm::dyn_cast<clang::CXXMethodDecl>(function);
  if (method) {
    result.cls = classModel(method->getParent());
    if (result.cls) {
      result.isAtomicObject = result.cls->atomic;
      std::string name =
          llvm::isa<clang::CXXConversionDecl>(method) && !result.cls->atomic &&
                  llvm::cast<clang::CXXConversionDecl>(method)->getConversionType()->isBooleanType()
              ? "operator bool"
              : method->getNameAsString();
      result.model = findMethodModel(result.cls->atomic ? TypeClass::Other : result.cls->cls, name);
    }
  } else if (function->getDeclName().isIdentifier() ||
             function->getOverloadedOperator() != clang::OO_None) {
    const clang::DeclContext *scope = function->getDeclContext()->getRedeclContext();
    bool cLinkage =
        scope->isTranslationUnit() || function->isExternC() || function->isInExternCContext();
    std::string name = cLinkage ? function->getNameAsString() : qualifiedName(function);
    if (function->getBuiltinID() != 0 && !result.isSystem)
      name = function->getNameAsString();
    result.model = findFunctionModel(name);
    // A function the program defines means what its body says; pthread_ names are taken at their word.
    if (result.model && !result.isSystem && function->isDefined() &&
        !llvm::StringRef(name).starts_with("pthread_"))
      result.model = nullptr;
    // A free operator on iterators or containers may be found through its first argument later; nothing to do here.
  }
  return callees_[canonical] = result;
}

void TuBuilder::markFunctionAddressTaken(const clang::FunctionDecl *function) {
  addressTaken_.insert(functionKey(function));
}

void TuBuilder::enqueue(const clang::FunctionDecl *function) {
  const clang::FunctionDecl *definition = function->getDefinition();
  const clang::FunctionDecl *target = definition ? definition : function;
  if (enqueued_.insert(target->getCanonicalDecl()).second)
    queue.push_back(target);
}

} // namespace threadlint
