// Two objects with a mutex each call one another while they hold it.
#include <cstdio>
#include <mutex>
#include <thread>

class Journal;

class Store {
public:
  void save(Journal &journal);
  void touch() {
    // expect: lock-order-inversion "Journal::mu_ -> Store::mu_ -> Journal::mu_"
    std::lock_guard<std::mutex> guard(mu_);
    ++writes_;
  }

private:
  std::mutex mu_;
  int writes_ = 0;
};

class Journal {
public:
  void append(const char *text) {
    std::lock_guard<std::mutex> guard(mu_);
    std::puts(text);
  }
  void replay(Store &store) {
    std::lock_guard<std::mutex> guard(mu_);
    store.touch();
  }

private:
  std::mutex mu_;
};

void Store::save(Journal &journal) {
  std::lock_guard<std::mutex> guard(mu_);
  journal.append("save");
}

Store store;
Journal journal;

int main() {
  std::thread saver([] { store.save(journal); });
  std::thread replayer([] { journal.replay(store); });
  saver.join();
  replayer.join();
}
