// A builtin function that is first met in a method which only our own instantiation of the named specialisation makes.
#include <thread>

template <class T> class Counter {
public:
  T next() { return __sync_fetch_and_add(&value_, 1); }
  T current() { return __sync_val_compare_and_swap(&value_, 0, 0); }

private:
  volatile T value_ = 0;
};

using Counter32 = Counter<int>;

class Numbered {
public:
  void start() {
    thread_ = std::thread([this] { last_ = 1; });
  }
  ~Numbered() { thread_.join(); }

private:
  Counter32 counter_;
  std::thread thread_;
  int last_ = 0;
};
