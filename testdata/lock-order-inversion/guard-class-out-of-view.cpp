// guard-class-out-of-view.cpp: a class that nobody shows the body of is made with a lock, has a destructor and is called a guard.
#include <pthread.h>

class ScopeGuard {
public:
  explicit ScopeGuard(pthread_mutex_t &lock);
  ~ScopeGuard();

private:
  pthread_mutex_t &lock_;
};

class Receiver {
public:
  void read() {
    ScopeGuard hold(queue_);
    ScopeGuard losses(losses_); // expect: lock-order-inversion "queue_ -> "
    ++read_;
  }
  void lose() {
    ScopeGuard losses(losses_);
    pthread_mutex_lock(&queue_);
    ++lost_;
    pthread_mutex_unlock(&queue_);
  }

private:
  pthread_mutex_t queue_, losses_;
  int read_, lost_;
};
