// Ownership moves into the thread with a unique_ptr: nobody else can reach the object any more.
#include <cstdio>
#include <memory>
#include <thread>
#include <utility>

struct Job {
  int input = 0;
  int output = 0;
};

void run(std::unique_ptr<Job> job) {
  job->output = job->input * 2;
  std::printf("%d\n", job->output);
}

int main() {
  auto first = std::make_unique<Job>();
  first->input = 1;
  auto second = std::make_unique<Job>();
  second->input = 2;
  std::thread one(run, std::move(first));
  std::thread two([job = std::move(second)] { job->output = job->input * 3; });
  one.join();
  two.join();
}
