// A guard object runs a callable when it goes out of scope, and the callable joins the thread.
#include <functional>
#include <thread>
#include <utility>

template <class Action> class AtExit {
public:
  explicit AtExit(Action action) : action_(std::move(action)) {}
  ~AtExit() { action_(); }

private:
  Action action_;
};

class AtExitOfAnyKind {
public:
  explicit AtExitOfAnyKind(std::function<void()> &&action)
      : action_(std::move(action)), isArmed_(true) {}
  ~AtExitOfAnyKind() {
    if (isArmed_)
      action_();
  }

private:
  std::function<void()> action_;
  bool isArmed_;
};

int counted, other, third;

void joins() {
  std::thread worker([] { ++counted; });
  AtExit atExit([&] { worker.join(); });
}

void joinsToo() {
  std::thread worker([] { ++other; });
  AtExitOfAnyKind atExit([&] { worker.join(); });
}

// The near miss: the callable does something else.
void forgets() {
  std::thread worker([] { ++third; }); // expect: unjoined-thread
  AtExitOfAnyKind atExit([&] { counted = 0; });
}

int main() {
  joins();
  joinsToo();
  forgets();
}
