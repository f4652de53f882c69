// Watchdog: brings a running analysis to its end when its user, its time or its memory says so.
//
//   signal, deadline, limit  =>  StopFlag: the analysis returns what it has found  =>  partial report
//                            =>  it does not, or further signals: a report without findings, exit code 3
//
// A thread beside the analysis. It writes only when the analysis is left where it is, and then the process ends, so there is one writer.
#pragma once

#include "analyzer/analysis/StopRequest.h"

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>

namespace threadlint {

enum class EndReason : std::uint8_t { None, Interrupted, OutOfTime, OutOfMemory };

class Watchdog {
public:
  using Clock = std::chrono::steady_clock;
  /// Writes the last report; called on another thread while the analysis still runs. The exit code.
  using Abandon = std::function<int(EndReason)>;

  /// From here on; one at a time. Signals that came before do not count.
  Watchdog(std::optional<Clock::time_point> deadline, unsigned memoryMegabytes, Abandon abandon);
  /// The analysis came to its end. Lifts the memory limit: what was found has to be written.
  ~Watchdog();
  Watchdog(const Watchdog &) = delete;
  Watchdog &operator=(const Watchdog &) = delete;

  const StopFlag *stopFlag() const { return &stop_; }
  EndReason reason() const { return reason_; }

private:
  void watch();
  void step(Clock::time_point now);

  const std::optional<Clock::time_point> deadline_;
  const Abandon abandon_;
  const int signalsBefore_;
  int signalsAtEnd_ = 0;
  Clock::time_point end_;
  StopFlag stop_ = StopRequest::None;
  std::atomic<EndReason> reason_ = EndReason::None;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool isOver_ = false;
  std::thread thread_;
};

} // namespace threadlint
