#include "http/connection.h"

#include <Poco/DateTimeFormat.h>
#include <Poco/DateTimeFormatter.h>
#include <Poco/Net/NetException.h>
#include <Poco/Timestamp.h>
#include <fmt/format.h>

#include <array>
#include <csignal>

#include "hookline/host.h"

namespace hkl {
namespace {

using std::chrono::steady_clock;

// How long a thread may look away from being told to close.
constexpr Millis kGlance{200};
constexpr std::size_t kPiece = 16384;
// What a client that was refused goes on sending is read and dropped for so
// long: closing at once would reset the connection, and take our answer with it.
constexpr std::chrono::seconds kDrainTime{2};
constexpr std::size_t kDrainBytes = 16 << 20;
constexpr std::chrono::seconds kSendTime{20};

Poco::Timespan span_of(steady_clock::duration span) {
  return std::max<Poco::Timespan::TimeDiff>(std::chrono::duration_cast<std::chrono::microseconds>(span).count(), 1000);
}

// How the body's end is told.
enum class Framing { length, chunked, close };

std::string head_of(const HttpReply& reply, Instant now, bool keeps_alive, Framing framing = Framing::length) {
  auto head = fmt::format(
      "HTTP/1.1 {} {}\r\nDate: {}\r\n", reply.status, reason_phrase(reply.status),
      Poco::DateTimeFormatter::format(Poco::Timestamp(ms_of(now) * 1000), Poco::DateTimeFormat::HTTP_FORMAT));
  bool has_caching = false;
  if (!reply.content_type.empty()) head += fmt::format("Content-Type: {}\r\n", reply.content_type);
  for (const auto& [name, value] : reply.headers) {
    head += fmt::format("{}: {}\r\n", name, value);
    has_caching = has_caching || same_header(name, "Cache-Control");
  }
  if (!has_caching) head += "Cache-Control: no-store\r\n";
  if (framing == Framing::chunked) head += "Transfer-Encoding: chunked\r\n";
  if (framing == Framing::length && reply.status != 204 && reply.status != 304)
    head += fmt::format("Content-Length: {}\r\n", reply.body.size());
  head += "X-Content-Type-Options: nosniff\r\n";
  return head + (keeps_alive ? "Connection: keep-alive\r\n\r\n" : "Connection: close\r\n\r\n");
}

}  // namespace

// Chunks (RFC 9112 §7.1), or all until the end of the connection for a client
// of HTTP/1.0.
class HttpConnection::Outlet final : public HttpOutlet {
 public:
  Outlet(HttpConnection& connection, const HttpRequest& request, bool keeps_alive)
      : connection_(connection),
        is_head_(request.method == "HEAD"),
        is_old_(request.is_old),
        keeps_alive_(keeps_alive && !request.is_old) {}

  void begin(const HttpReply& head) override {
    has_begun_ = true;
    connection_.send_bytes(
        head_of(head, connection_.shared_.now(), keeps_alive_, is_old_ ? Framing::close : Framing::chunked));
  }
  void write(std::string_view bytes) override {
    if (bytes.empty() || is_head_) return;
    if (is_old_) return connection_.send_bytes(bytes);
    connection_.send_bytes(fmt::format("{:x}\r\n", bytes.size()));
    connection_.send_bytes(bytes);
    connection_.send_bytes("\r\n");
  }
  // Who listens says nothing more: what comes can only be the end.
  bool is_wanted() override {
    auto& socket = connection_.socket();
    return !connection_.shared_.is_closing && !socket.poll(Poco::Timespan(0), Poco::Net::Socket::SELECT_READ);
  }
  bool has_begun() const { return has_begun_; }
  void end() {
    if (!is_head_ && !is_old_) connection_.send_bytes("0\r\n\r\n");
  }

 private:
  HttpConnection& connection_;
  bool is_head_, is_old_, keeps_alive_, has_begun_ = false;
};

void HttpConnection::run() {
  // Signals are the program's that we are in, and a TLS library writes to a
  // closed socket without asking for no SIGPIPE.
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, nullptr);
  try {
    peer_ = address_text(socket().peerAddress().host());
    socket().setNoDelay(true);
    socket().setSendTimeout(span_of(kSendTime));
    serve();
  } catch (const Poco::Exception& error) {
    // A client that went, or speaks no TLS: nothing was promised to it.
    shared_.log(HKL_LOG_DEBUG, fmt::format("http: {}: {}", peer_, error.displayText()));
  } catch (const std::exception& error) {
    shared_.log(HKL_LOG_ERROR, fmt::format("http: {}: {}", peer_, error.what()));
  }
}

void HttpConnection::serve() {
  for (bool is_first = true; wait_for_request(is_first); is_first = false)
    if (!serve_one()) return;
}

