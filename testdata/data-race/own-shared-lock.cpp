// A reader-writer lock of the project's own, made of a mutex and a condition variable, is a lock: it lets one writer or many readers in.
#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>

class ReadWriteLock {
public:
  void lock() {
    std::unique_lock<std::mutex> guard(mutex_);
    while (writing_ || readers_ > 0)
      changed_.wait(guard);
    writing_ = true;
  }
  void unlock() {
    std::lock_guard<std::mutex> guard(mutex_);
    writing_ = false;
    changed_.notify_all();
  }
  void lock_shared() {
    std::unique_lock<std::mutex> guard(mutex_);
    while (writing_)
      changed_.wait(guard);
    ++readers_;
  }
  void unlock_shared() {
    std::lock_guard<std::mutex> guard(mutex_);
    if (--readers_ == 0)
      changed_.notify_all();
  }

private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool writing_ = false;
  int readers_ = 0;
};

class Reading {
public:
  explicit Reading(ReadWriteLock &lock) : lock_(lock) { lock_.lock_shared(); }
  ~Reading() { lock_.unlock_shared(); }

private:
  ReadWriteLock &lock_;
};

struct Table {
  ReadWriteLock lock;
  std::map<int, int> rows;
  int total = 0;
  int lookups = 0;
};

static void put(Table &table, int key) {
  std::lock_guard<ReadWriteLock> guard(table.lock);
  table.rows[key] = key;
  table.total += key;
}

static int get(Table &table, int key) {
  Reading reading(table.lock);
  ++table.lookups; // expect: data-race
  return table.rows.count(key) ? table.total : 0;
}

int main() {
  Table table;
  std::thread writer([&] { put(table, 1); });
  std::thread first([&] { get(table, 1); });
  std::thread second([&] { get(table, 2); });
  writer.join();
  first.join();
  second.join();
  return table.total;
}
