// The other side never goes through the flag.
#include <mutex>
#include <thread>

std::once_flag once;
unsigned limit = 10;

unsigned cut(unsigned size) {
  std::call_once(once, [] { limit = 256; }); // expect: data-race "limit"
  return size > limit ? limit : size;
}

int main() {
  std::thread other([] { cut(3); });
  unsigned before = limit;
  cut(before);
  other.join();
}
