// State: what the runtime knows of a running thread, and of the process.
//
//   initial-exec TLS  =>  PerThread (private memory)  =>  Block (in the trace file)
//
// The hot path touches one PerThread, one Block and the lock itself. States are reused after their thread has ended.
#pragma once

#include "tracer/runtime/Options.h"
#include "tracer/runtime/Store.h"
#include "tracer/runtime/Unwind.h"

#include <pthread.h>

namespace threadlint::trace {

/// What is known of a return address into the code that called a hook.
struct KnownSite {
  uint64_t pc; // 0: empty
  int64_t
      next; // 0: this is the acquisition site. Else it is inside a wrapper, and the wrapper's own return address is so far away
};

inline constexpr uint32_t kKnownSites = 256;
inline constexpr uint32_t kKnownTuples = 32768;

struct PerThread {
  uint64_t
      busy; // address in the stack below the frame of the hook that is running, 0: none. Hooks called by a signal handler then pass on unrecorded
  Block *block;
  uint32_t index; // in Threads
  uint32_t
      hotDepth; // the hot path does its work while fewer locks are held: kInlineHeld; 0 when the slow path must look at each
  uint64_t epochMix; // so that every tuple is looked at again in a new epoch
  uint32_t epoch;
  uint32_t blockIndex;
  uint64_t
      wrapper; // return address of a hook that is known to lie in a wrapper, 0: none. Others may do so too
  uint64_t stackLow, stackHigh; // 0: not known
  uint32_t exitRounds;
  uint32_t carriedDepth; // fork: what the child's only thread holds
  uint32_t spareState;   // index of this state
  KnownSite sites[kKnownSites];
  Held carried[kInlineHeld];
  uint32_t tuples[kKnownTuples]; // tags of what this thread has recorded in this epoch
  WalkSpace walk;                // hooks do not nest: one is enough
};

extern TL_HIDDEN __thread PerThread *self
    __attribute__((tls_model("initial-exec"))); // not thread_local: that is looked at by a function

struct Process {
  Options options;
  bool mutexWords; // unused words of the mutex hold its number (self-tested)
  bool rwlockWords;
  bool closing; // exit has begun
};
extern TL_HIDDEN Process process;
extern TL_HIDDEN uint64_t
    lockNonce; // makes the numbers in lock words those of this process and no other

inline constexpr uint64_t kEmptyChain = 0x5851f42d4c957f2d;
/// Before the first entry of a held stack lies the hash of the empty chain, as if it were one.
TL_INLINE uint64_t &emptyChainOf(Block &block) { return block.reserved[2]; }
static_assert(offsetof(Block, reserved) + 2 * sizeof(uint64_t) ==
              offsetof(Block, held) - sizeof(Held) + offsetof(Held, hash));

/// Starts the runtime once; false when nothing is traced. Called by the constructor, and by hooks that run before it.
bool startRuntime();

/// The state of the calling thread, made when it has none; null when it is not traced.
PerThread *threadState();

TL_INLINE const KnownSite &knownSite(const PerThread &state, uint64_t pc) {
  return state.sites[(pc ^ pc >> 9) % kKnownSites];
}

TL_INLINE uint64_t chainHash(uint64_t below, uint64_t pc, uint32_t lock, uint32_t how) {
  uint64_t hash = (below + pc) * 0x9e3779b97f4a7c15 ^
                  (static_cast<uint64_t>(lock) << 16 | how) * 0xc2b2ae3d27d4eb4f;
  hash ^= hash >> 32;
  return hash | 1;
}

TL_INLINE uint32_t howOf(Op op, Mode mode, uint32_t nodeFlags) {
  return static_cast<uint32_t>(op) << 12 | static_cast<uint32_t>(mode) << 11 | (nodeFlags & 0x7ff);
}

/// hotDepth when no entry of the held stack is kHeldGone: with times wanted, every acquisition is slow.
inline uint32_t usualHotDepth() { return process.options.times ? 0 : kInlineHeld; }

/// With the mix that makes every known tuple unknown again, also those of a thread that had this state before.
inline void beginEpoch(PerThread &state, uint32_t epoch) {
  state.epoch = epoch;
  state.epochMix = (static_cast<uint64_t>(state.index) << 32 | epoch) * 0xa0761d6478bd642full;
}

/// Where the tag of a tuple is, in a set of four, and the tag. A hash is well mixed in all its bits.
TL_INLINE uint32_t tuplePlace(uint64_t mixed) { return static_cast<uint32_t>(mixed >> 49); }
TL_INLINE uint32_t tupleTag(uint64_t mixed) { return static_cast<uint32_t>(mixed >> 17); }
static_assert(kKnownTuples == 1 << (64 - 49));

TL_INLINE bool knowsTuple(const PerThread &state, uint64_t hash) {
  uint64_t mixed = hash ^ state.epochMix;
  uint32_t at = tuplePlace(mixed), tag = tupleTag(mixed);
  const uint32_t *known = state.tuples;
  return known[at] == tag ||
         TL_UNLIKELY(known[at ^ 1] == tag || known[at ^ 2] == tag || known[at ^ 3] == tag);
}
inline void learnTuple(PerThread &state, uint64_t hash) {
  uint64_t mixed = hash ^ state.epochMix;
  uint32_t at = tuplePlace(mixed);
  // The one that goes depends on the newcomer, so that a set that is too small still keeps some.
  uint32_t other = at ^ (1 + (mixed & 0xffff) % 3);
  state.tuples[other] = state.tuples[at];
  state.tuples[at] = tupleTag(mixed);
}
void forgetTuples(PerThread &state);

/// Marks the thread as inside a hook; hooks that a signal handler calls meanwhile only pass on.
class Busy {
public:
  TL_INLINE explicit Busy(PerThread &state) : state_(state) {
    storeRelaxed(state.busy, reinterpret_cast<uint64_t>(__builtin_frame_address(0)));
    TL_SIGNAL_FENCE();
  }
  TL_INLINE ~Busy() {
    TL_SIGNAL_FENCE();
    storeRelaxed(state_.busy, uint64_t{0});
  }
  Busy(const Busy &) = delete;
  Busy &operator=(const Busy &) = delete;

private:
  PerThread &state_;
};

} // namespace threadlint::trace
