// Each worker has a promise of its own, and all results are there before the flag changes.
#include <future>
#include <thread>
#include <vector>

bool enabled = true;

void work(std::promise<int> answer) { answer.set_value(enabled ? 1 : 0); }

int main() {
  std::promise<int> first, second;
  std::future<int> one = first.get_future(), two = second.get_future();
  std::thread a(work, std::move(first)), b(work, std::move(second));
  one.get();
  two.get();
  enabled = false;
  a.join();
  b.join();
}
