// Extract: runs Clang's frontend on one compile command and lowers what it parsed.
//
// The parse skips the bodies of functions in system headers and collects the user's top-level declarations as they are delivered.
// Diagnostics are counted, never printed. The frontend runs on a thread with a large stack, so deep nesting is an ordinary error.
#include "analyzer/extract/Extract.h"

#include "analyzer/extract/CommandLine.h"
#include "analyzer/extract/SourceMap.h"
#include "analyzer/extract/TuLowering.h"

#include "clang/AST/ASTConsumer.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclGroup.h"
#include "clang/Basic/Stack.h"
#include "clang/Driver/CreateInvocationFromArgs.h"
#include "clang/Frontend/CompilerInstance.h"
#include "clang/Frontend/FrontendAction.h"
#include "clang/Lex/PreprocessorOptions.h"
#include "clang/Sema/Scope.h"
#include "clang/Sema/Sema.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/thread.h"

namespace threadlint {
namespace {

constexpr unsigned kStackSize = 64u << 20;

/// Counts errors and keeps the first one's text and place.
class ErrorLog : public clang::DiagnosticConsumer {
public:
  void HandleDiagnostic(clang::DiagnosticsEngine::Level level,
                        const clang::Diagnostic &diagnostic) override {
    DiagnosticConsumer::HandleDiagnostic(level, diagnostic);
    if (level < clang::DiagnosticsEngine::Error || ++errors != 1)
      return;
    llvm::SmallString<128> text;
    diagnostic.FormatDiagnostic(text);
    message = text.str().str();
    if (!diagnostic.hasSourceManager() || diagnostic.getLocation().isInvalid())
      return;
    const clang::SourceManager &sources = diagnostic.getSourceManager();
    clang::SourceLocation location = sources.getExpansionLoc(diagnostic.getLocation());
    auto [file, offset] = sources.getDecomposedLoc(location);
    if (clang::OptionalFileEntryRef entry = sources.getFileEntryRefForID(file)) {
      llvm::SmallString<256> path(entry->getName());
      sources.getFileManager().makeAbsolutePath(path);
      fileName = std::string(path);
      line = sources.getLineNumber(file, offset);
      column = sources.getColumnNumber(file, offset);
    }
  }

  unsigned errors = 0;
  std::string message, fileName;
  unsigned line = 0, column = 0;
};

class Collector : public clang::ASTConsumer {
public:
  Collector(clang::CompilerInstance &compiler, const std::string &projectRoot, TuFacts &facts)
      : compiler_(compiler), projectRoot_(projectRoot), facts_(facts) {}

  bool HandleTopLevelDecl(clang::DeclGroupRef group) override {
    for (const clang::Decl *declaration : group) {
      if (!declaration->getLexicalDeclContext()->isTranslationUnit())
        continue; // an instantiation or a closure's call operator: reached through what it belongs to
      if (const auto *function = llvm::dyn_cast<clang::FunctionDecl>(declaration);
          function && function->isTemplateInstantiation() &&
          function->getTemplateSpecializationKind() == clang::TSK_ImplicitInstantiation)
        continue;
      if (isUserLocation(compiler_.getSourceManager(), declaration->getLocation()))
        declarations_.push_back(declaration);
    }
    return true;
  }

  bool shouldSkipFunctionBody(clang::Decl *declaration) override {
    return !isUserLocation(compiler_.getSourceManager(), declaration->getLocation());
  }

