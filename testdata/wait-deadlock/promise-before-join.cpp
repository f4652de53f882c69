// promise-before-join.cpp: the value is set before the thread that waits for it is joined.
#include <future>
#include <thread>

int main() {
  std::promise<int> go;
  std::future<int> started = go.get_future();
  std::thread worker([&started] { started.wait(); });
  go.set_value(1);
  worker.join();
}
