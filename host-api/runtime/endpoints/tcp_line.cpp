#include "endpoints/tcp_line.h"

#include <Poco/Net/NetException.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <system_error>

namespace hkl {
namespace {

constexpr std::size_t kMostUnsent = 1 << 20;
// A dead way to the PBX is noticed after 60 + 4 * 15 seconds of silence, also
// where the adapter asks for no idle limit.
constexpr int kKeepAliveAfterS = 60, kKeepAliveEveryS = 15, kKeepAliveTries = 4;

// Poco tells "not now" by a negative number, a TimeoutException or, when
// sending, an IOException with this code.
bool is_not_now(const Poco::Exception& error) {
  return error.code() == EAGAIN || error.code() == EINTR ||
         dynamic_cast<const Poco::TimeoutException*>(&error) != nullptr;
}

tl::unexpected<Error> broke(const Poco::Exception& error) {
  return fail(HKL_UNAVAILABLE, "the connection broke: " + socket_fault(error.code(), error.displayText()));
}

}  // namespace

std::string socket_fault(int code, const std::string& otherwise) {
  return code > 0 ? std::system_category().message(code) : otherwise;
}

void prepare_socket(Poco::Net::StreamSocket& socket) {
  ::fcntl(socket.impl()->sockfd(), F_SETFD, FD_CLOEXEC);
  socket.setNoDelay(true);
  socket.setKeepAlive(true);
  socket.setOption(IPPROTO_TCP, TCP_KEEPIDLE, kKeepAliveAfterS);
  socket.setOption(IPPROTO_TCP, TCP_KEEPINTVL, kKeepAliveEveryS);
  socket.setOption(IPPROTO_TCP, TCP_KEEPCNT, kKeepAliveTries);
}

short TcpLine::events() const {
  return static_cast<short>(POLLIN | (unsent_.empty() && !read_needs_room_ ? 0 : POLLOUT));
}

Result<std::size_t> TcpLine::read(char* buffer, std::size_t size) {
  try {
    const int got = socket_.receiveBytes(buffer, static_cast<int>(size));
    read_needs_room_ = got == -2;  // SecureStreamSocket::ERR_SSL_WANT_WRITE
    if (got > 0) return static_cast<std::size_t>(got);
    if (got < 0) return 0;
    return fail(HKL_UNAVAILABLE, "closed the connection");
  } catch (const Poco::Exception& error) {
    if (is_not_now(error)) return 0;
    return broke(error);
  }
}

Done TcpLine::write(std::string_view bytes) {
  if (unsent_.size() + bytes.size() > kMostUnsent)
    return fail(HKL_RESOURCE, "takes nothing of what is sent to it; a megabyte waits");
  unsent_ += bytes;
  return flush();
}

Done TcpLine::flush() {
  try {
    while (!unsent_.empty()) {
      const int length = static_cast<int>(std::min<std::size_t>(unsent_.size(), 65536));
      const int sent = socket_.sendBytes(unsent_.data(), length, MSG_NOSIGNAL);
      if (sent <= 0) break;
      unsent_.erase(0, static_cast<std::size_t>(sent));
    }
    return {};
  } catch (const Poco::Exception& error) {
    if (is_not_now(error)) return {};
    return broke(error);
  }
}

}  // namespace hkl
