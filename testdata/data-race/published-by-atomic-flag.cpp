// A plain value published by an atomic flag: the reader waits for the flag before it reads.
#include <atomic>
#include <cstdio>
#include <thread>

int letter = 0;
std::atomic<bool> ready{false};

void send() {
  letter = 42;
  ready.store(true, std::memory_order_release);
}

void receive() {
  while (!ready.load(std::memory_order_acquire))
    std::this_thread::yield();
  std::printf("%d\n", letter);
}

int main() {
  std::thread sender(send);
  std::thread receiver(receive);
  sender.join();
  receiver.join();
}
