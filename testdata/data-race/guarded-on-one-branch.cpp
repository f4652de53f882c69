// One public function guards a member on one of its ways only. Where both ways are taken in turn, it may be the only thread that writes.
#include <mutex>

class Meter {
public:
  int exchange(bool set, int value) {
    if (set) {
      std::unique_lock<std::mutex> guard(mutex_);
      guarded_ = value; // expect: data-race "guarded_"
      return 0;
    }
    return guarded_;
  }
  int both(bool set, int value) {
    std::unique_lock<std::mutex> guard(mutex_);
    if (set)
      always_ = value;
    return always_;
  }
  int free(bool set, int value) {
    if (set)
      free_ = value;
    return free_;
  }
  int count() {
    {
      std::unique_lock<std::mutex> guard(mutex_);
      ++counted_;
    }
    return counted_;
  }
  void run(int rounds) {
    for (int i = 0; i < rounds; ++i)
      if (i % 2 == 0) {
        std::unique_lock<std::mutex> guard(mutex_);
        ++rounds_;
      } else {
        last_ = rounds_;
      }
  }

private:
  std::mutex mutex_;
  int guarded_ = 0, always_ = 0, free_ = 0, counted_ = 0, rounds_ = 0, last_ = 0;
};
