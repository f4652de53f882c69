// A table's entry is run from two places, one after the other: the threads it starts and joins are one pair, not two.
#include <cstring>
#include <map>
#include <pthread.h>
#include <semaphore.h>
#include <string>

namespace {
struct Worker {
  void *(*body)(void *);
  pthread_t handle;
};
struct Pair {
  Worker *workers[2];
  Pair(void *(*first)(void *), void *(*second)(void *)) {
    workers[0] = new Worker{first, {}};
    workers[1] = new Worker{second, {}};
  }
  static void *enter(void *worker) { return static_cast<Worker *>(worker)->body(nullptr); }
  void run() {
    for (int i = 0; i < 2; ++i)
      pthread_create(&workers[i]->handle, nullptr, enter, workers[i]);
    for (int i = 0; i < 2; ++i)
      pthread_join(workers[i]->handle, nullptr);
  }
};

std::map<std::string, void (*)()> scenarios;
struct Scenario {
  Scenario(const char *name, void (*run)()) { scenarios[name] = run; }
};

sem_t filled;
int ordered = 0, racy = 0;

void *fill(void *) {
  ordered = 1;
  racy = 1; // expect: data-race "racy"
  sem_post(&filled);
  return nullptr;
}
void *drain(void *) {
  racy = 2;
  sem_wait(&filled);
  ordered = 2;
  return nullptr;
}
void handOver() {
  Pair pair(fill, drain);
  pair.run();
}
Scenario registered("hand-over", handOver);
} // namespace

int main(int argc, char **argv) {
  sem_init(&filled, 0, 0);
  if (argc > 1) {
    scenarios[argv[1]]();
  } else {
    for (auto &[name, run] : scenarios)
      run();
  }
}
