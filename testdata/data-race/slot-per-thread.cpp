// Each thread of a loop writes the element whose index it received.
#include <cstddef>
#include <cstdio>
#include <thread>
#include <vector>

int main() {
  constexpr std::size_t kThreads = 4;
  int squares[kThreads] = {};
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < kThreads; ++i)
    threads.emplace_back([&squares, i] { squares[i] = static_cast<int>(i * i); });
  for (std::thread &thread : threads)
    thread.join();
  for (int square : squares)
    std::printf("%d\n", square);
}
