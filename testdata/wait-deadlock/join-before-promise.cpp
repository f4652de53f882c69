// join-before-promise.cpp: main joins the thread and sets the value it waits for only afterwards.
#include <future>
#include <thread>

int main() {
  std::promise<int> go;
  std::future<int> started = go.get_future();
  std::thread worker([&started] { started.wait(); });
  worker.join(); // expect: wait-deadlock "before the result of 'go'"
  go.set_value(1);
}
