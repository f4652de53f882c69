// The project's own RAII class locks in its constructor and unlocks in its destructor.
#include <cstdio>
#include <pthread.h>
#include <thread>

class Mutex {
public:
  void enter() { pthread_mutex_lock(&handle_); }
  void leave() { pthread_mutex_unlock(&handle_); }

private:
  pthread_mutex_t handle_ = PTHREAD_MUTEX_INITIALIZER;
};

class Section {
public:
  explicit Section(Mutex &mutex) : mutex_(mutex) { mutex_.enter(); }
  ~Section() { mutex_.leave(); }
  Section(const Section &) = delete;

private:
  Mutex &mutex_;
};

Mutex counterMutex;
int counter = 0;

void work() {
  Section section(counterMutex);
  ++counter;
}

int main() {
  std::thread first(work);
  std::thread second(work);
  first.join();
  second.join();
  std::printf("%d\n", counter);
}
