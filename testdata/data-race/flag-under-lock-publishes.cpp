// A thread polls a flag under a mutex until it is raised: what was done before it was raised is done.
#include <mutex>
#include <thread>

std::mutex flagMutex, usersMutex;
bool isReady = false;
int settings = 0, late = 0;

void initialize() {
  std::lock_guard<std::mutex> guard(flagMutex);
  settings = 1000;
  isReady = true;
}

void initializeTooLate() {
  flagMutex.lock();
  isReady = false;
  flagMutex.unlock();
  late = 1; // expect: data-race "late"
}

void use() {
  bool seen = false;
  while (!seen) {
    flagMutex.lock();
    seen = isReady;
    flagMutex.unlock();
  }
  std::lock_guard<std::mutex> guard(usersMutex);
  ++settings;
  ++late;
}

int main() {
  std::thread first(initialize), second(initializeTooLate), third(use), fourth(use);
  first.join();
  second.join();
  third.join();
  fourth.join();
}
