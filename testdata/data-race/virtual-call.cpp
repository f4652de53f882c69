// The racing write is in an override that the thread reaches through a base pointer.
#include <cstdio>
#include <thread>

int alarms = 0;

struct Sensor {
  virtual ~Sensor() = default;
  virtual void poll() = 0;
};

struct SmokeSensor : Sensor {
  void poll() override {
    ++alarms; // expect: data-race
  }
};

void watch(Sensor *sensor) { sensor->poll(); }

int main() {
  SmokeSensor kitchen;
  SmokeSensor hall;
  std::thread first(watch, &kitchen);
  std::thread second(watch, &hall);
  first.join();
  second.join();
  std::printf("%d\n", alarms);
}
