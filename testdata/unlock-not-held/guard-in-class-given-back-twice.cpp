// The callee gives the lock of the wrapped guard back past the guard: the destructor does it once more.
#include <mutex>
#include <thread>

class Lock {
public:
  explicit Lock(std::mutex &mutex) : mutex_(mutex) { mutex_.lock(); }
  ~Lock() { mutex_.unlock(); }
  void giveBack() { mutex_.unlock(); }

private:
  std::mutex &mutex_;
};

struct Ticket {
  void done() {
    Lock lock(mutex);
    if (++uses > 1)
      lock.giveBack();
  } // expect: unlock-not-held "Ticket::mutex"
  std::mutex mutex;
  int uses = 0;
};

int main() {
  Ticket ticket;
  std::thread other([&] { ticket.done(); });
  ticket.done();
  other.join();
}
