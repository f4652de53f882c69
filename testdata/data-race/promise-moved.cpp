// A promise is moved into the thread that keeps it; a packaged task runs as the thread itself.
#include <future>
#include <thread>

struct Message {
  int before = 0, after = 0;
};

static void produce(std::promise<void> promise, Message &message) {
  message.before = 1;
  promise.set_value();
  message.after = 2; // expect: data-race
}

int main() {
  Message message;
  std::promise<void> promise;
  std::future<void> kept = promise.get_future();
  std::thread producer(produce, std::move(promise), std::ref(message));
  kept.wait();
  int seen = message.before + message.after;
  producer.join();

  int result = 0, early = 0;
  std::packaged_task<int()> task([&] {
    early = 1; // expect: data-race
    result = 2;
    return 3;
  });
  std::future<int> ready = task.get_future();
  std::thread runner(std::move(task));
  seen += early;
  seen += ready.get() + result;
  runner.join();
  return seen;
}
