// The path that skips the join ends the process.
#include <cstdio>
#include <cstdlib>
#include <thread>

void work() { std::puts("working"); }

int main(int argc, char **) {
  std::thread worker(work);
  if (argc > 3) {
    std::fputs("too many arguments\n", stderr);
    std::_Exit(2);
  }
  worker.join();
}