  void HandleTranslationUnit(clang::ASTContext &context) override {
    instantiateNamed();
    lowerTranslationUnit(context, declarations_, projectRoot_, facts_);
    lowered_ = true;
  }

private:
  /// A header-only library names the specialisations that its users take (`using queue_mt = queue<std::mutex>`) and uses none:
  /// their members are instantiated here, so that calls which depend on the parameters are known.
  void instantiateNamed() {
    clang::DiagnosticsEngine &diagnostics = compiler_.getDiagnostics();
    if (!compiler_.hasSema() || !compiler_.getLangOpts().CPlusPlus ||
        diagnostics.hasErrorOccurred())
      return;
    constexpr std::size_t kMaxNamed = 100;
    std::vector<std::pair<clang::ClassTemplateSpecializationDecl *, clang::SourceLocation>> named;
    auto add = [&](clang::QualType type, clang::SourceLocation where) {
      auto *record = type->isDependentType()
                         ? nullptr
                         : llvm::dyn_cast_or_null<clang::ClassTemplateSpecializationDecl>(
                               type->getAsCXXRecordDecl());
      bool isKnown = std::any_of(named.begin(), named.end(),
                                 [&](const auto &entry) { return entry.first == record; });
      if (record && !isKnown && !record->isExplicitSpecialization() && named.size() < kMaxNamed &&
          isUserLocation(compiler_.getSourceManager(),
                         record->getSpecializedTemplate()->getLocation()))
        named.emplace_back(record, where);
    };
    auto collect = [&](auto &&self, const clang::Decl *declaration) -> void {
      if (const auto *alias = llvm::dyn_cast<clang::TypedefNameDecl>(declaration)) {
        add(alias->getUnderlyingType(), alias->getLocation());
      } else if (llvm::isa<clang::NamespaceDecl, clang::LinkageSpecDecl>(declaration)) {
        for (const clang::Decl *inner : llvm::cast<clang::DeclContext>(declaration)->decls())
          self(self, inner);
      }
    };
    for (const clang::Decl *declaration : declarations_)
      collect(collect, declaration);
    if (named.empty())
      return;
    clang::Sema &sema = compiler_.getSema();
    // The scope of the translation unit is gone by now; builtin functions that are first met here are declared in it.
    clang::Scope scope(nullptr, clang::Scope::DeclScope, diagnostics);
    scope.setEntity(compiler_.getASTContext().getTranslationUnitDecl());
    clang::Scope *const before = std::exchange(sema.TUScope, &scope);
    const bool wasSilent = diagnostics.getSuppressAllDiagnostics();
    diagnostics.setSuppressAllDiagnostics(true); // what the library's users would see, not we
    for (std::size_t i = 0; i < named.size(); ++i) {
      auto [record, where] = named[i];
      clang::CanQualType type = compiler_.getASTContext().getCanonicalTagType(record);
      if (!sema.isCompleteType(where, type) || record->isInvalidDecl())
        continue;
      sema.InstantiateClassTemplateSpecializationMembers(
          where, record, clang::TSK_ExplicitInstantiationDefinition);
      for (const clang::CXXBaseSpecifier &base : record->bases())
        add(base.getType(), where);
    }
    sema.DefineUsedVTables();
    sema.PerformPendingInstantiations();
    sema.TUScope = before;
    diagnostics.setSuppressAllDiagnostics(wasSilent);
  }

  clang::CompilerInstance &compiler_;
  const std::string &projectRoot_;
  TuFacts &facts_;
  std::vector<const clang::Decl *> declarations_;
  bool lowered_ = false;
};

class ExtractAction : public clang::ASTFrontendAction {
public:
  ExtractAction(const std::string &projectRoot, TuFacts &facts)
      : projectRoot_(projectRoot), facts_(facts) {}

