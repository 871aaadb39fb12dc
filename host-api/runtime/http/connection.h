// One connection of the server, for as long as it lives.
#pragma once

#include <Poco/Net/TCPServerConnection.h>

#include <atomic>
#include <functional>

#include "http/request_reader.h"
#include "http/senders.h"
#include "http/server.h"

namespace hkl {

// What all connections share; outlives them.
struct HttpShared {
  HttpSettings settings;
  HttpRoutes routes;
  Networks trusted;
  std::function<Instant()> now;
  HttpServer::Log log;
  bool is_tls = false;
  std::atomic<bool> is_closing{false};
  std::function<bool()> others_wait;
};

class HttpConnection : public Poco::Net::TCPServerConnection {
 public:
  HttpConnection(const Poco::Net::StreamSocket& socket, HttpShared& shared)
      : TCPServerConnection(socket), shared_(shared), reader_(shared.settings.limits) {}
  void run() override;

 private:
  using Step = RequestReader::Step;
  using Deadline = std::chrono::steady_clock::time_point;
  void serve();
  bool wait_for_request(bool is_first);
  bool serve_one();
  bool answer_head();
  // Reads until there is a step; false: the time is over, or the client gone.
  bool read_on(Deadline deadline);
  bool readable(Deadline deadline);
  // Makes the answer and sends it; false: it broke off.
  bool answer(const HttpRoute& route, HttpCall& call, bool keeps_alive);
  void send(const HttpReply& reply, bool keeps_alive);
  void send_bytes(std::string_view bytes);
  bool refuse(const HttpReply& reply);
  void drain();

  HttpShared& shared_;
  RequestReader reader_;
  class Outlet;
  Step step_ = Step::more;
  std::string peer_;
  bool is_gone_ = false;
};

}  // namespace hkl
