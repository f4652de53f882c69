// The mutex that a guard holds, taken again by way of the guard; and after the guard has given it back.
#include <mutex>

static std::mutex mutex;
static int total;

static void again(std::unique_lock<std::mutex> &lock) {
  std::lock_guard<std::mutex> inner(*lock.mutex()); // expect: self-deadlock
  ++total;
}

static void afterwards(std::unique_lock<std::mutex> &lock) {
  lock.unlock();
  {
    std::lock_guard<std::mutex> inner(*lock.mutex());
    ++total;
  }
  lock.lock();
}

int main() {
  std::unique_lock<std::mutex> lock(mutex);
  afterwards(lock);
  again(lock);
}
