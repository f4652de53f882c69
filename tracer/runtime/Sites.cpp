// Sites: see Sites.h.
#include "tracer/runtime/Sites.h"

#include "tracer/runtime/Map.h"
#include "tracer/runtime/Modules.h"
#include "tracer/runtime/Unwind.h"

namespace threadlint::trace {

namespace {

Map frames; // pc << 1 | exact
Map stacks; // hash of its frames
Map sites;  // pc

const ModuleView *moduleOf(uint64_t pc, uint32_t flags) {
  return moduleAt(flags & kFrameExact ? pc : pc - 1);
}

uint32_t makeFrame(uint64_t pc, uint32_t flags) {
  const ModuleView *module = moduleOf(pc, flags);
  uint32_t index = reserve<Frame>();
  if (index == kNone)
    return kNone;
  auto &frame = record<Frame>(index);
  frame.module = module ? module->index : kNone;
  frame.pc = pc;
  frame.flags = flags;
  publish(frame);
  return index;
}

/// The walked frames of `space` as a stack.
uint32_t storeStack(WalkSpace &space, uint32_t count, WalkEnd end) {
  const WalkedFrame *walked = space.frames;
  uint32_t *indices = space.indices;
  uint64_t hash = count + 1;
  bool inWrapper = true;
  for (uint32_t at = 0; at < count; ++at) {
    inWrapper =
        inWrapper && at < kMostWrappers && !walked[at].exact && isLockWrapper(walked[at].pc);
    indices[at] = frameOf(walked[at].pc, (walked[at].exact ? uint32_t{kFrameExact} : 0) |
                                             (inWrapper ? uint32_t{kFrameWrapper} : 0));
    hash = (hash ^ indices[at]) * 0x9e3779b97f4a7c15;
    hash ^= hash >> 29;
  }
  if (end == WalkEnd::Truncated)
    countUp(Counter::StackTruncated);
  if (end == WalkEnd::Broken)
    countUp(Counter::StackBroken);
  return stacks.findOrAdd(hash | 1, [&] {
    uint32_t first = reserve<uint32_t>(count);
    uint32_t index = first == kNone ? kNone : reserve<Stack>();
    if (index == kNone)
      return kNone;
    for (uint32_t at = 0; at < count; ++at)
      record<uint32_t>(first + at) = indices[at];
    auto &stack = record<Stack>(index);
    stack.flags = end == WalkEnd::Truncated ? uint32_t{kStackTruncated}
                  : end == WalkEnd::Broken  ? uint32_t{kStackBroken}
                                            : 0;
    stack.first = first;
    stack.count = count;
    stack.hash = hash;
    publish(stack);
    return index;
  });
}

uint32_t walk(PerThread &state, WalkEnd &end) {
  uint32_t count = 0;
  end = walkStack(state.walk, process.options.stackDepth, count, state.stackLow, state.stackHigh);
  return count;
}

void remember(PerThread &state, uint64_t pc, int64_t next) {
  auto &site = const_cast<KnownSite &>(knownSite(state, pc));
  site.pc = pc;
  site.next = next;
}

} // namespace

bool openSites() { return frames.open(1 << 19) && stacks.open(1 << 19) && sites.open(1 << 17); }

void clearSites() {
  frames.clear();
  stacks.clear();
  sites.clear();
}

uint32_t frameOf(uint64_t pc, uint32_t flags) {
  if (!pc)
    return kNone;
  uint64_t key = pc << 1 | (flags & kFrameExact);
  uint32_t index = frames.findOrAdd(key, [&] { return makeFrame(pc, flags); });
  if (index == kNone || record<Frame>(index).module == kNone)
    return index;
  const ModuleView *module = moduleOf(pc, flags);
  if (module && module->index != record<Frame>(index).module) {
    index = makeFrame(pc, flags); // another library lies there now
    frames.replace(key, index);
  }
  return index;
}

TL_NOINLINE uint32_t captureStack(PerThread &state) {
  WalkEnd end;
  uint32_t count = walk(state, end);
  return storeStack(state.walk, count, end);
}

TL_NOINLINE uint64_t resolveSite(PerThread &state, uint64_t pc, const uint64_t *slot, LockKind kind,
                                 Mode mode, uint32_t flags) {
  uint64_t site = pc;
  uint32_t stack = kNone;
  if (isLockWrapper(pc)) {
    const WalkedFrame *walked = state.walk.frames;
    WalkEnd end;
    uint32_t count = walk(state, end);
    stack = storeStack(state.walk, count, end);
    uint32_t at = 0;
    while (at < count && walked[at].pc != pc)
      ++at;
    uint32_t last = at;
    while (last + 1 < count && last - at < kMostWrappers && isLockWrapper(walked[last].pc))
      ++last;
    if (last < count) {
      site = walked[last].pc;
#if defined(__x86_64__)
      auto from = reinterpret_cast<uint64_t>(slot);
      bool sound = slot && *slot == pc;
      for (uint32_t step = at; step < last && sound; ++step) {
        uint64_t to = walked[step].cfa - 8;
        sound = to > from && *reinterpret_cast<const uint64_t *>(to) == walked[step + 1].pc;
        if (sound)
          remember(state, walked[step].pc, static_cast<int64_t>(to - from));
        from = to;
      }
#else
      const uint64_t *frame = slot;
      bool sound = slot != nullptr;
      for (uint32_t step = at; step < last && sound;
           ++step, frame = *reinterpret_cast<const uint64_t *const *>(frame)) {
        sound = reinterpret_cast<uint64_t>(frame) >= state.stackLow &&
                reinterpret_cast<uint64_t>(frame) < state.stackHigh &&
                frame[1] == walked[step + 1].pc;
        if (sound)
          remember(state, walked[step].pc, 1);
      }
#endif
    }
  }
  if (site != pc)
    state.wrapper = pc;
  remember(state, site, 0);
  sites.findOrAdd(site, [&] {
    uint32_t frame = frameOf(site, 0);
    uint32_t index = reserve<Site>();
    if (index == kNone)
      return kNone;
    auto &entry = record<Site>(index);
    entry.frame = frame;
    entry.kind = static_cast<uint8_t>(kind);
    entry.mode = static_cast<uint8_t>(mode);
    entry.flags = static_cast<uint16_t>(flags);
    entry.thread = state.index;
    entry.stack = stack == kNone ? captureStack(state) : stack;
    publish(entry);
    return index;
  });
  return site;
}

uint32_t stackOfSite(uint64_t pc) {
  uint32_t index = sites.find(pc);
  return index == kNone ? kNone : record<Site>(index).stack;
}

bool worthAStack(uint64_t pc) {
  uint32_t index = sites.find(pc);
  return index == kNone || (loadRelaxed(record<Site>(index).reserved) < 64 &&
                            addRelaxed(record<Site>(index).reserved, 1u) < 64);
}

} // namespace threadlint::trace
