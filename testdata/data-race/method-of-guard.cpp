// Methods of a class that holds a lock from its constructor to its destructor are called with it.
#include <mutex>

class Queue;

class Hold {
public:
  explicit Hold(Queue &queue);
  ~Hold();
  void note();

private:
  Queue &queue_;
};

class Queue {
public:
  void push() {
    Hold hold(*this);
    ++size_;
    hold.note();
  }

private:
  friend class Hold;
  std::mutex mutex_;
  int size_ = 0, noted_ = 0;
};

Hold::Hold(Queue &queue) : queue_(queue) { queue_.mutex_.lock(); }
Hold::~Hold() { queue_.mutex_.unlock(); }
void Hold::note() { queue_.noted_ = queue_.size_; }
