// A condition variable of the program's own gives back the mutex of whoever waits while it holds one of its own.
#include <pthread.h>

class Mutex {
public:
  Mutex() { pthread_mutex_init(&mutex_, nullptr); }
  ~Mutex() { pthread_mutex_destroy(&mutex_); }
  void lock() { pthread_mutex_lock(&mutex_); }
  void unlock() { pthread_mutex_unlock(&mutex_); }

private:
  pthread_mutex_t mutex_;
};

class Guard {
public:
  explicit Guard(Mutex &mutex) : mutex_(mutex) { mutex_.lock(); }
  ~Guard() { mutex_.unlock(); }

private:
  Mutex &mutex_;
};

class Condition {
public:
  void wait(Mutex &mutex) {
    {
      Guard guard(mutex_);
      mutex.unlock();
      ++waiting_;
    }
    sleep();
    mutex.lock();
  }
  // The near miss: its own mutex is given back twice.
  void signal() {
    Guard guard(mutex_);
    --waiting_;
    mutex_.unlock();
  }

private:
  void sleep() {}
  Mutex mutex_;
  int waiting_ = 0;
};

static Mutex queueMutex;
static Condition queueFilled;

int main() {
  {
    Guard guard(queueMutex);
    queueFilled.wait(queueMutex);
  }
  queueFilled.signal(); // expect: unlock-not-held
}
