// sites-std.cpp: one wrapper for several sites: the sites must not be taken for one.
// finds: lock-order-inversion
// site: 17
// site: 18
// site: 23
// site: 25
#include <chrono>
#include <mutex>
#include <shared_mutex>
#include <thread>

static std::mutex a;
static std::recursive_mutex b;
static std::shared_mutex c;

static void forward() {
  a.lock();
  b.lock();
  b.unlock();
  a.unlock();
}
static void backward() {
  std::scoped_lock<std::recursive_mutex> first(b);
  std::shared_lock<std::shared_mutex> reader(c);
  std::lock_guard<std::mutex> second(a);
}

int main() {
  std::thread one(forward);
  std::thread two([] {
    std::this_thread::sleep_for(std::chrono::milliseconds(60));
    backward();
  });
  one.join();
  two.join();
}
