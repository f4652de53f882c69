// Tasks in a queue run on a worker; one of them writes what main reads before the worker has ended.
#include <condition_variable>
#include <cstdio>
#include <functional>
#include <mutex>
#include <queue>
#include <thread>
#include <utility>

class Worker {
public:
  Worker() : thread_([this] { run(); }) {}
  ~Worker() {
    submit(nullptr);
    thread_.join();
  }
  void submit(std::function<void()> task) {
    {
      std::lock_guard<std::mutex> guard(mutex_);
      tasks_.push(std::move(task));
    }
    ready_.notify_one();
  }

private:
  void run() {
    for (;;) {
      std::function<void()> task;
      {
        std::unique_lock<std::mutex> guard(mutex_);
        ready_.wait(guard, [this] { return !tasks_.empty(); });
        task = std::move(tasks_.front());
        tasks_.pop();
      }
      if (!task)
        return;
      task();
    }
  }
  std::mutex mutex_;
  std::condition_variable ready_;
  std::queue<std::function<void()>> tasks_;
  std::thread thread_;
};

int total = 0;

int main() {
  Worker worker;
  worker.submit([] {
    total += 1; // expect: data-race
  });
  std::printf("%d\n", total);
}
