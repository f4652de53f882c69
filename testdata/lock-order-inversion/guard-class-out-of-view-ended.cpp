// guard-class-out-of-view-ended.cpp: the scope of the guard ends before the other lock is taken; and a class without the name of a
// guard, made with a lock, holds nothing.
#include <pthread.h>

class ScopeGuard {
public:
  explicit ScopeGuard(pthread_mutex_t &lock);
  ~ScopeGuard();
};

class Monitor {
public:
  explicit Monitor(pthread_mutex_t &lock);
  ~Monitor();
};

class Receiver {
public:
  void read() {
    ScopeGuard hold(queue_);
    ScopeGuard losses(losses_);
    ++read_;
  }
  void lose() {
    {
      ScopeGuard losses(losses_);
      ++lost_;
    }
    ScopeGuard hold(queue_);
    ++lost_;
  }
  void watch() {
    Monitor losses(losses_);
    ScopeGuard hold(queue_);
    ++read_;
  }

private:
  pthread_mutex_t queue_, losses_;
  int read_, lost_;
};
