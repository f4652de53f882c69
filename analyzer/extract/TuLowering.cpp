// TuLowering: see the header.
#include "analyzer/extract/TuLowering.h"

#include "analyzer/extract/BodyHash.h"
#include "analyzer/extract/FunctionLowering.h"
#include "analyzer/extract/Suppressions.h"

namespace threadlint {
namespace {

clang::CFG::BuildOptions cfgOptions() {
  clang::CFG::BuildOptions options;
  options.setAllAlwaysAdd();
  options.AddInitializers = true;
  options.AddImplicitDtors = true;
  options.AddTemporaryDtors = true;
  options.AddLifetime = true;
  options.AddCXXNewAllocator = true;
  options.AddCXXDefaultInitExprInCtors = true;
  options.AddStaticInitBranches = true;
  return options;
}

class TuLowering {
public:
  TuLowering(clang::ASTContext &context, const std::string &projectRoot, TuFacts &facts)
      : tu_(context, facts, projectRoot), facts_(facts), options_(cfgOptions()) {}

  void run(llvm::ArrayRef<const clang::Decl *> declarations) {
    for (const clang::Decl *declaration : declarations)
      traverse(declaration);
    drain();
    for (const clang::FunctionDecl *pattern : patterns_)
      if (!instantiated_.contains(pattern->getCanonicalDecl()))
        tu_.enqueue(pattern);
    drain();
    lowerGlobals();
    drain();
    for (FunctionFacts &function : facts_.functions) {
      function.bodyHash = bodyHash(facts_, function);
      if (tu_.addressTakenFunctions().contains(function.key))
        function.flags |= FunctionFlag::AddressTaken;
    }
    const clang::SourceManager &sources = tu_.sources.sources();
    facts_.mainFile = tu_.sources.fileName(sources.getMainFileID());
    for (std::size_t i = 0; i < tu_.sources.files().size(); ++i) {
      clang::FileID file = tu_.sources.files()[i];
      if (!tu_.sources.isUser(sources.getLocForStartOfFile(file)))
        continue;
      bool invalid = false;
      llvm::StringRef text = sources.getBufferData(file, &invalid);
      if (!invalid)
        collectSuppressions(tu_, text, tu_.sources.fileIndex(file));
    }
    // Headers without code are files of the program, too: path filters name them.
    for (unsigned i = 0; i < sources.local_sloc_entry_size(); ++i)
      if (const clang::SrcMgr::SLocEntry &entry = sources.getLocalSLocEntry(i); entry.isFile())
        if (auto start = clang::SourceLocation::getFromRawEncoding(entry.getOffset());
            tu_.sources.isUser(start))
          tu_.sources.fileIndex(sources.getFileID(start));
  }

private:
  void traverse(const clang::Decl *declaration) {
    if (declaration->isInvalidDecl() &&
        !llvm::isa<clang::FunctionDecl, clang::DeclContext>(declaration))
      return;
    if (const auto *space = llvm::dyn_cast<clang::NamespaceDecl>(declaration)) {
      members(space);
      return;
    }
    if (llvm::isa<clang::LinkageSpecDecl, clang::ExportDecl>(declaration)) {
      members(llvm::cast<clang::DeclContext>(declaration));
      return;
    }
    if (const auto *friendDecl = llvm::dyn_cast<clang::FriendDecl>(declaration)) {
      if (const clang::NamedDecl *inner = friendDecl->getFriendDecl())
        traverse(inner);
      return;
    }
    if (declaration->isImplicit() && !llvm::isa<clang::CXXMethodDecl>(declaration))
      return;
    if (!tu_.sources.isUser(declaration->getLocation()))
      return;
    if (const auto *function = llvm::dyn_cast<clang::FunctionDecl>(declaration))
      addFunction(function);
    else if (const auto *functionTemplate =
                 llvm::dyn_cast<clang::FunctionTemplateDecl>(declaration))
      addFunctionTemplate(functionTemplate);
    else if (const auto *classTemplate = llvm::dyn_cast<clang::ClassTemplateDecl>(declaration))
      addClassTemplate(classTemplate);
    else if (const auto *record = llvm::dyn_cast<clang::RecordDecl>(declaration))
      addRecord(record);
    else if (const auto *variable = llvm::dyn_cast<clang::VarDecl>(declaration))
      addVariable(variable);
    else if (const auto *variableTemplate = llvm::dyn_cast<clang::VarTemplateDecl>(declaration))
      for (const clang::VarDecl *instance : variableTemplate->specializations())
        addVariable(instance);
  }

  void members(const clang::DeclContext *scope) {
    for (const clang::Decl *member : scope->decls())
      traverse(member);
  }

