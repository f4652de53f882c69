// The handle variable of each round is copied into a container, and all of them are joined from there.
#include <pthread.h>
#include <vector>

static void *work(void *unused) { return unused; }

int main() {
  std::vector<pthread_t> workers;
  for (int i = 0; i < 8; ++i) {
    pthread_t worker;
    if (pthread_create(&worker, nullptr, work, nullptr) == 0)
      workers.push_back(worker);
  }
  for (pthread_t &worker : workers)
    pthread_join(worker, nullptr);
}
