// An observer behind a base pointer unsubscribes from inside the notification, under the subject's lock.
#include <mutex>
#include <thread>

struct Observer {
  virtual void changed() = 0;
  virtual ~Observer() = default;
};

class Subject {
public:
  void subscribe(Observer *observer) {
    std::lock_guard<std::mutex> guard(mutex_); // expect: self-deadlock
    observer_ = observer;
  }
  void notify() {
    std::lock_guard<std::mutex> guard(mutex_);
    if (observer_)
      observer_->changed();
  }

private:
  std::mutex mutex_;
  Observer *observer_ = nullptr;
};

struct Once : Observer {
  explicit Once(Subject &subject) : subject_(subject) {}
  void changed() override { subject_.subscribe(nullptr); }
  Subject &subject_;
};

int main() {
  Subject subject;
  Once once(subject);
  subject.subscribe(&once);
  std::thread notifier([&] { subject.notify(); });
  notifier.join();
}
