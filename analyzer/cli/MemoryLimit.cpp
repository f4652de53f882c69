// MemoryLimit: RLIMIT_AS. LLVM, which uses malloc directly, has a handler of its own; other code ends in abort().
#include "analyzer/cli/MemoryLimit.h"

#include <llvm/Support/ErrorHandling.h>

#include <atomic>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <new>
#include <sys/resource.h>

namespace threadlint {
namespace {

MemoryHandlers handlers{}; ///< null: there is no limit
std::atomic<bool> isExhausted{
    false}; ///< some allocation failed, so an abort() is most likely its consequence
static_assert(std::atomic<bool>::is_always_lock_free, "a signal handler reads it");
thread_local bool wasShort = false;
std::new_handler newHandlerBefore = nullptr;
struct sigaction abortBefore{};

/// The soft limit only, which can be raised again; up to the limit that the process was started with.
void setLimit(rlim_t bytes) {
  rlimit limit;
  if (getrlimit(RLIMIT_AS, &limit) != 0)
    return;
  limit.rlim_cur = bytes < limit.rlim_max ? bytes : limit.rlim_max;
  setrlimit(RLIMIT_AS, &limit);
}

void lose() {
  isExhausted = true;
  handlers.onLost();
}

/// Below a limit from outside nothing is gained by lifting ours: the same thread comes here again.
void onFailedNew() {
  if (wasShort)
    lose();
  wasShort = true;
  isExhausted = true;
  handlers.onShort();
}

void onFailedMalloc(void *, const char *, bool) { lose(); }

/// A thread whose stack does not fit is no ordinary failure of an allocation to LLVM.
void onFatalError(void *, const char *reason, bool) {
  if (std::strstr(reason, "pthread_create failed"))
    lose();
  std::fprintf(stderr, "LLVM ERROR: %s\n", reason);
}

/// Any other abort() is a crash like those without a limit.
void onAbort(int number) {
  if (isExhausted)
    handlers.onLost();
  sigaction(number, &abortBefore, nullptr);
  raise(number); // once this handler has returned
}

} // namespace

void limitMemory(unsigned megabytes, const MemoryHandlers &given) {
  if (megabytes == 0)
    return;
  handlers = given;
  isExhausted = false;
  wasShort = false;
  newHandlerBefore = std::set_new_handler(onFailedNew);
  llvm::remove_bad_alloc_error_handler();
  llvm::install_bad_alloc_error_handler(onFailedMalloc);
  llvm::remove_fatal_error_handler();
  llvm::install_fatal_error_handler(onFatalError);
  struct sigaction action{};
  action.sa_handler = onAbort;
  action.sa_flags = SA_ONSTACK;
  sigemptyset(&action.sa_mask);
  sigaction(SIGABRT, &action, &abortBefore);
  setLimit(rlim_t(megabytes) << 20);
}

void liftMemoryLimit() {
  if (handlers.onLost)
    setLimit(RLIM_INFINITY);
}

void endMemoryLimit() {
  if (!handlers.onLost)
    return;
  liftMemoryLimit();
  std::set_new_handler(newHandlerBefore);
  llvm::remove_bad_alloc_error_handler();
  llvm::remove_fatal_error_handler();
  sigaction(SIGABRT, &abortBefore, nullptr);
  handlers = {};
}

} // namespace threadlint
