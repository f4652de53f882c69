// A public function that makes the lock of an object has the object to itself; one that only forgets the lock has not.
#include <pthread.h>
#include <stdlib.h>

class Group {
public:
  int init() {
    heap_ = static_cast<int *>(malloc(16));
    if (pthread_mutex_init(&mutex_, nullptr) != 0)
      return -1;
    size_ = 0;
    return 0;
  }
  void add(int value) {
    pthread_mutex_lock(&mutex_);
    heap_[size_++] = value;
    heap_ = static_cast<int *>(realloc(heap_, 32));
    pthread_mutex_unlock(&mutex_);
  }
  void reset() { size_ = 0; } // expect: data-race

private:
  pthread_mutex_t mutex_;
  int *heap_;
  int size_;
};
