// TuFacts: everything the later stages know about one translation unit.
//
// A plain value: serialisable, comparable, no pointer into an AST. Produced by extract/, stored by FactsFormat, consumed by
// program/. Facts of a TU never depend on another TU. All StringId/VarId/FieldId are local to their TuFacts.
//
// Keys (docs/explanation/architecture.md): external linkage = USR; internal linkage = USR + "@" + project-relative defining
// file; lambdas, local classes, locals and static locals = enclosing key + kind + name + ordinal among equals.
#pragma once

#include "analyzer/facts/Event.h"

#include <string>
#include <vector>

namespace threadlint {

enum class VarKind : std::uint8_t { Global, StaticLocal, ThreadLocal, Local, Param };

struct VarFacts {
  StringId key = 0,
           name = 0; ///< name as the user writes it: `stats`, `ns::counter`, `Pool::instance`
  VarKind kind = VarKind::Local;
  TypeInfo type;
  SourceRange range;
  bool addressTaken =
      false; ///< address or reference taken, or captured by reference: others may reach it
  bool isDefinition = true;
  bool external = false; ///< external linkage
  LockKind staticLockKind =
      LockKind::Normal; ///< PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP and friends
  bool operator==(const VarFacts &) const = default;
};

struct FieldFacts {
  StringId key = 0, record = 0, name = 0;
  TypeInfo type;
  bool isBitField = false, isMutable = false;
  std::uint32_t storageUnit = 0; ///< bit-fields: ordinal of the memory location they share
  bool operator==(const FieldFacts &) const = default;
};

struct RecordFacts {
  StringId key = 0, name = 0;
  bool isUnion = false, isPolymorphic = false, isLambda = false;
  std::vector<StringId> bases;
  std::vector<FieldId> fields;
  StringId destructor = 0;          ///< key of the user-provided destructor
  std::vector<StringId> overriders; ///< pairs (method, overridden method), flattened
  bool operator==(const RecordFacts &) const = default;
};

namespace FunctionFlag {
enum : std::uint32_t {
  Main = 1,
  External = 2,
  Method = 4,
  Constructor = 8,
  Destructor = 16,
  Lambda = 32,
  Virtual = 64,
  Static = 128,
  AddressTaken = 256,
  NoReturn = 512,
  Private = 1024,
  Instantiation = 2048,
  Pattern = 4096,    ///< Pattern: uninstantiated template
  GlobalInit = 8192, ///< pseudo-function: dynamic and static initialisers of this TU's globals
  Coroutine = 16384,
  Noexcept =
      32768, ///< lets no exception out: declared so, or of a file without exceptions, as C is
  Inline = 65536,
  Protected = 131072,
  NoThreadSafety = 262144,
  InSystemHeader = 524288,
  SignalHandler = 1048576,
  ReturnsReference = 2097152,
  Modelled = 4194304, ///< of a library: one event that stands for what it does
  Startup =
      8388608 ///< runs before main, or when its library is loaded: `__attribute__((constructor))`
};
}

struct FunctionFacts {
  StringId key = 0, name = 0; ///< name: qualified, without parameters: `Account::withdraw`
  StringId pattern = 0;       ///< template pattern's key (findings are deduplicated by it), or 0
  StringId record = 0;        ///< key of the class of a method
  StringId enclosing = 0;     ///< lambdas: key of the function they stand in
  std::uint32_t flags = 0;
  SourceRange range; ///< of the definition
  std::vector<VarId> params;
  std::uint32_t captureCount = 0;
  std::vector<StringId> captureNames;
  std::vector<std::uint8_t> captureByReference;
  std::uint32_t tempCount = 0;
  std::vector<Path> paths;
  std::vector<Value> values;
  std::vector<Block> blocks;
  BlockId entry = 0, exit = kNone; ///< exit: normal exit block, no events
  BlockId exceptionalExit = kNone; ///< kNone when nothing unwinds out of it
  TypeInfo returnType;
  std::uint64_t bodyHash =
      0; ///< of all the above but ranges' files; equal (key, bodyHash) merge at link
  bool operator==(const FunctionFacts &) const = default;
};

enum class SuppressionKind : std::uint8_t { Line, NextLine, Begin, End };

struct Suppression {
  SuppressionKind kind = SuppressionKind::Line;
  std::uint32_t file = 0, line = 0;
  std::vector<StringId> globs; ///< empty = every check
  bool operator==(const Suppression &) const = default;
};

/// Something of the user's code that could not be analysed; never an error of ours. Shown in every format.
struct Limitation {
  StringId kind = 0; ///< "parse-error", "crash", "timeout", "unsupported", "too-large"
  StringId message = 0;
  SourceRange range;
  bool incomplete = false; ///< makes the run incomplete (exit 3 under --strict)
  bool operator==(const Limitation &) const = default;
};

struct TuFacts {
  std::string mainFile; ///< relative to the project root, or absolute outside it
  std::string linkUnit; ///< reserved: name of the program it belongs to
  std::vector<std::string> strings{""};
  std::vector<std::string> files{""};
  std::vector<VarFacts> vars;
  std::vector<FieldFacts> fields;
  std::vector<RecordFacts> records;
  std::vector<FunctionFacts> functions;
  std::vector<Suppression> suppressions;
  std::vector<Limitation> limitations;
  bool operator==(const TuFacts &) const = default;
};

} // namespace threadlint
