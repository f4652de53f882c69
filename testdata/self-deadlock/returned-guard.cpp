// A guard of the user's own, returned by value, releases the lock where the caller's variable ends.
#include <cstdio>
#include <mutex>
#include <thread>

class Guard {
public:
  explicit Guard(std::mutex &mu) : mu_(&mu) { mu_->lock(); }
  Guard(Guard &&other) noexcept : mu_(other.mu_) { other.mu_ = nullptr; }
  ~Guard() {
    if (mu_)
      mu_->unlock();
  }

private:
  std::mutex *mu_;
};

std::mutex mu;
int value;

Guard acquire() { return Guard(mu); }

void work() {
  {
    auto guard = acquire();
    value += 2;
  }
  {
    auto guard = acquire();
    ++value;
  }
}

int main() {
  std::thread first(work);
  std::thread second(work);
  first.join();
  second.join();
  std::printf("%d\n", value);
}
