// once-joins-user.cpp: the initialisation joins a thread that waits for the initialisation.
#include <mutex>
#include <thread>

std::once_flag flag;
int value;

void init();

void use() { std::call_once(flag, init); }

void init() {
  std::thread helper(use);
  helper.join(); // expect: wait-deadlock "initialisation of 'flag'"
  value = 1;
}

int main() {
  use();
  return value;
}
