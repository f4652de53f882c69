// Interruption: one counter, which a signal handler may write.
#include "analyzer/cli/Interruption.h"

#include <atomic>

namespace threadlint {
namespace {

constexpr int kPatience = 4;
constexpr std::array<int, 3> kSignals{SIGINT, SIGTERM, SIGHUP};

std::atomic<bool> isNoting = false; ///< for good
std::atomic<int> interruptions = 0, lastSignal = 0;
static_assert(std::atomic<int>::is_always_lock_free, "a signal handler writes it");

void onSignal(int number) {
  lastSignal = number;
  if (++interruptions >= kPatience)
    std::signal(number, SIG_DFL);
}

void countFromHere(std::array<struct sigaction, 3> &before) {
  for (std::size_t i = 0; i < kSignals.size(); ++i) {
    struct sigaction action{};
    action.sa_handler = onSignal; // without SA_RESTART
    sigemptyset(&action.sa_mask);
    // A program started with the signal ignored (nohup, a shell's background job) keeps it ignored.
    if (sigaction(kSignals[i], nullptr, &before[i]) == 0 && before[i].sa_handler != SIG_IGN)
      sigaction(kSignals[i], &action, nullptr);
  }
}

} // namespace

void noteInterruptions() {
  std::array<struct sigaction, 3> before;
  if (!isNoting.exchange(true))
    countFromHere(before);
}

int countInterruptions() { return interruptions; }

bool isInterrupted() { return interruptions != 0; }

InterruptionsWait::InterruptionsWait() : isInUse_(!isNoting) {
  if (isInUse_)
    countFromHere(before_);
}

InterruptionsWait::~InterruptionsWait() {
  if (!isInUse_ || isNoting)
    return;
  for (std::size_t i = 0; i < kSignals.size(); ++i)
    sigaction(kSignals[i], &before_[i], nullptr);
  if (interruptions.exchange(0) != 0)
    raise(lastSignal);
}

} // namespace threadlint
