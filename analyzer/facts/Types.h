// Types: the small closed vocabularies that facts are written in.
//
// Plain enums and ids, no behaviour, only the standard library. The binary format stores the underlying numbers, so
// an enumerator is only ever appended, and FactsFormat's version rises when a meaning changes.
#pragma once

#include <compare>
#include <cstdint>

namespace threadlint {

/// Index in TuFacts::strings; 0 is the empty string and means "none".
using StringId = std::uint32_t;
/// Index in TuFacts::vars (globals, statics, locals, parameters); kNone means "none".
using VarId = std::uint32_t;
/// Index in TuFacts::fields.
using FieldId = std::uint32_t;
/// Index in FunctionFacts::paths, FunctionFacts::values and FunctionFacts::blocks.
using PathId = std::uint32_t;
using ValueId = std::uint32_t;
using BlockId = std::uint32_t;

inline constexpr std::uint32_t kNone = 0xffffffffu;

/// A source range. `file` is an index in TuFacts::files (0 = unknown); lines and byte columns are 1-based. Macro
/// locations are expansion locations; a place in a system header is moved to the nearest user frame.
struct SourceRange {
  std::uint32_t file = 0, line = 0, column = 0, endLine = 0, endColumn = 0;
  bool operator==(const SourceRange &) const = default;
  auto operator<=>(const SourceRange &) const = default;
};

enum class LockMode : std::uint8_t { Exclusive, Shared };

/// What is known of a lock's re-entrancy. Unknown: attribute set by code we cannot see.
enum class LockKind : std::uint8_t { Normal, Recursive, ErrorCheck, Shared, Spin, Unknown };

/// What a type is for this tool. The order is part of the binary format.
enum class TypeClass : std::uint8_t {
  Other,
  Integer,
  Bool,
  Enum,
  Pointer,
  Record,
  Array,
  Function,
  Lock,    ///< std::mutex, pthread_mutex_t, mtx_t ... (TypeInfo::lockKind)
  Guard,   ///< lock_guard, unique_lock, shared_lock, scoped_lock
  Thread,  ///< std::thread, pthread_t, thrd_t
  JThread, ///< std::jthread
  CondVar,
  Semaphore,
  Barrier,
  Latch,
  OnceFlag,
  Future,
  Promise,
  StopToken,
  Callable,     ///< std::function, std::packaged_task
  SmartPointer, ///< unique_ptr, shared_ptr: `*p` and `p->` are a Deref step of the smart pointer itself
  Container, ///< standard containers and strings: elements are an AnyIndex step
  Iterator,
  LockAttribute,
  ThreadAttribute,
  Stream ///< std::cout & co., FILE: internally synchronised
};

struct TypeInfo {
  TypeClass cls = TypeClass::Other;
  LockKind lockKind = LockKind::Normal;
  bool isAtomic = false; ///< std::atomic, std::atomic_flag, _Atomic
  bool isConst = false;  ///< top-level const of an object that is never mutated through this name
  bool isVolatile = false;
  bool isReference =
      false; ///< declared as T& / T&&; the variable then holds an address and uses carry a Deref step
  StringId record =
      0; ///< key of the record (for Pointer/SmartPointer/Container/Array: of the pointee or element)
  StringId name = 0; ///< spelled type, for messages
  bool operator==(const TypeInfo &) const = default;
};

enum class Order : std::uint8_t { None, Relaxed, Consume, Acquire, Release, AcqRel, SeqCst };

} // namespace threadlint
