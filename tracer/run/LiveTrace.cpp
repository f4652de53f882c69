// LiveTrace: see LiveTrace.h.
#include "tracer/run/LiveTrace.h"

#include <algorithm>
#include <cstring>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace threadlint::trace {

std::unique_ptr<LiveTrace> LiveTrace::open(const std::string &path, std::string &error) {
  std::unique_ptr<LiveTrace> trace(new LiveTrace);
  trace->path_ = path;
  trace->file_ = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
  struct stat status{};
  if (trace->file_ < 0 || fstat(trace->file_, &status) != 0) {
    error = "cannot read '" + path + "': " + std::strerror(errno);
    return nullptr;
  }
  trace->size_ = static_cast<std::uint64_t>(status.st_size);
  // The header by pread: a file that found no memory for it must not be touched.
  Header start{};
  if (pread(trace->file_, &start, sizeof start, 0) != sizeof start ||
      std::memcmp(start.magic, kMagic, sizeof kMagic) != 0 || start.version != kFormatVersion ||
      start.byteOrder != kByteOrderMark) {
    error = "'" + path + "' is no trace file of this version";
    return nullptr;
  }
  void *memory = MAP_FAILED;
  if (trace->size_ >= sizeof(Header))
    memory = mmap(nullptr, trace->size_, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_NORESERVE,
                  trace->file_, 0);
  if (memory == MAP_FAILED) {
    error = "cannot map '" + path + "': " + std::strerror(errno);
    return nullptr;
  }
  trace->header_ = static_cast<Header *>(memory);
  return trace;
}

LiveTrace::~LiveTrace() {
  if (header_)
    munmap(header_, size_);
  if (file_ >= 0)
    close(file_);
}

std::uint64_t LiveTrace::count(TableKind kind) const {
  const Table &table = header_->tables[static_cast<std::uint32_t>(kind)];
  std::uint64_t count = std::min({__atomic_load_n(&table.count, __ATOMIC_ACQUIRE), table.capacity,
                                  __atomic_load_n(&table.populated, __ATOMIC_ACQUIRE)});
  if (!table.recordSize || table.offset > size_)
    return 0;
  return std::min(count, (size_ - table.offset) / table.recordSize);
}

const void *LiveTrace::at(TableKind kind, std::uint32_t index, std::uint64_t size) const {
  const Table &table = header_->tables[static_cast<std::uint32_t>(kind)];
  if (index >= count(kind) || table.recordSize < size)
    return nullptr;
  return reinterpret_cast<const char *>(header_) + table.offset +
         std::uint64_t{index} * table.recordSize;
}

std::uint32_t LiveTrace::newestLockAt(std::uint64_t address) const {
  for (auto number = static_cast<std::uint32_t>(count(TableKind::Locks)); number-- > 0;)
    if (const auto *lock = get<Lock>(TableKind::Locks, number);
        lock && lock->address == address && !lock->destroyedNs)
      return number;
  return kNone;
}

std::string LiveTrace::text(std::uint32_t offset) const {
  std::uint64_t length = count(TableKind::Strings);
  if (!offset || offset >= length)
    return {};
  const char *start = static_cast<const char *>(at(TableKind::Strings, offset, 1));
  return {start, strnlen(start, length - offset)};
}

std::vector<std::uint32_t> LiveTrace::stack(std::uint32_t index) const {
  std::vector<std::uint32_t> frames;
  if (const auto *stack = get<Stack>(TableKind::Stacks, index))
    for (std::uint32_t frame = 0; frame < std::min(stack->count, 256u); ++frame)
      if (const void *place =
              at(TableKind::StackFrames, stack->first + frame, sizeof(std::uint32_t)))
        frames.push_back(*static_cast<const std::uint32_t *>(place));
  return frames;
}

