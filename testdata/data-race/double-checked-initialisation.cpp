// Double-checked initialisation over a plain pointer: the first check reads it without the lock.
#include <cstdio>
#include <mutex>
#include <thread>

struct Table {
  int size = 8;
};

std::mutex tableMutex;
Table *table = nullptr;

int tableSize() {
  if (table == nullptr) {
    std::lock_guard<std::mutex> guard(tableMutex);
    if (table == nullptr)
      table = new Table; // expect: data-race
  }
  return table->size;
}

void work() { std::printf("%d\n", tableSize()); }

int main() {
  std::thread first(work);
  std::thread second(work);
  first.join();
  second.join();
  delete table;
}
