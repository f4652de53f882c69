// System: see System.h.
#include "tracer/runtime/System.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>

namespace threadlint::trace {

namespace {
uint64_t readClock(clockid_t clock) {
  timespec now;
  clock_gettime(clock, &now);
  return static_cast<uint64_t>(now.tv_sec) * 1000000000u + static_cast<uint64_t>(now.tv_nsec);
}
} // namespace

uint64_t nowNs() { return readClock(CLOCK_MONOTONIC); }
uint64_t wallClockNs() { return readClock(CLOCK_REALTIME); }
uint32_t currentTid() { return static_cast<uint32_t>(systemCall(SYS_gettid)); }
uint32_t currentPid() { return static_cast<uint32_t>(systemCall(SYS_getpid)); }

size_t lengthOf(const char *text) {
  size_t length = 0;
  while (text[length])
    ++length;
  return length;
}

bool sameText(const char *a, const char *b) {
  while (*a && *a == *b)
    ++a, ++b;
  return *a == *b;
}

bool startsWith(const char *text, const char *prefix) {
  while (*prefix)
    if (*text++ != *prefix++)
      return false;
  return true;
}

size_t appendText(char *buffer, size_t size, size_t at, const char *text) {
  while (*text && at + 1 < size)
    buffer[at++] = *text++;
  buffer[at] = 0;
  return at;
}

size_t appendNumber(char *buffer, size_t size, size_t at, uint64_t number) {
  char digits[24];
  size_t length = sizeof digits;
  digits[--length] = 0;
  do
    digits[--length] = static_cast<char>('0' + number % 10);
  while (number /= 10);
  return appendText(buffer, size, at, digits + length);
}

size_t readFile(const char *path, char *buffer, size_t size) {
  long file = systemCall(SYS_openat, AT_FDCWD, reinterpret_cast<long>(path), O_RDONLY | O_CLOEXEC);
  if (file < 0)
    return 0;
  size_t length = 0;
  while (length + 1 < size) {
    long got = systemCall(SYS_read, file, reinterpret_cast<long>(buffer + length),
                          static_cast<long>(size - 1 - length));
    if (got <= 0)
      break;
    length += static_cast<size_t>(got);
  }
  buffer[length] = 0;
  systemCall(SYS_close, file);
  return length;
}

/// The texts of strerror, which takes locks and memory; null for others.
static const char *errorText(long error) {
  switch (error) {
  case EPERM:
    return "Operation not permitted";
  case ENOENT:
    return "No such file or directory";
  case ENOMEM:
    return "Cannot allocate memory";
  case EACCES:
    return "Permission denied";
  case EMFILE:
  case ENFILE:
    return "Too many open files";
  case ENOSPC:
    return "No space left on device";
  case EROFS:
    return "Read-only file system";
  default:
    return nullptr;
  }
}

void complain(const char *what, const char *about, long error) {
  char line[512];
  size_t at = appendText(line, sizeof line, 0, "threadlint-trace: ");
  at = appendText(line, sizeof line, at, what);
  if (about) {
    at = appendText(line, sizeof line, at, " '");
    at = appendText(line, sizeof line, at, about);
    at = appendText(line, sizeof line, at, "'");
  }
  error = error < 0 ? -error : error;
  if (const char *text = errorText(error)) {
    at = appendText(line, sizeof line, at, ": ");
    at = appendText(line, sizeof line, at, text);
  } else if (error) {
    at = appendText(line, sizeof line, at, ": error ");
    at = appendNumber(line, sizeof line, at, static_cast<uint64_t>(error));
  }
  at = appendText(line, sizeof line, at, "; the program runs untraced\n");
  systemCall(SYS_write, 2, reinterpret_cast<long>(line), static_cast<long>(at));
}

void *mapPrivate(size_t bytes) {
  long memory = systemCall(SYS_mmap, 0, static_cast<long>(bytes), PROT_READ | PROT_WRITE,
                           MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  return isError(memory) ? nullptr : reinterpret_cast<void *>(memory);
}

bool remapPrivate(void *memory, size_t bytes) {
  long got = systemCall(SYS_mmap, reinterpret_cast<long>(memory), static_cast<long>(bytes),
                        PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1, 0);
  return got == reinterpret_cast<long>(memory);
}

} // namespace threadlint::trace
