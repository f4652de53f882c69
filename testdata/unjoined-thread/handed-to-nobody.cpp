// The near miss of handed-to-function: the thread is given to nobody.
#include <cstddef>
#include <thread>

class Pool {
public:
  explicit Pool(std::size_t count);
  void loop(std::size_t number);
};

Pool::Pool(std::size_t count) {
  for (std::size_t i = 0; i < count; ++i)
    std::thread([this, i] { loop(i); }); // expect: unjoined-thread
}
