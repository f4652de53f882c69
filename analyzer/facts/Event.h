// Event: what one step of a function does, without any AST.
//
//   Clang AST/CFG  --extract-->  FunctionFacts{blocks of events}  --link-->  Program
//
// Events are in evaluation order. Paths denote locations (lvalues), values denote what is stored or passed. Extraction
// only lowers: it never decides whether something is shared, guarded or wrong.
//
// Path semantics: start at the location of the base variable; Field and Index go to a subobject; Deref loads the pointer
// stored at the current location and continues at the pointee. So `p->mu` is {Var p, [Deref, Field mu]}, `a[i].x` is
// {Var a, [AnyIndex, Field x]} for an array and {Var a, [Deref, AnyIndex, Field x]} for a pointer. References hold an
// address: a use of `int &r` is {Var r, [Deref]}. `this->x` is {This, [Deref, Field x]}. A smart pointer is a pointer: `up->x` is
// {Var up, [Deref, Field x]}. `v[i]`, `v.front()`, `*it` with `it = v.begin()` reach {v, [AnyIndex]}. Base-class subobjects
// take no step: a field's key names the record that declares it. In a lambda body capture i is base Capture: it holds the address
// for a by-reference capture and for `this`, the copied value otherwise.
#pragma once

#include "analyzer/facts/Types.h"

#include <string>
#include <vector>

