// A library class whose setter is called before the work starts. The readers hold a lock, but it is
// there for the queue: no write of the limit ever happens under it.
#include <cstddef>
#include <mutex>
#include <vector>

class Sender {
public:
  void setLimit(std::size_t limit);
  void add(int item);
  bool isFull();

private:
  std::mutex mu_;
  std::vector<int> queue_;
  std::size_t limit_ = 10;
};

void Sender::setLimit(std::size_t limit) { limit_ = limit; }

void Sender::add(int item) {
  std::lock_guard<std::mutex> guard(mu_);
  if (queue_.size() < limit_)
    queue_.push_back(item);
}

bool Sender::isFull() {
  std::lock_guard<std::mutex> guard(mu_);
  return queue_.size() >= limit_;
}
