#include "endpoints/poll_endpoint.h"

#include <fmt/format.h>

#include <algorithm>

namespace hkl {
namespace {

constexpr Millis kAskEvery{300000};
constexpr std::chrono::seconds kPatienceForAnswer{60};  // for a whole answer
constexpr Millis kLongestPause{600000};

// Says: not now. All other statuses are the adapter's to read.
bool is_passing(std::uint32_t status) { return status == 408 || status == 425 || status == 429 || status >= 500; }

}  // namespace

Result<std::unique_ptr<Endpoint>> PollEndpoint::make(const EndpointWish& wish, SourceDesk& desk) {
  if (auto judged = judge_address(wish.address); !judged) return fail(judged.error());
  auto trust = TlsTrust::make(wish.tls_ca);
  if (!trust) return fail(trust.error());
  return std::unique_ptr<Endpoint>(new PollEndpoint(wish, desk, std::move(*trust)));
}

PollEndpoint::PollEndpoint(const EndpointWish& wish, SourceDesk& desk, std::unique_ptr<TlsTrust> trust)
    : desk_(desk),
      wish_(wish),
      place_(shown_url(wish.address)),
      mark_name_("poll:" + place_ + ":" + wish.name),
      interval_(wish.interval > Millis(0) ? wish.interval : kAskEvery),
      slot_(desk.health().add_endpoint()),
      backoff_(desk.setup().first_pause, kLongestPause, std::random_device{}()),
      next_(steady_now()),
      asker_(std::make_unique<HttpAsker>([&desk] { desk.ring(); }, std::move(trust), HttpAsker::Limits{})) {}

void PollEndpoint::plan(Waiting& waiting) { waiting.until(is_asked_ ? asked_at_ + kPatienceForAnswer : next_); }

void PollEndpoint::work(const Waiting&) {
  if (!is_asked_) {
    if (steady_now() < next_) return;
    return asks_.empty() ? begin() : ask_next();
  }
  if (auto answer = asker_->answer()) {
    is_asked_ = false;
    take(std::move(*answer));
  } else if (steady_now() >= asked_at_ + kPatienceForAnswer) {
    asker_->cancel();  // its end is told as any other
    asked_at_ = steady_now();
  }
}

void PollEndpoint::begin() {
  auto asks = desk_.poll(wish_.name, mark_name_);
  if (!asks) return rest(asks.error().text, Millis(0), true);
  go_on(std::move(*asks));
}

void PollEndpoint::ask_next() {
  asker_->ask(asks_.front());
  asked_at_ = steady_now();
  is_asked_ = true;
}

void PollEndpoint::take(Result<HttpAnswer> answer) {
  if (!answer) return rest(answer.error().text, Millis(0), false);
  if (is_passing(answer->status))
    return rest(fmt::format("answers {}", answer->status), answer->retry_after.value_or(Millis(0)), false);
  auto asks = desk_.polled(wish_.name, mark_name_, answer->status, answer->body);
  if (!asks) return rest(asks.error().text, Millis(0), true);
  asks_.pop_front();
  if (!std::exchange(is_live_, true)) {
    desk_.log().write(HKL_LOG_INFO, "asks " + place_);
    desk_.log().forget();
  }
  backoff_.reset();
  desk_.health().show(slot_, "live", "asks " + place_);
  go_on(std::move(*asks));
}

void PollEndpoint::go_on(std::vector<HookAsk> asks) {
  std::move(asks.begin(), asks.end(), std::back_inserter(asks_));
  const auto now = steady_now();
  if (asks_.empty()) {
    next_ = now + interval_;
    return;
  }
  const auto pause = asks_.front().at == Instant{} ? Millis(0) : asks_.front().at - desk_.now();
  next_ = now + std::max(pause, Millis(0));
}

void PollEndpoint::rest(const std::string& why, Millis at_least, bool is_refused) {
  is_live_ = false;
  if (is_refused) asks_.clear();
  const auto pause = std::max(backoff_.next(), at_least);
  next_ = steady_now() + pause;
  const auto text = fmt::format("{}: {}; next try in {} s", place_, why,
                                std::chrono::duration_cast<std::chrono::seconds>(pause).count());
  desk_.log().write_rarely(HKL_LOG_WARNING, why, text);
  desk_.health().show(slot_, "waiting", text);
}

void PollEndpoint::end() { asker_.reset(); }

}  // namespace hkl
