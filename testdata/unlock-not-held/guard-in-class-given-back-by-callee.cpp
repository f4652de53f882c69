// A class around a guard: a callee gives the lock back on some ways, and the destructor knows it.
#include <mutex>
#include <thread>

class Lock {
public:
  explicit Lock(std::mutex &mutex) : guard_(mutex) {}
  ~Lock() = default;
  void giveBack() { guard_.unlock(); }

private:
  std::unique_lock<std::mutex> guard_;
};

struct Ticket {
  void call(Lock &lock) {
    if (isCalled)
      return;
    isCalled = true;
    lock.giveBack();
  }
  void done() {
    Lock lock(mutex);
    if (++uses > 1)
      call(lock);
  }
  std::mutex mutex;
  bool isCalled = false;
  int uses = 0;
};

int main() {
  Ticket ticket;
  std::thread other([&] { ticket.done(); });
  ticket.done();
  other.join();
}
