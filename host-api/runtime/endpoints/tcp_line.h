// A connected TCP line, plain or TLS, that never blocks.
#pragma once

#include <Poco/Net/StreamSocket.h>

#include <string>
#include <string_view>

#include "values/result.h"

namespace hkl {

class TcpLine {
 public:
  // `socket` is connected and does not block; with TLS its handshake is done.
  explicit TcpLine(const Poco::Net::StreamSocket& socket) : socket_(socket) {}

  int fd() const { return socket_.impl()->sockfd(); }
  // What poll() is to watch for.
  short events() const;

  // Bytes in `buffer`; 0 when there are none now. The error says how the
  // connection ended.
  Result<std::size_t> read(char* buffer, std::size_t size);
  // Takes bytes to send. HKL_RESOURCE: a megabyte waits already, so the other
  // side has stopped reading.
  Done write(std::string_view bytes);
  // Sends what can be sent now.
  Done flush();

 private:
  Poco::Net::StreamSocket socket_;
  std::string unsent_;
  bool read_needs_room_ = false;  // TLS: it must write before it can read
};

// Close-on-exec, keep-alive within two minutes, no delay.
void prepare_socket(Poco::Net::StreamSocket& socket);

// "Connection refused": the system's words without Poco's names around them.
std::string socket_fault(int code, const std::string& otherwise);

}  // namespace hkl
