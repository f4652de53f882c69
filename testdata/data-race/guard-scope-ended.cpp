// The guard's block ends one line too early.
#include <cstdio>
#include <mutex>
#include <thread>

std::mutex scoreMutex;
int score = 0;

void play() {
  int points = 3;
  {
    std::lock_guard<std::mutex> guard(scoreMutex);
    points += 1;
  }
  score += points; // expect: data-race
}

int main() {
  std::thread first(play);
  std::thread second(play);
  first.join();
  second.join();
  std::printf("%d\n", score);
}
