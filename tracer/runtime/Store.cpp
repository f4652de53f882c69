// Store: see Store.h.
#include "tracer/runtime/Store.h"

#include "tracer/runtime/Options.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>

#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23
#endif

namespace threadlint::trace {

Header *storeHeader;

namespace {

uint64_t storeSize;
char storePath[400];
bool populateMissing; // the kernel knows no MADV_POPULATE_WRITE
bool memoryFull;

struct Shape {
  TableKind kind;
  uint32_t recordSize;
  uint32_t capacity; // for history=0
  bool grows;        // with history
};

constexpr Shape kShapes[] = {
    {TableKind::Strings, 1, 4 << 20, false},
    {TableKind::Modules, sizeof(Module), 4096, false},
    {TableKind::Frames, sizeof(Frame), 1 << 18, true},
    {TableKind::StackFrames, sizeof(uint32_t), 1 << 23, true},
    {TableKind::Stacks, sizeof(Stack), 1 << 18, true},
    {TableKind::Threads, sizeof(Thread), 1 << 18, true},
    {TableKind::Blocks, sizeof(Block), 1 << 14, false},
    {TableKind::Spills, sizeof(Spill), 64, false},
    {TableKind::Locks, sizeof(Lock), 1 << 20, true},
    {TableKind::Nodes, sizeof(Node), 1 << 20, true},
    {TableKind::Tuples, sizeof(Tuple), 1 << 20, true},
    {TableKind::Events, sizeof(Event), 1 << 20, true},
    {TableKind::Sites, sizeof(Site), 1 << 16, true},
    {TableKind::Incidents, sizeof(Incident), 1 << 10, false},
    {TableKind::Participants, sizeof(Participant), 1 << 14, false},
};

constexpr uint64_t kPage = 65536; // the largest page size in use
constexpr uint64_t kChunk = 65536;
uint64_t pageSize = 4096;

uint64_t roundUp(uint64_t value, uint64_t to) { return (value + to - 1) / to * to; }

/// Writes the table descriptors; returns the size of the file. `shrink` halves the larger tables so many times.
uint64_t layOut(Table *tables, uint32_t history, uint32_t shrink) {
  uint64_t offset = roundUp(sizeof(Header), kPage);
  for (const Shape &shape : kShapes) {
    uint64_t capacity = shape.capacity;
    if (shape.grows)
      capacity = (capacity << history) >> shrink;
    Table &table = tables[static_cast<uint32_t>(shape.kind)];
    table = {};
    table.offset = offset;
    table.capacity = capacity;
    table.recordSize = shape.recordSize;
    offset = roundUp(offset + capacity * shape.recordSize, kPage);
  }
  return offset;
}

/// Memory for [from, to) of the file; false when there is none.
bool populate(uint64_t from, uint64_t to) {
  from = from / pageSize * pageSize;
  to = roundUp(to, pageSize);
  if (to > storeSize)
    to = storeSize;
  if (!populateMissing) {
    long result =
        systemCall(SYS_madvise, reinterpret_cast<long>(storeHeader) + static_cast<long>(from),
                   static_cast<long>(to - from), MADV_POPULATE_WRITE);
    if (result == 0)
      return true;
    if (result != -EINVAL && result != -ENOSYS)
      return false;
    populateMissing = true;
  }
  long file =
      systemCall(SYS_openat, AT_FDCWD, reinterpret_cast<long>(storePath), O_RDWR | O_CLOEXEC);
  if (file < 0)
    return false;
  long result =
      systemCall(SYS_fallocate, file, 0, static_cast<long>(from), static_cast<long>(to - from));
  systemCall(SYS_close, file);
  return result == 0 || result == -EOPNOTSUPP;
}

void nameFile(const Options &options, uint32_t image) {
  size_t at = 0;
  if (!options.file[0]) {
    at = appendText(storePath, sizeof storePath, at, options.folder);
    at = appendText(storePath, sizeof storePath, at, "/");
    at = appendNumber(storePath, sizeof storePath, at, currentPid());
    at = appendText(storePath, sizeof storePath, at, "-");
    at = appendNumber(storePath, sizeof storePath, at, image);
    appendText(storePath, sizeof storePath, at, kFileSuffix);
    return;
  }
  bool hasPid = false;
  for (const char *from = options.file; *from; ++from)
    if (from[0] == '%' && from[1] == 'p') {
      at = appendNumber(storePath, sizeof storePath, at, currentPid());
      hasPid = true;
      ++from;
    } else {
      char one[2] = {*from, 0};
      at = appendText(storePath, sizeof storePath, at, one);
    }
  if (image || (!hasPid && options.rootPid && options.rootPid != currentPid())) {
    at = appendText(storePath, sizeof storePath, at, ".");
    at = appendNumber(storePath, sizeof storePath, at, currentPid());
    if (image) {
      at = appendText(storePath, sizeof storePath, at, "-");
      appendNumber(storePath, sizeof storePath, at, image);
    }
  }
}

/// The process had another image, which ends here.
void closePreviousImage() {
  long file =
      systemCall(SYS_openat, AT_FDCWD, reinterpret_cast<long>(storePath), O_RDWR | O_CLOEXEC);
  if (file < 0)
    return;
  uint32_t state = 0;
  systemCall(SYS_pread64, file, reinterpret_cast<long>(&state), sizeof state,
             offsetof(Header, state));
  if (state == static_cast<uint32_t>(ProcessState::Running)) {
    state = static_cast<uint32_t>(ProcessState::Executed);
    systemCall(SYS_pwrite64, file, reinterpret_cast<long>(&state), sizeof state,
               offsetof(Header, state));
    uint64_t end = nowNs();
    systemCall(SYS_pwrite64, file, reinterpret_cast<long>(&end), sizeof end,
               offsetof(Header, endNs));
  }
  systemCall(SYS_close, file);
}

/// Opens a new file; its number among the images of this pid goes to `image`.
long createFile(const Options &options, uint32_t &image) {
  for (image = 0; image < 100000; ++image) {
    nameFile(options, image);
    long file = systemCall(SYS_openat, AT_FDCWD, reinterpret_cast<long>(storePath),
                           O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file != -EEXIST) {
      if (file >= 0 && image && !options.file[0]) {
        nameFile(options, image - 1);
        closePreviousImage();
        nameFile(options, image);
      }
      return file;
    }
  }
  return -EEXIST;
}

/// Fills the header of a new file. False when there is no memory for it.
bool startFile(const Options &options, const Table *tables, uint32_t image) {
  Header *header = storeHeader;
  if (!populate(0, sizeof(Header)))
    return false;
  for (uint32_t kind = 0; kind < kTableCount; ++kind)
    header->tables[kind] = tables[kind];
  header->version = kFormatVersion;
  header->byteOrder = kByteOrderMark;
  header->headerSize = sizeof(Header);
#if defined(__x86_64__)
  header->machine = static_cast<uint32_t>(Machine::X86_64);
#else
  header->machine = static_cast<uint32_t>(Machine::AArch64);
#endif
  header->fileSize = storeSize;
  header->pid = currentPid();
  header->parentPid = static_cast<uint32_t>(systemCall(SYS_getppid));
  header->imageNumber = image;
  header->wallClockNs = wallClockNs();
  header->startNs = nowNs();
  header->pageSize = static_cast<uint32_t>(pageSize);
  storeText(""); // offset 0
  char text[4096];
  size_t length = readFile("/proc/self/cmdline", text, sizeof text);
  for (size_t at = 0; at + 1 < length; ++at)
    if (!text[at])
      text[at] = ' ';
  header->command = storeText(text);
  static constexpr const char *kLinks[] = {"/proc/self/exe", "/proc/self/cwd"};
  for (const char *link : kLinks) {
    long got = systemCall(SYS_readlinkat, AT_FDCWD, reinterpret_cast<long>(link),
                          reinterpret_cast<long>(text), sizeof text - 1);
    text[got > 0 ? got : 0] = 0;
    (link[11] == 'e' ? header->executable : header->folder) = storeText(text);
  }
  header->options = storeText(options.text);
  header->state = static_cast<uint32_t>(ProcessState::Running);
  __atomic_thread_fence(__ATOMIC_RELEASE);
  for (int at = 0; at < 8; ++at)
    header->magic[at] = kMagic[at];
  return true;
}

/// Maps a new file, and moves it to `where` unless that is null. A negative error number, or 0. When it fails everything is as it was.
long mapFile(const Options &options, void *where, uint32_t &image) {
  rlimit limit{};
  systemCall(SYS_prlimit64, 0, RLIMIT_FSIZE, 0, reinterpret_cast<long>(&limit));
  Table tables[kTableSlots] = {};
  uint32_t shrink = 0;
  uint64_t size = layOut(tables, options.history, shrink);
  // After fork the file must fit where the parent's was, which may have been made smaller.
  while ((size > limit.rlim_cur || (where && size > storeSize)) && shrink < 16)
    size = layOut(tables, options.history, ++shrink);
  if (size > limit.rlim_cur)
    return -EFBIG; // growing it would send SIGXFSZ
  long file = createFile(options, image);
  if (file < 0)
    return file;
  long result = 0, memory = 0;
  for (;; size = layOut(tables, options.history, ++shrink)) {
    result = systemCall(SYS_ftruncate, file, static_cast<long>(size));
    if (result < 0)
      break;
    memory = systemCall(SYS_mmap, reinterpret_cast<long>(where), static_cast<long>(size),
                        PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    result = isError(memory) ? memory : 0;
    if (result != -ENOMEM || shrink == 12)
      break; // ENOMEM: little address space
  }
  systemCall(SYS_close, file);
  if (result < 0) {
    systemCall(SYS_unlinkat, AT_FDCWD, reinterpret_cast<long>(storePath), 0);
    return result;
  }
  Header *previous = storeHeader;
  uint64_t previousSize = storeSize;
  bool previousFull = memoryFull;
  storeHeader = reinterpret_cast<Header *>(memory);
  storeSize = size;
  memoryFull = false;
  systemCall(SYS_madvise, memory, static_cast<long>(size), MADV_DONTDUMP);
  result = startFile(options, tables, image) ? 0 : -ENOSPC;
  if (result == 0 && where) {
    long moved = systemCall(SYS_mremap, memory, static_cast<long>(size), static_cast<long>(size),
                            MREMAP_MAYMOVE | MREMAP_FIXED, reinterpret_cast<long>(where));
    result = isError(moved) ? moved : 0;
    if (result == 0) {
      storeHeader = static_cast<Header *>(where);
      return 0;
    }
  }
  if (result == 0)
    return 0;
  systemCall(SYS_munmap, memory, static_cast<long>(size));
  systemCall(SYS_unlinkat, AT_FDCWD, reinterpret_cast<long>(storePath), 0);
  storeHeader = previous;
  storeSize = previousSize;
  memoryFull = previousFull;
  return result;
}

} // namespace

bool openStore(const Options &options, bool loud) {
  if (uint64_t size = getauxval(AT_PAGESZ))
    pageSize = size;
  uint32_t image = 0;
  long result = mapFile(options, nullptr, image);
  if (result == 0)
    return true;
  if (loud)
    complain(result == -ENOSPC ? "no space for the trace file"
             : result == -ENOENT
                 ? "its 'threadlint-trace run' has ended: cannot make the trace file"
                 : "cannot make the trace file",
             storePath, result);
  return false;
}

bool reopenStore(const Options &options, uint32_t forkedFrom) {
  uint32_t image = 0;
  if (mapFile(options, storeHeader, image) == 0) {
    storeHeader->forkedFrom = forkedFrom;
    return true;
  }
  countUp(Counter::ProcessNotTraced); // in the parent's file
  abandonStore();
  return false;
}

void abandonStore() {
  Header *header = storeHeader;
  storeHeader = nullptr;
  if (header) // private memory in place of the file: what a hook in progress still writes goes nowhere
    remapPrivate(header, storeSize);
}

uint32_t reserveRecords(TableKind kind, uint32_t count) {
  if (!storeHeader)
    return kNone;
  Table &table = tableOf(kind);
  uint64_t index = loadRelaxed(table.count);
  do {
    if (index + count > table.capacity) {
      addRelaxed(table.dropped, 1);
      return kNone;
    }
  } while (!__atomic_compare_exchange_n(&table.count, &index, index + count, true, __ATOMIC_RELAXED,
                                        __ATOMIC_RELAXED));
  uint64_t end = index + count;
  if (TL_UNLIKELY(end > loadAcquire(table.populated))) {
    uint64_t to = end + kChunk / table.recordSize;
    if (to > table.capacity)
      to = table.capacity;
    uint64_t from = loadAcquire(table.populated);
    if (from > index)
      from = index;
    if (loadRelaxed(memoryFull) ||
        !populate(table.offset + from * table.recordSize, table.offset + to * table.recordSize)) {
      storeRelaxed(memoryFull, true);
      addRelaxed(table.dropped, 1);
      countUp(Counter::OutOfMemory);
      return kNone;
    }
    raiseTo(table.populated, to);
  }
  return static_cast<uint32_t>(index);
}

uint32_t storeText(const char *text) {
  size_t length = lengthOf(text);
  uint32_t at = reserveRecords(TableKind::Strings, static_cast<uint32_t>(length + 1));
  if (at == kNone)
    return 0;
  char *place = static_cast<char *>(recordAt(TableKind::Strings, at));
  for (size_t i = 0; i < length; ++i)
    place[i] = text[i];
  return at;
}

} // namespace threadlint::trace
