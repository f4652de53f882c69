// The early return skips the join.
#include <cstdio>
#include <thread>

void work() { std::puts("working"); }

int process(int items) {
  std::thread worker(work); // expect: unjoined-thread
  if (items == 0)
    return -1;
  std::printf("%d items\n", items);
  worker.join();
  return 0;
}

int main(int argc, char **) { return process(argc - 1) == 0 ? 0 : 1; }
