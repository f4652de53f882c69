// Threads on the heap, in a plain array of pointers: joined by a walk over it, in a method too.
#include <memory>
#include <mutex>
#include <thread>

static std::mutex m;
static int plain, methods, smart, early;

static void count(int &counter) {
  std::lock_guard hold(m);
  ++counter; // expect: data-race
}

struct Pool {
  std::thread *threads[4] = {};
  void start() {
    for (auto &thread : threads)
      thread = new std::thread([] { count(methods); });
  }
  void stop() {
    for (int i = 0; i < 4; ++i) {
      threads[i]->join();
      delete threads[i];
    }
  }
};

int main() {
  std::thread *threads[4];
  for (int i = 0; i < 4; ++i)
    threads[i] = new std::thread([] { count(plain); });
  for (std::thread *thread : threads) {
    thread->join();
    delete thread;
  }
  std::unique_ptr<std::thread> owned[4];
  for (int i = 0; i < 4; ++i)
    owned[i] = std::make_unique<std::thread>([] { count(smart); });
  for (auto &thread : owned)
    thread->join();
  Pool pool;
  pool.start();
  pool.stop();
  std::thread *others[4];
  for (int i = 0; i < 4; ++i)
    others[i] = new std::thread([] { count(early); });
  const int seen = early;
  for (std::thread *thread : others)
    thread->join();
  return plain + methods + smart + seen;
}
