// own-lock-class-under-emplaced-guard.cpp: a guard over the user's lock class that a container or an optional makes.
#include <mutex>
#include <optional>
#include <pthread.h>
#include <thread>

class Mutex {
public:
  void lock() { pthread_mutex_lock(&handle_); }
  void unlock() { pthread_mutex_unlock(&handle_); }

private:
  pthread_mutex_t handle_ = PTHREAD_MUTEX_INITIALIZER;
};

static Mutex mutex;
static int total, wrong;

static void emplaced(bool locks) {
  std::optional<std::unique_lock<Mutex>> guard;
  guard.emplace(mutex);
  ++total;
  guard.reset();
  std::optional<std::unique_lock<Mutex>> maybe;
  if (locks)
    maybe.emplace(mutex, std::defer_lock);
  ++wrong; // expect: data-race
}

static void byHand() {
  mutex.lock();
  ++total;
  ++wrong;
  mutex.unlock();
}

int main(int argc, char **) {
  std::thread one(emplaced, argc > 1), two(byHand);
  one.join();
  two.join();
}
