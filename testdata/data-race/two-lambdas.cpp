// two-lambdas.cpp: of two lambdas in one function, the message says which one the other side is.
#include <thread>

static int events, errors;

int main() {
  std::thread reader([] { ++events; }); // expect: data-race "'lambda in main (line 8)'"
  std::thread writer([] { --events; });
  reader.join();
  writer.join();

  std::thread last([] { ++errors; });
  last.join();
  return errors;
}
