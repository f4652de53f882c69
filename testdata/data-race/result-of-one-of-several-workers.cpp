// The result comes from one of the workers; the others may still read the flag.
#include <future>
#include <thread>

bool enabled = true;
std::promise<int> answer;
std::once_flag answered;

void work() {
  if (enabled)
    std::call_once(answered, [] { answer.set_value(42); });
}

int main() {
  std::thread workers[4];
  for (std::thread &worker : workers)
    worker = std::thread(work);
  answer.get_future().get();
  enabled = false; // expect: data-race
  for (std::thread &worker : workers)
    worker.join();
}
