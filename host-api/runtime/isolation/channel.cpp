#include "isolation/channel.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace hkl::isolation {
namespace {

constexpr std::size_t kHead = sizeof(std::uint32_t) + 1;
constexpr std::size_t kReadAtOnce = 65536;

}  // namespace

bool Channel::wait(short events, std::optional<Steady> deadline) {
  for (;;) {
    int timeout = -1;
    if (deadline) {
      const auto left = std::chrono::ceil<std::chrono::milliseconds>(*deadline - std::chrono::steady_clock::now());
      if (left.count() <= 0) {
        fault_ = Fault::too_late;
        return false;
      }
      timeout = static_cast<int>(std::min<std::int64_t>(left.count(), 1 << 30));
    }
    pollfd waiting{fd_, events, 0};
    const int ready = ::poll(&waiting, 1, timeout);
    if (ready > 0) return true;
    if (ready < 0 && errno != EINTR) {
      fault_ = Fault::closed;
      return false;
    }
  }
}

bool Channel::send(Frame kind, std::string_view payload, std::optional<Steady> deadline) {
  char head[kHead];
  const auto length = static_cast<std::uint32_t>(payload.size());
  std::memcpy(head, &length, sizeof length);
  head[sizeof length] = static_cast<char>(kind);
  iovec parts[2] = {{head, kHead}, {const_cast<char*>(payload.data()), payload.size()}};
  msghdr message{};
  message.msg_iov = parts;
  message.msg_iovlen = 2;
  while (parts[0].iov_len + parts[1].iov_len > 0) {
    auto sent = ::sendmsg(fd_, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
      if (!wait(POLLOUT, deadline)) return false;
      continue;
    }
    if (sent < 0) {
      fault_ = Fault::closed;
      return false;
    }
    for (auto& part : parts) {
      const auto done = std::min<std::size_t>(static_cast<std::size_t>(sent), part.iov_len);
      part.iov_base = static_cast<char*>(part.iov_base) + done;
      part.iov_len -= done;
      sent -= static_cast<ssize_t>(done);
    }
  }
  return true;
}

bool Channel::fill(std::size_t needed, std::optional<Steady> deadline) {
  // Whoever has no deadline may as well sleep in the read itself.
  const int flags = deadline ? MSG_DONTWAIT : 0;
  while (end_ - begin_ < needed) {
    make_room(needed);
    const auto got = ::recv(fd_, in_.get() + end_, capacity_ - end_, flags);
    if (got > 0) {
      end_ += static_cast<std::size_t>(got);
      continue;
    }
    if (got < 0 && errno == EINTR) continue;
    if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
      if (!wait(POLLIN, deadline)) return false;
      continue;
    }
    fault_ = Fault::closed;
    return false;
  }
  return true;
}

void Channel::make_room(std::size_t needed) {
  if (begin_ == end_) begin_ = end_ = 0;
  if (capacity_ - begin_ >= needed && end_ < capacity_) return;
  const auto kept = end_ - begin_;
  const auto capacity = std::max(capacity_, std::max(needed, kReadAtOnce));
  if (capacity == capacity_) {
    std::memmove(in_.get(), in_.get() + begin_, kept);
  } else {
    auto larger = std::make_unique_for_overwrite<char[]>(capacity);
    if (kept > 0) std::memcpy(larger.get(), in_.get() + begin_, kept);
    in_ = std::move(larger);
    capacity_ = capacity;
  }
  begin_ = 0;
  end_ = kept;
}

std::optional<Channel::Received> Channel::receive(std::optional<Steady> deadline) {
  if (!fill(kHead, deadline)) return {};
  std::uint32_t length = 0;
  std::memcpy(&length, in_.get() + begin_, sizeof length);
  if (length > kLargestFrame) {
    fault_ = Fault::nonsense;
    return {};
  }
  if (!fill(kHead + length, deadline)) return {};
  const auto* frame = in_.get() + begin_;
  begin_ += kHead + length;
  return Received{static_cast<Frame>(frame[sizeof length]), {frame + kHead, length}};
}

}  // namespace hkl::isolation
