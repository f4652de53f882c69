// A library's context is made by whoever comes first; the initialiser of a global has done so before anybody can.
#include <thread>

struct Context {
  int level = 0;
};

Context *context = nullptr;

Context *current() {
  if (!context)
    context = new Context;
  return context;
}

struct AtLoad {
  AtLoad() { current(); }
} atLoad;

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
