// MemoryLimit: --memory-limit for one process.
#pragma once

namespace threadlint {

/// Limits the address space. When it is used up, `onExhausted` is called, from operator new or from a signal handler; it must not return
/// and may only make async-signal-safe calls. 0 = no limit.
void limitMemory(unsigned megabytes, void (*onExhausted)());

} // namespace threadlint
