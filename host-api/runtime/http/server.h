// The HTTP server of a runtime: listens, reads requests within limits, hands
// them to their routes on a bounded number of threads.
//
// start() and the destructor from one thread; the rest from any.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "http/request_reader.h"
#include "http/routes.h"
#include "values/result.h"

namespace hkl {

struct HttpSettings {
  std::string listen = "127.0.0.1:8080";  // address:port, [::1]:8080; port 0: a free one
  std::string certificate, key;           // PEM files; empty: no TLS
  HttpLimits limits;
  std::size_t connections = 32;  // served at once, a thread each; as many wait, others are turned away
  Millis head_time{10000};       // for the request line and headers to come
  Millis body_time{30000};       // for the body to come
  Millis idle_time{30000};       // between two requests; nobody's when others wait
  std::vector<std::string> trusted_proxies;
};

class HttpServer {
 public:
  using Log = std::function<void(std::uint32_t level, const std::string& line)>;
  // HKL_RESOURCE: the address cannot be listened on; HKL_BAD_SETTINGS: it,
  // a network or a certificate is none.
  static Result<std::unique_ptr<HttpServer>> start(HttpSettings settings, HttpRoutes routes,
                                                   std::function<Instant()> now, Log log);
  // Waits for the answers that are being made.
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  // Takes no more connections, and no more requests on those that stand.
  void close_door();
  // "http://127.0.0.1:8080", with the port that was found.
  const std::string& url() const;

 private:
  struct State;
  explicit HttpServer(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// "127.0.0.1:8080" taken apart; HKL_BAD_SETTINGS says how it is written.
struct ListenAddress {
  std::string host;
  std::uint16_t port = 0;
};
Result<ListenAddress> listen_address(const std::string& text);

}  // namespace hkl
