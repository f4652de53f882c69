// Interruption: one flag, which a signal handler may write.
#include "analyzer/cli/Interruption.h"

#include <csignal>
#include <initializer_list>

namespace threadlint {
namespace {

volatile std::sig_atomic_t interrupted = 0;

void onSignal(int number) {
  interrupted = 1;
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

bool isInterrupted() { return interrupted != 0; }

} // namespace threadlint
