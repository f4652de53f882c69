// visitor-parameter.cpp: a visitor given by the caller, who knows that the table is locked.
#include <functional>
#include <map>
#include <mutex>

class Table {
public:
  void put(int key, int value) {
    std::lock_guard<std::mutex> hold(mu_);
    rows_[key] = value;
  }
  void forEach(const std::function<void(int, int)> &visit) {
    std::lock_guard<std::mutex> hold(mu_);
    for (const auto &[key, value] : rows_)
      visit(key, value);
  }

private:
  std::mutex mu_;
  std::map<int, int> rows_;
};
