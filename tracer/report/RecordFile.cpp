// RecordFile: the header's promises against the size of the file.
#include "tracer/report/RecordFile.h"

#include <cstddef>
#include <utility>

namespace threadlint::tracing {

bool RecordFile::isOne(std::string_view bytes) {
  return bytes.substr(0, sizeof record::kMagic) ==
         std::string_view(record::kMagic, sizeof record::kMagic);
}

RecordFile::RecordFile(std::string_view bytes) : bytes_(bytes) { error_ = check(); }

std::string RecordFile::check() {
  if (!isOne(bytes_))
    return "not a trace of threadlint-trace";
  constexpr std::size_t kStart = offsetof(record::Header, headerSize);
  if (bytes_.size() < kStart)
    return "truncated: the file ends in its header";
  std::memcpy(&header_, bytes_.data(), kStart);
  if (header_.byteOrder != record::kByteOrderMark)
    return "of a machine with another byte order";
  if (header_.version != record::kFormatVersion)
    return "format version " + std::to_string(header_.version) + ", this reader knows version " +
           std::to_string(record::kFormatVersion);
  if (bytes_.size() < sizeof header_)
    return "truncated: the file ends in its header";
  std::memcpy(&header_, bytes_.data(), sizeof header_);
  for (record::Table &table : header_.tables) {
    if (table.recordSize == 0)
      continue;
    table.count = std::min(table.count, table.populated);
    std::uint64_t count = std::min(table.count, table.capacity);
    if (table.offset > bytes_.size() || count > (bytes_.size() - table.offset) / table.recordSize)
      return "truncated: a table ends past the end of the file";
  }
  return {};
}

std::string RecordFile::string(std::uint32_t offset) const {
  const record::Table &strings = table(record::TableKind::Strings);
  std::uint64_t count = strings.recordSize == 0 ? 0 : std::min(strings.count, strings.capacity);
  if (offset >= count)
    return {};
  std::string_view rest = bytes_.substr(strings.offset + offset, count - offset);
  return std::string(rest.substr(0, rest.find('\0')));
}

std::string RecordFile::end() const {
  if (header_.state == static_cast<std::uint32_t>(record::ProcessState::Executed))
    return "replaced by exec";
  if (header_.hasWaitStatus && (header_.waitStatus & 0x7f) != 0)
    return "killed by signal " + std::to_string(header_.waitStatus & 0x7f);
  if (header_.state == static_cast<std::uint32_t>(record::ProcessState::Exited))
    return "exit " + std::to_string(header_.exitStatus);
  if (header_.hasWaitStatus)
    return "exit " + std::to_string((header_.waitStatus >> 8) & 0xff);
  return "not ended";
}

bool RecordFile::endsUnseen() const {
  return header_.hasWaitStatus && (header_.waitStatus & 0x7f) == 0 &&
         header_.state == static_cast<std::uint32_t>(record::ProcessState::Running);
}

std::vector<Overflow> RecordFile::overflows() const {
  constexpr std::pair<record::Counter, const char *> kCounters[] = {
      {record::Counter::HeldOverflow, "acquisitions while more locks were held than are kept"},
      {record::Counter::ThreadOverflow, "threads past the limit, which were not traced"},
      {record::Counter::SignalInHook,
       "lock calls by signal handlers inside the tracer, which were not recorded"},
      {record::Counter::StackBroken, "stacks that could not be walked to their end"},
      {record::Counter::EventsSampled,
       "repeated events left out, so fewer things are known to be ordered"},
      {record::Counter::ProcessNotTraced, "forked processes for which no trace could be made"},
      {record::Counter::OutOfMemory, "times that the trace could not grow"},
  };
  constexpr std::pair<record::TableKind, const char *> kTables[] = {
      {record::TableKind::Frames, "code addresses"},
      {record::TableKind::StackFrames, "frames of stacks"},
      {record::TableKind::Stacks, "stacks"},
      {record::TableKind::Threads, "threads"},
      {record::TableKind::Locks, "locks"},
      {record::TableKind::Nodes, "chains of locks"},
      {record::TableKind::Tuples, "acquisitions"},
      {record::TableKind::Events, "events"},
      {record::TableKind::Sites, "sites"},
      {record::TableKind::Incidents, "incidents"},
  };
  std::vector<Overflow> list;
  for (const auto &[counter, text] : kCounters)
    if (std::uint64_t count = header_.counters[static_cast<std::size_t>(counter)])
      list.push_back({text, count});
  for (const auto &[kind, text] : kTables)
    if (std::uint64_t count = table(kind).dropped)
      list.push_back({std::string(text) + " without room in the trace", count});
  return list;
}

} // namespace threadlint::tracing
