// A virtual call reaches the methods of every class, but the program makes objects of one of them only.
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

class Sink {
public:
  virtual ~Sink() = default;
  virtual void write(int value) = 0;
};

static int quietly, toFile;

class Quiet : public Sink {
public:
  Quiet() : first_(0) {}
  void write(int value) override { quietly += value + first_; } // expect: data-race

private:
  int first_;
};

class File : public Sink {
public:
  explicit File(const char *name) : name_(name) {}
  void write(int value) override { toFile += value; }

private:
  std::string name_;
};

class Logger {
public:
  void add(std::shared_ptr<Sink> sink) { sinks_.push_back(std::move(sink)); }
  void write(int value) {
    for (auto &sink : sinks_)
      sink->write(value);
  }

private:
  std::vector<std::shared_ptr<Sink>> sinks_;
};

int main() {
  Logger logger;
  logger.add(std::make_shared<Quiet>());
  std::thread first([&] { logger.write(1); }), second([&] { logger.write(2); });
  first.join();
  second.join();
}