  std::unique_ptr<clang::ASTConsumer> CreateASTConsumer(clang::CompilerInstance &compiler,
                                                        llvm::StringRef) override {
    return std::make_unique<Collector>(compiler, projectRoot_, facts_);
  }

private:
  const std::string &projectRoot_;
  TuFacts &facts_;
};

StringId intern(TuFacts &facts, const std::string &text) {
  for (std::size_t i = 0; i < facts.strings.size(); ++i)
    if (facts.strings[i] == text)
      return static_cast<StringId>(i);
  facts.strings.push_back(text);
  return static_cast<StringId>(facts.strings.size() - 1);
}

std::uint32_t internFile(TuFacts &facts, const std::string &name) {
  for (std::size_t i = 1; i < facts.files.size(); ++i)
    if (facts.files[i] == name)
      return static_cast<std::uint32_t>(i);
  facts.files.push_back(name);
  return static_cast<std::uint32_t>(facts.files.size() - 1);
}

void addLimitation(TuFacts &facts, const std::string &kind, const std::string &message,
                   SourceRange range) {
  Limitation limitation;
  limitation.kind = intern(facts, kind);
  limitation.message = intern(facts, message);
  limitation.range = range;
  limitation.incomplete = true;
  facts.limitations.push_back(limitation);
}

SourceRange startOf(TuFacts &facts, const std::string &file) {
  SourceRange range;
  range.file = internFile(facts, file);
  range.line = range.column = range.endLine = range.endColumn = 1;
  return range;
}

void parse(const CompileCommand &command, const ExtractOptions &options, TuFacts &facts) {
  ParsingArguments parsing = parsingArguments(command, options);
  std::vector<const char *> raw;
  for (const std::string &argument : parsing.arguments)
    raw.push_back(argument.c_str());

  llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem> files = llvm::vfs::createPhysicalFileSystem();
  if (!command.directory.empty())
    files->setCurrentWorkingDirectory(command.directory);

  // The driver's complaints are about options: without the right ones another program is read.
  clang::DiagnosticOptions driverOptions;
  ErrorLog driverLog;
  llvm::IntrusiveRefCntPtr<clang::DiagnosticsEngine> driverDiagnostics(new clang::DiagnosticsEngine(
      llvm::makeIntrusiveRefCnt<clang::DiagnosticIDs>(), driverOptions, &driverLog,
      /*ShouldOwnClient=*/false));
  clang::CreateInvocationOptions invocationOptions;
  invocationOptions.Diags = driverDiagnostics;
  invocationOptions.VFS = files;
  invocationOptions.RecoverOnError = true;
  std::shared_ptr<clang::CompilerInvocation> invocation =
      clang::createInvocation(raw, invocationOptions);
  if (driverLog.errors > 0)
    parsing.problems.push_back(driverLog.message);
  for (const std::string &problem : parsing.problems)
    addLimitation(facts, "parse-error", "compile command: " + problem,
                  startOf(facts, facts.mainFile));
  if (!invocation && parsing.problems.empty()) {
    addLimitation(facts, "parse-error", "the compile command has no usable input",
                  startOf(facts, facts.mainFile));
  }
  if (!invocation)
    return;
  invocation->getFrontendOpts().SkipFunctionBodies = true;
  invocation->getFrontendOpts().DisableFree = false;
  invocation->getFrontendOpts().ShowStats = false;
  invocation->getFrontendOpts().ProgramAction = clang::frontend::ParseSyntaxOnly;
  invocation->getDiagnosticOpts().IgnoreWarnings = true;
  invocation->getDiagnosticOpts().ErrorLimit = 0;
  invocation->getDiagnosticOpts().VerifyDiagnostics = false;
  invocation->getDiagnosticOpts().DiagnosticLogFile.clear();
  invocation->getDiagnosticOpts().DiagnosticSerializationFile.clear();
  invocation->getDependencyOutputOpts() = clang::DependencyOutputOptions();
  invocation->getLangOpts().SpellChecking = false;

  std::unique_ptr<llvm::MemoryBuffer> overlay;
  if (!options.overlayContent.empty() && !invocation->getFrontendOpts().Inputs.empty()) {
    overlay = llvm::MemoryBuffer::getMemBufferCopy(options.overlayContent, command.file);
    invocation->getPreprocessorOpts().addRemappedFile(
        invocation->getFrontendOpts().Inputs[0].getFile(), overlay.get());
    invocation->getPreprocessorOpts().RetainRemappedFileBuffers = true;
  }

  ErrorLog log;
  {
    clang::CompilerInstance compiler(invocation);
    compiler.setVirtualFileSystem(files);
    compiler.createDiagnostics(&log, /*ShouldOwnClient=*/false);
    compiler.getDiagnostics().setFatalsAsError(true);
    compiler.setVerboseOutputStream(llvm::nulls());
    ExtractAction action(options.projectRoot, facts);
    compiler.ExecuteAction(action);
  }
  if (log.errors > 0) {
    SourceRange range = startOf(facts, facts.mainFile);
    if (!log.fileName.empty()) {
      range.file = internFile(facts, projectPath(log.fileName, options.projectRoot));
      range.line = range.endLine = log.line;
      range.column = range.endColumn = log.column;
    }
    std::string count =
        log.errors == 1 ? "1 error: " : std::to_string(log.errors) + " errors; first: ";
    addLimitation(facts, "parse-error", count + log.message, range);
  }
}

/// Why Clang cannot read the file, or nothing. Of a pipe it would wait for the end.
std::string unreadable(const std::string &path) {
  llvm::sys::fs::file_status status;
  if (std::error_code error = llvm::sys::fs::status(path, status))
    return error.message();
  if (status.type() == llvm::sys::fs::file_type::directory_file)
    return "is a directory";
  if (status.type() != llvm::sys::fs::file_type::regular_file)
    return "is not a regular file";
  llvm::Expected<llvm::sys::fs::file_t> file = llvm::sys::fs::openNativeFileForRead(path);
  if (!file)
    return llvm::toString(file.takeError());
  llvm::sys::fs::closeFile(*file);
  return {};
}

} // namespace

TuFacts extractTu(const CompileCommand &command, const ExtractOptions &options) {
  TuFacts facts;
  const std::string path = absolutePath(command.directory, command.file);
  facts.mainFile = projectPath(path, options.projectRoot);
  if (options.overlayContent.empty()) {
    if (std::string cause = unreadable(path); !cause.empty()) {
      std::string message = "cannot read '" + facts.mainFile + "': " + cause;
      addLimitation(facts, "unreadable", message, startOf(facts, facts.mainFile));
      return facts;
    }
  }
  llvm::thread worker(std::optional<unsigned>(kStackSize), [&] {
    clang::noteBottomOfStack(/*ForceSet=*/true);
    parse(command, options, facts);
  });
  worker.join();
  return facts;
}

TuFacts extractAst(clang::ASTContext &context, const std::string &projectRoot) {
  TuFacts facts;
  std::vector<const clang::Decl *> declarations;
  const clang::SourceManager &sources = context.getSourceManager();
  for (const clang::Decl *declaration : context.getTranslationUnitDecl()->decls())
    if (isUserLocation(sources, declaration->getLocation()))
      declarations.push_back(declaration);
  lowerTranslationUnit(context, declarations, projectRoot, facts);
  return facts;
}

} // namespace threadlint
