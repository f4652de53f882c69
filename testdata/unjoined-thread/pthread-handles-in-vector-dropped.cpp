// The container with the handles dies, and nobody has joined what they stand for.
#include <cstdio>
#include <pthread.h>
#include <vector>

static void *work(void *unused) { return unused; }

static void startAll() {
  std::vector<pthread_t> workers;
  for (int i = 0; i < 8; ++i) {
    pthread_t worker;
    if (pthread_create(&worker, nullptr, work, nullptr) == 0) // expect: unjoined-thread
      workers.push_back(worker);
  }
  std::printf("%zu started\n", workers.size());
}

int main() {
  startAll();
  std::puts("main goes on");
}
