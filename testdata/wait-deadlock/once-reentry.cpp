// once-reentry.cpp: what call_once runs calls call_once with the same flag.
#include <mutex>

std::once_flag flag;
int table[4];

void init();

int lookUp(int i) {
  std::call_once(flag, init); // expect: wait-deadlock "initialisation of 'flag'"
  return table[i];
}

void init() {
  table[0] = 1;
  table[1] = lookUp(0) + 1;
}

int main() { return lookUp(1); }
