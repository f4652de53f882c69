// Map: a fixed-size hash table from 64-bit keys to record numbers, lock-free and insert-only.
//
// Keys are claimed by compare-and-swap, values are stored afterwards; a second thread that meets a claimed key without a value waits
// for a moment. The memory is private to the process and all zero at first; after fork the child starts with fresh memory.
#pragma once

#include "tracer/record/Record.h"
#include "tracer/runtime/System.h"

#include <sched.h>

namespace threadlint::trace {

/// Slots by their first word, a key that is not 0. Levels grow fourfold, so that few keys touch little memory; a key is in a later level
/// only when its places in the earlier ones were taken, and they stay so.
template <typename Slot> class SlotLevels {
public:
  /// Memory for about `capacity` (a power of two) keys; false when there is none.
  bool open(uint64_t capacity) {
    levels_ = 1;
    for (uint64_t size = kFirst; size < capacity; size *= 4)
      ++levels_;
    slots_ = static_cast<Slot *>(mapPrivate(slotCount() * sizeof(Slot)));
    return slots_ != nullptr;
  }
  bool clear() { return remapPrivate(slots_, slotCount() * sizeof(Slot)); }

  /// The slot with the key, or the empty one where it would be; null when there is none.
  Slot *look(uint64_t key) const {
    Slot *base = slots_;
    for (uint32_t level = 0; level < levels_; ++level) {
      uint64_t size = kFirst << 2 * level;
      for (uint64_t at = key * kMix >> 20, probes = 0; probes < kProbes; ++at, ++probes) {
        Slot &slot = base[at & (size - 1)];
        uint64_t there = loadAcquire(keyOf(slot));
        if (!there || there == key)
          return &slot;
      }
      base += size;
    }
    return nullptr;
  }
  static uint64_t &keyOf(Slot &slot) { return *reinterpret_cast<uint64_t *>(&slot); }

private:
  static constexpr uint64_t kMix = 0x9e3779b97f4a7c15;
  static constexpr uint64_t kProbes = 16;
  static constexpr uint64_t kFirst = 1 << 10;

  uint64_t slotCount() const {
    uint64_t count = 0;
    for (uint32_t level = 0; level < levels_; ++level)
      count += kFirst << 2 * level;
    return count;
  }

  Slot *slots_ = nullptr;
  uint32_t levels_ = 0;
};

class Map {
public:
  bool open(uint64_t capacity) { return slots_.open(capacity); }
  bool clear() { return slots_.clear(); }

  /// The value of `key` (not 0), or kNone.
  uint32_t find(uint64_t key) const {
    const Slot *slot = slots_.look(key);
    return slot && loadAcquire(slot->key) == key ? valueOf(*slot) : kNone;
  }

  /// The value of `key`; when it is new, `make()` gives it. kNone when the table is too full or `make` gives kNone.
  template <typename Make> uint32_t findOrAdd(uint64_t key, Make make) {
    while (Slot *slot = slots_.look(key)) {
      if (loadAcquire(slot->key) == key)
        return valueOf(*slot);
      if (!exchangeIf(slot->key, uint64_t{0}, key))
        continue; // another thread took the slot
      uint32_t value = make();
      storeRelease(slot->value, value == kNone ? kFailed : value + 1);
      return value;
    }
    return kNone;
  }

  /// Changes the value of a key that is there.
  void replace(uint64_t key, uint32_t value) {
    if (Slot *slot = slots_.look(key); slot && loadAcquire(slot->key) == key)
      storeRelease(slot->value, value == kNone ? kFailed : value + 1);
  }

private:
  struct Slot {
    uint64_t key;
    uint64_t value; // 0: not yet, kFailed: none, else value + 1
  };
  static constexpr uint64_t kFailed = ~uint64_t{0};

  static uint32_t valueOf(const Slot &slot) {
    uint64_t value = loadAcquire(slot.value);
    for (int turn = 0; !value && turn < 1000; ++turn) {
      sched_yield();
      value = loadAcquire(slot.value);
    }
    return !value || value == kFailed ? kNone : static_cast<uint32_t>(value - 1);
  }

  SlotLevels<Slot> slots_;
};

} // namespace threadlint::trace
