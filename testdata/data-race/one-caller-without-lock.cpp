// Of two callers of the writing function one holds the lock and the other forgot it.
#include <cstdio>
#include <mutex>
#include <thread>

std::mutex queueMutex;
int queued = 0;

void addToQueue(int count) {
  queued += count; // expect: data-race
}

void produce() {
  std::lock_guard<std::mutex> guard(queueMutex);
  addToQueue(2);
}

void consume() { addToQueue(-1); }

int main() {
  std::thread producer(produce);
  std::thread consumer(consume);
  producer.join();
  consumer.join();
  std::printf("%d\n", queued);
}
