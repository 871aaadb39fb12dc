#include "endpoints/order_line.h"

#include <fmt/format.h>

#include <utility>

namespace hkl {
namespace {

constexpr HttpAsker::Limits kLimits{Millis(5000), Millis(10000), 1 << 20};

// Whether the vendor said no. One that broke down in the middle may dial all
// the same, and so it may where its adapter could not read the answer.
bool is_refusal(hkl_status said, std::uint32_t http_status) {
  if (http_status >= 500 && http_status != 503) return false;
  const bool is_good = http_status >= 200 && http_status <= 299;
  return said == HKL_INVALID || (said == HKL_UNAVAILABLE && !is_good);
}

Error unknown_outcome(const std::string& place, const std::string& why) {
  return {HKL_TIMEOUT,
          fmt::format("{}: {}; whether it dials is not known, so the order is not sent again", place, why)};
}

}  // namespace

void OrderLine::begin(CallOrder order, Tell tell) {
  auto ask = prepare(order);
  if (!ask) return tell(fail(ask.error()));
  pending_ =
      Pending{std::move(order), std::move(tell), shown_url(ask->url), steady_now() + desk_.setup().order_patience};
  asker_->ask(std::move(*ask));
}

Result<HookAsk> OrderLine::prepare(const CallOrder& order) {
  auto ask = desk_.order(order);
  if (!ask) return ask;
  if (auto judged = judge_address(ask->url); !judged) return fail(judged.error());
  if (asker_) return ask;
  auto trust = TlsTrust::make("");
  if (!trust) return fail(trust.error());
  asker_ = std::make_unique<HttpAsker>([this] { desk_.ring(); }, std::move(*trust), kLimits);
  return ask;
}

void OrderLine::plan(Waiting& waiting) const {
  if (pending_) waiting.until(pending_->until);
}

void OrderLine::work() {
  if (!pending_) return;
  if (const auto answer = asker_->answer()) return conclude(outcome_of(*answer));
  if (steady_now() < pending_->until) return;
  asker_->cancel();  // its end is told as any other
  pending_->until = steady_now() + desk_.setup().order_patience;
}

Done OrderLine::outcome_of(const Result<HttpAnswer>& answer) {
  if (!answer) return unanswered(answer.error().text);
  auto taken = desk_.ordered(pending_->order, answer->status, answer->body);
  if (taken || is_refusal(taken.error().status, answer->status)) return taken;
  return fail(unknown_outcome(pending_->place, taken.error().text));
}

Done OrderLine::unanswered(const std::string& why) {
  if (asker_->may_be_sent()) return fail(unknown_outcome(pending_->place, why));
  return fail(HKL_UNAVAILABLE, fmt::format("{}: {}; nothing was sent", pending_->place, why));
}

void OrderLine::conclude(Done outcome) {
  const auto pending = *std::exchange(pending_, std::nullopt);
  if (!outcome)
    desk_.log().write(HKL_LOG_WARNING, fmt::format("order {}: {}", pending.order.request, outcome.error().text));
  pending.tell(std::move(outcome));
}

void OrderLine::end() {
  work();  // what the vendor has answered is what became of it
  if (pending_) {
    asker_->cancel();  // from here on nothing is sent that was not
    conclude(unanswered("the source is stopping"));
  }
  asker_.reset();
}

}  // namespace hkl
