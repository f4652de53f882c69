// Program: all translation units under one numbering.
//
//   TuFacts...  --link-->  Program  --analysis-->  relations
//
// Functions, variables, fields and records are merged by key; strings, files and ids are program-wide afterwards, so every later
// stage speaks FunctionId/VarId/FieldId and never a TU. Equal definitions of one key (inline functions, templates) merge; of
// differing ones the first in file order wins for other TUs and each TU keeps calling its own (several `main`s in one
// database are several programs that share the rest). The result does not depend on the order of the TUs.
#pragma once

#include "analyzer/facts/TuFacts.h"

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace threadlint {

using FunctionId = std::uint32_t;
using RecordId = std::uint32_t;

/// A linked function: facts whose StringIds, VarIds and FieldIds are program-wide.
struct Function {
  FunctionFacts facts;
  std::uint32_t tu = 0;
  std::uint32_t callers = 0; ///< direct calls, virtual ones counted at every override
  bool hasFlag(std::uint32_t flag) const { return (facts.flags & flag) != 0; }
};

struct Program {
  std::vector<std::string> strings{""};
  std::vector<std::string> files{""};
  /// Calls, as caller and called, of a function that several programs have, from a file that may belong to any of them.
  std::set<std::pair<FunctionId, FunctionId>> guessedCalls;
  std::vector<VarFacts> vars;
  std::vector<FieldFacts> fields;
  std::vector<RecordFacts> records;
  std::vector<Function> functions;
  std::vector<Limitation> limitations;
  std::vector<Suppression> suppressions;

  std::unordered_map<StringId, FunctionId>
      functionByKey; ///< external definitions, and internal ones by their unique key
  /// The function that an event calls directly, if its body is in view.
  std::optional<FunctionId> calleeOf(const Event &event) const {
    const auto callee = event.kind == EventKind::Call && event.callee != 0
                            ? functionByKey.find(event.callee)
                            : functionByKey.end();
    return callee == functionByKey.end() ? std::nullopt : std::optional(callee->second);
  }
  std::unordered_map<StringId, RecordId> recordByKey;
  std::unordered_map<StringId, std::vector<FunctionId>>
      overriders;                       ///< method key -> every override, transitively, and itself
  std::vector<FunctionId> mains;        ///< in file order
  std::vector<FunctionId> initializers; ///< GlobalInit pseudo-functions
  std::vector<std::int64_t>
      constantGlobal; ///< per var: the only value ever stored, valid when isConstantGlobal
  std::vector<bool> isConstantGlobal;
  std::vector<bool> fieldWritten; ///< per field: written by something else than an initialisation
  std::vector<bool> varWritten;
  /// What is ever stored in an atomic field or variable after its initialisation.
  struct AtomicStores {
    bool isOpen = false; ///< something else than constants
    std::vector<std::int64_t> constants;
    /// Exchanged for a non-zero constant, cleared, or changed in a way no lock is.
    bool isTaken = false, isCleared = false, isOther = false;
  };
  std::unordered_map<FieldId, AtomicStores> atomicFields;
  std::unordered_map<VarId, AtomicStores> atomicVars;
  AtomicStores atomicPointees; ///< what is stored through pointers
  /// What one place alone stores, beside zeros, in a plain scalar that starts as zero: a flag that it raises.
  struct RaisedFlag {
    unsigned places = 0;
    bool isOpen = false; ///< not of that kind
    std::int64_t raised = 0;
  };
  std::unordered_map<FieldId, RaisedFlag> flagFields;
  std::unordered_map<VarId, RaisedFlag> flagVars;
  /// The first of the bit-fields that share a memory location with a field, or the field itself.
  FieldId wordOf(FieldId field) const {
    auto it = firstBitField.find(field);
    return it != firstBitField.end() ? it->second : field;
  }
  std::unordered_map<FieldId, FieldId> firstBitField; ///< of bit-fields
  /// Whether an atomic object serves as a spin lock: whoever exchanges zero for a constant has it until it is cleared.
  bool isSpinLock(const Path &path) const;

  /// First counts of the semaphores in a variable or field, elements of arrays together: -1 where they differ or are not known.
  std::unordered_map<VarId, std::int64_t> semaphoreVars;
  std::unordered_map<FieldId, std::int64_t> semaphoreFields;
  bool hasBinarySemaphore = false; ///< any semaphore starts with a count of one

  std::string_view text(StringId id) const { return strings[id]; }
  const std::string &functionName(FunctionId id) const { return strings[functions[id].facts.name]; }
};

/// Links the TUs; consumes them.
Program link(std::vector<TuFacts> tus);

} // namespace threadlint
