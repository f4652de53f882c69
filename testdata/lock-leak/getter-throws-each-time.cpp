// A getter that may throw at every call leaves the lock of the first call held.
#include <cstdlib>
#include <mutex>
#include <set>
#include <stdexcept>

struct Registry {
  std::mutex mutex;
};

Registry shared;

Registry &registry(int user) {
  if (std::rand() == user)
    throw std::runtime_error("no access");
  return shared;
}

std::set<int> known;

void forget(int id) {
  registry(id).mutex.lock(); // expect: lock-leak "Registry::mutex"
  known.erase(id);
  registry(id + 1).mutex.unlock();
}

int main() { forget(1); }
