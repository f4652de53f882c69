// FunctionLowering: one function body -> the event graph of a FunctionFacts.
//
//   clang::CFG elements in evaluation order  --lower-->  blocks of events over paths and values
//
// Every subexpression is a CFG element of its own (setAllAlwaysAdd), so lowering remembers what each became and emits its events
// exactly when it is visited. Expressions the CFG leaves out (default arguments, global initialisers) are lowered recursively by their
// user. Unwinding, which clang::CFG lacks, is added here. The members are spread over files by noun: FunctionLowering.cpp (blocks,
// statements), ExprLowering.cpp, CallLowering.cpp, ConstructLowering.cpp, LibraryCalls.cpp, Unwinding.cpp.
#pragma once

#include "analyzer/extract/BodyScan.h"
#include "analyzer/extract/TuBuilder.h"

#include "clang/Analysis/CFG.h"
#include "llvm/ADT/ArrayRef.h"

#include <memory>
#include <unordered_map>

namespace threadlint {

/// What an expression became: a location, a value, or both.
struct Lowered {
  PathId path = kNone;
  ValueId value = kNone;
};

/// The expression without parentheses, temporaries and conversions that change nothing.
const clang::Expr *peel(const clang::Expr *expression);
/// The same, for conversions that `isTransparent` says to look through.
const clang::Expr *peel(const clang::Expr *expression,
                        llvm::function_ref<bool(const clang::CastExpr *)> isTransparent);

/// Whether a type stands for one bit of a `std::vector<bool>` or a `std::bitset`.
bool isBitReference(clang::QualType type);

/// Whether a library function gets a body of one event when its address is taken.
bool isCalledByPointer(const CallModel *model);

class FunctionLowering {
public:
  FunctionLowering(TuBuilder &tu, FunctionFacts &facts) : tu_(tu), out_(facts) {}

  /// Lowers a function with a body. `options` are shared by all functions of a TU.
  void lowerBody(const clang::FunctionDecl *function, const clang::CFG::BuildOptions &options);
  /// A destructor without a body of the user's: the destructors of members and bases.
  void lowerImplicitDestructor(const clang::CXXDestructorDecl *destructor);
  /// A default constructor without a body of the user's: bases, default member initialisers, members.
  void lowerImplicitConstructor(const clang::CXXConstructorDecl *constructor);
  /// A library function whose address is taken: one event.
  void lowerModelled(const clang::FunctionDecl *function, const CallModel &model);
  const BodyScan &scan() const { return scan_; }
  /// The pseudo-function that initialises `variables`.
  void lowerGlobals(llvm::ArrayRef<const clang::VarDecl *> variables, BodyScan scan);

private:
  // A persistent list of the objects to destroy on unwinding, innermost first.
  struct Live {
    const Live *parent;
    const clang::VarDecl *variable;
    unsigned depth;
  };

  // -- blocks and statements (FunctionLowering.cpp)
  void start(const clang::FunctionDecl *function);
  void lowerCfg(const clang::CFG &cfg);
  void prepare(const clang::CFG &cfg);
  void lowerBlock(const clang::CFGBlock &block);
  void lowerElement(const clang::CFGElement &element);
  bool isGuardedStatic(const clang::VarDecl *variable) const;
  void connect(const clang::CFGBlock &block);
  void connectSwitch(const clang::CFGBlock &block, const clang::Expr *condition);
  void edge(BlockId from, EdgeKind kind, const clang::CFGBlock *target, ValueId condition,
            std::int64_t caseValue = 0);
  BlockId newBlock();
  void visit(const clang::Stmt *statement);
  void visitDeclaration(const clang::DeclStmt *statement);
  void declare(const clang::VarDecl *variable);
  void visitReturn(const clang::Stmt *statement, const clang::Expr *value);
  void visitInitializer(const clang::CXXCtorInitializer *initializer);
  void visitScopeEnd(const clang::VarDecl *variable, const clang::Stmt *trigger);
  PathId initializerPath(const clang::CXXCtorInitializer *initializer);
  void enterTry(const clang::Stmt *statement);
  void dropGuessedThrows();
  std::vector<std::pair<BlockId, BlockId>>
      tryEntries_; ///< block before a try, dispatch to its handlers

