// A header-only library names the specialisations that its users take and uses none of them. The base class calls the virtual
// function with the lock held, and what it calls takes the lock again.
#pragma once

#include <mutex>
#include <string>

template <class Mutex> class Sink {
public:
  virtual ~Sink() = default;
  void log(const std::string &text) {
    std::lock_guard<Mutex> guard(mutex_);
    write(text);
  }

protected:
  virtual void write(const std::string &text) = 0;
  Mutex mutex_;
};

template <class Mutex> class FileSink : public Sink<Mutex> {
public:
  std::string name() {
    std::lock_guard<Mutex> guard(Sink<Mutex>::mutex_); // expect: self-deadlock
    return name_;
  }

protected:
  void write(const std::string &text) override {
    if (text.empty())
      name_ = name() + "1";
  }

private:
  std::string name_;
};

template <class Mutex> class MemorySink : public Sink<Mutex> {
public:
  std::string last() {
    std::lock_guard<Mutex> guard(Sink<Mutex>::mutex_);
    return last_;
  }

protected:
  void write(const std::string &text) override { last_ = text; }

private:
  std::string last_;
};

using FileSinkMt = FileSink<std::mutex>;
using MemorySinkMt = MemorySink<std::mutex>;
