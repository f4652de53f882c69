// Interruption: one counter, which a signal handler may write.
#include "analyzer/cli/Interruption.h"

#include <atomic>
#include <csignal>
#include <initializer_list>

namespace threadlint {
namespace {

constexpr int kPatience = 4;

std::atomic<int> interruptions = 0;
static_assert(std::atomic<int>::is_always_lock_free, "a signal handler writes it");

void onSignal(int number) {
  if (++interruptions >= kPatience)
    std::signal(number, SIG_DFL);
}

} // namespace

void noteInterruptions() {
  for (int number : {SIGINT, SIGTERM}) {
    struct sigaction action{}, old{};
    action.sa_handler = onSignal; // without SA_RESTART
    sigemptyset(&action.sa_mask);
    // A program started with the signal ignored (nohup, a shell's background job) keeps it ignored.
    if (sigaction(number, nullptr, &old) == 0 && old.sa_handler != SIG_IGN)
      sigaction(number, &action, nullptr);
  }
}

int countInterruptions() { return interruptions; }

bool isInterrupted() { return interruptions != 0; }

} // namespace threadlint
