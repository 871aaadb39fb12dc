#include "http/server.h"

#include <Poco/Net/Context.h>
#include <Poco/Net/NetException.h>
#include <Poco/Net/SSLManager.h>
#include <Poco/Net/SecureServerSocket.h>
#include <Poco/Net/ServerSocket.h>
#include <Poco/Net/TCPServer.h>
#include <Poco/ThreadPool.h>
#include <fmt/format.h>

#include <charconv>
#include <csignal>

#include "http/connection.h"

namespace hkl {
namespace {

class ConnectionFactory : public Poco::Net::TCPServerConnectionFactory {
 public:
  explicit ConnectionFactory(HttpShared& shared) : shared_(shared) {}
  Poco::Net::TCPServerConnection* createConnection(const Poco::Net::StreamSocket& socket) override {
    return new HttpConnection(socket, shared_);  // Poco's to delete
  }

 private:
  HttpShared& shared_;
};

// New threads inherit it: signals are the program's that we are in.
class NoSignals {
 public:
  NoSignals() {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &before_);
  }
  ~NoSignals() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  NoSignals(const NoSignals&) = delete;
  NoSignals& operator=(const NoSignals&) = delete;

 private:
  sigset_t before_{};
};

Result<Poco::Net::ServerSocket> make_socket(const HttpSettings& settings, const Poco::Net::SocketAddress& address) {
  constexpr int kBacklog = 128;
  Poco::Net::ServerSocket socket;
  try {
    if (!settings.certificate.empty()) {
      Poco::Net::Context::Params params;
      params.privateKeyFile = settings.key;
      params.certificateFile = settings.certificate;
      params.verificationMode = Poco::Net::Context::VERIFY_NONE;  // of clients; they have no certificates
      params.loadDefaultCAs = false;
      Poco::Net::Context::Ptr context(new Poco::Net::Context(Poco::Net::Context::TLS_SERVER_USE, params));
      context->requireMinimumProtocol(Poco::Net::Context::PROTO_TLSV1_2);
      context->enableSessionCache(false);
      socket = Poco::Net::SecureServerSocket(context);
    }
  } catch (const Poco::Exception& error) {
    return fail(HKL_BAD_SETTINGS, fmt::format("http.tls: {} and {} make no certificate and key: {}",
                                              settings.certificate, settings.key, error.displayText()));
  }
  try {
    if (address.family() == Poco::Net::SocketAddress::IPv6) {
      socket.bind6(address, true, false, false);
    } else {
      socket.bind(address, true, false);
    }
    socket.listen(kBacklog);
  } catch (const Poco::Exception& error) {
    return fail(HKL_RESOURCE, fmt::format("cannot listen on {}: {}; another program may have that port, choose another",
                                          settings.listen, error.displayText()));
  }
  return socket;
}

}  // namespace

Result<ListenAddress> listen_address(const std::string& text) {
  const auto colon = text.rfind(':');
  const auto refuse = [&] {
    return fail(HKL_BAD_SETTINGS,
                fmt::format("\"{}\" is no address to listen on; write 127.0.0.1:8080 or [::1]:8080", text));
  };
  if (colon == std::string::npos) return refuse();
  ListenAddress address{text.substr(0, colon), 0};
  const auto* end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data() + colon + 1, end, address.port);
  if (error != std::errc() || stopped != end) return refuse();
  auto& host = address.host;
  const bool is_bracketed = host.starts_with('[') && host.ends_with(']');
  if (is_bracketed) host = host.substr(1, host.size() - 2);
  if (host == "localhost") host = "127.0.0.1";
  Poco::Net::IPAddress ip;
  if (!Poco::Net::IPAddress::tryParse(host, ip) || (ip.family() == Poco::Net::IPAddress::IPv6) != is_bracketed)
    return refuse();
  return address;
}

struct HttpServer::State {
  HttpShared shared;
  std::string url;
  std::unique_ptr<Poco::ThreadPool> threads;
  std::unique_ptr<Poco::Net::TCPServer> server;
};

HttpServer::HttpServer(std::unique_ptr<State> state) : state_(std::move(state)) {}

Result<std::unique_ptr<HttpServer>> HttpServer::start(HttpSettings settings, HttpRoutes routes,
                                                      std::function<Instant()> now, Log log) {
  const auto asked = listen_address(settings.listen);
  if (!asked) return fail(asked.error().in("http.listen"));
  auto trusted = Networks::of(settings.trusted_proxies);
  if (!trusted) return fail(trusted.error().in("http.trusted_proxies"));
  auto state = std::make_unique<State>();
  auto& shared = state->shared;
  shared.settings = std::move(settings);
  shared.routes = std::move(routes);
  shared.trusted = std::move(*trusted);
  shared.now = std::move(now);
  shared.log = std::move(log);
  shared.is_tls = !shared.settings.certificate.empty();
  auto socket = make_socket(shared.settings, Poco::Net::SocketAddress(asked->host, asked->port));
  if (!socket) return fail(socket.error());

  const auto threads = static_cast<int>(std::max<std::size_t>(shared.settings.connections, 1));
  Poco::Net::TCPServerParams::Ptr params(new Poco::Net::TCPServerParams);
  params->setMaxThreads(threads);
  params->setMaxQueued(threads);
  try {
    const NoSignals quiet;
    state->threads = std::make_unique<Poco::ThreadPool>("http", 1, threads + 1);  // one accepts
    state->server =
        std::make_unique<Poco::Net::TCPServer>(new ConnectionFactory(shared), *state->threads, *socket, params);
    shared.others_wait = [server = state->server.get()] { return server->queuedConnections() > 0; };
    state->url = fmt::format("{}://{}", shared.is_tls ? "https" : "http", socket->address().toString());
    state->server->start();
  } catch (const Poco::Exception& error) {
    return fail(HKL_RESOURCE, fmt::format("cannot serve {}: {}", shared.settings.listen, error.displayText()));
  }
  return std::unique_ptr<HttpServer>(new HttpServer(std::move(state)));
}

HttpServer::~HttpServer() {
  close_door();
  // Those that were accepted and wait for a thread are served, each closed at
  // its first glance.
  state_->threads->joinAll();
}

void HttpServer::close_door() {
  if (state_->shared.is_closing.exchange(true)) return;
  state_->server->stop();
}

const std::string& HttpServer::url() const { return state_->url; }

}  // namespace hkl
