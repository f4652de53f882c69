// The function that writes takes no lock itself; each of its callers holds it.
#include <cstdio>
#include <mutex>
#include <thread>

std::mutex queueMutex;
int queued = 0;

void addToQueue(int count) { queued += count; }

void produce() {
  std::lock_guard<std::mutex> guard(queueMutex);
  addToQueue(2);
}

void consume() {
  std::lock_guard<std::mutex> guard(queueMutex);
  if (queued > 0)
    addToQueue(-1);
}

int main() {
  std::thread producer(produce);
  std::thread consumer(consume);
  producer.join();
  consumer.join();
  std::printf("%d\n", queued);
}
