// Data written before the threads start and only read by them needs no lock.
#include <cstdio>
#include <string>
#include <thread>

struct Config {
  int port = 0;
  std::string host;
};

Config config;

void serve() { std::printf("%s:%d\n", config.host.c_str(), config.port); }

int main() {
  config.port = 8080;
  config.host = "localhost";
  std::thread first(serve);
  std::thread second(serve);
  first.join();
  second.join();
}
