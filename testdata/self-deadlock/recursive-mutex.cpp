// A recursive mutex may be taken again by the thread that holds it.
#include <cstdio>
#include <mutex>
#include <vector>

class Inventory {
public:
  void add(int item) {
    std::lock_guard<std::recursive_mutex> guard(mu_);
    items_.push_back(item);
  }
  void addTwice(int item) {
    std::lock_guard<std::recursive_mutex> guard(mu_);
    add(item);
    add(item);
  }

private:
  std::recursive_mutex mu_;
  std::vector<int> items_;
};

int main() {
  Inventory inventory;
  inventory.addTwice(7);
  std::puts("done");
}
