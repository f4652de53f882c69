// One branch locks, both reach the unlock.
#include <cstdio>
#include <mutex>

std::mutex logMutex;

void write(const char *text, bool urgent) {
  if (!urgent)
    logMutex.lock();
  std::puts(text);
  logMutex.unlock(); // expect: unlock-not-held
}

int main(int argc, char **) { write("hello", argc > 1); }