  // -- unwinding and destruction (Unwinding.cpp)
  BlockId landing(const Live *live, const clang::CXXTryStmt *tryStatement);
  BlockId dispatch(const clang::CXXTryStmt *tryStatement);
  BlockId exceptionalExit();
  BlockId unwindFor(const clang::Stmt *statement);
  void push(const clang::VarDecl *variable);
  void pop(const clang::VarDecl *variable);
  void destroy(PathId object, clang::QualType type, SourceRange range, bool implicit = true);
  void constructMembers(const clang::CXXRecordDecl *record, PathId object, SourceRange range);
  void constructByDefault(PathId object, clang::QualType type, SourceRange range);
  void destroyMembers(const clang::CXXRecordDecl *record, PathId object, SourceRange range);

  // -- expressions (ExprLowering.cpp)
  const clang::Expr *strip(const clang::Expr *expression) const;
  Lowered lower(const clang::Expr *expression);
  Lowered lowerUncached(const clang::Expr *expression);
  Lowered lowerReference(const clang::DeclRefExpr *reference);
  Lowered lowerDeclaration(const clang::ValueDecl *decl, const clang::Expr *where);
  Lowered lowerMember(const clang::MemberExpr *member);
  Lowered lowerSubscript(const clang::ArraySubscriptExpr *subscript);
  Lowered lowerCast(const clang::CastExpr *cast);
  Lowered lowerUnary(const clang::UnaryOperator *unary);
  Lowered lowerBinary(const clang::BinaryOperator *binary);
  void allocate(const clang::CXXNewExpr *expression);
  Lowered lowerNew(const clang::CXXNewExpr *expression);
  static clang::QualType sizedType(llvm::ArrayRef<const clang::Expr *> arguments);
  bool isAllocator(const clang::FunctionDecl *function,
                   llvm::ArrayRef<const clang::Expr *> arguments);
  void lowerDelete(const clang::CXXDeleteExpr *expression);
  Lowered lowerLambda(const clang::LambdaExpr *lambda);
  Lowered lowerAtomicBuiltin(const clang::AtomicExpr *atomic);
  Lowered readOf(PathId path, const clang::Expr *where);
  PathId pathOf(const clang::Expr *expression);
  ValueId valueOf(const clang::Expr *expression);
  ValueId addressOf(const clang::Expr *expression);
  ValueId lookUp(const clang::Expr *expression);
  ValueId functionValue(const clang::FunctionDecl *function);
  PathId thisPath();

  // -- paths, values, events (Values.cpp)
  PathId path(Path path);
  PathId variablePath(const clang::VarDecl *variable);
  PathId tempPath(std::uint32_t temp, const TypeInfo &type);
  PathId fieldPath(PathId base, const clang::FieldDecl *field);
  PathId stepPath(PathId base, StepKind kind, const TypeInfo &type, std::int64_t index = 0,
                  ValueId indexValue = kNone);
  PathId elementPath(PathId container);
  PathId unknownPath(const TypeInfo &type);
  PathId derefOf(ValueId pointer, clang::QualType pointee);
  ValueId value(Value value);
  ValueId intValue(std::int64_t number);
  ValueId loadOf(PathId path);
  ValueId addressOfPath(PathId path);
  ValueId opValue(ValueOp op, std::vector<ValueId> operands);
  ValueId unknownValue();
  std::uint32_t newTemp() { return out_.tempCount++; }
  Event &emit(EventKind kind, SourceRange range);
  SourceRange rangeOf(const clang::Stmt *statement) {
    return tu_.sources.range(statement->getSourceRange());
  }
  /// Emits the access unless nobody else can see the location; then a store becomes a Define and a read nothing.
  void access(EventKind kind, PathId path, SourceRange range, std::uint32_t flags = 0,
              ValueId value = kNone, Order order = Order::None);
  void define(PathId path, ValueId value, SourceRange range);
  bool isPrivate(const Path &path) const;
  bool isAccess(const Path &path) const;

