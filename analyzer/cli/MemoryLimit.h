// MemoryLimit: --memory-limit for one process.
#pragma once

namespace threadlint {

struct MemoryHandlers {
  void (*onShort)(); ///< in operator new, which tries again when it returns
  void (*onLost)();  ///< anywhere, even in a signal handler; must not return
};

/// Limits the address space. 0 = no limit.
void limitMemory(unsigned megabytes, const MemoryHandlers &handlers);
void liftMemoryLimit();

} // namespace threadlint
