// A guard of the user's remembers in a member whether its attempt succeeded; another one forgets to look.
#include <mutex>
#include <thread>

class Attempt {
public:
  explicit Attempt(std::mutex &mutex) : mutex_(mutex), isHeld_(mutex.try_lock()) {}
  ~Attempt() {
    if (isHeld_)
      mutex_.unlock();
  }
  explicit operator bool() const { return isHeld_; }

private:
  std::mutex &mutex_;
  bool isHeld_;
};

class Forgetful {
public:
  explicit Forgetful(std::mutex &mutex) : mutex_(&mutex), isHeld_(mutex.try_lock()) {}
  void finish(bool isDone) {
    if (isHeld_ && isDone)
      mutex_->unlock();
  }

private:
  std::mutex *mutex_;
  bool isHeld_;
};

static std::mutex first, second;
static int total;

static void work(bool isDone) {
  if (Attempt attempt{first})
    ++total;
  Forgetful forgetful(second); // expect: lock-leak
  forgetful.finish(isDone);
}

int main(int argc, char **) {
  std::thread one(work, argc > 1), two(work, argc > 2);
  one.join();
  two.join();
}
