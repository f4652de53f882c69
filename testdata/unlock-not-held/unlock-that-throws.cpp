// A class that throws where the system refuses to unlock: that does not happen to a lock that is held, so no cleanup meets a free lock.
#include <pthread.h>
#include <stdexcept>

class Mutex {
public:
  Mutex() { pthread_mutex_init(&mutex_, nullptr); }
  ~Mutex() { pthread_mutex_destroy(&mutex_); }
  void lock() {
    if (pthread_mutex_lock(&mutex_) != 0)
      throw std::runtime_error("cannot lock");
  }
  void unlock() {
    int rc;
    if ((rc = pthread_mutex_unlock(&mutex_)))
      throw std::runtime_error("cannot unlock");
  }

private:
  pthread_mutex_t mutex_;
};

class Guard {
public:
  explicit Guard(Mutex &mutex) : mutex_(mutex) { mutex_.lock(); }
  ~Guard() {
    try {
      mutex_.unlock();
    } catch (...) {
    }
  }

private:
  Mutex &mutex_;
};

class Timer {
public:
  void stop() {
    Guard guard(mutex_);
    if (running_) {
      mutex_.unlock();
      wait();
      mutex_.lock();
      running_ = false;
    }
  }
  void cancel() {
    Guard guard(mutex_);
    if (running_) {
      mutex_.unlock(); // the near miss: never taken again
      wait();
    }
  } // expect: unlock-not-held

private:
  void wait() {}
  Mutex mutex_;
  bool running_ = true;
};

int main() {
  Timer timer;
  timer.stop();
  timer.cancel();
}
