// A lock policy whose lock does nothing, in an object that two threads share; and in one that only one thread has.
#include <mutex>
#include <thread>

struct NullMutex {
  void lock() {}
  void unlock() {}
};

template <typename Mutex> class Sink {
public:
  void log(int value) {
    std::lock_guard<Mutex> guard(mutex_);
    last_ = value; // expect: data-race
  }

private:
  Mutex mutex_;
  int last_ = 0;
};

int main() {
  Sink<NullMutex> shared, own;
  Sink<std::mutex> guarded;
  std::thread other([&] {
    shared.log(1);
    guarded.log(1);
  });
  shared.log(2);
  guarded.log(2);
  own.log(3);
  other.join();
}
