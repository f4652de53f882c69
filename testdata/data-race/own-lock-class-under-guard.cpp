// A lock class of the user's, taken through a guard of the library here and by its own methods there.
#include <mutex>
#include <pthread.h>
#include <thread>

class Mutex {
public:
  void lock() { pthread_mutex_lock(&handle_); }
  void unlock() { pthread_mutex_unlock(&handle_); }
  pthread_mutex_t *handle() { return &handle_; }

private:
  pthread_mutex_t handle_ = PTHREAD_MUTEX_INITIALIZER;
};

static Mutex mutex, other;
static int total, wrong;

static void guarded() {
  std::lock_guard<Mutex> guard(mutex);
  ++total;
  ++wrong; // expect: data-race
}

static void byHand() {
  mutex.lock();
  ++total;
  mutex.unlock();
  pthread_mutex_lock(mutex.handle());
  ++total;
  pthread_mutex_unlock(mutex.handle());
  other.lock();
  ++wrong;
  other.unlock();
}

int main() {
  std::thread one(guarded), two(byHand);
  one.join();
  two.join();
}
