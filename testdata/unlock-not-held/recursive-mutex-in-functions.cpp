// A recursive mutex is taken and released twice through functions of the project.
#include <mutex>

class Store {
public:
  void enter() { mutex_.lock(); }
  void leave() { mutex_.unlock(); }
  void put(int value) {
    enter();
    enter();
    size_ += value;
    leave();
    size_ -= 1;
    leave();
  }
  void drop() {
    enter();
    leave();
    leave();
  }

private:
  std::recursive_mutex mutex_;
  int size_ = 0;
};

int main() {
  Store store;
  store.put(1);
  store.drop(); // expect: unlock-not-held
}
