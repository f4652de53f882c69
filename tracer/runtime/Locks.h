// Locks: from the address of a lock to its number in the Locks table.
//
// The number stands in unused words of glibc's mutex or rwlock where possible: words that every initialisation zeroes, so that a lock
// that is made anew at the same address is another lock although nobody destroyed the old one. All else is found by address in a table.
// A mutex that only one thread has taken, and never with another one, has no number: its words name the thread and the site.
#pragma once

#include "tracer/runtime/State.h"

#include <sched.h>

namespace threadlint::trace {

bool openLocks();
void clearLocks();
/// Do the words that we want to use stay as they are while glibc uses the object?
void testLockWords();

/// The words of a lock. Null pointers: it has none.
struct Words {
  uint32_t *id;    // 0: none, kUnshared | frame of its first site, else number + 1
  uint32_t *owner; // of an unshared one: thread + 1
  uint64_t *check; // address ^ nonce when the others are ours
};
inline constexpr uint32_t kUnshared = 0x80000000;
inline constexpr uint64_t kWordsBusy = 2;

TL_INLINE Words wordsOfMutex(const void *mutex) {
  char *base = static_cast<char *>(const_cast<void *>(mutex));
  return {reinterpret_cast<uint32_t *>(base + 24), reinterpret_cast<uint32_t *>(base + 28),
          reinterpret_cast<uint64_t *>(base + 32)};
}
TL_INLINE Words wordsOfRwlock(const void *rwlock) {
  char *base = static_cast<char *>(const_cast<void *>(rwlock));
  return {reinterpret_cast<uint32_t *>(base + 16), reinterpret_cast<uint32_t *>(base + 20),
          reinterpret_cast<uint64_t *>(base + 40)};
}
TL_INLINE uint64_t checkOf(const void *address) {
  return reinterpret_cast<uint64_t>(address) ^ lockNonce;
}

/// A lock as a hook sees it.
struct LockView {
  uint64_t address;
  LockKind kind;
  uint16_t flags; // LockFlag
  Words words;
};
LockView viewOfMutex(const void *mutex);
LockView viewOfRwlock(const void *rwlock);
inline LockView viewOf(const void *object, LockKind kind) {
  return {reinterpret_cast<uint64_t>(object), kind, 0, {nullptr, nullptr, nullptr}};
}

/// The number of a lock that the caller holds; makes a record, and gives an unshared mutex its first acquisition, when it has none.
uint32_t numberOf(PerThread &state, const LockView &lock, uint64_t site);
/// The number if it has one already, without changing anything; the caller need not hold it.
uint32_t knownNumberOf(const LockView &lock);
/// It is destroyed (or initialised anew).
void forgetLock(const LockView &lock);
void nameLock(PerThread &state, const void *address, const char *name);

/// By address: locks without words, condition variables, semaphores, barriers.
struct ObjectSlot {
  uint64_t address;
  uint32_t value; // number + 1, 0: none
  uint32_t count; // events so far
};
/// The slot of an address, null when the table is full.
ObjectSlot *objectAt(uint64_t address, bool make);
ObjectSlot *threadSlot(uint64_t handle, bool make);
/// The number of what lies at the slot; makes a record when there is none of this kind.
uint32_t objectNumber(PerThread &state, ObjectSlot *slot, LockKind kind, uint64_t site,
                      uint16_t flags = 0);

} // namespace threadlint::trace
