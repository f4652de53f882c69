// Chains: the held stack of a thread, and the nodes and tuples that come of it.
//
//   lock taken  =>  Held entry with the hash of the chain  =>  known to this thread in this epoch?  =no=>  Node, Tuple
//
// take() and release() are the hot path; the rest is the slow path. Callers have set `busy`.
#pragma once

#include "tracer/runtime/Locks.h"
#include "tracer/runtime/Sites.h"
#include "tracer/runtime/State.h"

namespace threadlint::trace {

bool openChains();
void clearChains();

/// How and where a lock is taken.
struct Taking {
  Mode mode;
  uint32_t nodeFlags;   // kNodeTry, kNodeTimed
  uint64_t pc;          // return address of the hook
  const uint64_t *slot; // where it lies
};

void takeSlow(PerThread &state, const LockView &lock, const Taking &taking);
/// False when the thread did not hold it.
bool releaseSlow(PerThread &state, const LockView &lock);

/// Entry number `at` of the held stack.
TL_INLINE Held *heldAt(PerThread &state, uint32_t at) {
  if (TL_LIKELY(at < kInlineHeld))
    return &state.block->held[at];
  return state.block->spill == kNone ? nullptr
                                     : &record<Spill>(state.block->spill).held[at - kInlineHeld];
}
/// The newest entry with this address, or null.
Held *findHeld(PerThread &state, uint64_t address);

/// The node "object at site while this thread's locks, without the one at address `without`, are held"; records that this thread came
/// by. Does nothing when no other lock is held.
void recordWait(PerThread &state, Op op, uint32_t object, uint32_t companion, uint64_t without,
                uint64_t site, uint32_t nodeFlags);
/// Node of the newest lock held; kNone when there is none.
uint32_t heldNode(PerThread &state, uint64_t without = 0);
/// The first acquisition of a lock by another thread, which its words had kept.
void recordFirst(PerThread &state, uint32_t thread, uint32_t lock, uint64_t site);
/// Drops what other threads have released.
void settleDisturbed(PerThread &state);
/// Another thread releases what some thread holds: marks it there. False when nobody was known to hold it.
bool releaseElsewhere(PerThread &state, uint64_t address);

/// Ends the epoch of the thread with an event.
void recordEvent(PerThread &state, EventKind kind, uint32_t object, uint32_t other, uint64_t value,
                 uint64_t site = 0);
/// An event of a thread, maybe another one, that ends no epoch; false when there is no room.
bool noteEvent(const PerThread &state, EventKind kind, uint32_t object, uint32_t other,
               uint64_t value, uint64_t site);
/// Should the next event with this object be recorded? The first 64 are, then ever fewer.
bool worthAnEvent(ObjectSlot *slot);

static_assert(offsetof(Held, node) == offsetof(Held, lock) + 4 &&
              offsetof(Held, mode) == offsetof(Held, count) + 4 &&
              offsetof(Held, flags) == offsetof(Held, count) + 6 &&
              !static_cast<int>(Mode::Exclusive) && !static_cast<int>(LockKind::Mutex));

/// Takes a glibc mutex of the plain kinds whose words are ours. False: takeSlow must do it. `flags` is HeldFlag.
TL_INLINE bool takeMutex(PerThread &state, void *mutex, uint32_t nodeFlags, uint64_t pc,
                         const uint64_t *slot) {
  const auto &data = static_cast<pthread_mutex_t *>(mutex)->__data;
  auto kind = static_cast<uint32_t>(data.__kind);
  if (TL_UNLIKELY(kind) &&
      ((kind & 0xfc) || ((kind & 3) == PTHREAD_MUTEX_RECURSIVE && data.__count != 1)))
    return false;
  const KnownSite &site = knownSite(state, pc);
  if (TL_UNLIKELY(site.pc != pc))
    return false;
  if (TL_UNLIKELY(site.next) && !(pc = followWrappers(state, pc, slot)))
    return false;
  Words words = wordsOfMutex(mutex);
  Block &block = *state.block;
  uint32_t depth = block.depth, id = *words.id;
  if (TL_UNLIKELY(depth >= kInlineHeld || *words.check != checkOf(mutex)))
    return false;
  Held *held = &block.held[depth];
  uint64_t hash = 0;
  uint32_t number = id - 1;
  if (TL_UNLIKELY(id & kUnshared)) {
    if (depth || *words.owner != state.index + 1)
      return false;
    number = kNone;
  } else {
    uint64_t below = *reinterpret_cast<uint64_t *>(reinterpret_cast<char *>(held) - sizeof(Held) +
                                                   offsetof(Held, hash));
    hash = chainHash(below, pc, number, howOf(Op::Acquire, Mode::Exclusive, nodeFlags));
    if (TL_UNLIKELY(!below || !knowsTuple(state, hash)))
      return false;
  }
  // One store for each word: Exclusive and Mutex are 0.
  held->address = reinterpret_cast<uint64_t>(mutex);
  held->hash = hash;
  held->pc = pc;
  uint64_t lockAndNode = number | static_cast<uint64_t>(kNone) << 32,
           rest = 1 | static_cast<uint64_t>(nodeFlags) << 48;
  __builtin_memcpy(&held->lock, &lockAndNode, sizeof lockAndNode);
  __builtin_memcpy(&held->count, &rest, sizeof rest);
  TL_SIGNAL_FENCE();
  storeRelease(block.depth, depth + 1);
  return true;
}

/// Takes the newest entry off the held stack when it is this lock, taken once.
TL_INLINE bool releaseTop(PerThread &state, const void *lock) {
  Block &block = *state.block;
  uint32_t depth = block.depth;
  if (TL_UNLIKELY(depth - 1 >= kInlineHeld))
    return false;
  Held &top = block.held[depth - 1];
  if (TL_UNLIKELY(top.address != reinterpret_cast<uint64_t>(lock)) || TL_UNLIKELY(top.count != 1) ||
      TL_UNLIKELY(state.disturbed))
    return false;
  storeRelease(block.depth, depth - 1);
  return true;
}

} // namespace threadlint::trace