namespace threadlint {

enum class BaseKind : std::uint8_t {
  Var,     ///< id = VarId
  This,    ///< the `this` pointer; holds an address
  Capture, ///< id = capture ordinal of the lambda whose body this is
  Temp,    ///< id = temporary of this function: result of a call, allocation, or unnamed object
  Unknown  ///< something extraction could not express; never equal to anything
};

enum class StepKind : std::uint8_t { Field, Deref, Index, AnyIndex };

struct PathStep {
  StepKind kind = StepKind::Deref;
  FieldId field = kNone;  ///< Field
  std::int64_t index = 0; ///< Index (constant)
  ValueId indexValue =
      kNone; ///< AnyIndex: the index expression where it is simple, so `a[i].mu` guards `a[i].x`
  bool operator==(const PathStep &) const = default;
};

struct Path {
  BaseKind base = BaseKind::Unknown;
  std::uint32_t id = 0;
  std::vector<PathStep> steps;
  TypeInfo type; ///< of the location the path denotes
  bool operator==(const Path &) const = default;
};

/// The last of the first `count` steps that is not into an array; null where there is none.
inline const PathStep *lastOutsideArrays(const Path &path, std::size_t count) {
  while (count != 0 && (path.steps[count - 1].kind == StepKind::Index ||
                        path.steps[count - 1].kind == StepKind::AnyIndex))
    --count;
  return count != 0 ? &path.steps[count - 1] : nullptr;
}

enum class ValueKind : std::uint8_t {
  Unknown,
  Int,      ///< number; null pointers, false and enumerators too
  Load,     ///< what is stored at `path`
  Address,  ///< address of `path`
  Function, ///< function `function` (key)
  Closure,  ///< lambda: `function` = key of its call operator, operands = captures in order
  Bind, ///< std::bind, bind_front, ref-wrapped member call: operands[0] = callable, the rest = leading arguments; an
        ///< Unknown operand is a placeholder
  Op,   ///< operation `op` on operands; equal operands give equal results
  String ///< string literal
};

enum class ValueOp : std::uint8_t {
  Eq,
  Ne,
  Lt,
  Le,
  Gt,
  Ge,
  Not,
  And,
  Or,
  Add,
  Sub,
  Mul,
  Other,
  Rem,
  Self, ///< no operands: the handle of the thread that runs
  BitAnd,
  BitXor
};

struct Value {
  ValueKind kind = ValueKind::Unknown;
  std::int64_t number = 0;
  PathId path = kNone;
  StringId function = 0;
  ValueOp op = ValueOp::Other;
  std::vector<ValueId> operands;
  bool operator==(const Value &) const = default;
};

enum class EventKind : std::uint8_t {
  // -- memory. `path`; `value` = what is stored where known
  Read,
  Write,
  ReadWrite, ///< number = -1: an atomic decrement; result = what it gives
  Define, ///< path := value without being an access (initialisation of a local whose address is not taken, temporaries)
  Alloc, ///< result := fresh heap object of type `type` (new, malloc, make_unique ...); number = 1: zeroed
  Free, ///< value (pointer) is released: delete, free
  // -- locks. args = addresses of the locks (pointer values); several = one atomic group (std::lock, scoped_lock)
  Acquire, ///< mode; Flag::Try, Flag::Timed; result = what the call returned (see `success`)
  Release,
  LockInit, ///< args[0] lock; lockKind; or value = address of the attribute object
  LockDestroy,
  AttributeSet, ///< args[0] attribute object; lockKind (mutexattr_settype) or number=1 detached (attr_setdetachstate)
  // -- guards (first-class). `path` = the guard object
  GuardInit, ///< args = locks; tag; mode
  GuardLock,
  GuardUnlock,  ///< g.lock() (Flag::Try/Timed; result), g.unlock()
  GuardRelease, ///< g.release(): gives the lock up without unlocking
  GuardMove,    ///< path := std::move(value's location); what path held is unlocked first
  GuardSwap,    ///< value = address of the other guard
  GuardDestroy, ///< end of life of the guard object
  GuardOwns,    ///< result := owns_lock() / operator bool
  // -- calls
  Call, ///< callee (key) or value (callable); args; result; Flag::Virtual. Methods: args[0] = object address;
        ///< bit i of number: args[i] is the address of an object passed by reference to const
  Return, ///< value
  Throw,
  // -- threads
  Spawn, ///< value = callable; args = its arguments; path = where the handle is stored (std::thread object,
  ///< pthread_t), or result; spawnKind; number = 1 detached, 0 joinable; attribute = args of attr: see `extra`
  Join, ///< path/value of the handle; Flag::Timed / Try
  Detach,
  HandleMove,     ///< path := move(value's location); path must not be joinable
  HandleDestroy,  ///< end of life of a std::thread/jthread object at `path`
  HandleJoinable, ///< result := path.joinable()
  // -- condition variables
  Wait, ///< args[0] = condition variable, args[1] = lock pointer (pthread) or `path` = guard; Flag::Predicate/Timed
  Notify, ///< args[0]; number = 1 for all
  // -- other synchronisation; args[0] = the object
  SemWait,
  SemPost,
  SemInit, ///< SemInit number = initial count (or -1)
  BarrierInit,
  BarrierWait,
  LatchArrive,
  LatchWait,
  Once, ///< args[0] = flag, value = callable, args[1..] = arguments
  PromiseSet,
  FutureGet,
  FutureFrom, ///< FutureFrom: result/path := future of args[0] (promise, packaged_task)
  // -- process and blocking
  Fork,
  SignalHandler,
  Block,
  Suspend,
  NoReturn, ///< control does not continue (exit, abort, pthread_exit: number = 1)
  Fence,
  ScopeEnd,    ///< local variable `path` ends its life
  StaticBegin, ///< the initialiser of the static local `path` begins; others wait until StaticEnd
  StaticEnd
};

/// How to read the result of a conditional acquisition.
enum class Success : std::uint8_t {
  Always,  ///< void
  Zero,    ///< 0 = acquired (pthread)
  NonZero, ///< true = acquired (std try_lock)
  MinusOne ///< -1 = all acquired (std::try_lock of several)
};

enum class GuardTag : std::uint8_t { Lock, Defer, Adopt, Try, Timed, Empty };
enum class SpawnKind : std::uint8_t { PThread, StdThread, JThread, Async, C11, Model };

namespace Flag {
enum : std::uint32_t {
  Atomic = 1, ///< access to an atomic object
  Try = 2,
  Timed = 4,
  Virtual = 8, ///< dynamic dispatch
  Predicate = 16,
  Mutator = 32,       ///< a container operation that changes the container
  Implicit = 64,      ///< compiler-generated (implicit destructor)
  SystemCallee = 128, ///< callee is declared in a system header and has no model
  Destructor = 256,
  Constructor = 512,
  Detached = 1024,
  Initialization =
      2048, ///< first store into an object: declaration with initialiser, member initialiser
  Volatile = 4096,
  Interrupted = 8192, ///< condition-variable wait whose predicate call follows
  Static = 16384,     ///< inside a thread-safe static-local initialisation
  Nullable = 32768,   ///< Alloc that may give a null pointer: malloc and its kind
  Handle = 65536,     ///< access to a std::thread object itself
  Allocates = 131072, ///< Call that gives a fresh object where the callee has no body
  Opaque = 262144,    ///< by a method of a library's class that may lock by itself
  Guessed =
      524288 ///< Call of what a library's function was given: it may call it later, from another thread
};
}

struct Event {
  EventKind kind = EventKind::Read;
  LockMode mode = LockMode::Exclusive;
  LockKind lockKind = LockKind::Normal;
  GuardTag tag = GuardTag::Lock;
  Success success = Success::Always;
  SpawnKind spawnKind = SpawnKind::PThread;
  Order order = Order::None;
  std::uint32_t flags = 0;
  SourceRange range;
  PathId path = kNone;
  ValueId value = kNone;
  std::vector<ValueId> args;
  ValueId extra = kNone; ///< Spawn: address of the attribute object, or of a packaged task it runs
  StringId callee =
      0; ///< Call: key of the direct callee (the static one when virtual); GuardInit: the user's `lock`
  std::uint32_t result = kNone; ///< temporary that receives the result
  std::int64_t number = 0;
  TypeInfo type; ///< Alloc
  BlockId unwind =
      kNone; ///< Call/Throw: landing block that destroys live locals, then a handler or the exceptional exit
  bool operator==(const Event &) const = default;
};

enum class EdgeKind : std::uint8_t { Always, True, False, Case, Default };

struct Edge {
  EdgeKind kind = EdgeKind::Always;
  BlockId target = kNone;
  ValueId condition =
      kNone; ///< tested value: True = non-zero, False = zero, Case = equals caseValue
  std::int64_t caseValue = 0;
  bool operator==(const Edge &) const = default;
};

struct Block {
  std::vector<Event> events;
  std::vector<Edge> edges;
  bool operator==(const Block &) const = default;
};

} // namespace threadlint
