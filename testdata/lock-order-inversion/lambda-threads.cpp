// Two lambdas take two local mutexes, captured by reference, in opposite orders.
#include <cstdio>
#include <mutex>
#include <thread>

int main() {
  std::mutex input;
  std::mutex output;
  std::thread reader([&] {
    std::unique_lock<std::mutex> holdInput(input);
    // expect: lock-order-inversion "input -> output -> input"
    std::unique_lock<std::mutex> holdOutput(output);
    std::puts("read");
  });
  std::thread writer([&] {
    std::unique_lock<std::mutex> holdOutput(output);
    std::unique_lock<std::mutex> holdInput(input);
    std::puts("written");
  });
  reader.join();
  writer.join();
}
