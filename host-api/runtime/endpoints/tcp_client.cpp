#include "endpoints/tcp_client.h"

#include <fmt/format.h>

#include <random>

namespace hkl {
namespace {

constexpr std::chrono::seconds kConnectLimit{10};
constexpr std::chrono::seconds kLongestPause{60};
// A connection that was good for so many first pauses (ten seconds) was no
// accident: the next pause is a short one again.
constexpr int kGoodForPauses = 10;

std::string place_of(const EndpointWish& wish) {
  const bool is_v6 = wish.address.find(':') != std::string::npos;
  return fmt::format("{}:{}", is_v6 ? "[" + wish.address + "]" : wish.address, wish.port);
}

}  // namespace

Result<std::unique_ptr<Endpoint>> TcpClient::make(const EndpointWish& wish, SourceDesk& desk) {
  std::unique_ptr<TlsTrust> trust;
  if (wish.use_tls) {
    auto made = TlsTrust::make(wish.tls_ca);
    if (!made) return fail(made.error().in(place_of(wish)));
    trust = std::move(*made);
  }
  return std::unique_ptr<Endpoint>(new TcpClient(wish, desk, std::move(trust)));
}

TcpClient::TcpClient(const EndpointWish& wish, SourceDesk& desk, std::unique_ptr<TlsTrust> trust)
    : desk_(desk),
      wish_(wish),
      place_(place_of(wish)),
      trust_(std::move(trust)),
      slot_(desk.health().add_endpoint()),
      backoff_(desk.setup().first_pause, kLongestPause, std::random_device{}()),
      rest_until_(steady_now()) {}

void TcpClient::plan(Waiting& waiting) {
  if (talk_) {
    talk_->place = waiting.watch(talk_->line.fd(), talk_->line.events());
    if (talk_->ending) waiting.until(steady_now());
    if (wish_.idle > Millis(0)) waiting.until(talk_->heard + wish_.idle);
  } else if (dialler_) {
    dialler_->plan(waiting);
  } else {
    waiting.until(rest_until_);
  }
}

void TcpClient::work(const Waiting& waiting) {
  if (talk_) return converse(waiting);
  if (!dialler_) {
    if (steady_now() >= rest_until_) dial();
    return;
  }
  auto outcome = dialler_->work(waiting);
  if (!outcome) return;
  dialler_.reset();
  if (*outcome) {
    begin(std::move(**outcome));
  } else {
    rest(fmt::format("{}: {}", place_, outcome->error().text), false, Millis(0));
  }
}

void TcpClient::dial() {
  desk_.health().show(slot_, "connecting", "connecting to " + place_);
  dialler_ =
      std::make_unique<Dialler>(wish_.address, static_cast<std::uint16_t>(wish_.port), trust_.get(), kConnectLimit);
}

void TcpClient::begin(TcpLine line) {
  talk_ = std::make_unique<Talk>(std::move(line));
  talk_->heard = steady_now();
  talk_->id = desk_.new_connection(*this, Flow::line);
  const auto opened = desk_.opened(talk_->id, wish_.name, place_);
  if (opened) return;
  talk_.reset();
  rest(fmt::format("{}: {}", place_, opened.error().text), false, Millis(0));
}

void TcpClient::converse(const Waiting& waiting) {
  const auto ready = waiting.ready(talk_->place);
  if (!talk_->ending && ready != 0) {
    if (auto flushed = talk_->line.flush(); !flushed) talk_->ending = Ending{flushed.error().text};
    if (!talk_->ending) read();
  }
  const bool is_silent = wish_.idle > Millis(0) && steady_now() - talk_->heard >= wish_.idle;
  if (!talk_->ending && is_silent)
    talk_->ending = Ending{fmt::format("nothing was heard for {:g} s", seconds_of(wish_.idle))};
  if (talk_->ending) hang_up();
}

void TcpClient::read() {
  const auto got = talk_->line.read(buffer_.data(), buffer_.size());
  if (!got) {
    talk_->ending = Ending{got.error().text};
    return;
  }
  if (*got == 0) return;
  const auto fed = desk_.feed(talk_->id, {buffer_.data(), *got});
  // Counted from here: while the queue behind us was full nobody was read.
  talk_->heard = steady_now();
  if (!fed) talk_->ending = Ending{fed.error().text};
}

void TcpClient::hang_up() {
  auto talk = std::move(talk_);
  // A last word of the adapter, such as a log-off, where it can still go out.
  (void)talk->line.flush();
  desk_.closed(talk->id);
  desk_.health().count([](SourceHealth& health) { ++health.reconnects; });
  if (talk->live_since && steady_now() - *talk->live_since >= desk_.setup().first_pause * kGoodForPauses)
    backoff_.reset();
  const bool is_refused = !talk->refusal.empty();
  const auto sentence =
      is_refused ? fmt::format("{} {}", place_, talk->refusal) : fmt::format("{}: {}", place_, talk->ending->why);
  rest(sentence, is_refused, talk->ending->after);
}

void TcpClient::rest(const std::string& sentence, bool is_refused, Millis at_least) {
  const auto pause = std::max(backoff_.next(), at_least);
  rest_until_ = steady_now() + pause;
  const auto text =
      fmt::format("{}; next try in {} s", sentence, std::chrono::ceil<std::chrono::seconds>(pause).count());
  desk_.log().write_rarely(HKL_LOG_WARNING, sentence, text);
  desk_.health().show(slot_, is_refused ? "refused" : "waiting", text);
}

void TcpClient::end() {
  dialler_.reset();
  if (!talk_) return;
  const auto talk = std::move(talk_);
  desk_.closed(talk->id);
}

void TcpClient::send(std::uint64_t connection, std::string_view bytes) {
  if (!talk_ || talk_->id != connection || talk_->ending) return;
  if (auto sent = talk_->line.write(bytes); !sent) talk_->ending = Ending{sent.error().text};
}

void TcpClient::close_asked(std::uint64_t connection, Millis after, const std::string& why) {
  if (talk_ && talk_->id == connection) talk_->ending = Ending{why, after};
}

void TcpClient::state_told(std::uint64_t connection, std::uint32_t state, const std::string& text) {
  if (!talk_ || talk_->id != connection) return;
  if (state == HKL_SOURCE_REFUSED) {
    talk_->refusal = text;
    desk_.health().show(slot_, "refused", place_ + " " + text);
  } else if (state == HKL_SOURCE_CONNECTING) {
    desk_.health().show(slot_, "connecting", text);
  } else if (!talk_->live_since) {
    talk_->refusal.clear();
    talk_->live_since = steady_now();
    const auto at = desk_.now();
    desk_.live_again();
    desk_.health().count([&](SourceHealth& health) { health.connected_at = at; });
    // Trouble that comes back from here on is news again.
    desk_.log().forget();
    desk_.log().write(HKL_LOG_INFO, fmt::format("connected to {}: {}", place_, text));
    desk_.health().show(slot_, "live", text);
  }
}

}  // namespace hkl
