// A public method holds the mutex and calls another public method that takes it again.
#include <cstdio>
#include <mutex>
#include <vector>

class Inventory {
public:
  void add(int item) {
    std::lock_guard<std::mutex> guard(mu_); // expect: self-deadlock
    items_.push_back(item);
  }
  void addTwice(int item) {
    std::lock_guard<std::mutex> guard(mu_);
    add(item);
    add(item);
  }

private:
  std::mutex mu_;
  std::vector<int> items_;
};

int main() {
  Inventory inventory;
  inventory.addTwice(7);
  std::puts("done");
}
