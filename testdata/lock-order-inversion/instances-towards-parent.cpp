// Locks of one class are always taken from the child to the parent.
#include <mutex>

class Region {
public:
  explicit Region(Region *parent) : parent_(parent) {}
  void charge(long bytes) {
    std::lock_guard<std::mutex> mine(mu_);
    used_ += bytes;
    if (parent_) {
      std::lock_guard<std::mutex> theirs(parent_->mu_);
      parent_->used_ += bytes;
    }
  }
  void refund(long bytes) {
    {
      std::lock_guard<std::mutex> mine(mu_);
      used_ -= bytes;
    }
    std::lock_guard<std::mutex> theirs(parent_->mu_);
    parent_->used_ -= bytes;
  }

private:
  std::mutex mu_;
  Region *parent_;
  long used_ = 0;
};

void grow(Region &region) { region.charge(4096); }
void shrink(Region &region) { region.refund(4096); }
