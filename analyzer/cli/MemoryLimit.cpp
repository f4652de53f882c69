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

void (*exhausted)() = nullptr;

/// A thread whose stack does not fit is no ordinary failure of an allocation to LLVM.
void onFatalError(void *, const char *reason, bool) {
  if (std::strstr(reason, "pthread_create failed"))
    exhausted();
  std::fprintf(stderr, "LLVM ERROR: %s\n", reason);
}

} // namespace

void limitMemory(unsigned megabytes, void (*onExhausted)()) {
  if (megabytes == 0)
    return;
  exhausted = onExhausted;
  rlimit limit{rlim_t(megabytes) << 20, rlim_t(megabytes) << 20};
  setrlimit(RLIMIT_AS, &limit);
  std::set_new_handler(onExhausted);
  auto onLlvm = [](void *, const char *, bool) { exhausted(); };
  llvm::remove_bad_alloc_error_handler();
  llvm::install_bad_alloc_error_handler(onLlvm);
  llvm::remove_fatal_error_handler();
  llvm::install_fatal_error_handler(onFatalError);
  std::signal(SIGABRT, [](int) { exhausted(); });
}

} // namespace threadlint
