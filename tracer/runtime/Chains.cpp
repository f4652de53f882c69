// Chains: see Chains.h.
#include "tracer/runtime/Chains.h"

#include "tracer/runtime/Map.h"
#include "tracer/runtime/Threads.h"

namespace threadlint::trace {

static_assert(uint32_t{kHeldTry} == uint32_t{kNodeTry} &&
              uint32_t{kHeldTimed} == uint32_t{kNodeTimed});

namespace {

Map nodes;  // chain hash
Map tuples; // chain hash and thread

uint64_t tupleKey(uint64_t hash, uint32_t thread) {
  return (hash ^ (thread + 1) * 0xd6e8feb86659fd93) | 1;
}

void noteEpoch(Tuple &tuple, uint32_t epoch) {
  EpochRange &last = tuple.ranges[tuple.rangeCount - 1];
  if (epoch <= last.last)
    return;
  if (tuple.rangeCount < kRanges) {
    tuple.ranges[tuple.rangeCount] = {epoch, epoch};
    storeRelease(tuple.rangeCount, tuple.rangeCount + 1);
  } else {
    storeRelaxed(last.last, epoch);
  }
}

uint32_t makeTuple(uint32_t thread, uint32_t node, EpochRange range) {
  uint32_t index = reserve<Tuple>();
  if (index == kNone)
    return kNone;
  countUp(Counter::SlowPaths);
  auto &tuple = record<Tuple>(index);
  tuple.thread = thread;
  tuple.node = node;
  tuple.rangeCount = 1;
  tuple.ranges[0] = range;
  tuple.firstNs = nowNs();
  publish(tuple);
  return index;
}

void recordTuple(PerThread &state, uint64_t hash, uint32_t node) {
  if (node == kNone)
    return;
  uint32_t index = tuples.findOrAdd(tupleKey(hash, state.index), [&] {
    return makeTuple(state.index, node, {state.epoch, state.epoch});
  });
  if (index != kNone)
    noteEpoch(record<Tuple>(index), state.epoch);
  learnTuple(state, hash);
}

struct NodeContent {
  Op op;
  Mode mode;
  uint32_t flags;
  uint32_t parent, object, companion, depth;
  uint64_t site, hash;
};

/// With the stack of now, or that of the site's first time when `now` is false.
uint32_t nodeWith(PerThread &state, const NodeContent &content, bool wantsStack) {
  bool now = false; // set when the node is new, or has no stack of its own
  uint32_t index = nodes.findOrAdd(content.hash, [&] {
    uint32_t fresh = reserve<Node>();
    if (fresh == kNone)
      return kNone;
    auto &node = record<Node>(fresh);
    now = wantsStack && worthAStack(content.site);
    node.op = static_cast<uint8_t>(content.op);
    node.mode = static_cast<uint8_t>(content.mode);
    node.flags =
        static_cast<uint16_t>(content.flags | (state.block->lost ? uint32_t{kNodeCutShort} : 0) |
                              (now ? 0 : uint32_t{kNodeSiteStack}));
    node.parent = content.parent;
    node.object = content.object;
    node.site = frameOf(content.site, 0);
    node.stack = now ? captureStack(state) : stackOfSite(content.site);
    node.depth = content.depth;
    node.companion = content.companion;
    node.hash = content.hash;
    publish(node);
    return fresh;
  });
  if (wantsStack && index != kNone && record<Node>(index).flags & kNodeSiteStack &&
      worthAStack(content.site)) {
    auto &node = record<Node>(index);
    storeRelaxed(node.stack, captureStack(state));
    storeRelaxed(node.flags, static_cast<uint16_t>(node.flags & ~kNodeSiteStack));
  }
  return index;
}

uint64_t entryHash(uint64_t below, const Held &held) {
  return chainHash(below, held.pc, held.lock,
                   howOf(Op::Acquire, static_cast<Mode>(held.mode),
                         held.flags & (kHeldTry | kHeldTimed | kNodeAgain)));
}

LockView viewOfHeld(const Held &held) {
  auto *place = reinterpret_cast<const void *>(held.address);
  switch (static_cast<LockKind>(held.kind)) {
  case LockKind::Mutex:
    return viewOfMutex(place);
  case LockKind::RwLock:
    return viewOfRwlock(place);
  default:
    return viewOf(place, static_cast<LockKind>(held.kind));
  }
}

/// Gives every entry below `depth` its number and hash; the hash of the chain, leaving out entries with the address `without`.
uint64_t chainOf(PerThread &state, uint32_t depth, uint64_t without, uint32_t *node,
                 uint32_t *nodeDepth) {
  uint64_t below = kEmptyChain, belowAll = kEmptyChain;
  uint32_t parent = kNone, length = 0;
  bool changed = false;
  for (uint32_t at = 0; at < depth; ++at) {
    Held &held = *heldAt(state, at);
    if (!held.hash) {
      if (held.lock == kNone)
        held.lock = numberOf(state, viewOfHeld(held), held.pc);
      held.hash = entryHash(belowAll, held);
    }
    belowAll = held.hash;
    if (without && held.address == without) {
      changed = true;
      continue;
    }
    below = changed ? entryHash(below, held) : held.hash;
    ++length;
    if (!node)
      continue;
    if (changed || held.node == kNone) {
      uint32_t flags = held.flags & (kHeldTry | kHeldTimed | kNodeAgain);
      uint32_t made = nodeWith(state,
                               {Op::Acquire, static_cast<Mode>(held.mode), flags, parent, held.lock,
                                kNone, length, held.pc, below},
                               false);
      if (!changed)
        held.node = made;
      parent = made;
    } else {
      parent = held.node;
    }
  }
  if (node)
    *node = parent;
  if (nodeDepth)
    *nodeDepth = length;
  return below;
}

/// Room for one more entry; null when the stack is full.
Held *nextHeld(PerThread &state) {
  Block &block = *state.block;
  if (block.depth < kInlineHeld)
    return &block.held[block.depth];
  if (block.spill == kNone) {
    uint32_t spill = reserve<Spill>();
    if (spill == kNone)
      return nullptr;
    record<Spill>(spill).thread = state.index;
    publish(record<Spill>(spill));
    storeRelease(block.spill, spill);
  }
  return block.depth < kInlineHeld + kSpillHeld ? heldAt(state, block.depth) : nullptr;
}

void countHold(const Held &held) {
  if (!held.sinceNs || held.lock == kNone)
    return;
  auto &lock = record<Lock>(held.lock);
  uint64_t time = nowNs() - held.sinceNs;
  addRelaxed(lock.holdNs, time);
  if (time > loadRelaxed(lock.holdMaxNs)) {
    storeRelaxed(lock.holdMaxNs, time);
    storeRelaxed(lock.holdMaxSite, frameOf(held.pc, 0));
  }
}

/// Takes entry `at` off; the chains of those above it change.
void removeHeld(PerThread &state, uint32_t at) {
  Block &block = *state.block;
  uint64_t below = at ? heldAt(state, at - 1)->hash : kEmptyChain;
  for (uint32_t above = at + 1; above < block.depth; ++above) {
    Held &held = *heldAt(state, above - 1);
    held = *heldAt(state, above);
    held.node = kNone;
    held.hash = held.lock == kNone || !below ? 0 : entryHash(below, held);
    below = held.hash;
  }
  TL_SIGNAL_FENCE();
  storeRelease(block.depth, block.depth - 1);
}

} // namespace

bool openChains() { return nodes.open(1 << 21) && tuples.open(1 << 21); }

void clearChains() {
  nodes.clear();
  tuples.clear();
}

Held *findHeld(PerThread &state, uint64_t address) {
  for (uint32_t at = state.block->depth; at-- > 0;)
    if (Held *held = heldAt(state, at); held->address == address && !(held->flags & kHeldGone))
      return held;
  return nullptr;
}

TL_NOINLINE void takeSlow(PerThread &state, const LockView &lock, const Taking &taking) {
  if (!loadRelaxed(state.hotDepth))
    settleDisturbed(state);
  Held *again = findHeld(state, lock.address);
  if (again && taking.mode == Mode::Exclusive &&
      again->mode == static_cast<uint8_t>(Mode::Exclusive) && lock.kind != LockKind::RwLock) {
    ++again->count; // recursive
    return;
  }
  uint32_t flags = taking.nodeFlags & (kNodeTry | kNodeTimed);
  if (taking.mode == Mode::Shared && again)
    flags |= kNodeAgain;
  uint64_t site = siteOf(state, taking.pc, taking.slot, lock.kind, flags, taking.mode);
  Held *held = nextHeld(state);
  Block &block = *state.block;
  uint32_t depth = block.depth;
  if (!held) {
    ++block.lost;
    countUp(Counter::HeldOverflow);
    return;
  }
  Held entry{};
  entry.address = lock.address;
  entry.pc = site;
  entry.lock = entry.node = kNone;
  entry.count = 1;
  entry.mode = static_cast<uint8_t>(taking.mode);
  entry.kind = static_cast<uint8_t>(lock.kind);
  entry.flags = static_cast<uint16_t>(flags);
  bool times = process.options.times;
  if (times)
    entry.sinceNs = nowNs();
  auto push = [&] {
    *held = entry;
    TL_SIGNAL_FENCE();
    storeRelease(block.depth, depth + 1);
  };
  if (lock.kind == LockKind::Mutex && lock.words.id && !depth && !times) {
    uint64_t check = loadAcquire(*lock.words.check),
             mine = checkOf(reinterpret_cast<void *>(lock.address));
    uint32_t id = loadAcquire(*lock.words.id);
    if (check == mine ? (id & kUnshared) && *lock.words.owner == state.index + 1
                      : check != kWordsBusy) {
      if (check != mine) { // the first time: remember who and where, without a record
        uint32_t frame = frameOf(site, 0);
        *lock.words.id = kUnshared | (frame == kNone ? 0x7fffffff : frame);
        *lock.words.owner = state.index + 1;
        storeRelease(*lock.words.check, mine);
      }
      push();
      return;
    }
  }
  entry.lock = numberOf(state, lock, site);
  uint64_t below = depth ? heldAt(state, depth - 1)->hash : kEmptyChain;
  if (!below)
    below = chainOf(state, depth, 0, nullptr, nullptr);
  entry.hash = entryHash(below, entry);
  if (entry.lock != kNone && !knowsTuple(state, entry.hash)) {
    uint32_t parent = kNone, length = 0;
    chainOf(state, depth, 0, &parent, &length);
    entry.node = nodeWith(
        state,
        {Op::Acquire, taking.mode, flags, parent, entry.lock, kNone, length + 1, site, entry.hash},
        true);
    recordTuple(state, entry.hash, entry.node);
  }
  if (times && entry.lock != kNone)
    addRelaxed(record<Lock>(entry.lock).acquisitions, 1);
  push();
}

TL_NOINLINE bool releaseSlow(PerThread &state, const LockView &lock) {
  if (!loadRelaxed(state.hotDepth))
    settleDisturbed(state);
  Block &block = *state.block;
  for (uint32_t at = block.depth; at-- > 0;) {
    Held &held = *heldAt(state, at);
    if (held.address != lock.address)
      continue;
    if (held.count > 1) {
      --held.count;
      return true;
    }
    countHold(held);
    removeHeld(state, at);
    return true;
  }
  if (block.lost) {
    --block.lost;
    return true;
  }
  if (releaseElsewhere(state, lock.address)) {
    countUp(Counter::UnlockByOther);
    uint32_t number = numberOf(state, lock, 0); // it is held: nobody else changes its words
    if (number != kNone)
      __atomic_fetch_or(&record<Lock>(number).flags, uint16_t{kLockPassedOn}, __ATOMIC_RELAXED);
  } else {
    countUp(Counter::UnlockNotHeld);
  }
  return false;
}

void settleDisturbed(PerThread &state) {
  __atomic_store_n(&state.hotDepth, usualHotDepth(),
                   __ATOMIC_SEQ_CST); // before the entries are looked at
  for (uint32_t at = state.block->depth; at-- > 0;)
    if (heldAt(state, at)->flags & kHeldGone)
      removeHeld(state, at);
}

void recordWait(PerThread &state, Op op, uint32_t object, uint32_t companion, uint64_t without,
                uint64_t site, uint32_t nodeFlags) {
  uint32_t depth = state.block->depth, parent = kNone, length = 0;
  uint64_t below = chainOf(state, depth, without, nullptr, &length);
  if (!length)
    return;
  uint64_t hash = chainHash(below, site, object, howOf(op, Mode::Exclusive, nodeFlags));
  if (companion != kNone)
    hash = chainHash(hash, site, companion, howOf(op, Mode::Exclusive, nodeFlags));
  if (knowsTuple(state, hash))
    return;
  chainOf(state, depth, without, &parent, &length);
  uint32_t node = nodeWith(
      state, {op, Mode::Exclusive, nodeFlags, parent, object, companion, length + 1, site, hash},
      true);
  recordTuple(state, hash, node);
}

uint32_t heldNode(PerThread &state, uint64_t without) {
  uint32_t node = kNone;
  chainOf(state, state.block->depth, without, &node, nullptr);
  return node;
}

void recordFirst(PerThread &state, uint32_t thread, uint32_t lock, uint64_t site) {
  uint64_t hash = chainHash(kEmptyChain, site, lock, howOf(Op::Acquire, Mode::Exclusive, 0));
  uint32_t node =
      nodeWith(state, {Op::Acquire, Mode::Exclusive, 0, kNone, lock, kNone, 1, site, hash}, false);
  if (node != kNone && thread != state.index)
    tuples.findOrAdd(tupleKey(hash, thread),
                     [&] { return makeTuple(thread, node, {1, epochOf(thread)}); });
  else if (node != kNone)
    recordTuple(state, hash, node);
}

bool worthAnEvent(ObjectSlot *slot) {
  if (!slot)
    return false;
  uint32_t count = addRelaxed(slot->count, 1u);
  if (count < 64 || (count & (count - 1)) == 0)
    return true;
  countUp(Counter::EventsSampled);
  return false;
}

bool noteEvent(const PerThread &state, EventKind kind, uint32_t object, uint32_t other,
               uint64_t value, uint64_t site) {
  uint32_t index = reserve<Event>();
  if (index == kNone)
    return false;
  auto &event = record<Event>(index);
  event.kind = static_cast<uint8_t>(kind);
  event.thread = state.index;
  event.epoch = state.epoch;
  event.sequence = addRelaxed(storeHeader->sequence, 1);
  event.value = value;
  event.object = object;
  event.other = other;
  event.ns = nowNs();
  event.site = frameOf(site, 0);
  publish(event);
  return true;
}

void recordEvent(PerThread &state, EventKind kind, uint32_t object, uint32_t other, uint64_t value,
                 uint64_t site) {
  if (!noteEvent(state, kind, object, other, value, site))
    return;
  beginEpoch(state, state.epoch + 1);
  storeRelaxed(state.block->epoch, state.epoch);
}

} // namespace threadlint::trace
