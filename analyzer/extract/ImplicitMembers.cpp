// ImplicitMembers: constructors and destructors nobody wrote, where they have effects.
//
// Clang defines implicit members only where a parsed body uses them, and the bodies of make_unique and its kin are skipped. Lowering them
// from the record gives the same facts whether or not Clang did.
#include "analyzer/extract/FunctionLowering.h"

namespace threadlint {

void FunctionLowering::lowerImplicitDestructor(const clang::CXXDestructorDecl *destructor) {
  start(destructor);
  out_.entry = newBlock();
  out_.exit = newBlock();
  current_ = out_.entry;
  const clang::CXXRecordDecl *record = destructor->getParent();
  PathId object =
      stepPath(thisPath(), StepKind::Deref, tu_.type(tu_.context.getCanonicalTagType(record)));
  destroyMembers(record, object, tu_.sources.range(destructor->getLocation()));
  out_.blocks[current_].edges.push_back({EdgeKind::Always, out_.exit});
}

void FunctionLowering::destroyMembers(const clang::CXXRecordDecl *record, PathId object,
                                      SourceRange range) {
  std::vector<const clang::FieldDecl *> fields(record->field_begin(), record->field_end());
  for (const clang::FieldDecl *field : llvm::reverse(fields))
    if (!field->getType()->isReferenceType() && !record->isUnion())
      destroy(fieldPath(object, field), field->getType(), range);
  std::vector<clang::QualType> bases;
  for (const clang::CXXBaseSpecifier &base : record->bases())
    bases.push_back(base.getType());
  for (clang::QualType base : llvm::reverse(bases))
    destroy(object, base, range);
}

void FunctionLowering::constructByDefault(PathId object, clang::QualType type, SourceRange range) {
  while (const auto *array = tu_.context.getAsArrayType(type)) {
    type = array->getElementType();
    object = stepPath(object, StepKind::AnyIndex, tu_.type(type));
  }
  const clang::CXXRecordDecl *record = type->getAsCXXRecordDecl();
  if (!record || !record->getDefinition())
    return;
  if (const ClassModel *model = tu_.classModel(record)) {
    if (model->cls == TypeClass::Guard) {
      Event &event = emit(EventKind::GuardInit, range);
      event.path = object;
      event.tag = GuardTag::Empty;
      event.mode = model->mode;
    } else if (model->cls == TypeClass::SmartPointer || model->cls == TypeClass::Callable) {
      access(EventKind::Write, object, range, Flag::Initialization, intValue(0));
    }
    return;
  }
  record = record->getDefinition();
  if (record->needsImplicitDefaultConstructor() && tu_.isUserRecord(record)) {
    // Clang has not even declared it: the same effects, in place.
    for (const clang::FieldDecl *field : record->fields())
      if (const clang::Expr *init =
              field->hasInClassInitializer() ? field->getInClassInitializer() : nullptr)
        scanExpression(tu_, init, scan_);
    PathId saved = constructed_;
    bool memoize = memoize_;
    constructed_ = object;
    memoize_ = false;
    constructMembers(record, object, range);
    constructed_ = saved;
    memoize_ = memoize;
    return;
  }
  const clang::CXXConstructorDecl *constructor = tu_.interestingDefaultConstructor(record);
  if (!constructor)
    return;
  if (!constructor->isUserProvided())
    tu_.enqueue(constructor);
  ValueId address = addressOfPath(object);
  Event &event = emit(EventKind::Call, range);
  event.callee = tu_.functionKey(constructor);
  event.flags = Flag::Constructor | Flag::Implicit;
  event.args.push_back(address);
}

void FunctionLowering::lowerImplicitConstructor(const clang::CXXConstructorDecl *constructor) {
  start(constructor);
  out_.entry = newBlock();
  out_.exit = newBlock();
  current_ = out_.entry;
  const clang::CXXRecordDecl *record = constructor->getParent();
  for (const clang::FieldDecl *field : record->fields())
    if (field->hasInClassInitializer() && field->getInClassInitializer())
      scanExpression(tu_, field->getInClassInitializer(), scan_);
  PathId object =
      stepPath(thisPath(), StepKind::Deref, tu_.type(tu_.context.getCanonicalTagType(record)));
  constructMembers(record, object, tu_.sources.range(constructor->getLocation()));
  out_.blocks[current_].edges.push_back({EdgeKind::Always, out_.exit});
}

void FunctionLowering::constructMembers(const clang::CXXRecordDecl *record, PathId object,
                                        SourceRange range) {
  for (const clang::CXXBaseSpecifier &base : record->bases())
    constructByDefault(object, base.getType(), range);
  for (const clang::FieldDecl *field : record->fields()) {
    if (field->isUnnamedBitField())
      continue;
    const clang::Expr *init =
        field->hasInClassInitializer() ? field->getInClassInitializer() : nullptr;
    SourceRange place = tu_.sources.range(field->getLocation());
    if (init && field->getType()->isReferenceType()) {
      Path raw = out_.paths[object];
      raw.steps.push_back({StepKind::Field, tu_.field(field)});
      raw.type = tu_.type(field->getType());
      access(EventKind::Write, path(std::move(raw)), place, Flag::Initialization, addressOf(init));
    } else if (init) {
      PathId member = fieldPath(object, field);
      registerTarget(init, member, Flag::Initialization);
      initialize(member, init, Flag::Initialization, place);
    } else if (!record->isUnion()) {
      constructByDefault(fieldPath(object, field), field->getType(), place);
    }
  }
}

} // namespace threadlint
