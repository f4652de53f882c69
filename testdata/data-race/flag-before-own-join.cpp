// A method raises a plain flag and joins the thread whose loop ends by it: it is called while the thread runs.
#include <thread>

class Worker {
public:
  void start() {
    thread_ = std::thread([this] { run(); });
  }
  void stop() {
    isStopped_ = true; // expect: data-race "Worker::isStopped_"
    if (thread_.joinable())
      thread_.join();
  }
  ~Worker() { stop(); }

private:
  void run() {
    while (!isStopped_)
      work();
  }
  void work();
  bool isStopped_ = false;
  std::thread thread_;
};
