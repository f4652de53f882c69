// Thread-local data: each thread has its own copy.
#include <cstdio>
#include <thread>

thread_local int depth = 0;

void descend() {
  for (int i = 0; i < 3; ++i)
    ++depth;
  std::printf("%d\n", depth);
}

int main() {
  std::thread first(descend);
  std::thread second(descend);
  descend();
  first.join();
  second.join();
}
