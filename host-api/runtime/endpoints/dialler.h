// Makes one connection: finds the addresses of a name, tries them in turn,
// shakes hands when it is to be TLS; all of it within one time limit and
// without blocking.
#pragma once

#include <Poco/Net/SecureStreamSocket.h>

#include <deque>
#include <memory>
#include <optional>
#include <string>

#include "endpoints/lookup.h"
#include "endpoints/tcp_line.h"
#include "endpoints/tls_trust.h"
#include "endpoints/waiting.h"
#include "values/instant.h"

namespace hkl {

class Dialler {
 public:
  // `trust` (not owned) is null for a plain connection.
  Dialler(std::string host, std::uint16_t port, TlsTrust* trust, Millis limit);

  void plan(Waiting& waiting);
  // Nothing while it goes on; else the line, or why there is none: "Connection
  // refused", "no answer within 10 s".
  std::optional<Result<TcpLine>> work(const Waiting& waiting);

 private:
  using Outcome = std::optional<Result<TcpLine>>;
  Outcome find();
  Outcome dial_next();
  Outcome connected();
  Outcome shake();

  std::string host_;
  TlsTrust* trust_;
  Millis limit_;
  Steady give_up_at_;
  Lookup lookup_;
  std::deque<Poco::Net::SocketAddress> left_;
  std::string last_fault_;
  std::optional<Poco::Net::StreamSocket> plain_;         // being connected
  std::optional<Poco::Net::SecureStreamSocket> secure_;  // shaking hands
  short awaited_ = 0;
  std::optional<std::size_t> place_;  // in this wait
};

}  // namespace hkl
