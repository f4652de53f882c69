// The function unlocks a mutex it never locked; its own mutex is released by a guard.
#include <cstdio>
#include <mutex>

std::mutex inputMutex;
std::mutex outputMutex;
int output = 0;

void emit() {
  std::lock_guard<std::mutex> guard(outputMutex);
  ++output;
  inputMutex.unlock(); // expect: unlock-not-held
}

int main() {
  emit();
  std::puts("done");
}
