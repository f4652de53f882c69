// MemoryLimit: --memory-limit for one process.
#pragma once

namespace threadlint {

struct MemoryHandlers {
  void (*onShort)(); ///< in operator new, which tries again when it returns; once in a thread
  void (*onLost)();  ///< anywhere, even in a signal handler; must not return
};

/// Limits the address space. 0 = no limit. An abort() counts as a loss only after an allocation that failed.
void limitMemory(unsigned megabytes, const MemoryHandlers &handlers);
/// As far as the process may; the handlers stay.
void liftMemoryLimit();
/// Also puts the handlers back that were there before.
void endMemoryLimit();

} // namespace threadlint