  void addFunction(const clang::FunctionDecl *function) {
    if (!function->doesThisDeclarationHaveABody() || function->hasSkippedBody())
      return;
    if (function->isDependentContext()) {
      patterns_.push_back(function);
      return;
    }
    if (function->isImplicit() || function->isDefaulted()) {
      const auto *method = llvm::dyn_cast<clang::CXXMethodDecl>(function);
      if (!method || llvm::isa<clang::CXXDestructorDecl>(method) || !method->getBody())
        return; // implicit destructors are queued by who destroys
      const auto *constructor = llvm::dyn_cast<clang::CXXConstructorDecl>(method);
      if (constructor && constructor->isDefaultConstructor())
        return; // queued by who constructs
      bool isPlain =
          constructor && !constructor->isCopyOrMoveConstructor() && !constructor->isTrivial();
      if (!isPlain && !tu_.hasHandleMember(method->getParent()))
        return;
    }
    if (const clang::FunctionDecl *pattern = function->getTemplateInstantiationPattern())
      instantiated_.insert(pattern->getCanonicalDecl());
    tu_.enqueue(function);
  }

  void addFunctionTemplate(const clang::FunctionTemplateDecl *functionTemplate) {
    if (!functionTemplate->isThisDeclarationADefinition())
      return;
    for (const clang::FunctionDecl *instance : functionTemplate->specializations()) {
      if (instance->getTemplateSpecializationKind() == clang::TSK_ExplicitSpecialization)
        continue; // delivered as a declaration of its own
      if (const clang::FunctionDecl *definition = instance->getDefinition();
          definition && definition->hasBody())
        addFunction(definition);
    }
    addFunction(functionTemplate->getTemplatedDecl());
  }

  void addClassTemplate(const clang::ClassTemplateDecl *classTemplate) {
    if (!classTemplate->isThisDeclarationADefinition())
      return;
    for (const clang::ClassTemplateSpecializationDecl *instance : classTemplate->specializations())
      if (instance->getSpecializationKind() != clang::TSK_ExplicitSpecialization &&
          !instance->isDependentContext())
        addRecord(instance);
    addRecord(classTemplate->getTemplatedDecl());
  }

  void addRecord(const clang::RecordDecl *record) {
    if (!record->isThisDeclarationADefinition() || !recordsSeen_.insert(record).second)
      return;
    const auto *cxx = llvm::dyn_cast<clang::CXXRecordDecl>(record);
    if (!record->isDependentContext())
      tu_.record(record);
    if (!cxx)
      return;
    for (const clang::Decl *member : record->decls()) {
      if (const auto *function = llvm::dyn_cast<clang::FunctionDecl>(member)) {
        // An instantiated member's definition may stand elsewhere; it is the same entity.
        const clang::FunctionDecl *definition = function->getDefinition();
        bool isInstance = function->getTemplateInstantiationPattern() != nullptr;
        if (definition && (isInstance || definition == function))
          addFunction(definition);
      } else {
        traverse(member);
      }
    }
  }

  void addVariable(const clang::VarDecl *variable) {
    if (llvm::isa<clang::ParmVarDecl>(variable) || variable->getType()->isDependentType() ||
        variable->getDeclContext()->isDependentContext() || variable->isInvalidDecl())
      return;
    if (variable->isThisDeclarationADefinition() == clang::VarDecl::DeclarationOnly)
      return;
    tu_.variable(variable);
    const clang::Expr *init = variable->getInit();
    if (!init || init->isValueDependent() || llvm::isa<clang::DecompositionDecl>(variable) ||
        variable->isConstexpr())
      return;
    if (variable->getType().isConstQualified() && variable->getType()->isArithmeticType())
      return;
    globals_.push_back(variable);
  }

  void lowerGlobals() {
    if (globals_.empty())
      return;
    const clang::SourceManager &sources = tu_.sources.sources();
    FunctionFacts result;
    result.key = tu_.intern("<init>@" + tu_.sources.fileName(sources.getMainFileID()));
    result.name = tu_.intern("<static initialisation>");
    result.flags = FunctionFlag::GlobalInit;
    result.range = tu_.sources.range(sources.getLocForStartOfFile(sources.getMainFileID()));
    BodyScan scan;
    for (const clang::VarDecl *variable : globals_)
      scanExpression(tu_, variable->getInit(), scan);
    std::vector<const clang::LambdaExpr *> lambdas = scan.lambdas;
    for (const clang::LambdaExpr *lambda : lambdas)
      tu_.setLambdaKey(lambda->getLambdaClass(), facts_.strings[result.key]);
    FunctionLowering(tu_, result).lowerGlobals(globals_, std::move(scan));
    enqueueLambdas(lambdas);
    facts_.functions.push_back(std::move(result));
  }

  void enqueueLambdas(const std::vector<const clang::LambdaExpr *> &lambdas) {
    for (const clang::LambdaExpr *lambda : lambdas) {
      const clang::CXXMethodDecl *callOperator = lambda->getCallOperator();
      const clang::FunctionTemplateDecl *generic = callOperator->getDescribedFunctionTemplate();
      bool any = false;
      if (generic)
        for (const clang::FunctionDecl *instance : generic->specializations())
          if (instance->hasBody()) {
            any = true;
            tu_.enqueue(instance);
          }
      if (!any && callOperator->hasBody())
        tu_.enqueue(callOperator);
    }
  }

  void drain() {
    while (!tu_.queue.empty()) {
      const clang::FunctionDecl *function = tu_.queue.front();
      tu_.queue.pop_front();
      lower(function);
    }
  }

