// A std::thread goes out of scope while it is joinable: its destructor ends the program.
#include <cstdio>
#include <thread>

void work() { std::puts("working"); }

int main() {
  std::thread worker(work); // expect: unjoined-thread
  std::puts("main is done");
}
