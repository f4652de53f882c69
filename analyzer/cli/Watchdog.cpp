// Watchdog: looks at flags that signal handlers and allocation failures set, many times a second.
#include "analyzer/cli/Watchdog.h"

#include "analyzer/cli/Interruption.h"
#include "analyzer/cli/MemoryLimit.h"

#include <unistd.h>

namespace threadlint {
namespace {

constexpr auto kPause = std::chrono::milliseconds(20);
constexpr auto kGrace = std::chrono::seconds(3); ///< for each step from asking to leaving
/// What was extracted in all the time of the run deserves this.
constexpr auto kLeastTime = std::chrono::seconds(1);

constexpr int kCouldNotRun = 2;

enum class Memory : int { Enough, Short, Gone };
std::atomic<Memory> memory = Memory::Enough;

/// The analysis may go on for a moment without a limit: it is about to end.
void onShortMemory() {
  liftMemoryLimit();
  memory = Memory::Short;
}

thread_local bool isWatching = false;

/// The failed allocation cannot be repeated, so the analysis waits here for the end of the process. The watchdog has nobody to
/// wait for.
void onLostMemory() {
  liftMemoryLimit();
  if (isWatching) {
    constexpr char kMessage[] = "threadlint: error: no memory is left to write the report\n";
    [[maybe_unused]] ssize_t ignored = write(2, kMessage, sizeof kMessage - 1);
    _exit(kCouldNotRun);
  }
  memory = Memory::Gone;
  for (;;)
    pause();
}

} // namespace

Watchdog::Watchdog(std::optional<Clock::time_point> deadline, unsigned memoryMegabytes,
                   Abandon abandon)
    : deadline_(deadline ? std::max(*deadline, Clock::now() + kLeastTime) : deadline),
      abandon_(std::move(abandon)), signalsBefore_(countInterruptions()),
      thread_([this] { watch(); }) {
  limitMemory(memoryMegabytes, {onShortMemory, onLostMemory});
}

Watchdog::~Watchdog() {
  {
    std::lock_guard lock(mutex_);
    isOver_ = true;
  }
  changed_.notify_one();
  thread_.join();
  endMemoryLimit();
  memory = Memory::Enough; // for the next one
}

void Watchdog::watch() {
  isWatching = true;
  std::unique_lock lock(mutex_);
  while (!changed_.wait_for(lock, kPause, [this] { return isOver_; }))
    step(Clock::now());
}

void Watchdog::step(Clock::time_point now) {
  const int signals = countInterruptions();
  if (reason_ == EndReason::None) {
    reason_ = memory != Memory::Enough         ? EndReason::OutOfMemory
              : signals > signalsBefore_       ? EndReason::Interrupted
              : deadline_ && now >= *deadline_ ? EndReason::OutOfTime
                                               : EndReason::None;
    if (reason_ == EndReason::None)
      return;
    signalsAtEnd_ = reason_ == EndReason::Interrupted ? signalsBefore_ + 1 : signals;
    end_ = now;
    stop_ = StopRequest::Threads;
  }
  const int further = signals - signalsAtEnd_;
  if (now >= end_ + kGrace || further > 0)
    stop_ = StopRequest::All;
  if (now >= end_ + 2 * kGrace || further > 1 || memory == Memory::Gone)
    _exit(abandon_(reason_)); // with the mutex: the analysis cannot come to its end any more
}

} // namespace threadlint
