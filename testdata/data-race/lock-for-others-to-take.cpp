// A nested record offers a lock and functions that its users call with it held. Nobody outside is seen to call them without.
#include <mutex>

class Pool {
public:
  struct Data {
    void put(int value) { owner->push(value); }
    std::mutex mutex;
    int count = 0;
    Pool *owner = nullptr;
  };
  void post(int value) {
    std::lock_guard<std::mutex> guard(data.mutex);
    push(value);
  }

protected:
  virtual void push(int value) { data.count += value; }
  Data data;
};
