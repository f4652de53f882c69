// A function whose purpose is to lock: its callers unlock.
#include <cstdio>
#include <mutex>

std::mutex deviceMutex;
int uses = 0;

void acquire() { deviceMutex.lock(); }

void release() { deviceMutex.unlock(); }

void use() {
  acquire();
  ++uses;
  release();
}

int main() {
  use();
  use();
  std::printf("%d\n", uses);
}
