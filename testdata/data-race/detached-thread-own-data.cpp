// Detached threads that only touch their own data.
#include <chrono>
#include <cstdio>
#include <string>
#include <thread>

void greet(std::string name) {
  name += '!';
  std::printf("hello %s\n", name.c_str());
}

int main() {
  std::string name = "Ada";
  std::thread(greet, name).detach();
  name = "Grace";
  std::thread(greet, name).detach();
  std::this_thread::sleep_for(std::chrono::milliseconds(10));
}
