// Interruption: SIGINT, SIGTERM and SIGHUP as a question instead of an end.
//
// Signals are counted; the fifth ends the process at once, as usual. System calls that wait return early with EINTR.
#pragma once

#include <array>
#include <csignal>

namespace threadlint {

/// From here on the three are counted, unless the program was started with them ignored. Called again, it does nothing.
void noteInterruptions();
int countInterruptions();
bool isInterrupted();

/// While it lives they are counted, too. Where noteInterruptions() was not called, those that came take effect at its end.
class InterruptionsWait {
public:
  InterruptionsWait();
  ~InterruptionsWait();
  InterruptionsWait(const InterruptionsWait &) = delete;
  InterruptionsWait &operator=(const InterruptionsWait &) = delete;

private:
  const bool isInUse_;
  std::array<struct sigaction, 3> before_{};
};

} // namespace threadlint
