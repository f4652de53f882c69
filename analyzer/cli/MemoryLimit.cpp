// MemoryLimit: RLIMIT_AS. Code that uses malloc directly, as LLVM does, ends in abort() when it fails.
#include "analyzer/cli/MemoryLimit.h"

#include <csignal>
#include <new>
#include <sys/resource.h>

namespace threadlint {
namespace {

void (*exhausted)() = nullptr;

} // namespace

void limitMemory(unsigned megabytes, void (*onExhausted)()) {
  if (megabytes == 0)
    return;
  exhausted = onExhausted;
  rlimit limit{rlim_t(megabytes) << 20, rlim_t(megabytes) << 20};
  setrlimit(RLIMIT_AS, &limit);
  std::set_new_handler(onExhausted);
  std::signal(SIGABRT, [](int) { exhausted(); });
}

} // namespace threadlint
