// One case of a switch returns with the lock.
#include <cstdio>
#include <mutex>

enum class Command { Add, Reset, Quit };

std::mutex stateMutex;
int state = 0;

bool apply(Command command) {
  stateMutex.lock(); // expect: lock-leak
  switch (command) {
  case Command::Add:
    ++state;
    break;
  case Command::Reset:
    state = 0;
    break;
  case Command::Quit:
    return false;
  }
  stateMutex.unlock();
  return true;
}

int main(int argc, char **) {
  Command command = argc == 1 ? Command::Add : argc == 2 ? Command::Reset : Command::Quit;
  std::puts(apply(command) ? "applied" : "quit");
}
