// A class joins its thread where that is joinable: in its destructor, after it was moved too.
#include <thread>
#include <utility>

class Runner {
public:
  template <typename Work> explicit Runner(Work work) : thread_(std::move(work)) {}
  Runner(Runner &&other) = default;
  ~Runner() {
    if (thread_.joinable())
      thread_.join();
  }

private:
  std::thread thread_;
};

int main() {
  int joined = 0, running = 0;
  {
    Runner first([&] { ++joined; });
    Runner second = std::move(first);
  }
  Runner third([&] { ++running; }); // expect: data-race
  return joined + running;
}
