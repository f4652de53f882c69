// LiveTrace: the trace file of a process that may still run, as the launcher and attach-report see it.
//
// Everything is checked against the size of the file, because the process may have damaged it; what does not fit is absent.
#pragma once

#include "tracer/record/Record.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace threadlint::trace {

/// A thread as it is at one moment.
struct LiveThread {
  std::uint32_t index = kNone; ///< in Threads
  std::uint32_t tid = 0;
  Waiting waiting{};
  bool isWaiting = false;
  std::vector<Held> held; ///< oldest first
  std::uint32_t lost = 0; ///< held locks that are not known
};

class LiveTrace {
public:
  /// Null, with a sentence in `error`, when the file is not a trace.
  static std::unique_ptr<LiveTrace> open(const std::string &path, std::string &error);
  ~LiveTrace();
  LiveTrace(const LiveTrace &) = delete;
  LiveTrace &operator=(const LiveTrace &) = delete;

  const std::string &path() const { return path_; }
  Header &header() const { return *header_; }
  std::uint64_t count(TableKind kind) const;
  /// The lock at an address that is not destroyed; kNone when there is none.
  std::uint32_t newestLockAt(std::uint64_t address) const;
  std::string text(std::uint32_t offset) const;
  /// The record, or null when there is none or it is not published.
  template <typename T> const T *get(TableKind kind, std::uint32_t index) const {
    const void *place = at(kind, index, sizeof(T));
    return place && *static_cast<const std::uint32_t *>(place) ? static_cast<const T *>(place)
                                                               : nullptr;
  }
  std::vector<std::uint32_t> stack(std::uint32_t index) const; ///< frames
  /// All threads that run, as of now.
  std::vector<LiveThread> threads() const;
  /// What a thread holds and waits for; nothing when it does not run.
  std::optional<LiveThread> thread(std::uint32_t index) const;
  /// Appends a record; kNone when there is no room.
  template <typename T> std::uint32_t append(TableKind kind, T record) {
    return appendBytes(kind, &record, sizeof record);
  }
  std::uint64_t counter(Counter which) const {
    return header_->counters[static_cast<std::uint32_t>(which)];
  }
  /// The file without the holes of its tables, as bytes.
  std::string compacted() const;

private:
  LiveTrace() = default;
  const void *at(TableKind kind, std::uint32_t index, std::uint64_t size) const;
  std::uint32_t appendBytes(TableKind kind, void *bytes, std::uint64_t size);
  std::optional<LiveThread> ofBlock(std::uint32_t block) const;

  std::string path_;
  Header *header_ = nullptr;
  std::uint64_t size_ = 0;
  int file_ = -1;
};

} // namespace threadlint::trace
