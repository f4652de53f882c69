// Watch: the launcher's thread that sees hangs while they hang.
//
// It sleeps on a futex that the traced processes share (file `wake` in the session's folder) until some thread has waited for a while,
// then builds the wait graph. A cycle that is still the same 100 ms later is a deadlock. The traced processes are never stopped or
// changed; incidents are appended to their trace files.
#pragma once

#include "tracer/run/LiveTrace.h"
#include "tracer/run/WaitGraph.h"

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <thread>

namespace threadlint::trace {

enum class OnDeadlock { Log, Abort, Run };

struct WatchOptions {
  OnDeadlock onDeadlock = OnDeadlock::Log;
  std::string command;                    ///< OnDeadlock::Run; "%p" is the process
  std::uint64_t stallNs = 10'000'000'000; ///< 0: no stalls
};

class Watch {
public:
  /// Makes the file `wake`; false, with a sentence in `error`, when that is impossible.
  bool start(const std::string &folder, const WatchOptions &options, std::string &error);
  void stop();
  ~Watch() { stop(); }
  std::size_t incidents() const { return incidents_; }

private:
  void loop();
  bool look(); ///< true: look again soon
  void report(const std::vector<const LiveTrace *> &processes, const std::vector<WaitNode> &graph,
              const Hang &hang, std::string text);
  void findTraces();

  std::string folder_;
  WatchOptions options_;
  std::uint32_t *wake_ = nullptr;
  std::atomic<bool> stopping_ = false;
  std::atomic<std::size_t> incidents_ = 0;
  std::map<std::string, std::unique_ptr<LiveTrace>> traces_;
  struct Candidate {
    std::uint64_t firstSeenNs;
    std::string text; ///< made while the confirmation is waited for
  };
  std::map<std::string, Candidate> candidates_;
  std::set<std::string> reported_;
  std::thread thread_;
};

/// `text` with the process for each "%p".
std::string withPid(std::string text, std::uint32_t pid);

/// The text that tells of a hang.
std::string describeHangNow(const std::vector<const LiveTrace *> &processes,
                            const std::vector<WaitNode> &graph, const Hang &hang);

} // namespace threadlint::trace
