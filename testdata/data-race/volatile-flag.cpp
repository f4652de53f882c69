// A volatile flag is an ordinary object for threads: volatile is no synchronisation.
#include <cstdio>
#include <thread>

volatile bool stop = false;

void spin() {
  while (!stop) {
  }
  std::puts("stopped");
}

int main() {
  std::thread spinner(spin);
  stop = true; // expect: data-race
  spinner.join();
}
