// The language makes the initialisation of a static local safe; later reads need no lock.
#include <cstdio>
#include <string>
#include <thread>

std::string loadName() { return "default"; }

const std::string &name() {
  static const std::string value = loadName();
  return value;
}

void work() { std::printf("%s\n", name().c_str()); }

int main() {
  std::thread first(work);
  std::thread second(work);
  first.join();
  second.join();
}
