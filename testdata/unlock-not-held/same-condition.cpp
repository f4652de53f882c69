// Lock and unlock hang on the same condition.
#include <cstdio>
#include <mutex>

std::mutex logMutex;

void write(const char *text, bool urgent) {
  if (!urgent)
    logMutex.lock();
  std::puts(text);
  if (!urgent)
    logMutex.unlock();
}

int main(int argc, char **) { write("hello", argc > 1); }
