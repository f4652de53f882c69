// System: system calls and small routines that hooks may use.
//
// Nothing here allocates, takes a lock or touches errno, so all of it may run inside a hook and inside a signal handler.
#pragma once

#include <cstddef>
#include <cstdint>

namespace threadlint::trace {

#if defined(__x86_64__)
inline long systemCall(long number, long a = 0, long b = 0, long c = 0, long d = 0, long e = 0,
                       long f = 0) {
  register long r10 __asm__("r10") = d;
  register long r8 __asm__("r8") = e;
  register long r9 __asm__("r9") = f;
  long result;
  __asm__ volatile("syscall"
                   : "=a"(result)
                   : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
                   : "rcx", "r11", "memory");
  return result;
}
#elif defined(__aarch64__)
inline long systemCall(long number, long a = 0, long b = 0, long c = 0, long d = 0, long e = 0,
                       long f = 0) {
  register long x8 __asm__("x8") = number;
  register long x0 __asm__("x0") = a;
  register long x1 __asm__("x1") = b;
  register long x2 __asm__("x2") = c;
  register long x3 __asm__("x3") = d;
  register long x4 __asm__("x4") = e;
  register long x5 __asm__("x5") = f;
  __asm__ volatile("svc 0"
                   : "+r"(x0)
                   : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5)
                   : "memory");
  return x0;
}
#else
#error "threadlint-trace supports x86-64 and arm64"
#endif

/// Is the result of a system call that gives an address an error number?
inline bool isError(long result) { return result < 0 && result > -4096; }

/// For what only this library defines: the compiler then reaches it without the table of global addresses.
#define TL_HIDDEN __attribute__((visibility("hidden")))
#define TL_LIKELY(x) __builtin_expect(!!(x), 1)
#define TL_UNLIKELY(x) __builtin_expect(!!(x), 0)
#define TL_NOINLINE __attribute__((noinline))
#define TL_INLINE inline __attribute__((always_inline))
/// Keeps the compiler, not the processor, from moving memory accesses: orders against signal handlers of the same thread.
#define TL_SIGNAL_FENCE() __atomic_signal_fence(__ATOMIC_SEQ_CST)

template <typename T> TL_INLINE T loadRelaxed(const T &place) {
  return __atomic_load_n(&place, __ATOMIC_RELAXED);
}
template <typename T> TL_INLINE T loadAcquire(const T &place) {
  return __atomic_load_n(&place, __ATOMIC_ACQUIRE);
}
template <typename T, typename V> TL_INLINE void storeRelaxed(T &place, V value) {
  __atomic_store_n(&place, static_cast<T>(value), __ATOMIC_RELAXED);
}
template <typename T, typename V> TL_INLINE void storeRelease(T &place, V value) {
  __atomic_store_n(&place, static_cast<T>(value), __ATOMIC_RELEASE);
}
template <typename T, typename V> TL_INLINE T addRelaxed(T &place, V value) {
  return __atomic_fetch_add(&place, static_cast<T>(value), __ATOMIC_RELAXED);
}
template <typename T> TL_INLINE bool exchangeIf(T &place, T expected, T desired) {
  return __atomic_compare_exchange_n(&place, &expected, desired, false, __ATOMIC_ACQ_REL,
                                     __ATOMIC_ACQUIRE);
}
template <typename T> inline void raiseTo(T &place, T value) {
  T old = loadRelaxed(place);
  while (old < value && !__atomic_compare_exchange_n(&place, &old, value, true, __ATOMIC_RELAXED,
                                                     __ATOMIC_RELAXED)) {
  }
}

/// CLOCK_MONOTONIC in nanoseconds.
uint64_t nowNs();
uint64_t wallClockNs();
uint32_t currentTid();
uint32_t currentPid();

size_t lengthOf(const char *text);
bool sameText(const char *a, const char *b);
bool startsWith(const char *text, const char *prefix);
/// Appends to a buffer of `size` bytes at `at`; always terminates; returns the new end.
size_t appendText(char *buffer, size_t size, size_t at, const char *text);
size_t appendNumber(char *buffer, size_t size, size_t at, uint64_t number);
/// Whole file into a buffer, NUL-terminated; returns the bytes read, 0 when it cannot be read.
size_t readFile(const char *path, char *buffer, size_t size);
/// One line to the terminal's error stream, for "cannot trace: ..."; only ever used before the target's main.
void complain(const char *what, const char *about, long error);

/// Fresh zeroed private memory, or null.
void *mapPrivate(size_t bytes);
/// Replaces private memory by fresh zeroed memory.
bool remapPrivate(void *memory, size_t bytes);

} // namespace threadlint::trace
