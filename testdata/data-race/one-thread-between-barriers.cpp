// Only the thread with number 0 works between two barriers; where the second barrier is missing, the others read meanwhile.
#include <barrier>
#include <thread>
#include <vector>

static int prepared, half, results[4];

static void run(std::barrier<> &barrier, int id) {
  barrier.arrive_and_wait();
  if (id == 0) {
    prepared = 42;
    ++prepared;
  }
  barrier.arrive_and_wait();
  results[id] = prepared;
  if (id == 1)
    half = 21; // expect: data-race
  results[id] += half;
}

int main() {
  std::barrier<> barrier(4);
  std::vector<std::thread> threads;
  for (int id = 0; id < 4; ++id)
    threads.emplace_back([&barrier, id] { run(barrier, id); });
  for (std::thread &thread : threads)
    thread.join();
}
