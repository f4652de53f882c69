// A class around a condition variable keeps a pointer to the mutex that its maker gave it: whoever holds that member holds the mutex of
// the wait, which is known only where the object was made.
#include <pthread.h>

class Signaler {
public:
  explicit Signaler(pthread_mutex_t &mutex) : mutex_(&mutex) { pthread_cond_init(&condition_, nullptr); }
  void wait() { pthread_cond_wait(&condition_, mutex_); } // expect: lost-wakeup
  void signal() { pthread_cond_signal(&condition_); }

private:
  pthread_mutex_t *mutex_;
  pthread_cond_t condition_;
};

class Pipe {
public:
  Pipe() : taken_(mutex_) { pthread_mutex_init(&mutex_, nullptr); }
  ~Pipe() {
    pthread_mutex_lock(&mutex_);
    while (count_ > 0)
      taken_.wait();
    pthread_mutex_unlock(&mutex_);
  }
  void put() {
    pthread_mutex_lock(&mutex_);
    while (count_ > 3)
      taken_.wait();
    ++count_;
    pthread_mutex_unlock(&mutex_);
  }
  int take() {
    pthread_mutex_lock(&mutex_);
    const int left = --count_;
    taken_.signal();
    pthread_mutex_unlock(&mutex_);
    return left;
  }

private:
  pthread_mutex_t mutex_;
  Signaler taken_;
  int count_ = 0;
};

// The near miss: the mutex that is held is another member.
class Gate {
public:
  Gate() : opened_(forWaiting_) {
    pthread_mutex_init(&forWaiting_, nullptr);
    pthread_mutex_init(&forState_, nullptr);
  }
  void pass() {
    pthread_mutex_lock(&forState_);
    while (!open_)
      opened_.wait();
    pthread_mutex_unlock(&forState_);
  }

private:
  pthread_mutex_t forWaiting_, forState_;
  Signaler opened_;
  bool open_ = false;
};

struct Owner {
  Pipe pipe;
};

int main() {
  Owner owner;
  owner.pipe.put();
  Gate gate;
  gate.pass();
  return owner.pipe.take();
}
