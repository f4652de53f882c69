// callback-registered-in-program.cpp: the program registers a callback that calls back into the object that calls it.
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
    std::lock_guard<std::mutex> hold(mu_); // expect: self-deadlock "Bus::publish"
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
  bus.subscribe([](int) { seen = bus.last(); });
  bus.publish(1);
}
