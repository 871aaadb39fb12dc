#include "endpoints/http_asker.h"

#include <Poco/Exception.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/Net/HTTPSClientSession.h>
#include <Poco/Net/SecureStreamSocket.h>
#include <Poco/Net/StreamSocketImpl.h>
#include <Poco/URI.h>
#include <fmt/format.h>
#include <sys/socket.h>

#include <array>
#include <charconv>
#include <csignal>

#include "hookline/types.h"

namespace hkl {
namespace {

constexpr std::int64_t kLongestRetry = 3600;  // s: a vendor that wants to be left alone longer is asked all the same

bool is_this_machine(const std::string& host) {
  return host == "localhost" || host == "::1" || host.starts_with("127.");
}

std::optional<Millis> retry_after(const Poco::Net::HTTPResponse& response) {
  const auto text = response.get("Retry-After", "");
  std::int64_t seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (text.empty() || error != std::errc() || end != text.data() + text.size() || seconds < 0) return std::nullopt;
  return std::chrono::seconds(std::min(seconds, kLongestRetry));
}

}  // namespace

Done judge_address(const std::string& url) {
  try {
    const Poco::URI uri(url);
    if (uri.getHost().empty() || (uri.getScheme() != "https" && uri.getScheme() != "http"))
      return fail(HKL_BAD_SETTINGS,
                  fmt::format("\"{}\" is no address to ask; write https://HOST/PATH", shown_url(url)));
    if (uri.getScheme() == "http" && !is_this_machine(uri.getHost()))
      return fail(HKL_BAD_SETTINGS, fmt::format("{}: only this machine is asked without TLS, as the request carries "
                                                "a key; write https",
                                                shown_url(url)));
    return {};
  } catch (const Poco::Exception&) {
    return fail(HKL_BAD_SETTINGS, "what is to be asked is no address; write https://HOST/PATH");
  }
}

std::string shown_url(const std::string& url) {
  auto shown = url.substr(0, url.find_first_of("?#"));
  const auto at = shown.rfind('@');
  const auto host = shown.find("://");
  if (at != std::string::npos && host != std::string::npos && at > host) shown.erase(host + 3, at - host - 2);
  return shown;
}

// The session of one request with one address of the host, known to cancel()
// while it is waited at.
class HttpAsker::Wire {
 public:
  Wire(HttpAsker& asker, const Poco::URI& uri, const Poco::Net::SocketAddress& address) : asker_(asker), uri_(uri) {
    if (uri.getScheme() == "https") {
      Poco::Net::SecureStreamSocket socket(asker.trust_->context());
      socket.setPeerHostName(uri.getHost());  // whose certificate it has to be
      session_ = std::make_unique<Poco::Net::HTTPSClientSession>(socket);
    } else {
      session_ = std::make_unique<Poco::Net::HTTPClientSession>();
    }
    session_->setHost(address.host().toString());
    session_->setPort(address.port());
    const auto span = [](Millis ms) { return Poco::Timespan(ms.count() * 1000); };
    session_->setTimeout(span(asker.limits_.connect), span(asker.limits_.silence), span(asker.limits_.silence));
  }
  ~Wire() { show(-1); }
  Wire(const Wire&) = delete;
  Wire& operator=(const Wire&) = delete;
  Poco::Net::HTTPClientSession& session() { return *session_; }
  const Poco::URI& uri() const { return uri_; }
  // From here on a cancel() wakes us, and no other address is tried.
  bool stands() {
    is_connected_ = true;
    return show(session_->socket().impl()->sockfd());
  }
  bool is_connected() const { return is_connected_; }

 private:
  bool show(int fd) {
    const std::lock_guard lock(asker_.mutex_);
    asker_.wire_ = fd;
    if (fd >= 0 && !asker_.is_cancelled_) asker_.may_be_sent_ = true;
    // What Poco's stream still holds it sends as it ends: without a body that is
    // all of the request. A socket that is shut down takes nothing.
    if (fd >= 0 && asker_.is_cancelled_) (void)::shutdown(fd, SHUT_RDWR);
    return !asker_.is_cancelled_;
  }
  HttpAsker& asker_;
  const Poco::URI& uri_;
  std::unique_ptr<Poco::Net::HTTPClientSession> session_;
  bool is_connected_ = false;
};

HttpAsker::HttpAsker(std::function<void()> ring, std::unique_ptr<TlsTrust> trust, Limits limits)
    : ring_(std::move(ring)), trust_(std::move(trust)), limits_(limits), thread_([this] { run(); }) {}

HttpAsker::~HttpAsker() {
  {
    const std::lock_guard lock(mutex_);
    is_ending_ = true;
  }
  cancel();
  wanted_.notify_all();
  thread_.join();
}

void HttpAsker::ask(HookAsk ask) {
  {
    const std::lock_guard lock(mutex_);
    is_cancelled_ = may_be_sent_ = false;
    answer_.reset();
    ask_ = std::move(ask);
  }
  wanted_.notify_all();
}

std::optional<Result<HttpAnswer>> HttpAsker::answer() {
  const std::lock_guard lock(mutex_);
  return std::exchange(answer_, std::nullopt);
}

void HttpAsker::cancel() {
  const std::lock_guard lock(mutex_);
  is_cancelled_ = true;
  // Only told, not closed: its number could be another's by then.
  if (wire_ >= 0) (void)::shutdown(wire_, SHUT_RDWR);
}

void HttpAsker::run() {
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, nullptr);
  for (;;) {
    HookAsk ask;
    {
      std::unique_lock lock(mutex_);
      wanted_.wait(lock, [this] { return ask_ || is_ending_; });
      if (is_ending_) return;
      ask = std::move(*ask_);
      ask_.reset();
    }
    auto answer = perform(ask);
    {
      const std::lock_guard lock(mutex_);
      if (is_cancelled_) answer = fail(HKL_CANCELLED, "it took too long");
      answer_ = std::move(answer);
    }
    ring_();
  }
}

