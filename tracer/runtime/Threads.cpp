// Threads: see Threads.h.
#include "tracer/runtime/Threads.h"

#include "tracer/runtime/Chains.h"
#include "tracer/runtime/Modules.h"
#include "tracer/runtime/Real.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

namespace threadlint::trace {

__thread PerThread *self __attribute__((tls_model("initial-exec")));

namespace {

thread_local bool ended __attribute__((tls_model("initial-exec")));

constexpr uint32_t kMaxStates = 1 << 14;
struct StateSlot {
  PerThread *state;
  uint32_t used;
};
StateSlot *slots;
uint32_t slotCount; // slots that were ever used
pthread_key_t key;
bool haveKey;
uint32_t *wakeWord; // shared with the launcher, or null

PerThread *takeState() {
  for (uint32_t at = 0; at < kMaxStates; ++at) {
    if (loadRelaxed(slots[at].used) || !exchangeIf(slots[at].used, 0u, 1u))
      continue;
    if (!slots[at].state) {
      auto *fresh = static_cast<PerThread *>(mapPrivate(sizeof(PerThread)));
      if (!fresh) {
        storeRelease(slots[at].used, 0u);
        return nullptr;
      }
      fresh->spareState = at;
      fresh->blockIndex = kNone;
      storeRelease(slots[at].state, fresh);
      raiseTo(slotCount, at + 1);
    }
    PerThread *state = slots[at].state;
    if (state->blockIndex == kNone)
      state->blockIndex = reserve<Block>();
    if (state->blockIndex != kNone)
      return state;
    storeRelease(slots[at].used, 0u);
    return nullptr;
  }
  return nullptr;
}

uint32_t makeThread(uint32_t parent, uint32_t flags) {
  uint32_t index = reserve<Thread>();
  if (index == kNone)
    return kNone;
  auto &thread = record<Thread>(index);
  thread.parent = parent;
  thread.flags = flags;
  thread.joinedBy = thread.block = thread.startFrame = thread.createSite = thread.createStack =
      thread.joinSite = kNone;
  return index;
}

/// Starts a block from nothing.
void resetBlock(PerThread &state) {
  Block &block = record<Block>(state.blockIndex);
  state.block = &block;
  block.thread = state.index;
  block.depth = 0;
  emptyChainOf(block) = kEmptyChain;
  block.epoch = state.epoch;
  block.spill = kNone;
  block.lost = 0;
  block.waiting.sequence += block.waiting.sequence & 1;
  publish(block);
}

void startState(PerThread &state, uint32_t index, uint64_t stackHigh) {
  state.busy = 0;
  state.index = index;
  state.hotDepth = usualHotDepth();
  beginEpoch(state, 1);
  state.exitRounds = 0;
  auto here = reinterpret_cast<uint64_t>(__builtin_frame_address(0));
  state.stackHigh = stackHigh;
  state.stackLow = stackHigh ? here - (64 << 10) : 0;
  resetBlock(state);
}

/// `runs`: the thread itself says so. Else it may have ended, and another one that runs may have got its handle.
void knowHandle(uint64_t handle, uint32_t index, bool runs) {
  ObjectSlot *slot = threadSlot(handle, true);
  if (!slot)
    return;
  uint32_t value = loadAcquire(slot->value);
  while (runs || value <= index ||
         loadAcquire(record<Thread>(value - 1).state) > static_cast<uint32_t>(RunState::Running)) {
    if (exchangeIf(slot->value, value, index + 1))
      return;
    value = loadAcquire(slot->value);
  }
}

/// Shows the calling thread as running.
void publishThread(PerThread &state) {
  auto &thread = record<Thread>(state.index);
  thread.tid = currentTid();
  auto handle = static_cast<uint64_t>(pthread_self());
  storeRelaxed(thread.handle, handle);
  knowHandle(handle, state.index, true);
  thread.startNs = nowNs();
  thread.stackHigh = state.stackHigh;
  thread.block = state.blockIndex;
  storeRelease(thread.state, static_cast<uint32_t>(RunState::Running));
  readThreadName(state);
  publish(thread);
}

} // namespace

static void forgetSites(PerThread &state) {
  __builtin_memset(state.sites, 0, sizeof state.sites);
  state.wrapper = 0;
}
void forgetTuples(PerThread &state) { __builtin_memset(state.tuples, 0, sizeof state.tuples); }

bool openThreads() {
  slots = static_cast<StateSlot *>(mapPrivate(kMaxStates * sizeof(StateSlot)));
  haveKey = pthread_key_create(&key, leaveThread) == 0;
  return slots != nullptr;
}

void mapWakeWord(const Options &options) {
  if (!options.folder[0])
    return;
  char path[256];
  appendText(path, sizeof path, appendText(path, sizeof path, 0, options.folder), "/wake");
  long file = systemCall(SYS_openat, AT_FDCWD, reinterpret_cast<long>(path), O_RDWR | O_CLOEXEC);
  if (file < 0)
    return;
  long memory = systemCall(SYS_mmap, 0, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  systemCall(SYS_close, file);
  if (!isError(memory))
    wakeWord = reinterpret_cast<uint32_t *>(memory);
}

static void wakeWatcher() {
  addRelaxed(storeHeader->waiters, 1u);
  if (!wakeWord)
    return;
  __atomic_fetch_add(wakeWord, 1u, __ATOMIC_SEQ_CST);
  systemCall(SYS_futex, reinterpret_cast<long>(wakeWord), FUTEX_WAKE, 1);
}

uint32_t announceThread(PerThread &parent, uint64_t startRoutine, uint64_t site) {
  uint32_t index = makeThread(parent.index, 0);
  if (index == kNone)
    return kNone;
  auto &thread = record<Thread>(index);
  thread.createEpoch = parent.epoch;
  thread.startFrame = frameOf(startRoutine, kFrameExact);
  thread.createSite = frameOf(site, 0);
  thread.createStack = captureStack(parent);
  publish(thread);
  recordEvent(parent, EventKind::ThreadCreate, kNone, index, 0, site);
  return index;
}

void threadCreated(uint32_t index, uint64_t handle, bool detached) {
  if (index == kNone)
    return;
  auto &thread = record<Thread>(index);
  storeRelaxed(thread.handle, handle);
  if (detached)
    __atomic_fetch_or(&thread.flags, uint32_t{kThreadDetached}, __ATOMIC_RELAXED);
  knowHandle(handle, index, false);
}

void threadFailed(uint32_t index) {
  if (index != kNone)
    __atomic_fetch_or(&record<Thread>(index).flags, uint32_t{kThreadFailed}, __ATOMIC_RELAXED);
}

PerThread *enterThread(uint32_t index, uint64_t stackHigh) {
  PerThread *state = takeState();
  if (index == kNone && state) {
    index = makeThread(kNone, kThreadForeign);
    countUp(Counter::UnknownThreads);
  }
  if (!state || index == kNone) {
    if (state)
      storeRelease(slots[state->spareState].used, 0u);
    countUp(Counter::ThreadOverflow);
    return nullptr;
  }
  startState(*state, index, stackHigh);
  Busy busy(*state);
  publishThread(*state);
  self = state;
  if (haveKey)
    pthread_setspecific(key, state);
  return state;
}

void readThreadName(PerThread &state) {
  char name[16] = {};
  systemCall(SYS_prctl, PR_GET_NAME, reinterpret_cast<long>(name));
  name[15] = 0;
  __builtin_memcpy(record<Thread>(state.index).name, name, sizeof name);
}

void leaveThread(void *argument) {
  auto *state = static_cast<PerThread *>(argument);
  if (state != self || !tracing())
    return;
  // Other destructors may still take locks: come again as often as glibc lets us.
  if (++state->exitRounds < 4 && pthread_setspecific(key, state) == 0)
    return;
  Busy busy(*state);
  readThreadName(*state);
  uint32_t depth = state->block->depth;
  if (depth) {
    uint32_t node = heldNode(*state);
    recordWait(*state, Op::ThreadExit, kNone, kNone, 0, 0, 0);
    recordEvent(*state, EventKind::HeldAtThreadEnd, kNone, node, depth);
  }
  auto &thread = record<Thread>(state->index);
  thread.lastEpoch = state->epoch;
  recordEvent(*state, EventKind::ThreadEnd, kNone, kNone, 0);
  storeRelaxed(thread.endNs, nowNs());
  storeRelaxed(thread.block, kNone);
  if (thread.state != static_cast<uint32_t>(RunState::Joined))
    storeRelease(thread.state, static_cast<uint32_t>(RunState::Ended));
  self = nullptr;
  ended = true;
  storeRelease(state->block->published, 0u);
  if (state->block->spill == kNone)
    storeRelease(slots[state->spareState].used, 0u);
}

uint32_t threadOfHandle(uint64_t handle) {
  ObjectSlot *slot = threadSlot(handle, false);
  uint32_t value = slot ? loadAcquire(slot->value) : 0;
  return value ? value - 1 : kNone;
}

void threadJoined(PerThread &state, uint32_t index, uint64_t site) {
  if (index == kNone)
    return;
  auto &thread = record<Thread>(index);
  thread.joinedBy = state.index;
  thread.joinEpoch = state.epoch;
  thread.joinSite = frameOf(site, 0);
  storeRelease(thread.state, static_cast<uint32_t>(RunState::Joined));
  recordEvent(state, EventKind::ThreadJoin, kNone, index, 0, site);
}

uint32_t epochOf(uint32_t thread) {
  if (thread >= tableOf(TableKind::Threads).count)
    return 1;
  const auto &entry = record<Thread>(thread);
  uint32_t block = loadAcquire(entry.block);
  return block == kNone ? (entry.lastEpoch ? entry.lastEpoch : 1) : record<Block>(block).epoch;
}

bool releaseElsewhere(PerThread &state, uint64_t address) {
  for (uint32_t at = 0; at < loadAcquire(slotCount); ++at) {
    PerThread *other = slots[at].state;
    if (!loadAcquire(slots[at].used) || !other || other == &state || !other->block)
      continue;
    uint32_t depth = loadAcquire(other->block->depth);
    for (uint32_t entry = 0; entry < depth && entry < kInlineHeld; ++entry) {
      Held &held = other->block->held[entry];
      if (held.address != address || held.mode != static_cast<uint8_t>(Mode::Exclusive) ||
          held.flags & kHeldGone)
        continue;
      __atomic_fetch_or(&held.flags, uint16_t{kHeldGone}, __ATOMIC_RELAXED);
      storeRelease(other->hotDepth, 0u);
      return true;
    }
  }
  return false;
}

void forgetEverywhere() {
  countUp(Counter::CacheFlushes);
  for (uint32_t at = 0; at < loadAcquire(slotCount); ++at)
    if (PerThread *state = slots[at].state) {
      forgetSites(*state);
      forgetTuples(*state);
    }
}

void recordHeldAcrossFork(PerThread &state) {
  for (uint32_t at = 0; at < loadAcquire(slotCount); ++at) {
    PerThread *other = slots[at].state;
    if (!loadAcquire(slots[at].used) || !other || !other->block)
      continue;
    uint32_t depth = loadAcquire(other->block->depth);
    for (uint32_t entry = 0; entry < depth && entry < kInlineHeld; ++entry) {
      const Held held = other->block->held[entry];
      if (other == &state && entry + 1 == depth) {
        recordWait(state, Op::Fork, kNone, kNone, 0, 0, 0);
        recordEvent(state, EventKind::HeldAcrossFork, kNone, heldNode(state), 1, held.pc);
      }
      if (other == &state || held.flags & kHeldGone)
        continue;
      if (!noteEvent(*other, EventKind::HeldAcrossFork, held.lock, held.node, 0, held.pc))
        return;
    }
  }
  recordEvent(state, EventKind::Fork, kNone, kNone, 0);
}

void keepOnlyThisThread() {
  PerThread *state = self;
  for (uint32_t at = 0; at < loadAcquire(slotCount); ++at) {
    PerThread *other = slots[at].state;
    if (other == state || !other)
      continue;
    other->blockIndex = kNone;
    other->block = nullptr;
    slots[at].used = 0;
  }
  if (!state)
    return;
  uint32_t index = makeThread(kNone, kThreadMain);
  state->blockIndex = reserve<Block>();
  if (index == kNone || state->blockIndex == kNone) {
    self = nullptr;
    return;
  }
  startState(*state, index, state->stackHigh);
  forgetSites(*state);
  forgetTuples(*state);
  publishThread(*state);
  for (uint32_t at = 0; at < state->carriedDepth; ++at) {
    Held &held = state->block->held[at];
    held = state->carried[at];
    held.lock = held.node = kNone;
    held.hash = 0;
  }
  storeRelease(state->block->depth, state->carriedDepth);
}

WaitScope::WaitScope(PerThread &state, Op op, Mode mode, uint32_t flags, uint64_t address,
                     LockKind kind, uint32_t object, uint64_t pc)
    : state_(state), outer_(state.block->waiting), begunNs_(nowNs()) {
  Waiting &waiting = state.block->waiting;
  // Odd already: this is a signal handler, or the wait was left by cancellation.
  storeRelaxed(waiting.sequence, (outer_.sequence | 1) + 1);
  __atomic_thread_fence(__ATOMIC_RELEASE);
  waiting.op = static_cast<uint8_t>(op);
  waiting.mode = static_cast<uint8_t>(mode);
  waiting.flags = static_cast<uint16_t>(flags);
  waiting.address = address;
  waiting.pc = pc;
  waiting.sinceNs = 0;
  waiting.object = object;
  waiting.stack = kNone;
  waiting.ownerTid = 0;
  waiting.kind = static_cast<uint32_t>(kind);
  storeRelease(waiting.sequence, (outer_.sequence | 1) + 2);
}

void WaitScope::end() {
  Waiting &waiting = state_.block->waiting;
  storeRelease(waiting.sequence, (waiting.sequence | 1) + 1);
  if (!(outer_.sequence & 1))
    return;
  uint32_t sequence = waiting.sequence;
  waiting = outer_;
  storeRelease(waiting.sequence, sequence + 1);
}

void WaitScope::showStack() {
  Busy busy(state_);
  readThreadName(state_);
  state_.block->waiting.stack = captureStack(state_);
}

void WaitScope::announce(uint32_t ownerTid) {
  Waiting &waiting = state_.block->waiting;
  Busy busy(state_);
  readThreadName(state_);
  heldNode(state_); // so that the report can tell where each lock was taken
  if (const Held *held = waiting.object == kNone && waiting.op == static_cast<uint8_t>(Op::Acquire)
                             ? findHeld(state_, waiting.address)
                             : nullptr)
    waiting.object = held->lock; // the thread itself holds it, and it had no number so far
  waiting.stack = captureStack(state_);
  storeRelaxed(waiting.ownerTid, ownerTid);
  storeRelease(waiting.sinceNs, begunNs_);
  wakeWatcher();
}

static bool isOnSignalStack() {
  stack_t stack{};
  systemCall(SYS_sigaltstack, 0, reinterpret_cast<long>(&stack));
  return (stack.ss_flags & SS_ONSTACK) != 0;
}

PerThread *threadState() {
  PerThread *state = self;
  if (state) {
    if (!state->busy)
      return state;
    // In a hook, interrupted by a signal handler. Or the handler left with longjmp: then this stack frame lies above that hook's. On an
    // alternate signal stack, which may be anywhere, addresses tell nothing.
    auto here = reinterpret_cast<uint64_t>(__builtin_frame_address(0));
    if (state->stackHigh && here > state->busy && here < state->stackHigh &&
        state->busy > here - (1 << 20) && !isOnSignalStack()) {
      state->busy = 0;
      return state;
    }
    countUp(Counter::SignalInHook);
    return nullptr;
  }
  if (ended || process.closing || !tracing())
    return nullptr;
  static thread_local bool entering __attribute__((tls_model("initial-exec")));
  if (entering)
    return nullptr;
  entering = true;
  state = enterThread(kNone, 0);
  entering = false;
  return state;
}

} // namespace threadlint::trace
