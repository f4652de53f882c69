// LibraryModels: what the types and calls of threading libraries mean, as rows of data.
//
//   name, as the library declares it  =>  ClassModel / CallModel  =>  extract/ emits events
//
// Rows know no Clang: a class is found by its qualified name without inline namespaces and template arguments, a function by its
// qualified name, a method by the class of its object's type and its own name. C functions count only where the declaration
// has no visible body, except the `pthread_` names. All tables are constant and shared; look-ups are O(1).
#pragma once

#include "analyzer/facts/Event.h"

#include <string_view>

namespace threadlint {

/// A type that stands for something: `std::mutex` is a Lock, `pthread_t` a Thread.
struct ClassModel {
  std::string_view name;
  TypeClass cls = TypeClass::Other;
  LockKind lockKind = LockKind::Normal;
  LockMode mode = LockMode::Exclusive; ///< Guard: how it takes its lock by default
  bool atomic = false;
};

/// What a modelled call does. `object` and `second` of the row are argument positions.
enum class Effect : std::uint8_t {
  None, ///< nothing of interest; arguments are still evaluated
  Acquire,
  Release,
  AcquireAll,
  LockInit,
  LockDestroy,
  AttributeInit,
  AttributeKind,
  AttributeDetached,
  GuardLock,
  GuardUnlock,
  GuardRelease,
  GuardOwns,
  GuardMutex,
  SpawnPThread, ///< object = handle, second = callable; third = argument, fourth = attributes (-1: none)
  SpawnResult, ///< like SpawnPThread, the handle is the result
  SpawnAsync,
  Join,
  JoinAddress,
  WaitHandle, ///< object = handle of a thread, mutex, semaphore or event, second = milliseconds
  Detach,
  ThreadExit,
  Joinable,
  Self, ///< the result is the handle of the thread that calls
  Swap,
  Wait, ///< object = condition variable, second = lock pointer or guard
  NotifyOne,
  NotifyAll,
  CondInit, ///< initialisation or destruction of a condition variable: no event
  SemWait,
  SemPost,
  SemInit,
  SemOpen,  ///< the result is a handle of a new semaphore, second = its count
  LockOpen, ///< the result is a handle of a new lock, second = 1: taken already
  BarrierInit,
  BarrierWait,
  LatchArrive,
  LatchWait,
  LatchArriveWait,
  Once,
  PromiseSet,
  FutureGet,
  FutureFrom,
  FutureShare,
  Fork,
  SignalHandler,
  Block,
  NoReturn,
  Fence,
  Store, ///< writes *object
  Copy,  ///< writes *object, reads *second
  Allocate,
  Reallocate,
  Free,
  MakeObject,   ///< make_unique, make_shared
  Identity,     ///< the result is the argument itself: move, forward, as_const, ref
  AddressOf,    ///< addressof: the result is the address of the argument
  PointerValue, ///< the result is the pointer held by the object: get(), operator->
  Dereference,  ///< the result denotes what the object points to: operator*
  Bind,
  Invoke,
  Apply,
  Keep,          ///< stores its callable arguments, does not call them
  Element,       ///< container: reference to an element
  ElementInsert, ///< container: operator[] of a map
  Iterate,       ///< container: pointer or iterator to an element
  Insert,        ///< container: adds its last argument
  Emplace,       ///< container: constructs an element from the arguments
  Mutate,        ///< changes the object
  Reset,
  ReleasePointer,
  EmplaceObject,
  Inspect,    ///< reads the object
  CallObject, ///< calls the callable the object holds
  AtomicLoad,
  AtomicStore,
  AtomicUpdate, ///< on the object
  AtomicExchange,
  AtomicWait, ///< atomic::wait: a read
  TupleGet
};

struct CallModel {
  std::string_view name;
  Effect effect = Effect::None;
  int object = 0, second = 1;
  LockMode mode = LockMode::Exclusive;
  std::uint32_t flags = 0;
  Success success = Success::Always;
  LockKind lockKind = LockKind::Normal;
  int third = -1, fourth = -1;
};

/// The model of a class or C typedef, or null.
const ClassModel *findClassModel(std::string_view qualifiedName);
/// The model of a free function, or null.
const CallModel *findFunctionModel(std::string_view qualifiedName);
/// The model of a method of an object of class `cls`, or null. `object` is unused: methods act on their object.
const CallModel *findMethodModel(TypeClass cls, std::string_view method);
/// True for a class whose methods may be modelled by findMethodModel and whose copies are not plain copies of bytes.
bool isHandleClass(TypeClass cls);

} // namespace threadlint
