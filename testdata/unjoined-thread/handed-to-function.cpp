// The function that a new thread is given to keeps it, in an element that nobody knows.
#include <cstddef>
#include <deque>
#include <thread>
#include <utility>

class Pool {
public:
  struct Slot {
    void set(std::thread &&thread);
    ~Slot();
    std::thread thread_;
  };
  explicit Pool(std::size_t count);
  void loop(Slot &slot);

private:
  std::deque<Slot> slots_;
};

void Pool::Slot::set(std::thread &&thread) { thread_ = std::move(thread); }

Pool::Pool(std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    slots_.emplace_back();
    slots_.back().set(std::thread([this, &slot = slots_.back()] { loop(slot); }));
  }
}
