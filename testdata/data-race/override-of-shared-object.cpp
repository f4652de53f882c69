// The shared object is of the class whose override counts.
#include <cstdio>
#include <thread>

static int audited;

struct Filter {
  virtual ~Filter() = default;
  virtual int apply(int sample) = 0;
};

struct Pass : Filter {
  int apply(int sample) override { return sample; }
};

struct Audit : Filter {
  int apply(int sample) override {
    ++audited;     // expect: data-race "audited"
    last = sample; // expect: data-race "last"
    return sample;
  }
  int last = 0;
};

struct Loud : Audit {};

static Loud shared;

static int process(Filter &filter, int sample) { return filter.apply(sample); }

int main() {
  Pass own;
  std::printf("%d\n", process(own, 2));
  std::thread first([] { process(shared, 3); });
  std::thread second([] { process(shared, 4); });
  first.join();
  second.join();
  std::printf("%d\n", audited);
}
