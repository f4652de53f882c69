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

/// Puts a lock on the held stack when this thread has recorded the chain that it makes. False: takeSlow must do it.
///
/// Whether `site` is one, and not an address inside a wrapper, need not be known: tuples are learnt with sites only, and after the site
/// was recorded. In the same way a lock that is held already, or a chain that is not known below, is no tuple that was learnt.
TL_INLINE bool pushKnown(PerThread &state, const void *lock, uint32_t number, LockKind kind,
                         Mode mode, uint32_t nodeFlags, uint64_t site) {
  Block &block = *state.block;
  uint32_t depth = block.depth;
  if (TL_UNLIKELY(depth >= loadRelaxed(state.hotDepth)))
    return false;
  Held *held = &block.held[depth];
  uint64_t below = *reinterpret_cast<uint64_t *>(reinterpret_cast<char *>(held) - sizeof(Held) +
                                                 offsetof(Held, hash));
  uint64_t hash = chainHash(below, site, number, howOf(Op::Acquire, mode, nodeFlags));
  if (TL_UNLIKELY(!knowsTuple(state, hash)))
    return false;
  held->address = reinterpret_cast<uint64_t>(lock);
  held->hash = hash;
  held->pc = site;
  held->lock = number; // sinceNs stays 0: with times there is no hot path
  held->node = kNone;
  held->count = 1;
  held->mode = static_cast<uint8_t>(mode);
  held->kind = static_cast<uint8_t>(kind);
  held->flags = static_cast<uint16_t>(nodeFlags);
  TL_SIGNAL_FENCE();
  storeRelease(block.depth, depth + 1);
  return true;
}

/// Takes again, with nothing else held, a mutex that only this thread has taken so far.
TL_INLINE bool pushUnshared(PerThread &state, const void *mutex, const Words &words,
                            uint32_t nodeFlags, uint64_t site) {
  Block &block = *state.block;
  const KnownSite &known = knownSite(state, site);
  if (TL_UNLIKELY(block.depth || !loadRelaxed(state.hotDepth) || *words.owner != state.index + 1 ||
                  known.pc != site || known.next))
    return false;
  block.held[0] = {reinterpret_cast<uint64_t>(mutex),
                   0,
                   site,
                   0,
                   kNone,
                   kNone,
                   1,
                   static_cast<uint8_t>(Mode::Exclusive),
                   static_cast<uint8_t>(LockKind::Mutex),
                   static_cast<uint16_t>(nodeFlags)};
  TL_SIGNAL_FENCE();
  storeRelease(block.depth, 1u);
  return true;
}

/// Takes a glibc mutex of the plain kinds whose words are ours. False: takeSlow must do it.
TL_INLINE bool takeMutex(PerThread &state, const void *mutex, uint32_t nodeFlags, uint64_t site) {
  const auto &data = static_cast<const pthread_mutex_t *>(mutex)->__data;
  auto kind = static_cast<uint32_t>(data.__kind);
  if (TL_UNLIKELY(kind) &&
      ((kind & 0xfc) || ((kind & 3) == PTHREAD_MUTEX_RECURSIVE && data.__count != 1)))
    return false;
  Words words = wordsOfMutex(mutex);
  if (TL_UNLIKELY(*words.check != checkOf(mutex)))
    return false;
  uint32_t id = *words.id;
  if (TL_UNLIKELY(id & kUnshared))
    return pushUnshared(state, mutex, words, nodeFlags, site);
  return pushKnown(state, mutex, id - 1, LockKind::Mutex, Mode::Exclusive, nodeFlags, site);
}

/// The same for a rwlock. (Those that processes share have no words of ours.)
TL_INLINE bool takeRwlock(PerThread &state, const void *rwlock, Mode mode, uint32_t nodeFlags,
                          uint64_t site) {
  Words words = wordsOfRwlock(rwlock);
  return TL_LIKELY(loadAcquire(*words.check) == checkOf(rwlock)) &&
         pushKnown(state, rwlock, loadRelaxed(*words.id) - 1, LockKind::RwLock, mode, nodeFlags,
                   site);
}

/// Takes the newest entry off the held stack when it is this lock, taken once.
TL_INLINE bool releaseTop(PerThread &state, const void *lock) {
  Block &block = *state.block;
  uint32_t depth = block.depth - 1;
  if (TL_UNLIKELY(depth >= loadRelaxed(state.hotDepth)))
    return false;
  Held &top = block.held[depth];
  if (TL_UNLIKELY(top.address != reinterpret_cast<uint64_t>(lock)) || TL_UNLIKELY(top.count != 1))
    return false;
  storeRelease(block.depth, depth);
  return true;
}

} // namespace threadlint::trace
