// A failed check ends in the destructor of its message: it throws, or ends the program. Guards are destroyed on the way, and what
// was locked by hand stays locked where the exception goes on.
#include <mutex>

struct Failure {
  int text = 0;
  int &stream() { return text; }
  ~Failure() noexcept(false) { throw text; }
};

struct Fatal {
  int text = 0;
  int &stream() { return text; }
  [[noreturn]] ~Fatal();
};

std::mutex mutex;
int count;

bool guardedCheck() {
  std::unique_lock<std::mutex> lock(mutex);
  if (count == 0)
    Failure().stream() = 1;
  return true;
}

bool guardedEnd() {
  std::lock_guard<std::mutex> lock(mutex);
  if (count == 0)
    Fatal().stream() = 1;
  return true;
}

bool handMadeEnd() {
  mutex.lock();
  if (count == 0)
    Fatal().stream() = 1;
  mutex.unlock();
  return true;
}

bool handMadeCheck() {
  mutex.lock(); // expect: lock-leak "mutex"
  if (count == 0)
    Failure().stream() = 1;
  mutex.unlock();
  return true;
}
