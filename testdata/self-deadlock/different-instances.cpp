// The same method holds two mutexes of two different objects.
#include <cstdio>
#include <mutex>

class Histogram {
public:
  void add(int value) {
    std::lock_guard<std::mutex> guard(mu_);
    sum_ += value;
  }
  void copyTo(Histogram &other) {
    std::lock_guard<std::mutex> guard(mu_);
    other.add(sum_);
  }

private:
  std::mutex mu_;
  int sum_ = 0;
};

int main() {
  Histogram today;
  Histogram total;
  today.add(3);
  today.copyTo(total);
  std::puts("done");
}
