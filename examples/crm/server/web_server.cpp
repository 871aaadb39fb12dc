#include "web_server.h"

#include <Poco/Net/HTTPRequestHandler.h>
#include <Poco/Net/HTTPRequestHandlerFactory.h>
#include <Poco/Net/HTTPServer.h>
#include <Poco/Net/HTTPServerRequest.h>
#include <Poco/Net/HTTPServerResponse.h>
#include <Poco/Net/NetException.h>
#include <Poco/Net/SecureServerSocket.h>
#include <Poco/StreamCopier.h>
#include <Poco/String.h>
#include <Poco/ThreadPool.h>
#include <Poco/URI.h>

#include <algorithm>

namespace crm {
namespace {

using Poco::Net::HTTPServerRequest;
using Poco::Net::HTTPServerResponse;

constexpr std::streamsize kBodyAtMost = 8 * 1024 * 1024;
// A connection that is kept open holds its thread too, and a browser keeps six.
constexpr std::size_t kThreadsForRequests = 128;

std::map<std::string, std::string> cookies_of(const HTTPServerRequest& request) {
  Poco::Net::NameValueCollection cookies;
  request.getCookies(cookies);
  return {cookies.begin(), cookies.end()};
}

// Nothing: the body is over the limit.
std::optional<std::string> body_of(HTTPServerRequest& request) {
  if (request.hasContentLength() && request.getContentLength64() > kBodyAtMost) return std::nullopt;
  std::string body;
  char buffer[16384];
  auto& in = request.stream();
  while (in.read(buffer, sizeof buffer) || in.gcount() > 0) {
    body.append(buffer, static_cast<std::size_t>(in.gcount()));
    if (body.size() > static_cast<std::size_t>(kBodyAtMost)) return std::nullopt;
  }
  return body;
}

Request value_of(HTTPServerRequest& from) {
  Request request;
  request.method = from.getMethod();
  request.target = from.getURI();
  const Poco::URI uri(request.target);  // throws for what is no address
  request.path = uri.getPath();
  request.query = uri.getQueryParameters();
  for (const auto& [name, value] : from) request.headers[Poco::toLower(name)] = value;
  request.cookies = cookies_of(from);
  request.peer = from.clientAddress().host().toString();
  request.is_secure = from.secure();
  return request;
}

void send(const Reply& reply, bool is_head, HTTPServerResponse& out) {
  out.setStatusAndReason(static_cast<HTTPServerResponse::HTTPStatus>(reply.status));
  for (const auto& [name, value] : reply.headers) out.add(name, value);
  if (reply.status != 304 && reply.status != 204) out.setContentType(reply.type);
  if (reply.stream) {
    out.setChunkedTransferEncoding(true);
    reply.stream(out.send());
    return;
  }
  out.setContentLength64(static_cast<Poco::Int64>(reply.body.size()));
  auto& body = out.send();
  if (!is_head) body.write(reply.body.data(), static_cast<std::streamsize>(reply.body.size()));
}

class Handler final : public Poco::Net::HTTPRequestHandler {
 public:
  explicit Handler(App& app) : app_(app) {}

  void handleRequest(HTTPServerRequest& in, HTTPServerResponse& out) override {
    try {
      auto request = value_of(in);
      auto body = body_of(in);
      const bool is_head = request.method == "HEAD";
      if (is_head) request.method = "GET";
      if (!body) {
        out.setKeepAlive(false);  // the rest of it is not read
        send(problem(413, "a request's body may have 8 MiB; send records in several"), is_head, out);
        return;
      }
      request.body = std::move(*body);
      send(app_.handle(request), is_head, out);
    } catch (const Poco::SyntaxException&) {
      out.setKeepAlive(false);
      send(problem(400, "the address of the request is no valid one"), false, out);
    } catch (const Poco::Net::NetException&) {
      // The other side is gone: nobody to tell.
    }
  }

 private:
  App& app_;
};

class HandlerFactory final : public Poco::Net::HTTPRequestHandlerFactory {
 public:
  explicit HandlerFactory(App& app) : app_(app) {}
  Poco::Net::HTTPRequestHandler* createRequestHandler(const HTTPServerRequest&) override { return new Handler(app_); }

 private:
  App& app_;
};

Poco::Net::ServerSocket listening(const WebSettings& settings) {
  const Poco::Net::SocketAddress address(settings.listen);
  try {
    if (settings.certificate.empty()) return Poco::Net::ServerSocket(address, 128);
    Poco::Net::Context::Ptr context = new Poco::Net::Context(Poco::Net::Context::TLS_SERVER_USE, settings.key,
                                                             settings.certificate, "", Poco::Net::Context::VERIFY_NONE);
    context->disableProtocols(Poco::Net::Context::PROTO_SSLV2 | Poco::Net::Context::PROTO_SSLV3 |
                              Poco::Net::Context::PROTO_TLSV1 | Poco::Net::Context::PROTO_TLSV1_1);
    return Poco::Net::SecureServerSocket(address, 128, context);
  } catch (const Poco::Exception& failed) {
    throw std::runtime_error("cannot listen on " + settings.listen + ": " + failed.displayText());
  }
}

Poco::Net::HTTPServerParams::Ptr parameters(std::size_t threads) {
  Poco::Net::HTTPServerParams::Ptr parameters = new Poco::Net::HTTPServerParams;
  parameters->setMaxThreads(static_cast<int>(threads));
  parameters->setMaxQueued(256);
  parameters->setKeepAlive(true);
  parameters->setKeepAliveTimeout(Poco::Timespan(3, 0));
  parameters->setTimeout(Poco::Timespan(30, 0));
  return parameters;
}

}  // namespace

struct WebServer::Parts {
  Parts(App& app, const WebSettings& settings)
      : threads(static_cast<int>(app.settings.streams + kThreadsForRequests)),
        pool(2, threads),
        socket(listening(settings)),
        server(new HandlerFactory(app), pool, socket, parameters(static_cast<std::size_t>(threads))) {}

  int threads;
  Poco::ThreadPool pool;
  Poco::Net::ServerSocket socket;
  Poco::Net::HTTPServer server;
};

WebServer::WebServer(App& app, const WebSettings& settings) : parts_(std::make_unique<Parts>(app, settings)) {
  parts_->server.start();
}

WebServer::~WebServer() { stop(); }

std::string WebServer::address() const {
  return (parts_->socket.secure() ? "https://" : "http://") + parts_->socket.address().toString();
}

void WebServer::stop() {
  parts_->server.stopAll(true);
  parts_->pool.joinAll();
}

}  // namespace crm
