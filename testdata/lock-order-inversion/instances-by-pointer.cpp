// Two objects of one class: one method goes from an object to its peer, the other from the peer back to the object.
#include <mutex>

class Endpoint {
public:
  explicit Endpoint(Endpoint *peer) : peer_(peer) {}
  void push(int bytes) {
    std::lock_guard<std::mutex> mine(mu_);
    std::lock_guard<std::mutex> theirs(peer_->mu_); // expect: lock-order-inversion "peer_->mu_"
    sent_ += bytes;
    peer_->received_ += bytes;
  }
  void pull(int bytes) {
    std::lock_guard<std::mutex> theirs(peer_->mu_);
    std::lock_guard<std::mutex> mine(mu_);
    peer_->sent_ += bytes;
    received_ += bytes;
  }

private:
  std::mutex mu_;
  Endpoint *peer_;
  int sent_ = 0, received_ = 0;
};

void transmit(Endpoint &endpoint) { endpoint.push(1); }
void fetch(Endpoint &endpoint) { endpoint.pull(1); }