bool HttpAsker::may_be_sent() {
  const std::lock_guard lock(mutex_);
  return may_be_sent_;
}

bool HttpAsker::is_cancelled() {
  const std::lock_guard lock(mutex_);
  return is_cancelled_;
}

// A name server that does not answer must keep nobody from ending.
Result<Lookup::Addresses> HttpAsker::addresses_of(const std::string& host, std::uint16_t port) {
  constexpr Millis kStep{5};
  Lookup lookup(host, port);
  for (Millis waited{0}; waited < limits_.connect && !is_cancelled(); waited += kStep) {
    if (auto found = lookup.result()) return std::move(*found);
    std::this_thread::sleep_for(kStep);
  }
  return fail(HKL_TIMEOUT, fmt::format("no name server tells the address of {}", host));
}

Result<HttpAnswer> HttpAsker::perform(const HookAsk& ask) {
  if (auto judged = judge_address(ask.url); !judged) return fail(judged.error());
  const Poco::URI uri(ask.url);
  const auto addresses = addresses_of(uri.getHost(), uri.getPort());
  if (!addresses) return fail(addresses.error());
  Result<HttpAnswer> answer = fail(HKL_UNAVAILABLE, "it has no address");
  for (const auto& address : *addresses) {
    if (is_cancelled()) return fail(HKL_CANCELLED, "it was taken back");
    Wire wire(*this, uri, address);
    answer = perform(ask, wire);
    if (answer || wire.is_connected()) break;
  }
  return answer;
}

Result<HttpAnswer> HttpAsker::perform(const HookAsk& ask, Wire& wire) {
  try {
    auto target = wire.uri().getPathEtc();
    if (target.empty() || target.front() != '/') target.insert(0, 1, '/');
    Poco::Net::HTTPRequest request(ask.method, target, Poco::Net::HTTPMessage::HTTP_1_1);
    request.setHost(wire.uri().getHost(), wire.uri().getPort());
    request.set("User-Agent", "Hookline/" HKL_VERSION_TEXT);
    for (const auto& [name, value] : ask.headers) request.set(name, value);
    if (!ask.body.empty() || ask.method == "POST")
      request.setContentLength(static_cast<std::streamsize>(ask.body.size()));
    auto& out = wire.session().sendRequest(request);
    if (!wire.stands()) return fail(HKL_CANCELLED, "it was taken back");
    out << ask.body;
    out.flush();
    Poco::Net::HTTPResponse response;
    auto& in = wire.session().receiveResponse(response);
    HttpAnswer answer{static_cast<std::uint32_t>(response.getStatus()), {}, retry_after(response)};
    std::array<char, 65536> piece{};
    while (in.read(piece.data(), piece.size()), in.gcount() > 0) {
      answer.body.append(piece.data(), static_cast<std::size_t>(in.gcount()));
      if (answer.body.size() > limits_.body_bytes)
        return fail(HKL_RESOURCE, fmt::format("its answer is above {} bytes", limits_.body_bytes));
    }
    if (in.bad()) return fail(HKL_UNAVAILABLE, "its answer breaks off");
    if (response.hasContentLength() && answer.body.size() != static_cast<std::uint64_t>(response.getContentLength64()))
      return fail(HKL_UNAVAILABLE, "its answer breaks off");
    return answer;
  } catch (const Poco::TimeoutException&) {
    return fail(HKL_TIMEOUT, "does not answer");
  } catch (const Poco::Exception& error) {
    const auto complaint = trust_->take_complaint();
    return fail(HKL_UNAVAILABLE, complaint.empty() ? error.displayText() : complaint);
  } catch (const std::exception& error) {
    return fail(HKL_INTERNAL, error.what());
  }
}

}  // namespace hkl
