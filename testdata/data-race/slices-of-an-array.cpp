// Each thread works on its own part of an array: the loops start from what the thread was given. Whether the parts overlap nobody here
// can tell, so nothing is reported at high confidence.
#include <functional>
#include <thread>
#include <vector>

static void doubleBlock(std::vector<int> &data, int block) {
  for (int i = block * 100; i < (block + 1) * 100; ++i)
    data[static_cast<std::size_t>(i)] *= 2;
}

static void doubleRange(int *data, int from, int to) {
  for (int i = from; i < to; ++i)
    data[i] *= 2;
}

static void doubleEvery(int *data, int first) {
  for (int i = first; i < 400; i += 4)
    data[i] *= 2;
}

int main() {
  std::vector<int> blocks(400);
  std::vector<std::thread> threads;
  for (int block = 0; block < 4; ++block)
    threads.emplace_back(doubleBlock, std::ref(blocks), block);
  for (std::thread &thread : threads)
    thread.join();

  static int halves[400];
  std::thread lower(doubleRange, halves, 0, 200), upper(doubleRange, halves, 200, 400);
  lower.join();
  upper.join();

  static int strides[400];
  std::vector<std::thread> striding;
  for (int first = 0; first < 4; ++first)
    striding.emplace_back([first] { doubleEvery(strides, first); });
  for (std::thread &thread : striding)
    thread.join();
}
