// Two methods take one lock: a trace names the one that its own thread went through.
#include <mutex>
#include <thread>

struct Store {
  std::mutex mu;
  void move();
  void audit();
};

struct Ledger {
  std::mutex mu;
  int entries = 0;
  void note();
  void close();
};

Store store;
Ledger ledger;

void Ledger::note() {
  std::lock_guard<std::mutex> guard(mu); // expect: lock-order-inversion "Store::mu -> Ledger::mu -> Store::mu"
  ++entries;
}

void Ledger::close() {
  std::lock_guard<std::mutex> guard(mu);
  store.audit();
}

void Store::move() {
  std::lock_guard<std::mutex> guard(mu);
  ledger.note();
}

void Store::audit() { std::lock_guard<std::mutex> guard(mu); }

int main() {
  std::thread mover([] { store.move(); });
  std::thread closer([] { ledger.close(); });
  mover.join();
  closer.join();
}
