// MemoryLimit: RLIMIT_AS. LLVM, which uses malloc directly, has a handler of its own; other code ends in abort().
#include "analyzer/cli/MemoryLimit.h"

#include <llvm/Support/ErrorHandling.h>

#include <csignal>
#include <cstdio>
#include <cstring>
#include <new>
#include <sys/resource.h>

namespace threadlint {
namespace {

void (*lost)() = nullptr;

/// The soft limit only, which can be raised again; up to the limit that the process was started with.
void setLimit(rlim_t bytes) {
  rlimit limit;
  if (getrlimit(RLIMIT_AS, &limit) != 0)
    return;
  limit.rlim_cur = bytes < limit.rlim_max ? bytes : limit.rlim_max;
  setrlimit(RLIMIT_AS, &limit);
}

/// A thread whose stack does not fit is no ordinary failure of an allocation to LLVM.
void onFatalError(void *, const char *reason, bool) {
  if (std::strstr(reason, "pthread_create failed"))
    lost();
  std::fprintf(stderr, "LLVM ERROR: %s\n", reason);
}

} // namespace

void limitMemory(unsigned megabytes, const MemoryHandlers &handlers) {
  if (megabytes == 0)
    return;
  lost = handlers.onLost;
  std::set_new_handler(handlers.onShort);
  auto onLlvm = [](void *, const char *, bool) { lost(); };
  llvm::remove_bad_alloc_error_handler();
  llvm::install_bad_alloc_error_handler(onLlvm);
  llvm::remove_fatal_error_handler();
  llvm::install_fatal_error_handler(onFatalError);
  std::signal(SIGABRT, [](int) { lost(); });
  setLimit(rlim_t(megabytes) << 20);
}

void liftMemoryLimit() {
  if (lost)
    setLimit(RLIM_INFINITY);
}

} // namespace threadlint
