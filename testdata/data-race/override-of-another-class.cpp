// The threads share one object without state; the override that counts belongs to another class.
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
    ++audited;
    last = sample;
    return sample;
  }
  int last = 0;
};

struct Stage {
  explicit Stage(Filter &filter) : filter(&filter) {}
  int run(int sample) { return filter->apply(sample); }
  Filter *filter;
};

static Pass shared;

static int process(Filter &filter, int sample) { return filter.apply(sample); }

int main() {
  Audit own;
  Stage stage(own);
  std::printf("%d %d\n", stage.run(1), process(own, 2));
  std::thread first([] { process(shared, 3); });
  std::thread second([] { process(shared, 4); });
  first.join();
  second.join();
  std::printf("%d\n", audited);
}