// True when something of a request has come.
bool HttpConnection::wait_for_request(bool is_first) {
  if (step_ != Step::more || !reader_.is_idle()) return true;
  const auto until = steady_clock::now() + (is_first ? shared_.settings.head_time : shared_.settings.idle_time);
  while (steady_clock::now() < until) {
    if (shared_.is_closing || (!is_first && shared_.others_wait())) return false;
    if (socket().poll(span_of(kGlance), Poco::Net::Socket::SELECT_READ)) return true;
  }
  return false;
}

bool HttpConnection::readable(Deadline deadline) {
  for (;;) {
    const auto left = deadline - steady_clock::now();
    if (left <= steady_clock::duration::zero() || shared_.is_closing) return false;
    if (socket().poll(span_of(std::min<steady_clock::duration>(left, kGlance)), Poco::Net::Socket::SELECT_READ))
      return true;
  }
}

bool HttpConnection::read_on(Deadline deadline) {
  std::array<char, kPiece> piece;
  while (step_ == Step::more) {
    if (!readable(deadline)) return false;
    socket().setReceiveTimeout(span_of(deadline - steady_clock::now()));
    const auto got = socket().receiveBytes(piece.data(), static_cast<int>(piece.size()));
    if (got <= 0) {
      is_gone_ = true;
      return false;
    }
    step_ = reader_.take({piece.data(), static_cast<std::size_t>(got)});
  }
  return true;
}

bool HttpConnection::serve_one() {
  if (!read_on(steady_clock::now() + shared_.settings.head_time)) {
    if (is_gone_ || reader_.is_idle()) return false;
    return refuse(http_error(408, "the request did not come to its end in time"));
  }
  if (step_ == Step::fault) return refuse(http_error(reader_.fault().status, reader_.fault().why));
  return answer_head();
}

bool HttpConnection::answer_head() {
  auto& request = reader_.request();
  request.is_tls = shared_.is_tls;
  request.received_at = shared_.now();
  find_sender(request, peer_, shared_.trusted);
  auto found = shared_.routes.find(request);
  if (found.route == nullptr) return refuse(found.refusal);
  HttpCall call{request, std::move(found.names), std::move(found.rest)};
  if (found.route->admit)
    if (const auto refusal = found.route->admit(call)) return refuse(*refusal);

  const bool awaits = reader_.awaits_continue();
  step_ = reader_.go_on(found.route->body_bytes);
  if (awaits && step_ == Step::more) send_bytes("HTTP/1.1 100 Continue\r\n\r\n");
  if (!read_on(steady_clock::now() + shared_.settings.body_time)) {
    if (is_gone_) return false;
    return refuse(http_error(408, "the body did not come to its end in time"));
  }
  if (step_ == Step::fault) return refuse(http_error(reader_.fault().status, reader_.fault().why));

  const bool keeps_alive = request.keeps_alive && !shared_.is_closing;
  if (!answer(*found.route, call, keeps_alive)) return false;
  step_ = reader_.next();
  if (!keeps_alive) drain();
  return keeps_alive;
}

bool HttpConnection::answer(const HttpRoute& route, HttpCall& call, bool keeps_alive) {
  Outlet outlet(*this, call.request, keeps_alive);
  std::optional<HttpReply> reply;
  try {
    reply = route.stream ? route.stream(call, outlet) : route.answer(call);
  } catch (const std::exception& error) {
    if (outlet.has_begun()) throw;
    shared_.log(HKL_LOG_ERROR, fmt::format("http: {} {}: {}", call.request.method, route.pattern, error.what()));
    reply = http_error(500, "this failed here; the log tells why");
  }
  if (outlet.has_begun()) {
    outlet.end();
    return !call.request.is_old;
  }
  if (!reply) return false;
  if (call.request.method == "HEAD") {
    send_bytes(head_of(*reply, shared_.now(), keeps_alive));
  } else {
    send(*reply, keeps_alive);
  }
  return true;
}

void HttpConnection::send(const HttpReply& reply, bool keeps_alive) {
  send_bytes(head_of(reply, shared_.now(), keeps_alive) + reply.body);
}

void HttpConnection::send_bytes(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto piece = std::min(bytes.size(), kPiece);
    const auto sent = socket().sendBytes(bytes.data(), static_cast<int>(piece));
    if (sent <= 0) throw Poco::Net::ConnectionResetException("the client takes no more");
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

// The rest of the request is of no interest: the connection is of no more use.
bool HttpConnection::refuse(const HttpReply& reply) {
  send(reply, false);
  drain();
  return false;
}

void HttpConnection::drain() {
  socket().shutdownSend();
  const auto until = steady_clock::now() + kDrainTime;
  std::array<char, kPiece> piece;
  for (std::size_t dropped = 0; dropped < kDrainBytes && readable(until);) {
    socket().setReceiveTimeout(span_of(until - steady_clock::now()));
    const auto got = socket().receiveBytes(piece.data(), static_cast<int>(piece.size()));
    if (got <= 0) return;
    dropped += static_cast<std::size_t>(got);
  }
}

}  // namespace hkl
