// A pointer, or a loop over the array, goes from lock to lock: none is taken twice.
#include <cstdio>
#include <mutex>

static std::mutex stripes[4];

static void withAll() {
  for (std::mutex *stripe = stripes; stripe != stripes + 4; ++stripe)
    stripe->lock();
  std::puts("alone");
  for (std::mutex *stripe = stripes; stripe != stripes + 4; ++stripe)
    stripe->unlock();
}

static void withAllAgain() {
  for (std::mutex &stripe : stripes)
    stripe.lock();
  std::puts("alone again");
  for (std::mutex &stripe : stripes)
    stripe.unlock();
}

int main() {
  withAll();
  withAllAgain();
}
