// A jthread runs until the end of its scope; main writes inside that scope.
#include <cstdio>
#include <thread>

int samples = 0;

void sample() {
  ++samples; // expect: data-race
}

int main() {
  {
    std::jthread sampler(sample);
    ++samples;
  }
  std::printf("%d\n", samples);
}
