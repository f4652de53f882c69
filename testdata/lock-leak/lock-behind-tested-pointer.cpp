// A pointer that led to a lock when the lock was taken is not null when the lock is given back; another pointer may be.
#include <mutex>

class Mutex {
public:
  void lock() const { impl_.lock(); }
  void unlock() const { impl_.unlock(); }

private:
  mutable std::mutex impl_;
};

class Guard {
public:
  explicit Guard(const Mutex &mutex) : mutex_(&mutex) { mutex.lock(); }
  ~Guard() {
    if (mutex_)
      mutex_->unlock();
  }

private:
  const Mutex *mutex_;
};

struct Shared {
  Mutex *mutex;
  Mutex &theMutex() { return *mutex; }
};

struct Monitor {
  Shared *shared;
  Mutex &theMutex() const { return shared->theMutex(); }
};

struct Synchronized {
  explicit Synchronized(const Monitor &monitor) : guard(monitor.theMutex()) {}
  Guard guard;
};

struct Queue {
  Monitor monitor;
  std::mutex *own;
  Queue *other;
  int length;

  int size() {
    Synchronized held(monitor);
    return length;
  }
  void add() {
    own->lock();
    ++length;
    if (own)
      own->unlock();
  }
  void addToOther() {
    own->lock(); // expect: lock-leak "Queue::own"
    ++length;
    if (other)
      own->unlock();
  }
};

int use(Queue *queue) {
  queue->own->lock();
  int length = queue->length;
  if (queue && queue->own)
    queue->own->unlock();
  queue->add();
  queue->addToOther();
  return length + queue->size();
}
