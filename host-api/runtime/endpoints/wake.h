// Wakes a thread that waits in poll(). ring() from any thread, and from one
// that holds locks.
#pragma once

#include <sys/eventfd.h>
#include <unistd.h>

#include <cstdint>
#include <system_error>

namespace hkl {

class Wake {
 public:
  Wake() : fd_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
    if (fd_ < 0) throw std::system_error(errno, std::system_category(), "eventfd");
  }
  ~Wake() { ::close(fd_); }
  Wake(const Wake&) = delete;
  Wake& operator=(const Wake&) = delete;

  int fd() const { return fd_; }
  void ring() {
    const std::uint64_t one = 1;
    // Fails only when the counter is full: then it rings already.
    [[maybe_unused]] const auto written = ::write(fd_, &one, sizeof one);
  }
  void hush() {
    std::uint64_t count = 0;
    [[maybe_unused]] const auto taken = ::read(fd_, &count, sizeof count);
  }

 private:
  int fd_;
};

}  // namespace hkl
