// Its own `count` and `bump`: internal linkage keeps them apart from those of the other TU.
#include "counters.h"

#include <cstdio>

static int count = 0;

static void bump() { ++count; }

void countReads() {
  bump();
  std::printf("%d reads\n", count);
}
