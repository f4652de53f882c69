// Prints and resets the counter without the mutex.
#include "counter.h"

#include <cstdio>

void report() {
  std::printf("%ld requests\n", requests);
  requests = 0; // expect: data-race
}