  std::uint32_t flagsOf(const clang::FunctionDecl *function) {
    std::uint32_t flags = 0;
    auto set = [&](bool condition, std::uint32_t flag) { flags |= condition ? flag : 0; };
    set(function->isMain(), FunctionFlag::Main);
    set(function->isExternallyVisible(), FunctionFlag::External);
    set(function->isNoReturn(), FunctionFlag::NoReturn);
    set(function->isInlined(), FunctionFlag::Inline);
    set(function->isDependentContext(), FunctionFlag::Pattern);
    set(function->isTemplateInstantiation(), FunctionFlag::Instantiation);
    set(function->hasAttr<clang::NoThreadSafetyAnalysisAttr>(), FunctionFlag::NoThreadSafety);
    set(function->getReturnType()->isReferenceType(), FunctionFlag::ReturnsReference);
    set(function->hasAttr<clang::ConstructorAttr>(), FunctionFlag::Startup);
    set(!tu_.sources.isUser(function->getLocation()), FunctionFlag::InSystemHeader);
    set(isNothrow(function) || !tu_.context.getLangOpts().CXXExceptions, FunctionFlag::Noexcept);
    const auto *method = llvm::dyn_cast<clang::CXXMethodDecl>(function);
    if (!method) {
      set(function->getStorageClass() == clang::SC_Static, FunctionFlag::Static);
      return flags;
    }
    set(true, FunctionFlag::Method);
    set(llvm::isa<clang::CXXConstructorDecl>(method), FunctionFlag::Constructor);
    set(llvm::isa<clang::CXXDestructorDecl>(method), FunctionFlag::Destructor);
    set(method->getParent()->isLambda() && method->getOverloadedOperator() == clang::OO_Call,
        FunctionFlag::Lambda);
    set(method->isVirtual(), FunctionFlag::Virtual);
    set(method->isStatic(), FunctionFlag::Static);
    set(method->getAccess() == clang::AS_private, FunctionFlag::Private);
    set(method->getAccess() == clang::AS_protected, FunctionFlag::Protected);
    return flags;
  }

  void lower(const clang::FunctionDecl *function) {
    FunctionFacts result;
    result.key = tu_.functionKey(function);
    result.name = tu_.intern(tu_.functionName(function));
    result.flags = flagsOf(function);
    result.range = tu_.sources.range(function->getSourceRange());
    if (const clang::FunctionDecl *pattern = function->getTemplateInstantiationPattern()) {
      result.pattern = tu_.functionKey(pattern);
      const auto *method = llvm::dyn_cast<clang::CXXMethodDecl>(pattern);
      if (result.pattern != result.key || !method)
        result.flags |= FunctionFlag::Instantiation;
    }
    if (const auto *method = llvm::dyn_cast<clang::CXXMethodDecl>(function)) {
      if (!(result.flags & FunctionFlag::Lambda))
        result.record = tu_.record(method->getParent());
      if (result.flags & FunctionFlag::Lambda)
        result.enclosing = enclosingKey(method);
    }
    FunctionLowering lowering(tu_, result);
    const auto *destructor = llvm::dyn_cast<clang::CXXDestructorDecl>(function);
    const auto *constructor = llvm::dyn_cast<clang::CXXConstructorDecl>(function);
    if (destructor && !destructor->isUserProvided())
      lowering.lowerImplicitDestructor(destructor);
    else if (constructor && constructor->isDefaultConstructor() && !constructor->isUserProvided())
      lowering.lowerImplicitConstructor(constructor);
    else if (const CallModel *model = tu_.callee(function).model;
             !function->isDefined() && isCalledByPointer(model)) {
      result.flags = FunctionFlag::Modelled | FunctionFlag::InSystemHeader;
      lowering.lowerModelled(function, *model);
    } else {
      lowering.lowerBody(function, options_);
    }
    facts_.functions.push_back(std::move(result));
    enqueueLambdas(lowering.scan().lambdas);
    for (const clang::CXXRecordDecl *local : lowering.scan().localClasses)
      addRecord(local);
  }

  StringId enclosingKey(const clang::CXXMethodDecl *callOperator) {
    for (const clang::DeclContext *scope = callOperator->getParent()->getParent(); scope;
         scope = scope->getParent())
      if (const auto *outer = llvm::dyn_cast<clang::FunctionDecl>(scope))
        return tu_.functionKey(outer);
    return 0;
  }

  TuBuilder tu_;
  TuFacts &facts_;
  clang::CFG::BuildOptions options_;
  std::vector<const clang::FunctionDecl *> patterns_;
  llvm::DenseSet<const clang::FunctionDecl *> instantiated_;
  llvm::DenseSet<const clang::RecordDecl *> recordsSeen_;
  std::vector<const clang::VarDecl *> globals_;
};

} // namespace

void lowerTranslationUnit(clang::ASTContext &context,
                          llvm::ArrayRef<const clang::Decl *> declarations,
                          const std::string &projectRoot, TuFacts &facts) {
  TuLowering(context, projectRoot, facts).run(declarations);
}

} // namespace threadlint
