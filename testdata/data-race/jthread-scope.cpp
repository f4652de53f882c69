// The destructor of a jthread joins: after its scope the data belongs to main alone.
#include <cstdio>
#include <thread>

int samples = 0;

void sample() { ++samples; }

int main() {
  {
    std::jthread sampler(sample);
  }
  ++samples;
  std::printf("%d\n", samples);
}
