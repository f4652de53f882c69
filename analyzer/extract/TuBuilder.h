// TuBuilder: the tables of one TuFacts while it is being filled: strings, types, keys, variables, fields, records.
//
//   clang::Decl, clang::QualType  --intern-->  StringId, TypeInfo, VarId, FieldId
//
// Every id is given in first-use order of a deterministic walk, so equal input gives equal bytes. Keys follow TuFacts.h. Look-ups
// are cached by canonical declaration. Functions asked for on the way (implicit destructors, lambdas) are queued for lowering.
#pragma once

#include "analyzer/extract/SourceMap.h"
#include "analyzer/facts/TuFacts.h"
#include "analyzer/models/LibraryModels.h"

#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/AST/ExprCXX.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/StringMap.h"

#include <deque>

namespace threadlint {

/// What a direct callee means, computed once per declaration.
struct Callee {
  const CallModel *model = nullptr;
  const ClassModel *cls = nullptr; ///< model of the class of a method
  bool isSystem = false;           ///< declared in a system header or built in
  bool isAtomicObject = false;     ///< a method of std::atomic and its kin
};

class TuBuilder {
public:
  TuBuilder(clang::ASTContext &context, TuFacts &facts, const std::string &projectRoot);

  clang::ASTContext &context;
  TuFacts &facts;
  SourceMap sources;

  StringId intern(llvm::StringRef text);

  TypeInfo type(clang::QualType type);
  /// Model of the class or typedef `type` names (references and cv dropped), or null.
  const ClassModel *classModel(clang::QualType type);
  const ClassModel *classModel(const clang::CXXRecordDecl *record);
  TypeClass typeClass(clang::QualType type);
  bool isUserRecord(const clang::RecordDecl *record) const;
  /// True for a class of the user's whose `lock` has an empty body: a lock policy that locks nothing.
  bool isNullLock(clang::QualType type);
  /// The method of the user's with a body that a guard calls to take a lock of this type, or null.
  const clang::CXXMethodDecl *lockMethod(clang::QualType type, LockMode mode);

  VarId variable(const clang::VarDecl *variable);
  VarFacts &variableFacts(const clang::VarDecl *variable) {
    return facts.vars[this->variable(variable)];
  }
  FieldId field(const clang::FieldDecl *field);
  /// A field known by name only: the members of std::pair, whatever its arguments.
  FieldId namedField(llvm::StringRef record, llvm::StringRef name);
  /// Interns the record's facts (once) and gives its key.
  StringId record(const clang::RecordDecl *record);
  StringId functionKey(const clang::FunctionDecl *function);
  std::string functionName(const clang::FunctionDecl *function);
  std::string qualifiedName(const clang::NamedDecl *decl);
  Callee callee(const clang::FunctionDecl *function);

  /// True when destroying an object of this type has effects extraction models or user code.
  bool destructionMatters(clang::QualType type);
  /// The destructor whose body runs, or null when destruction has no effect of interest.
  const clang::CXXDestructorDecl *interestingDestructor(const clang::CXXRecordDecl *record);
  /// The default constructor to call, or null when default construction has no effect of interest.
  const clang::CXXConstructorDecl *
  interestingDefaultConstructor(const clang::CXXRecordDecl *record);
  /// True when constructing through an implicit or defaulted constructor has events of its own.
  bool hasHandleMember(const clang::CXXRecordDecl *record);

  /// Numbers lambdas, local classes and locals of a body in source order; idempotent.
  void numberBody(const clang::FunctionDecl *function);
  void setLambdaKey(const clang::CXXRecordDecl *closure, llvm::StringRef enclosingKey);
  void markFunctionAddressTaken(const clang::FunctionDecl *function);
  const llvm::DenseSet<StringId> &addressTakenFunctions() const { return addressTaken_; }

  /// Queues a function for lowering; each key once.
  void enqueue(const clang::FunctionDecl *function);
  std::deque<const clang::FunctionDecl *> queue;

  void limitation(llvm::StringRef kind, llvm::StringRef message, SourceRange range,
                  bool incomplete);

private:
  std::string functionKeyText(const clang::FunctionDecl *function);
  std::string recordKeyText(const clang::RecordDecl *record);
  std::string enclosingKey(const clang::DeclContext *declContext);
  std::string usr(const clang::Decl *decl);
  void appendLocalTypes(clang::QualType type, std::string &key, unsigned depth);
  void appendLocalTypes(llvm::ArrayRef<clang::TemplateArgument> arguments, std::string &key,
                        unsigned depth);
  std::string ordinalKey(const std::string &stem);
  TypeInfo computeType(clang::QualType type);
  const ClassModel *typedefModel(clang::QualType type);

  llvm::StringMap<StringId> strings_;
  llvm::DenseMap<void *, TypeInfo> types_;
  llvm::DenseMap<const clang::CXXRecordDecl *, const ClassModel *> classModels_;
  llvm::DenseMap<const clang::VarDecl *, VarId> vars_;
  llvm::DenseMap<const clang::FieldDecl *, FieldId> fields_;
  llvm::StringMap<FieldId> namedFields_;
  llvm::DenseMap<const clang::RecordDecl *, StringId> recordKeys_;
  llvm::DenseSet<const clang::RecordDecl *> recordsDone_;
  llvm::DenseMap<StringId, std::uint32_t> recordByKey_;
  llvm::DenseMap<const clang::FunctionDecl *, StringId> functionKeys_;
  llvm::DenseMap<const clang::FunctionDecl *, Callee> callees_;
  llvm::DenseMap<const clang::CXXRecordDecl *, std::string> lambdaKeys_;
  llvm::DenseMap<const clang::RecordDecl *, std::string> localRecordKeys_;
  llvm::DenseSet<const clang::FunctionDecl *> numbered_;
  llvm::StringMap<unsigned> ordinals_;
  llvm::DenseMap<void *, bool> destructionMatters_;
  llvm::DenseMap<const clang::CXXRecordDecl *, const clang::CXXConstructorDecl *>
      defaultConstructors_;
  llvm::DenseMap<const clang::CXXRecordDecl *, bool> handleMembers_;
  llvm::DenseSet<StringId> addressTaken_;
  llvm::DenseSet<const clang::FunctionDecl *> enqueued_;
  clang::PrintingPolicy policy_;
};

/// The function is declared not to throw, or is an implicitly noexcept destructor. Specifications Clang has not evaluated, and those of
/// implicit constructors, which it evaluates only on use, count as throwing.
bool isNothrow(const clang::FunctionDecl *function);

/// Children in evaluation-independent source order, without the bodies of lambdas.
void forEachChild(const clang::Stmt *statement,
                  llvm::function_ref<void(const clang::Stmt *)> visit);

} // namespace threadlint
