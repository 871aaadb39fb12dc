// One wait of a runner's thread: for all its sockets, its wake-up and the
// nearest moment at which something is due.
#pragma once

#include <poll.h>

#include <chrono>
#include <cstddef>
#include <optional>
#include <vector>

namespace hkl {

using Steady = std::chrono::steady_clock::time_point;
inline Steady steady_now() { return std::chrono::steady_clock::now(); }

class Waiting {
 public:
  explicit Waiting(Steady latest) : until_(latest) {}
  // The place of `fd` in this wait, for ready().
  std::size_t watch(int fd, short events) {
    fds_.push_back({fd, events, 0});
    return fds_.size() - 1;
  }
  void until(Steady at) {
    if (at < until_) until_ = at;
  }
  void wait() {
    // Rounded up, or the last millisecond would be spent awake.
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until_ - steady_now()).count();
    if (::poll(fds_.data(), fds_.size(), left > 0 ? static_cast<int>(left) : 0) < 0)
      for (auto& fd : fds_) fd.revents = 0;  // interrupted: nobody is ready
  }
  // What poll() found; errors and hang-ups come unasked.
  short ready(std::size_t place) const { return fds_[place].revents; }

 private:
  std::vector<pollfd> fds_;
  Steady until_;
};

}  // namespace hkl
