// Map: a fixed-size hash table from 64-bit keys to record numbers, lock-free and insert-only.
//
// Keys are claimed by compare-and-swap, values are stored afterwards; a second thread that meets a claimed key without a value waits
// for a moment. The memory is private to the process and all zero at first; after fork the child starts with fresh memory.
#pragma once

#include "tracer/record/Record.h"
#include "tracer/runtime/System.h"

#include <sched.h>

namespace threadlint::trace {

class Map {
public:
  /// Memory for up to `capacity` (a power of two) keys; false when there is none.
  bool open(uint64_t capacity) {
    slots_ = static_cast<Slot *>(mapPrivate(capacity * sizeof(Slot)));
    mask_ = capacity - 1;
    return slots_ != nullptr;
  }
  bool clear() { return remapPrivate(slots_, (mask_ + 1) * sizeof(Slot)); }

  /// The value of `key` (not 0), or kNone.
  uint32_t find(uint64_t key) const {
    for (uint64_t at = key * kMix >> 20, probes = 0; probes < kProbes; ++at, ++probes) {
      const Slot &slot = slots_[at & mask_];
      uint64_t there = loadAcquire(slot.key);
      if (there == key)
        return valueOf(slot);
      if (!there)
        return kNone;
    }
    return kNone;
  }

  /// The value of `key`; when it is new, `make()` gives it. kNone when the table is too full or `make` gives kNone.
  template <typename Make> uint32_t findOrAdd(uint64_t key, Make make) {
    for (uint64_t at = key * kMix >> 20, probes = 0; probes < kProbes; ++at, ++probes) {
      Slot &slot = slots_[at & mask_];
      uint64_t there = loadAcquire(slot.key);
      if (!there && exchangeIf(slot.key, uint64_t{0}, key)) {
        uint32_t value = make();
        storeRelease(slot.value, value == kNone ? kFailed : value + 1);
        return value;
      }
      if (loadAcquire(slot.key) == key)
        return valueOf(slot);
    }
    return kNone;
  }

  /// Changes the value of a key that is there.
  void replace(uint64_t key, uint32_t value) {
    for (uint64_t at = key * kMix >> 20, probes = 0; probes < kProbes; ++at, ++probes) {
      Slot &slot = slots_[at & mask_];
      uint64_t there = loadAcquire(slot.key);
      if (there == key)
        return storeRelease(slot.value, value == kNone ? kFailed : value + 1);
      if (!there)
        return;
    }
  }

private:
  struct Slot {
    uint64_t key;
    uint64_t value; // 0: not yet, kFailed: none, else value + 1
  };
  static constexpr uint64_t kMix = 0x9e3779b97f4a7c15;
  static constexpr uint64_t kProbes = 128;
  static constexpr uint64_t kFailed = ~uint64_t{0};

  static uint32_t valueOf(const Slot &slot) {
    uint64_t value = loadAcquire(slot.value);
    for (int turn = 0; !value && turn < 1000; ++turn) {
      sched_yield();
      value = loadAcquire(slot.value);
    }
    return !value || value == kFailed ? kNone : static_cast<uint32_t>(value - 1);
  }

  Slot *slots_ = nullptr;
  uint64_t mask_ = 0;
};

} // namespace threadlint::trace
