// State: one disjunct of the lock-state analysis at a program point.
//
// Lockset, guard values, threads, what is known of values, and a memory of what was stored. Two disjuncts with equal `key` parts
// (locks, guards, threads, escapes) merge; their memories meet in phis.
#pragma once

#include "analyzer/analysis/Memory.h"
#include "analyzer/analysis/Summary.h"

#include <algorithm>
#include <map>

namespace threadlint {

struct State {
  Memory memory;
  std::vector<HeldLock> held;
  std::vector<Term> released; ///< the caller's locks released here; sorted
  std::vector<Term> unlocked; ///< locks taken and released here; sorted
  std::vector<Term> needs; ///< locks surely taken and threads surely joined on the way here; sorted
  std::vector<GuardState> guards; ///< sorted by guard
  std::vector<LiveThread> live;   ///< sorted by thread
  std::vector<Term> joined;       ///< sorted
  std::vector<Term> order;        ///< sorted
  std::vector<Term> ended;        ///< sorted
  std::vector<Term> past;         ///< sorted
  std::vector<Term> escaped;      ///< frame objects others can reach; sorted
  std::vector<Fact> facts;        ///< sorted
  std::vector<Term> either;       ///< alternatives that hold; sorted
  std::vector<Term> modes;        ///< values that tell ways with a lock from ways without; sorted
  std::vector<Term> spared;       ///< locks not taken in this mode of a shared object; sorted
  std::vector<Taken> taken;       ///< sorted
  std::vector<Term>
      soleOwner; ///< objects nobody else reaches: the last reference was dropped here, or the lock just made; sorted
  std::vector<BlockId>
      passed; ///< loops that give something back and were gone round at least once; sorted
  std::map<Term, WitnessId> spawnedAt; ///< thread -> its creation
  std::map<Term, WitnessId> unlockedAt;
  WitnessId returnedAt = kNoWitness;
  std::size_t kept = 0; ///< size of the memory after the last Frame::collect

  bool sameKey(const State &o) const {
    auto sameHeld = [](const HeldLock &a, const HeldLock &b) {
      return a.lock == b.lock && a.mode == b.mode && a.may == b.may && a.depth == b.depth;
    };
    return std::equal(held.begin(), held.end(), o.held.begin(), o.held.end(), sameHeld) &&
           released == o.released && guards == o.guards && live == o.live && joined == o.joined &&
           order == o.order && ended == o.ended && passed == o.passed;
  }
};

template <class T> bool insertSorted(std::vector<T> &set, const T &item) {
  auto it = std::lower_bound(set.begin(), set.end(), item);
  if (it != set.end() && *it == item)
    return false;
  set.insert(it, item);
  return true;
}
/// In a sorted vector, or a sorted TermList.
template <class Set> bool containsSorted(const Set &set, const typename Set::value_type &item) {
  return std::binary_search(set.begin(), set.end(), item);
}

// Where joins are forced, locks that may be held or may have been given back add up, without end where their names differ each time.
// More than these are not kept: they suppress nothing, and no report could tell them apart. A state without room may have lost one, so
// what it gives back without holding it is not taken for a lock of its caller.
inline constexpr std::size_t kMaxMayHeld = 64, kMaxReleased = 96;
inline bool hasRoomForMayHeld(const std::vector<HeldLock> &held) {
  return held.size() < kMaxMayHeld ||
         static_cast<std::size_t>(std::count_if(
             held.begin(), held.end(), [](const HeldLock &h) { return h.may; })) < kMaxMayHeld;
}
/// False when nothing changed.
inline bool addReleased(std::vector<Term> &released, Term lock) {
  return released.size() < kMaxReleased && insertSorted(released, lock);
}

/// Keeps what both hold. True when `into` lost something.
template <class T> bool intersectSorted(std::vector<T> &into, const std::vector<T> &from) {
  return std::erase_if(into, [&](const T &item) { return !containsSorted(from, item); }) != 0;
}
template <class T> void eraseSorted(std::vector<T> &set, const T &item) {
  auto it = std::lower_bound(set.begin(), set.end(), item);
  if (it != set.end() && *it == item)
    set.erase(it);
}

} // namespace threadlint
