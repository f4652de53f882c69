// The same without a global that does it in time.
#include <thread>

struct Context {
  int level = 0;
};

Context *context = nullptr;

Context *current() {
  if (!context)
    context = new Context; // expect: data-race "context"
  return context;
}

class Worker {
public:
  void start() {
    thread_ = std::thread([] { current(); });
  }
  int level() { return current()->level; }
  ~Worker() { thread_.join(); }

private:
  std::thread thread_;
};
