// The initialiser of a static local throws at the first call or not at all: the second call does not.
#include <cstdlib>
#include <mutex>
#include <set>
#include <stdexcept>

struct Registry {
  Registry() {
    if (std::getenv("NO_REGISTRY"))
      throw std::runtime_error("no registry");
  }
  std::mutex mutex;
};

Registry &registry() {
  static Registry instance;
  return instance;
}

std::set<int> known;

void forget(int id) {
  registry().mutex.lock();
  known.erase(id);
  registry().mutex.unlock();
}

int main() { forget(1); }
