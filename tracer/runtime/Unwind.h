// Unwind: walks the stack of the calling thread by the call frame information in .eh_frame.
//
// Own code rather than libgcc's, because a hook may not load a library, allocate or take a lock. Supports what compilers emit for
// ordinary functions (DWARF 5, section 6.4), signal frames of the kernel, and frame pointers where there is no information.
#pragma once

#include <cstdint>

namespace threadlint::trace {

struct WalkedFrame {
  uint64_t pc;  // return address, or with `exact` the interrupted instruction
  uint64_t cfa; // of this frame; on x86-64 its own return address is at cfa - 8
  bool exact;
};

inline constexpr uint32_t kMostFrames = 256;

/// What a walk needs beside the stack, which may be a small one: memory of the thread.
struct WalkSpace {
  WalkedFrame frames[kMostFrames];
  uint32_t indices[kMostFrames]; // for who records the frames
  uint64_t unwinder[480];
};

enum class WalkEnd { Complete, Truncated, Broken };

/// Frames from the first one outside the tracer's own code, innermost first, to `space.frames`; at most `limit`. `stackHigh` bounds the
/// stack, 0 when it is not known.
WalkEnd walkStack(WalkSpace &space, uint32_t limit, uint32_t &count, uint64_t stackLow,
                  uint64_t stackHigh);

} // namespace threadlint::trace
