#include "endpoints/serial_endpoint.h"

#include <fmt/format.h>
#include <unistd.h>

#include <random>
#include <system_error>

namespace hkl {
namespace {

constexpr std::chrono::seconds kLongestRest{60};
// What is sent to a PBX that prints is a password; more than this nobody reads.
constexpr std::size_t kMostUnwritten = 65536;

bool is_not_now(int code) { return code == EAGAIN || code == EINTR; }

}  // namespace

Result<std::unique_ptr<Endpoint>> SerialEndpoint::make(const EndpointWish& wish, SourceDesk& desk) {
  const auto line = SerialLine::parse(wish.port, wish.query);
  if (!line) return fail(line.error().in(wish.address));
  return std::unique_ptr<Endpoint>(new SerialEndpoint(wish, *line, desk));
}

SerialEndpoint::SerialEndpoint(const EndpointWish& wish, const SerialLine& line, SourceDesk& desk)
    : desk_(desk),
      wish_(wish),
      line_(line),
      slot_(desk.health().add_endpoint()),
      backoff_(desk.setup().first_pause, kLongestRest, std::random_device{}()),
      rest_until_(steady_now()) {}

SerialEndpoint::~SerialEndpoint() {
  if (is_open()) ::close(fd_);
}

void SerialEndpoint::plan(Waiting& waiting) {
  if (!is_open()) return waiting.until(rest_until_);
  place_ = waiting.watch(fd_, static_cast<short>(POLLIN | (unsent_.empty() ? 0 : POLLOUT)));
  if (ending_) waiting.until(steady_now());
}

void SerialEndpoint::work(const Waiting& waiting) {
  if (!is_open()) {
    if (steady_now() >= rest_until_) open();
    return;
  }
  if (!ending_ && waiting.ready(place_) != 0) {
    flush();
    read();
  }
  if (ending_) hang_up();
}

void SerialEndpoint::open() {
  desk_.health().show(slot_, "connecting", "opening " + wish_.address);
  const auto fd = open_serial(wish_.address, line_);
  if (!fd) return rest(fd.error().text, Millis(0));
  fd_ = *fd;
  is_live_ = false;
  ending_.reset();
  unsent_.clear();
  // A place in the wait that is going on it has not.
  connection_ = desk_.new_connection(*this, Flow::line);
  const auto opened = desk_.opened(connection_, wish_.name, wish_.address);
  if (opened) return;
  ::close(std::exchange(fd_, -1));
  rest(fmt::format("{}: {}", wish_.address, opened.error().text), Millis(0));
}

void SerialEndpoint::read() {
  if (ending_) return;
  const auto got = ::read(fd_, buffer_.data(), buffer_.size());
  if (got < 0 && is_not_now(errno)) return;
  if (got <= 0) {
    ending_ = Ending{got == 0 ? "the device is gone" : std::system_category().message(errno)};
    return;
  }
  // It speaks: the next pause is a short one again.
  backoff_.reset();
  const auto fed = desk_.feed(connection_, {buffer_.data(), static_cast<std::size_t>(got)});
  if (!fed) ending_ = Ending{fed.error().text};
}

void SerialEndpoint::flush() {
  while (!unsent_.empty()) {
    const auto sent = ::write(fd_, unsent_.data(), unsent_.size());
    if (sent < 0 && !is_not_now(errno)) ending_ = Ending{std::system_category().message(errno)};
    if (sent <= 0) return;
    unsent_.erase(0, static_cast<std::size_t>(sent));
  }
}

void SerialEndpoint::hang_up() {
  const auto ending = *std::exchange(ending_, std::nullopt);
  ::close(std::exchange(fd_, -1));
  desk_.closed(connection_);
  desk_.health().count([](SourceHealth& health) { ++health.reconnects; });
  rest(fmt::format("{}: {}", wish_.address, ending.why), ending.after);
}

void SerialEndpoint::rest(const std::string& sentence, Millis at_least) {
  const auto pause = std::max(backoff_.next(), at_least);
  rest_until_ = steady_now() + pause;
  const auto text =
      fmt::format("{}; next try in {} s", sentence, std::chrono::ceil<std::chrono::seconds>(pause).count());
  desk_.log().write_rarely(HKL_LOG_WARNING, sentence, text);
  desk_.health().show(slot_, "waiting", text);
}

void SerialEndpoint::end() {
  if (!is_open()) return;
  ::close(std::exchange(fd_, -1));
  desk_.closed(connection_);
}

void SerialEndpoint::send(std::uint64_t connection, std::string_view bytes) {
  if (!is_open() || connection != connection_ || ending_) return;
  if (unsent_.size() + bytes.size() > kMostUnwritten) {
    ending_ = Ending{"takes nothing of what is sent to it"};
    return;
  }
  unsent_ += bytes;
  flush();
}

void SerialEndpoint::close_asked(std::uint64_t connection, Millis after, const std::string& why) {
  if (is_open() && connection == connection_) ending_ = Ending{why, after};
}

void SerialEndpoint::state_told(std::uint64_t connection, std::uint32_t state, const std::string& text) {
  if (!is_open() || connection != connection_ || is_live_) return;
  if (state != HKL_SOURCE_LIVE) {
    desk_.health().show(slot_, state == HKL_SOURCE_REFUSED ? "refused" : "connecting", text);
    return;
  }
  is_live_ = true;
  const auto at = desk_.now();
  desk_.live_again();
  desk_.health().count([&](SourceHealth& health) { health.connected_at = at; });
  desk_.log().forget();
  desk_.log().write(HKL_LOG_INFO, fmt::format("reads {}: {}", wish_.address, text));
  desk_.health().show(slot_, "live", text);
}

}  // namespace hkl
