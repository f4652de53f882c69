// Which of two buffers is whose follows from the number of the round; a helper waits at the barrier. One of them is a round late.
#include <barrier>
#include <thread>

static std::barrier<> barrier(2);
static int inTurns[2], late[2];

static void nextRound() { barrier.arrive_and_wait(); }

static void produce(int rounds) {
  for (int round = 0; round < rounds; ++round) {
    inTurns[round % 2] = round;
    late[(round + 1) % 2] = round; // expect: data-race "late"
    nextRound();
  }
}

int main(int count, char **) {
  int sum = 0;
  std::thread writer(produce, count);
  for (int round = 0; round < count; ++round) {
    sum += inTurns[(round + 1) % 2];
    sum += late[(round + 1) % 2];
    nextRound();
  }
  writer.join();
  return sum;
}
