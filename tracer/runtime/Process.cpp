// Process: start of the runtime, fork, exit, unloaded libraries.
#include "tracer/runtime/Chains.h"
#include "tracer/runtime/Modules.h"
#include "tracer/runtime/Real.h"
#include "tracer/runtime/Threads.h"

#include <stdlib.h>
#include <sys/auxv.h>
#include <sys/syscall.h>

extern "C" __attribute__((weak)) void *__libc_stack_end;

namespace threadlint::trace {

constinit Process process{}; // the constructor below runs before others
uint64_t lockNonce;

namespace {

bool started;

uint64_t freshNonce() {
  uint64_t random = 0;
  systemCall(SYS_getrandom, reinterpret_cast<long>(&random), sizeof random, 1 /* GRND_NONBLOCK */);
  return (random ^ nowNs() * 0x9e3779b97f4a7c15) | 1ull << 63; // never an address, never kWordsBusy
}

/// Keeps the held stack where the child finds it: the parent goes on and changes its own.
void beforeFork() {
  PerThread *state = self;
  if (!state || !tracing() || state->busy)
    return;
  Busy busy(*state);
  recordHeldAcrossFork(*state);
  state->carriedDepth = state->block->depth < kInlineHeld ? state->block->depth : kInlineHeld;
  __builtin_memcpy(state->carried, state->block->held, state->carriedDepth * sizeof(Held));
}

void afterForkInChild() {
  if (!tracing())
    return;
  uint32_t parent = storeHeader->pid;
  if (self) // until all is the child's own, the hooks of a signal handler would write to the parent's file
    storeRelaxed(self->busy, reinterpret_cast<uint64_t>(__builtin_frame_address(0)));
  if (!process.options.followFork) {
    self = nullptr;
    abandonStore();
    return;
  }
  if (!reopenStore(process.options, parent)) {
    self = nullptr;
    return;
  }
  lockNonce = freshNonce();
  clearLocks();
  clearSites();
  clearChains();
  recordModulesAgain();
  keepOnlyThisThread();
}

void markExit(int status) {
  if (!tracing() || storeHeader->pid != currentPid())
    return;
  process.closing = true;
  storeRelaxed(storeHeader->exitStatus, static_cast<uint32_t>(status) & 255);
  storeRelaxed(storeHeader->endNs, nowNs());
  storeRelease(storeHeader->state, static_cast<uint32_t>(ProcessState::Exited));
}

void atExit(int status, void *) { markExit(status); }

/// The environment before libc has set environ.
const char *optionText() {
  static char environment[32768];
  if (const char *text = getenv("THREADLINT_TRACE_OPTIONS"))
    return text;
  size_t length = readFile("/proc/self/environ", environment, sizeof environment);
  for (size_t at = 0; at < length; at += lengthOf(environment + at) + 1)
    if (startsWith(environment + at, "THREADLINT_TRACE_OPTIONS="))
      return environment + at + 25;
  return nullptr;
}

} // namespace

bool startRuntime() {
  if (started)
    return tracing();
  started = true;
  findReal();
  if (getauxval(AT_SECURE))
    return false; // whoever started a setuid program must not choose what it writes
  readOptions(optionText(), process.options);
  if (!process.options.folder[0] && !process.options.file[0])
    return false;
  if (!process.options.followFork && process.options.rootPid &&
      process.options.rootPid != currentPid())
    return false;
  if (!openStore(process.options, true))
    return false;
  lockNonce = freshNonce();
  bool opened = openModules() && openSites() && openLocks() && openChains() && openThreads();
  if (!opened) {
    complain("no memory for the tables", nullptr, 0);
    abandonStore();
    return false;
  }
  testLockWords();
  mapWakeWord(process.options);
  PerThread *state =
      enterThread(kNone, &__libc_stack_end ? reinterpret_cast<uint64_t>(__libc_stack_end) : 0);
  if (state) {
    record<Thread>(state->index).flags = kThreadMain;
    storeHeader->counters[static_cast<uint32_t>(Counter::UnknownThreads)] = 0;
  }
  pthread_atfork(beforeFork, nullptr, afterForkInChild);
  on_exit(atExit, nullptr);
  return true;
}

namespace {
__attribute__((constructor(101))) void construct() { startRuntime(); }
} // namespace

} // namespace threadlint::trace

using namespace threadlint::trace;

TL_EXPORT int TL_HOOK(dlclose)(void *library) {
  needReal();
  int result = real.dlclose(library);
  if (tracing()) {
    PerThread *state = threadState();
    if (state) {
      Busy busy(*state);
      refreshModules();
      forgetEverywhere();
    }
  }
  return result;
}

TL_EXPORT void TL_HOOK(_exit)(int status) {
  needReal();
  markExit(status);
  real._exit(status);
  __builtin_unreachable();
}

TL_EXPORT void TL_HOOK(_Exit)(int status) {
  needReal();
  markExit(status);
  real._Exit(status);
  __builtin_unreachable();
}
