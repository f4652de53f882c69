// A read-modify-write split over two critical sections loses updates, but every access holds the
// lock: no data race.
#include <cstdio>
#include <mutex>
#include <thread>

std::mutex visitsMutex;
int visits = 0;

void visit() {
  int seen;
  {
    std::lock_guard<std::mutex> guard(visitsMutex);
    seen = visits;
  }
  std::lock_guard<std::mutex> guard(visitsMutex);
  visits = seen + 1;
}

int main() {
  std::thread first(visit);
  std::thread second(visit);
  first.join();
  second.join();
  std::printf("%d\n", visits);
}
