// rebuilt-std.cpp: std::mutex has no destructor that could be seen; a new one in the same memory is another lock.
// The threads are detached and never joined, so that nothing else orders them.
#include <atomic>
#include <chrono>
#include <mutex>
#include <new>
#include <thread>

struct Pair {
  std::mutex a, b;
};
alignas(Pair) static unsigned char memory[sizeof(Pair)];
static std::atomic<int> done;

static void nest(std::mutex &outer, std::mutex &inner) {
  std::lock_guard<std::mutex> first(outer), second(inner);
}

int main() {
  for (int round = 0; round < 4; ++round) {
    Pair *pair = new (memory) Pair;
    done = 0;
    for (int thread = 0; thread < 2; ++thread)
      std::thread([=] {
        round % 2 ? nest(pair->a, pair->b) : nest(pair->b, pair->a);
        ++done;
      }).detach();
    while (done != 2)
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    pair->~Pair();
  }
}
