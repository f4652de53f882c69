// The near miss of lock-for-other-data: one setter takes the lock, the other forgets it.
#include <cstddef>
#include <mutex>
#include <vector>

class Sender {
public:
  void setLimit(std::size_t limit);
  void forgetLimit();
  void add(int item);

private:
  std::mutex mu_;
  std::vector<int> queue_;
  std::size_t limit_ = 10;
};

void Sender::setLimit(std::size_t limit) {
  std::lock_guard<std::mutex> guard(mu_);
  limit_ = limit;
}

void Sender::forgetLimit() {
  limit_ = 1000; // expect: data-race
}

void Sender::add(int item) {
  std::lock_guard<std::mutex> guard(mu_);
  if (queue_.size() < limit_)
    queue_.push_back(item);
}
