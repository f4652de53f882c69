// StopRequest: how another thread asks a running analysis to come to its end.
//
// Interruption, time limits and memory limits use it. What is found by then is kept; it only grows.
#pragma once

#include <atomic>

namespace threadlint {

enum class StopRequest : int {
  None,
  Threads, ///< look into no further functions: what the threads known by then do is still compared
  All      ///< compare no further
};

using StopFlag = std::atomic<StopRequest>;

} // namespace threadlint
