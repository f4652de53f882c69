// The class of the lock does not matter: one way leaves it held.
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

struct TracedLock : Lock {
  void lock() override { inner.lock(); }
  void unlock() override { inner.unlock(); }
  std::mutex inner;
};

bool push(Lock &lock, int &size) {
  lock.lock(); // expect: lock-leak
  if (size > 9)
    return false;
  ++size;
  lock.unlock();
  return true;
}

int main(int argc, char **) {
  PlainLock plain;
  TracedLock traced;
  int size = argc;
  push(plain, size);
  push(traced, size);
}
