#include "endpoints/hook_door.h"

#include <fmt/format.h>

namespace hkl {
namespace {

// A server has fewer threads; a source that is behind says so at once.
constexpr std::size_t kMostWaiting = 256;
// Longer than a vendor waits for an answer.
constexpr std::chrono::seconds kPatienceForVerdict{20};
constexpr std::uint32_t kRetryAfter = 5;
// Kinds of outcome that are counted apart; a plugin can make no more of them up.
constexpr std::size_t kMostOutcomes = 50;

HttpReply with_retry(HttpReply reply, std::uint32_t seconds) {
  reply.headers.emplace_back("Retry-After", std::to_string(seconds));
  return reply;
}

HttpReply reply_of(const HookReply& said) {
  HttpReply reply{said.status, said.content_type, said.body, {}};
  if (said.status == 401) reply.headers.emplace_back("WWW-Authenticate", "Basic realm=\"hookline\"");
  return reply;
}

}  // namespace

HttpReply HookDoor::unavailable(const std::string& why) {
  count("unavailable");
  return with_retry(http_error(503, why), kRetryAfter);
}

void HookDoor::count(const std::string& outcome) {
  const std::lock_guard lock(mutex_);
  const bool is_known = outcomes_.size() < kMostOutcomes || outcomes_.count(outcome) != 0;
  ++outcomes_[is_known ? outcome : "other"];
}

std::map<std::string, std::uint64_t> HookDoor::outcomes() const {
  const std::lock_guard lock(mutex_);
  return outcomes_;
}

bool HookDoor::is_wanted() const {
  const std::lock_guard lock(mutex_);
  return was_opened_;
}

std::optional<HttpReply> HookDoor::admit(const HttpRequest& head, Instant now) {
  if (const auto wait = limit_.wait_s(head.peer, now)) {
    count("limited");
    return with_retry(http_error(429, "too many requests from this address were refused"), wait);
  }
  {
    const std::lock_guard lock(mutex_);
    if (is_open_ && waiting_.size() < kMostWaiting) return std::nullopt;
  }
  return unavailable("the source takes no requests now; send it again");
}

HttpReply HookDoor::ask(HttpRequest request, std::string path) {
  const auto peer = request.peer;
  const auto at = request.received_at;
  auto waiting = std::make_unique<Waiting>(Waiting{std::move(request), std::move(path), {}});
  auto judged = waiting->judged.get_future();
  {
    const std::lock_guard lock(mutex_);
    if (is_open_ && waiting_.size() < kMostWaiting) {
      waiting_.push_back(std::move(waiting));
      ring_();
    }
  }
  if (waiting) return unavailable("the source takes no requests now; send it again");
  if (judged.wait_for(kPatienceForVerdict) != std::future_status::ready)
    return unavailable("the source is busy storing what it heard; send it again");
  auto answer = judged.get();
  if (!answer) {
    const auto status = answer.error().status;
    if (status == HKL_RESOURCE || status == HKL_UNAVAILABLE || status == HKL_CANCELLED)
      return unavailable("it cannot be stored now; send it again");
    count("failed");
    return http_error(500, "this failed here; the log tells why");
  }
  const auto& reply = answer->reply;
  if (reply.verdict == HKL_VERDICT_REJECT) {
    if (reply.status == 401 || reply.status == 403) limit_.note(peer, at);
    count("reject " + reply.reason);
    return reply_of(reply);
  }
  if (answer->receipt) {
    const auto stored = answer->receipt();
    // Nothing is acknowledged that could be lost.
    if (!stored) return unavailable("it cannot be stored now; send it again");
    if (stored->accepted == 0 && stored->duplicates > 0) {
      count("duplicate");
      return reply_of(reply);
    }
  }
  count(reply.verdict == HKL_VERDICT_IGNORE ? "ignore " + reply.reason : "accept");
  return reply_of(reply);
}

void HookDoor::open() {
  const std::lock_guard lock(mutex_);
  is_open_ = was_opened_ = true;
}

std::vector<std::unique_ptr<HookDoor::Waiting>> HookDoor::take() {
  const std::lock_guard lock(mutex_);
  std::vector<std::unique_ptr<Waiting>> all;
  for (auto& one : waiting_) all.push_back(std::move(one));
  waiting_.clear();
  return all;
}

void HookDoor::close() {
  std::deque<std::unique_ptr<Waiting>> left;
  {
    const std::lock_guard lock(mutex_);
    is_open_ = false;
    left.swap(waiting_);
  }
  for (auto& one : left) one->judged.set_value(fail(HKL_CANCELLED, "the source is stopping"));
}

}  // namespace hkl
