// A method over two objects is called with one object twice.
#include <cstdio>
#include <mutex>

class Histogram {
public:
  void merge(Histogram &other) {
    std::lock_guard<std::mutex> guard(mu_);
    std::lock_guard<std::mutex> otherGuard(other.mu_); // expect: self-deadlock
    sum_ += other.sum_;
  }

private:
  std::mutex mu_;
  int sum_ = 0;
};

int main() {
  Histogram histogram;
  histogram.merge(histogram);
  std::puts("done");
}
