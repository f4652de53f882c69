// Store: the trace file of this process, mapped, and lock-free appending to its tables.
//
// Memory is asked for in chunks before it is touched (MADV_POPULATE_WRITE, or fallocate on older kernels), so a full file system is
// a counted loss and never a SIGBUS. Every function may run in a hook.
#pragma once

#include "tracer/record/Record.h"
#include "tracer/runtime/System.h"

namespace threadlint::trace {

struct Options;

extern TL_HIDDEN Header *storeHeader; // null: not tracing

inline bool tracing() { return storeHeader != nullptr; }

/// Makes and maps the file; false (with a message when `loud`) when that is impossible.
bool openStore(const Options &options, bool loud);
/// After fork, in the child: another file at the same addresses. False: not tracing any more.
bool reopenStore(const Options &options, uint32_t forkedFrom);
/// From now on nothing is recorded; memory stays mapped, so that a hook that is running does no harm.
void abandonStore();

TL_INLINE Table &tableOf(TableKind kind) {
  return storeHeader->tables[static_cast<uint32_t>(kind)];
}
TL_INLINE void *recordAt(TableKind kind, uint32_t index) {
  Table &table = tableOf(kind);
  return reinterpret_cast<char *>(storeHeader) + table.offset +
         static_cast<uint64_t>(index) * table.recordSize;
}

/// Room for `count` records in a row, zeroed; the index of the first, or kNone (counted as dropped).
uint32_t reserveRecords(TableKind kind, uint32_t count = 1);

inline void countUp(Counter counter, uint64_t by = 1) {
  if (storeHeader)
    addRelaxed(storeHeader->counters[static_cast<uint32_t>(counter)], by);
}

/// Offset of a copy of the text in the string table; 0 for the empty text or when it is full.
uint32_t storeText(const char *text);

template <typename T> struct TableOf;
#define TL_TABLE(type, kind)                                                                       \
  template <> struct TableOf<type> {                                                               \
    static constexpr TableKind value = TableKind::kind;                                            \
  }
TL_TABLE(Module, Modules);
TL_TABLE(Frame, Frames);
TL_TABLE(uint32_t, StackFrames);
TL_TABLE(Stack, Stacks);
TL_TABLE(Thread, Threads);
TL_TABLE(Block, Blocks);
TL_TABLE(Spill, Spills);
TL_TABLE(Lock, Locks);
TL_TABLE(Node, Nodes);
TL_TABLE(Tuple, Tuples);
TL_TABLE(Event, Events);
TL_TABLE(Site, Sites);
#undef TL_TABLE

/// The record with this index; the caller knows that it exists.
template <typename T> TL_INLINE T &record(uint32_t index) {
  return *static_cast<T *>(recordAt(TableOf<T>::value, index));
}
template <typename T> inline uint32_t reserve(uint32_t count = 1) {
  return reserveRecords(TableOf<T>::value, count);
}
template <typename T> inline void publish(T &entry) { storeRelease(entry.published, 1u); }

} // namespace threadlint::trace
