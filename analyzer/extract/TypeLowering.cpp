// TypeLowering: clang::QualType -> TypeInfo, the classes models know, and which destructions have effects.
//
// C handle types are typedefs of integers or unions (pthread_t), so the sugar is searched for a known name before the canonical type
// is looked at.
#include "analyzer/extract/TuBuilder.h"

namespace threadlint {

const ClassModel *TuBuilder::classModel(const clang::CXXRecordDecl *record) {
  record = record->getCanonicalDecl();
  auto [entry, inserted] = classModels_.try_emplace(record, nullptr);
  if (!inserted)
    return entry->second;
  // Headers may open namespaces inside `extern "C++" { ... }`.
  const clang::DeclContext *outermost = nullptr;
  for (const clang::DeclContext *context = record->getDeclContext();
       context && !context->isTranslationUnit(); context = context->getParent())
    if (!llvm::isa<clang::LinkageSpecDecl>(context))
      outermost = context;
  const ClassModel *model = nullptr;
  const auto *space = llvm::dyn_cast_or_null<clang::NamespaceDecl>(outermost);
  bool known = space && space->getIdentifier() &&
               llvm::is_contained({"std", "boost", "absl", "__gnu_cxx"}, space->getName());
  bool global = record->getDeclContext()->getRedeclContext()->isTranslationUnit() &&
                record->getIdentifier() && record->getName().starts_with("Q");
  if ((known || global) && record->getIdentifier())
    model = findClassModel(qualifiedName(record));
  return classModels_[record] = model;
}

const ClassModel *TuBuilder::typedefModel(clang::QualType type) {
  while (const auto *alias = type->getAs<clang::TypedefType>()) {
    const clang::TypedefNameDecl *decl = alias->getDecl();
    const clang::DeclContext *scope = decl->getDeclContext()->getRedeclContext();
    if (scope->isTranslationUnit() || scope->isExternCContext())
      if (const ClassModel *model = findClassModel(decl->getName()))
        return model;
    type = decl->getUnderlyingType();
  }
  return nullptr;
}

const ClassModel *TuBuilder::classModel(clang::QualType type) {
  if (type.isNull())
    return nullptr;
  type = type.getNonReferenceType();
  if (const ClassModel *model = typedefModel(type))
    return model;
  if (const clang::CXXRecordDecl *record = type->getAsCXXRecordDecl())
    return classModel(record);
  if (const auto *special = type->getAs<clang::TemplateSpecializationType>())
    if (const auto *alias = llvm::dyn_cast_or_null<clang::ClassTemplateDecl>(
            special->getTemplateName().getAsTemplateDecl()))
      return classModel(alias->getTemplatedDecl());
  return nullptr;
}

TypeClass TuBuilder::typeClass(clang::QualType type) {
  return type.isNull() ? TypeClass::Other : this->type(type.getNonReferenceType()).cls;
}

bool TuBuilder::isUserRecord(const clang::RecordDecl *record) const {
  return sources.isUser(record->getLocation());
}

const clang::CXXMethodDecl *TuBuilder::lockMethod(clang::QualType type, LockMode mode) {
  const clang::CXXRecordDecl *record = type.getNonReferenceType()->getAsCXXRecordDecl();
  if (!record || !record->hasDefinition() || classModel(record) || !isUserRecord(record))
    return nullptr;
  const char *name = mode == LockMode::Shared ? "lock_shared" : "lock";
  for (const clang::NamedDecl *found : record->lookup(&context.Idents.get(name)))
    if (const auto *method = llvm::dyn_cast<clang::CXXMethodDecl>(found);
        method && method->getNumParams() == 0)
      return method;
  return nullptr;
}

bool TuBuilder::isNullLock(clang::QualType type) {
  const clang::CXXMethodDecl *method = lockMethod(type, LockMode::Exclusive);
  if (!method)
    return false;
  const clang::FunctionDecl *pattern = method->getTemplateInstantiationPattern();
  const clang::Stmt *body = (pattern ? pattern : method)->getBody();
  const auto *block = llvm::dyn_cast_or_null<clang::CompoundStmt>(body);
  return block && block->body_empty();
}

TypeInfo TuBuilder::type(clang::QualType type) {
  if (type.isNull())
    return {};
  auto found = types_.find(type.getAsOpaquePtr());
  if (found != types_.end())
    return found->second;
  TypeInfo computed = computeType(type);
  types_[type.getAsOpaquePtr()] = computed;
  return computed;
}

TypeInfo TuBuilder::computeType(clang::QualType type) {
  TypeInfo result;
  std::string spelled;
  llvm::raw_string_ostream out(spelled);
  type.print(out, policy_);
  result.name = intern(spelled);
  if (type->isReferenceType()) {
    result.isReference = true;
    type = type.getNonReferenceType();
  }
  result.isConst = type.isConstQualified();
  result.isVolatile = type.isVolatileQualified();
  if (const auto *atomic = type->getAs<clang::AtomicType>()) {
    result.isAtomic = true;
    type = atomic->getValueType();
  }
  if (const ClassModel *model = classModel(type)) {
    result.cls = model->cls;
    result.lockKind = model->lockKind;
    result.isAtomic |= model->atomic;
    const auto *special =
        llvm::dyn_cast_or_null<clang::ClassTemplateSpecializationDecl>(type->getAsCXXRecordDecl());
    if (special && special->getTemplateArgs().size() > 0) {
      const auto &arguments = special->getTemplateArgs();
      unsigned index = 0;
      llvm::StringRef name = special->getName();
      if ((name == "map" || name == "unordered_map" || name == "multimap" ||
           name == "unordered_multimap" || name == "flat_map") &&
          arguments.size() > 1)
        index = 1;
      if (arguments[index].getKind() == clang::TemplateArgument::Type) {
        clang::QualType element = arguments[index].getAsType();
        if (model->atomic) {
          TypeInfo value = this->type(element);
          result.cls = value.cls == TypeClass::Record ? TypeClass::Other : value.cls;
          result.record = value.record;
        } else if (model->cls == TypeClass::Container || model->cls == TypeClass::SmartPointer) {
          clang::QualType inner = element;
          if (const auto *nested = inner->getAsCXXRecordDecl(); nested && nested->hasDefinition())
            result.record = record(nested);
        }
      }
    } else if (model->atomic) {
      result.cls = TypeClass::Bool;
    }
    return result;
  }
  if (const auto *array = context.getAsArrayType(type)) {
    result.cls = TypeClass::Array;
    clang::QualType element = context.getBaseElementType(array->getElementType());
    result.isConst |= element.isConstQualified();
    result.record = this->type(element).record;
    return result;
  }
  if (type->isPointerType() || type->isMemberPointerType() || type->isNullPtrType()) {
    result.cls = TypeClass::Pointer;
    if (clang::QualType pointee = type->getPointeeType(); !pointee.isNull())
      if (const clang::RecordDecl *decl = pointee->getAsRecordDecl())
        result.record = record(decl);
    return result;
  }
  if (const clang::RecordDecl *decl = type->getAsRecordDecl()) {
    result.cls = TypeClass::Record;
    result.record = record(decl);
    return result;
  }
  if (type->isFunctionType())
    result.cls = TypeClass::Function;
  else if (type->isBooleanType())
    result.cls = TypeClass::Bool;
  else if (type->isEnumeralType())
    result.cls = TypeClass::Enum;
  else if (type->isIntegerType())
    result.cls = TypeClass::Integer;
  return result;
}

const clang::CXXDestructorDecl *
TuBuilder::interestingDestructor(const clang::CXXRecordDecl *record) {
  record = record->getDefinition();
  if (!record || record->isDependentContext() || record->hasTrivialDestructor() ||
      !isUserRecord(record))
    return nullptr;
  const clang::CXXDestructorDecl *destructor = record->getDestructor();
  if (!destructor || destructor->isDeleted())
    return nullptr;
  if (destructor->isUserProvided() || destructionMatters(context.getCanonicalTagType(record)))
    return destructor;
  return nullptr;
}

bool TuBuilder::destructionMatters(clang::QualType type) {
  type = context.getBaseElementType(type).getCanonicalType().getUnqualifiedType();
  const clang::CXXRecordDecl *record = type->getAsCXXRecordDecl();
  if (!record || !record->getDefinition())
    return false;
  record = record->getDefinition();
  auto [entry, inserted] = destructionMatters_.try_emplace(type.getAsOpaquePtr(), false);
  if (!inserted)
    return entry->second;
  bool matters = false;
  if (const ClassModel *model = classModel(record)) {
    matters = model->cls == TypeClass::Guard || model->cls == TypeClass::Thread ||
              model->cls == TypeClass::JThread || model->cls == TypeClass::Future;
    if (model->cls == TypeClass::Container || model->cls == TypeClass::SmartPointer) {
      if (const auto *special = llvm::dyn_cast<clang::ClassTemplateSpecializationDecl>(record))
        for (const clang::TemplateArgument &argument :
             special->getTemplateArgs().asArray().take_front(2))
          if (argument.getKind() == clang::TemplateArgument::Type &&
              record->getName() != "shared_ptr")
            matters |= destructionMatters(argument.getAsType());
    }
  } else if (!isUserRecord(record) || record->isDependentContext()) {
    // std::pair, std::tuple and the like: nothing we look into.
    if (const auto *special = llvm::dyn_cast<clang::ClassTemplateSpecializationDecl>(record);
        special && record->getName() == "pair")
      for (const clang::TemplateArgument &argument : special->getTemplateArgs().asArray())
        if (argument.getKind() == clang::TemplateArgument::Type)
          matters |= destructionMatters(argument.getAsType());
  } else if (!record->hasTrivialDestructor()) {
    const clang::CXXDestructorDecl *destructor = record->getDestructor();
    matters = destructor && destructor->isUserProvided();
    for (const clang::FieldDecl *field : record->fields())
      matters = matters || destructionMatters(field->getType());
    for (const clang::CXXBaseSpecifier &base : record->bases())
      matters = matters || destructionMatters(base.getType());
  }
  return destructionMatters_[type.getAsOpaquePtr()] = matters;
}

const clang::CXXConstructorDecl *
TuBuilder::interestingDefaultConstructor(const clang::CXXRecordDecl *record) {
  record = record->getDefinition();
  if (!record || record->isDependentContext() || !isUserRecord(record) || classModel(record))
    return nullptr;
  auto [entry, inserted] = defaultConstructors_.try_emplace(record, nullptr);
  if (!inserted)
    return entry->second;
  const clang::CXXConstructorDecl *constructor = nullptr;
  for (const clang::CXXConstructorDecl *candidate : record->ctors())
    if (candidate->isDefaultConstructor() && !candidate->isDeleted())
      constructor = candidate;
  if (!constructor)
    return nullptr;
  bool matters = constructor->isUserProvided();
  auto part = [&](clang::QualType type) {
    const clang::CXXRecordDecl *inner = context.getBaseElementType(type)->getAsCXXRecordDecl();
    return inner && interestingDefaultConstructor(inner) != nullptr;
  };
  for (const clang::FieldDecl *field : record->fields())
    matters = matters || field->hasInClassInitializer() || part(field->getType());
  for (const clang::CXXBaseSpecifier &base : record->bases())
    matters = matters || part(base.getType());
  return defaultConstructors_[record] = matters ? constructor : nullptr;
}

bool TuBuilder::hasHandleMember(const clang::CXXRecordDecl *record) {
  record = record->getDefinition();
  if (!record || record->isDependentContext() || !isUserRecord(record))
    return false;
  auto [entry, inserted] = handleMembers_.try_emplace(record, false);
  if (!inserted)
    return entry->second;
  bool found = false;
  auto isHandle = [&](clang::QualType member) {
    const clang::CXXRecordDecl *inner = context.getBaseElementType(member)->getAsCXXRecordDecl();
    if (!inner)
      return false;
    if (const ClassModel *model = classModel(inner))
      return model->cls == TypeClass::Guard || model->cls == TypeClass::Thread ||
             model->cls == TypeClass::JThread;
    return hasHandleMember(inner);
  };
  for (const clang::FieldDecl *field : record->fields())
    found = found || isHandle(field->getType());
  for (const clang::CXXBaseSpecifier &base : record->bases())
    found = found || isHandle(base.getType());
  return handleMembers_[record] = found;
}

} // namespace threadlint
