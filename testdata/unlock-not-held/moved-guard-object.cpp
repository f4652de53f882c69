// A guard of the user's that hands its lock on when it is moved; and one that keeps it as well.
#include <mutex>
#include <thread>
#include <utility>

class Hold {
public:
  explicit Hold(std::mutex &mutex) : mutex_(&mutex) { mutex_->lock(); }
  Hold(Hold &&other) noexcept : mutex_(other.mutex_) { other.mutex_ = nullptr; }
  ~Hold() {
    if (mutex_)
      mutex_->unlock();
  }

private:
  std::mutex *mutex_;
};

class Twice {
public:
  explicit Twice(std::mutex &mutex) : mutex_(&mutex) { mutex_->lock(); }
  Twice(Twice &&other) noexcept : mutex_(other.mutex_) {}
  ~Twice() {
    if (mutex_)
      mutex_->unlock();
  }

private:
  std::mutex *mutex_;
};

static std::mutex first, second;
static int total;

static Hold hold() { return Hold(first); }

static void work() {
  Hold outer = hold();
  ++total;
  Hold inner(std::move(outer));
  ++total;
}

static void workTwice() {
  Twice outer(second);
  Twice inner(std::move(outer));
} // expect: unlock-not-held

int main() {
  std::thread one(work), two(work), three(workTwice);
  one.join();
  two.join();
  three.join();
}