  // -- initialisation and construction (ConstructLowering.cpp)
  /// Objects constructed in place: remembers where the constructions in `init` put their result.
  void registerTarget(const clang::Expr *init, PathId destination, std::uint32_t flags);
  /// Stores `init` into `destination` unless its construction did.
  void initialize(PathId destination, const clang::Expr *init, std::uint32_t flags,
                  SourceRange range);
  void initializeList(PathId destination, const clang::InitListExpr *list, std::uint32_t flags);
  Lowered lowerConstruct(const clang::CXXConstructExpr *construct);
  void initGuard(PathId object, const ClassModel &model,
                 llvm::ArrayRef<const clang::Expr *> arguments, std::uint32_t flags,
                 SourceRange range);
  void constructGuard(const clang::CXXConstructExpr *construct, PathId object,
                      const ClassModel &model, std::uint32_t flags);
  void constructThread(PathId object, TypeClass cls, llvm::ArrayRef<const clang::Expr *> arguments,
                       SourceRange range);
  void constructModelled(const clang::CXXConstructExpr *construct, PathId object,
                         const ClassModel &model, std::uint32_t flags);
  void copyObject(PathId destination, const clang::Expr *source, std::uint32_t flags,
                  SourceRange range, bool moves);
  void moveHandle(PathId destination, PathId source, TypeClass cls, SourceRange range);
  void constructUser(const clang::CXXConstructorDecl *constructor, PathId object,
                     llvm::ArrayRef<const clang::Expr *> arguments, const clang::Expr *where,
                     std::uint32_t flags);
  /// Constructs a `type` at `object` from the arguments of a forwarding function (emplace, make_unique).
  void constructFromArguments(clang::QualType type, PathId object,
                              llvm::ArrayRef<const clang::Expr *> arguments,
                              const clang::Expr *where);

  // -- bits of containers (BitLowering.cpp)
  PathId bitPath(const clang::Expr *reference);
  /// A method of what stands for one bit: assigned, looked at, flipped.
  std::optional<Lowered> lowerBit(const clang::CallExpr *call, const clang::CXXMethodDecl *method);

  // -- calls (CallLowering.cpp)
  Lowered lowerCall(const clang::CallExpr *call);
  Lowered lowerOrdinaryCall(const clang::CallExpr *call, const clang::FunctionDecl *function,
                            const Callee &callee);
  Lowered lowerOperator(const clang::CXXOperatorCallExpr *call, const clang::FunctionDecl *function,
                        const Callee &callee);
  void systemEffects(const clang::CallExpr *call, const clang::FunctionDecl *function,
                     PathId object, llvm::ArrayRef<const clang::Expr *> arguments,
                     bool keepsCallables);
  /// A thread object that a library function takes over lives on where it is put: in a pair, in an element. True for one.
  bool handOver(const clang::Expr *argument);
  void callArgument(const clang::Expr *argument, const clang::Expr *where, std::uint32_t flags = 0);
  /// Bit i: argument i is an object named there that is passed by reference to const; a body that nobody sees reads it.
  std::int64_t readArguments(llvm::ArrayRef<const clang::Expr *> arguments,
                             const clang::FunctionProtoType *type, std::size_t first);
  ValueId argumentValue(const clang::Expr *argument, clang::QualType parameter);
  std::vector<ValueId> arguments(llvm::ArrayRef<const clang::Expr *> arguments,
                                 const clang::FunctionProtoType *type);
  Lowered resultOf(Event &event, const clang::Expr *call);
  Lowered resultTemp(const clang::Expr *call, std::uint32_t &temp);
  /// The temporary's content went into another object, which destroys it.
  void markMoved(const clang::Expr *expression);
  bool mayUnwind(const clang::FunctionDecl *function) const;
  /// The callable an expression denotes: function, closure, bind, functor object, or what a variable holds.
  ValueId callableValue(const clang::Expr *expression);
  /// What a decaying copy of the argument holds: std::thread, std::bind and std::async copy so.
  ValueId forwardedValue(const clang::Expr *expression);
  bool isCallable(const clang::Expr *expression);
  PathId objectPath(const clang::Expr *object, bool isArrow);

