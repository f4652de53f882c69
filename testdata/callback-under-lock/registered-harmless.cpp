// registered-harmless.cpp: no callback of the program comes back to the object.
#include <functional>
#include <mutex>

class Bus {
public:
  void subscribe(std::function<void(int)> callback) {
    std::lock_guard<std::mutex> hold(mu_);
    callback_ = std::move(callback);
  }
  void publish(int value) {
    std::lock_guard<std::mutex> hold(mu_);
    last_ = value;
    callback_(value);
  }
  int last() {
    std::lock_guard<std::mutex> hold(mu_);
    return last_;
  }

private:
  std::mutex mu_;
  std::function<void(int)> callback_;
  int last_ = 0;
};

Bus bus;
int seen = 0;

int main() {
  bus.subscribe([](int value) { seen = value; });
  bus.publish(1);
  return bus.last();
}
