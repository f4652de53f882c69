// clear() of a member container joins all its threads.
#include <atomic>
#include <thread>
#include <vector>

class Crew {
public:
  Crew() {
    for (int i = 0; i < 3; ++i)
      threads_.emplace_back([this] { ++hits_; });
    threads_.emplace_back([this] {
      done_ = 1; // expect: data-race
      last_ = 2;
    });
  }
  int early() { return done_; }
  int finish() {
    threads_.clear();
    return last_ + hits_;
  }

private:
  std::atomic<int> hits_{0};
  int done_ = 0, last_ = 0;
  std::vector<std::jthread> threads_;
};

int main() {
  Crew crew;
  int seen = crew.early();
  return seen + crew.finish();
}