  // -- library calls (LibraryCalls.cpp, ContainerCalls.cpp)
  struct LibraryCall {
    const clang::CallExpr *call;
    const clang::FunctionDecl *function;
    const CallModel &model;
    Callee callee;
    PathId object = kNone; ///< of a method
    llvm::ArrayRef<const clang::Expr *> arguments;
    SourceRange range;
  };
  Lowered lowerLibraryCall(const LibraryCall &call);
  Lowered lowerLockCall(const LibraryCall &call);
  Lowered lowerSpawnCall(const LibraryCall &call);
  Lowered lowerOpen(const LibraryCall &call);
  void noteHandleWait(Event &event, ValueId timeout);
  Lowered lowerJoin(const LibraryCall &call);
  Lowered lowerWait(const LibraryCall &call);
  Lowered lowerObjectCall(const LibraryCall &call);
  Lowered lowerMemoryCall(const LibraryCall &call);
  Lowered lowerAtomicCall(const LibraryCall &call);
  Lowered lowerContainerCall(const LibraryCall &call);
  Lowered lowerCallableCall(const LibraryCall &call);
  ValueId argumentOrNone(const LibraryCall &call, int index);
  Lowered voidOrUnknown(const clang::CallExpr *call);
  void storeElement(PathId container, llvm::ArrayRef<const clang::Expr *> arguments,
                    SourceRange range);
  Order orderOf(const clang::Expr *expression);
  void swapObjects(PathId left, PathId right, clang::QualType type, SourceRange range);
  static std::optional<ValueOp> standardComparison(const clang::CXXMethodDecl *method);
  bool isPlainNumber(const clang::Expr *given);
  PathId mapElement(PathId container, clang::QualType containerType);

  TuBuilder &tu_;
  FunctionFacts &out_;
  const clang::FunctionDecl *function_ = nullptr;
  BodyScan scan_;
  BlockId current_ = 0;
  bool memoize_ = true;
  bool isNoexcept_ = false;
  llvm::DenseMap<const clang::Expr *, Lowered> lowered_;
  struct Target {
    PathId path;
    std::uint32_t flags;
  };
  llvm::DenseMap<const clang::Expr *, Target> targets_;
  llvm::DenseMap<const clang::CXXNewExpr *, std::uint32_t> allocations_;
  llvm::DenseSet<const clang::CXXNewExpr *> allocated_;
  llvm::DenseMap<const clang::Expr *, clang::QualType>
      allocatedTypes_; // malloc call -> pointee of the cast around it
  llvm::DenseMap<const clang::Expr *, std::uint32_t> conditionalTemps_; // ?: expression -> temp
  llvm::DenseMap<const clang::Expr *, llvm::SmallVector<std::uint32_t, 1>>
      armTemps_; // arm -> temps to define
  llvm::DenseMap<const clang::CXXBindTemporaryExpr *, PathId> temporaries_;
  llvm::DenseSet<const clang::Expr *> moved_; // temporaries whose value went into another object
  llvm::DenseMap<const clang::CFGBlock *, BlockId> firstBlock_, lastBlock_;
  llvm::DenseMap<const clang::CFGBlock *, std::pair<const clang::BinaryOperator *, std::uint32_t>>
      logicalMerges_;
  llvm::DenseMap<const clang::ValueDecl *, unsigned> captures_; // of the lambda being lowered
  std::vector<std::uint8_t> captureByReference_;
  unsigned thisCapture_ = kNone;
  bool thisCaptureByCopy_ = false;
  PathId constructed_ = kNone; // object an undeclared constructor is expanded for: its `this`
  bool hasThis_ = false;
  // unwinding
  std::vector<std::unique_ptr<Live>> liveNodes_;
  const Live *live_ = nullptr;
  llvm::DenseMap<const clang::CFGBlock *, const Live *> liveAtEntry_;
  llvm::DenseMap<const clang::CXXTryStmt *, const Live *> liveAtTry_;
  llvm::DenseMap<std::pair<const void *, const void *>, BlockId> landings_;
  llvm::DenseMap<const clang::CXXTryStmt *, BlockId> dispatches_;
  llvm::DenseMap<const clang::CXXTryStmt *, llvm::SmallVector<const clang::CFGBlock *, 2>>
      handlers_;
  std::vector<std::pair<const clang::CXXTryStmt *, BlockId>> pendingDispatches_;
  SourceRange tryRange_;
  bool ended_ = false; // control left the current block for good (throw, return)
  // interning
  std::unordered_multimap<std::uint64_t, PathId> pathIndex_;
  std::unordered_multimap<std::uint64_t, ValueId> valueIndex_;
};

} // namespace threadlint
