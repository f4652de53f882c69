// The second thread starts after the first was joined: the two never overlap.
#include <cstdio>
#include <thread>

int state = 0;

void produce() { state = 1; }

void consume() { state = 2; }

int main() {
  std::thread producer(produce);
  producer.join();
  std::thread consumer(consume);
  consumer.join();
  std::printf("%d\n", state);
}
