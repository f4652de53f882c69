// The program makes objects of both classes that a virtual call can reach, of one by a class that derives from it.
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
  void write(int value) override { toFile += value; } // expect: data-race

private:
  std::string name_;
};

class Journal : public File {
public:
  Journal() : File("journal") {}
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
  logger.add(std::make_shared<Journal>());
  std::thread first([&] { logger.write(1); }), second([&] { logger.write(2); });
  first.join();
  second.join();
}