std::optional<LiveThread> LiveTrace::ofBlock(std::uint32_t number) const {
  const auto *block = get<Block>(TableKind::Blocks, number);
  if (!block)
    return {};
  LiveThread live;
  live.index = block->thread;
  const auto *thread = get<Thread>(TableKind::Threads, live.index);
  if (!thread)
    return {};
  live.tid = thread->tid;
  live.lost = block->lost;
  // Copied until nothing changed meanwhile; a thread that is stuck does not change.
  for (int turn = 0; turn < 5; ++turn) {
    std::uint32_t sequence = __atomic_load_n(&block->waiting.sequence, __ATOMIC_ACQUIRE);
    std::uint32_t depth = __atomic_load_n(&block->depth, __ATOMIC_ACQUIRE);
    live.waiting = block->waiting;
    live.held.assign(block->held, block->held + std::min(depth, kInlineHeld));
    if (const auto *spill =
            depth > kInlineHeld ? get<Spill>(TableKind::Spills, block->spill) : nullptr)
      live.held.insert(live.held.end(), spill->held,
                       spill->held + std::min(depth - kInlineHeld, kSpillHeld));
    __atomic_thread_fence(__ATOMIC_ACQUIRE);
    if (__atomic_load_n(&block->waiting.sequence, __ATOMIC_RELAXED) == sequence &&
        __atomic_load_n(&block->depth, __ATOMIC_RELAXED) == depth)
      break;
  }
  live.isWaiting = (live.waiting.sequence & 1) != 0;
  return live;
}

std::vector<LiveThread> LiveTrace::threads() const {
  std::vector<LiveThread> threads;
  for (std::uint32_t block = 0; block < count(TableKind::Blocks); ++block)
    if (std::optional<LiveThread> live = ofBlock(block))
      threads.push_back(std::move(*live));
  std::sort(threads.begin(), threads.end(),
            [](const LiveThread &a, const LiveThread &b) { return a.index < b.index; });
  return threads;
}

std::optional<LiveThread> LiveTrace::thread(std::uint32_t index) const {
  const auto *thread = get<Thread>(TableKind::Threads, index);
  if (!thread || thread->block == kNone)
    return {};
  std::optional<LiveThread> live = ofBlock(thread->block);
  return live && live->index == index ? live : std::nullopt;
}

std::uint32_t LiveTrace::appendBytes(TableKind kind, void *bytes, std::uint64_t size) {
  Table &table = header_->tables[static_cast<std::uint32_t>(kind)];
  std::uint64_t index = __atomic_fetch_add(&table.count, 1, __ATOMIC_ACQ_REL);
  std::uint64_t offset = table.offset + index * table.recordSize;
  if (index >= table.capacity || table.recordSize < size || offset + size > size_ ||
      posix_fallocate(file_, static_cast<off_t>(offset), static_cast<off_t>(size)) != 0) {
    __atomic_fetch_add(&table.dropped, 1, __ATOMIC_RELAXED);
    return kNone;
  }
  for (std::uint64_t known = __atomic_load_n(&table.populated, __ATOMIC_ACQUIRE);
       known <= index && !__atomic_compare_exchange_n(&table.populated, &known, index + 1, true,
                                                      __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE);) {
  }
  char *place = reinterpret_cast<char *>(header_) + offset;
  std::memcpy(place + 4, static_cast<char *>(bytes) + 4, size - 4);
  __atomic_store_n(reinterpret_cast<std::uint32_t *>(place), 1u, __ATOMIC_RELEASE);
  return static_cast<std::uint32_t>(index);
}

std::string LiveTrace::compacted() const {
  Header header = *header_;
  std::uint64_t offset = (sizeof(Header) + 63) / 64 * 64;
  std::string bytes(offset, '\0');
  for (std::uint32_t kind = 0; kind < kTableSlots; ++kind) {
    Table &table = header.tables[kind];
    std::uint64_t records = kind < kTableCount ? count(static_cast<TableKind>(kind)) : 0;
    std::uint64_t size = records * table.recordSize;
    // By pread: begun records may lie in a hole of the file, and to touch a hole takes memory that may not be there.
    std::string content(size, '\0');
    for (std::uint64_t done = 0; done < size;) {
      ssize_t got = pread(file_, content.data() + done, size - done,
                          static_cast<off_t>(header_->tables[kind].offset + done));
      if (got <= 0)
        break;
      done += static_cast<std::uint64_t>(got);
    }
    bytes += content;
    table.offset = offset;
    table.capacity = table.count = table.populated = records;
    bytes.resize((bytes.size() + 63) / 64 * 64);
    offset = bytes.size();
  }
  header.fileSize = bytes.size();
  std::memcpy(bytes.data(), &header, sizeof header);
  return bytes;
}

} // namespace threadlint::trace
