// The usual cure: public methods lock, a private method does the work under the lock.
#include <cstdio>
#include <mutex>
#include <vector>

class Inventory {
public:
  void add(int item) {
    std::lock_guard<std::mutex> guard(mu_);
    addLocked(item);
  }
  void addTwice(int item) {
    std::lock_guard<std::mutex> guard(mu_);
    addLocked(item);
    addLocked(item);
  }

private:
  void addLocked(int item) { items_.push_back(item); }

  std::mutex mu_;
  std::vector<int> items_;
};

int main() {
  Inventory inventory;
  inventory.add(1);
  inventory.addTwice(7);
  std::puts("done");
}
