// Counts under the mutex.
#include "counter.h"

std::mutex requestsMutex;
long requests = 0;

void serve() {
  std::lock_guard<std::mutex> guard(requestsMutex);
  ++requests;
}
