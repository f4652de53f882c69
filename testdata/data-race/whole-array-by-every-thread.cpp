// Each thread is given a number of its own, but goes over the whole array all the same.
#include <functional>
#include <thread>
#include <vector>

static void doubleAll(std::vector<int> &data, int block) {
  for (int i = 0; i < 100 + block; ++i)
    data[static_cast<std::size_t>(i)] *= 2; // expect: data-race
}

int main() {
  std::vector<int> blocks(400);
  std::vector<std::thread> threads;
  for (int block = 0; block < 4; ++block)
    threads.emplace_back(doubleAll, std::ref(blocks), block);
  for (std::thread &thread : threads)
    thread.join();
}
