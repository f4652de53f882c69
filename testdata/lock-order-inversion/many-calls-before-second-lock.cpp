// The second lock is taken eleven calls below the first: each call stands under a condition, and nobody checked all of them
// together. Below one call such an order is reported, and at the same place: the surest of several findings is told.
#include <mutex>
#include <thread>

std::mutex queue;
std::mutex cache;
std::mutex table;
int depth;

void touch() {
  std::lock_guard<std::mutex> hold(cache); // expect: lock-order-inversion "table -> cache -> table"
  ++depth;
}
void step11(int n) {
  if (n > 11)
    touch();
}
void step10(int n) {
  if (n > 10)
    step11(n - 1);
}
void step9(int n) {
  if (n > 9)
    step10(n - 1);
}
void step8(int n) {
  if (n > 8)
    step9(n - 1);
}
void step7(int n) {
  if (n > 7)
    step8(n - 1);
}
void step6(int n) {
  if (n > 6)
    step7(n - 1);
}
void step5(int n) {
  if (n > 5)
    step6(n - 1);
}
void step4(int n) {
  if (n > 4)
    step5(n - 1);
}
void step3(int n) {
  if (n > 3)
    step4(n - 1);
}
void step2(int n) {
  if (n > 2)
    step3(n - 1);
}
void step1(int n) {
  if (n > 1)
    step2(n - 1);
}

void serve(int n) {
  std::lock_guard<std::mutex> hold(queue);
  step1(n);
}

void evict() {
  std::lock_guard<std::mutex> hold(cache);
  std::lock_guard<std::mutex> inner(queue);
  ++depth;
}

void lookUp() {
  std::lock_guard<std::mutex> hold(table);
  touch();
}

void insert() {
  std::lock_guard<std::mutex> hold(cache);
  std::lock_guard<std::mutex> inner(table);
  ++depth;
}

int main(int argc, char **) {
  std::thread server(serve, argc), evictor(evict), reader(lookUp), writer(insert);
  server.join();
  evictor.join();
  reader.join();
  writer.join();
  return depth;
}
