// A field is set right after the thread that reads it was started.
#include <cstdio>
#include <thread>

struct Config {
  int port = 0;
};

Config config;

void serve() { std::printf("%d\n", config.port); }

int main() {
  std::thread server(serve);
  config.port = 8080; // expect: data-race
  server.join();
}
