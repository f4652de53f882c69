// written-under-shared-lock.cpp: a lock that is taken shared does not keep writers apart: the message says how it is held.
#include <mutex>
#include <shared_mutex>
#include <thread>

std::shared_mutex mu;
int hits, misses;

void look() {
  std::shared_lock guard(mu);
  ++hits; // expect: data-race "written here holding 'mu' shared and written in 'look' by another thread holding 'mu' shared"
}

void miss() {
  std::unique_lock guard(mu);
  ++misses;
}

int main() {
  std::thread first([] { look(); miss(); }), second([] { look(); miss(); });
  first.join();
  second.join();
}
