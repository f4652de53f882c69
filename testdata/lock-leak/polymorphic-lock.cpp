// A lock object is of one class: what its lock function takes, its unlock function gives back.
#include <memory>
#include <mutex>

struct Lock {
  virtual ~Lock() = default;
  virtual void lock() = 0;
  virtual void unlock() = 0;
};

struct PlainLock : Lock {
  void lock() override { plain.lock(); }
  void unlock() override { plain.unlock(); }
  std::mutex plain;
};

struct CountingLock : Lock {
  void lock() override {
    inner.lock();
    ++count;
  }
  void unlock() override { inner.unlock(); }
  std::mutex inner;
  int count = 0;
};

class Guard {
public:
  explicit Guard(Lock &lock) : lock_(lock) { lock_.lock(); }
  ~Guard() { lock_.unlock(); }

private:
  Lock &lock_;
};

struct Queue {
  explicit Queue(std::unique_ptr<Lock> l) : lock(std::move(l)) {}
  void push() {
    Guard guard(*lock);
    ++size;
  }
  std::unique_ptr<Lock> lock;
  int size = 0;
};

std::unique_ptr<Lock> make(bool counts) {
  if (counts)
    return std::unique_ptr<Lock>(new CountingLock);
  return std::unique_ptr<Lock>(new PlainLock);
}

int main(int argc, char **) {
  Queue queue(make(argc > 1));
  queue.push();
  queue.push();
}
