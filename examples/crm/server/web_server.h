// The sockets: HTTP or HTTPS by Poco, one thread a request, in front of an App.
#pragma once

#include <memory>
#include <string>

#include "app.h"

namespace crm {

struct WebSettings {
  std::string listen = "127.0.0.1:8080";  // port 0: a free one
  std::string certificate, key;           // PEM files; both or none
};

class WebServer {
 public:
  // Listens. Throws std::runtime_error or Poco::Exception that names the address.
  WebServer(App& app, const WebSettings& settings);
  ~WebServer();
  // "http://127.0.0.1:8080"
  std::string address() const;
  void stop();

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace crm
