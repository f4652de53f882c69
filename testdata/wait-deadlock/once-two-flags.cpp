// once-two-flags.cpp: what one flag guards uses what another flag guards.
#include <mutex>

std::once_flag first, second;
int base, table[4];

void initBase() { base = 1; }

int getBase() {
  std::call_once(first, initBase);
  return base;
}

void initTable() { table[0] = getBase(); }

int main() {
  std::call_once(second, initTable);
  return table[0] + getBase();
}
