// Worker: one forked process that answers command numbers with facts.
//
// Protocol, both ways over pipes, native byte order: the parent sends a 32-bit command number; the worker answers with a 64-bit
// size and that many bytes in the binary facts format. The worker ends when its input ends.
#pragma once

#include "analyzer/cli/WorkerPool.h"

#include <chrono>
#include <optional>
#include <string>
#include <sys/types.h>

namespace threadlint {

class Worker {
public:
  using Clock = std::chrono::steady_clock;

  /// Forks. `siblings` are the workers whose descriptors the child must not keep open.
  static llvm::Expected<Worker> start(std::span<const CompileCommand> commands,
                                      const Extractor &extract, std::span<const Worker> siblings,
                                      unsigned memoryMegabytes);

  /// Sends a command number; the answer is due at `deadline`. A worker that is gone shows as an end of its output.
  void assign(std::size_t command, std::optional<Clock::time_point> deadline);
  /// Takes what the worker has written; false at the end of its output.
  bool receive();
  /// The answer when it is complete; the worker is idle again.
  std::optional<std::string> takeAnswer();
  /// Ends the worker (at once when it is busy) and says how it ended: "Segmentation fault", "exit code 1".
  std::string stop();
  /// Whether what stop() said means that the memory limit was reached.
  static bool ranOutOfMemory(const std::string &cause);

  int descriptor() const { return output_; }
  std::optional<std::size_t> command() const { return command_; }
  std::optional<Clock::time_point> deadline() const { return deadline_; }

private:
  Worker(pid_t pid, int input, int output) : pid_(pid), input_(input), output_(output) {}

  pid_t pid_;
  int input_, output_;
  std::optional<std::size_t> command_;
  std::optional<Clock::time_point> deadline_;
  std::string received_;
};

} // namespace threadlint
