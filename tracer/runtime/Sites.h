// Sites: code addresses, stacks and acquisition sites, each recorded once.
#pragma once

#include "tracer/runtime/State.h"

namespace threadlint::trace {

bool openSites();
/// After fork, in the child: nothing is recorded yet.
void clearSites();

/// The Frame of a code address.
uint32_t frameOf(uint64_t pc, uint32_t flags);
/// Records the stack of the calling thread.
uint32_t captureStack(PerThread &state);

/// The acquisition site of a hook's caller: the first return address outside lock wrappers. `slot` is the hook's
/// TL_SLOT. Records it as executed, and remembers the way to it.
uint64_t resolveSite(PerThread &state, uint64_t pc, const uint64_t *slot, LockKind kind, Mode mode,
                     uint32_t flags);
inline constexpr uint32_t kMostWrappers = 6;
/// The same when all addresses on the way are known, else 0.
inline uint64_t followWrappers(const PerThread &state, uint64_t pc, const uint64_t *slot) {
  for (uint32_t turn = 0; turn <= kMostWrappers; ++turn) {
    const KnownSite &site = knownSite(state, pc);
    if (site.pc != pc)
      return 0;
    if (!site.next)
      return pc;
#if defined(__x86_64__)
    slot = reinterpret_cast<const uint64_t *>(reinterpret_cast<uint64_t>(slot) +
                                              static_cast<uint64_t>(site.next));
    pc = *slot;
#else
    pc = slot[1]; // frame records: {caller's record, return address}
    slot = *reinterpret_cast<const uint64_t *const *>(slot);
#endif
  }
  return 0;
}
/// By the known way, or else by resolveSite: for hooks that are not on the hot path.
inline uint64_t siteOf(PerThread &state, uint64_t pc, const uint64_t *slot, LockKind kind,
                       uint32_t flags = 0, Mode mode = Mode::Exclusive) {
  uint64_t site = followWrappers(state, pc, slot);
  return site ? site : resolveSite(state, pc, slot, kind, mode, flags);
}
/// The stack of the first time that this site was executed, or kNone.
uint32_t stackOfSite(uint64_t pc);
/// Should the next chain that ends at this site have a stack of its own? The first 64 do: a site that takes thousands of locks is
/// reached in few ways.
bool worthAStack(uint64_t pc);

} // namespace threadlint::trace
