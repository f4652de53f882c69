// Guard: see Guard.h.
#include "tracer/runtime/Guard.h"

#include "tracer/runtime/System.h"

namespace threadlint::trace {

namespace {
__thread Guard *newest __attribute__((tls_model("initial-exec")));
constexpr int kCleanupPhase = 2,
              kContinueUnwind = 8; // of the C++ ABI: _UA_CLEANUP_PHASE, _URC_CONTINUE_UNWIND
} // namespace

extern "C" __attribute__((visibility("hidden"), used)) int
threadlint_trace_leave(int, int actions, uint64_t, void *, void *) {
  if (Guard *guard = actions & kCleanupPhase ? newest : nullptr) {
    newest = guard->outer;
    guard->leave(*guard);
  }
  return kContinueUnwind;
}

TL_NOINLINE int callGuarded(Guard &guard, int (*call)(void *argument), void *argument) {
  // 0x1b: relative to its place, 4 bytes
  __asm__ volatile(".cfi_personality 0x1b, threadlint_trace_leave");
  guard.outer = newest;
  newest = &guard;
  int result = call(argument);
  newest = guard.outer;
  return result;
}

} // namespace threadlint::trace
