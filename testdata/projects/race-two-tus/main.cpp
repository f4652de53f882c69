// Serves and reports in parallel.
#include "counter.h"

#include <thread>

int main() {
  std::thread server(serve);
  std::thread reporter(report);
  server.join();
  reporter.join();
}
