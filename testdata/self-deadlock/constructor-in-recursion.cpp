// A constructor locks its own object. What its caller holds is the lock of another object that the same place made, one call earlier.
#include <memory>
#include <mutex>
#include <string>

class Folder {
public:
  Folder() {
    std::lock_guard<std::mutex> guard(mutex_);
    ++count_;
  }
  // The near miss: this one locks the object it copies.
  Folder(const Folder &other) {
    std::lock_guard<std::mutex> guard(other.mutex_); // expect: self-deadlock
    count_ = other.count_;
  }
  void add(const std::string &path) {
    std::lock_guard<std::mutex> guard(mutex_);
    if (path.empty())
      return;
    child_ = std::make_shared<Folder>();
    child_->add(path.substr(1));
  }
  int copied() {
    std::lock_guard<std::mutex> guard(mutex_);
    Folder copy(*this);
    return copy.count_;
  }

private:
  mutable std::mutex mutex_;
  int count_ = 0;
  std::shared_ptr<Folder> child_;
};

int main() {
  auto root = std::make_shared<Folder>();
  root->add("abc");
  return root->copied();
}
