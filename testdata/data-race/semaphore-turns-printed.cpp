// Odd and even numbers in turn: two semaphores of one object, one permit between them, posted in a helper.
#include <cstdio>
#include <semaphore>
#include <thread>

class Printer {
public:
  void odd() {
    for (int i = 0; i < 5; ++i) {
      odd_.acquire();
      next();
      even_.release();
    }
  }
  void even() {
    for (int i = 0; i < 5; ++i) {
      even_.acquire();
      next();
      give();
    }
  }

private:
  std::binary_semaphore odd_{1}, even_{0};
  int number_ = 0;
  void next() { std::printf("%d\n", ++number_); }
  void give() { odd_.release(); }
};

int main() {
  Printer printer;
  std::thread first([&] { printer.odd(); });
  std::thread second([&] { printer.even(); });
  first.join();
  second.join();
}
