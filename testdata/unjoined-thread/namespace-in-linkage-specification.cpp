// A header may open namespace std for the first time inside `extern "C++" { ... }`, as <cmath> does: its iterators are iterators all
// the same, and the loop joins what the vector holds.
#include <cmath>
#include <thread>
#include <vector>

void work(double);

void joinAll() {
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([i] { work(std::sqrt(i)); });
  for (std::thread &thread : threads)
    thread.join();
}

void joinNone() {
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([i] { work(std::sqrt(i)); }); // expect: unjoined-thread
}
