#include "playback.h"

#include <algorithm>

namespace pbx_sim {
namespace {

// Captures were taken about this far apart.
constexpr std::chrono::microseconds kBetweenCaptures{1000000};

}  // namespace

Playback::Playback(std::vector<Capture> captures, double speed) {
  const auto sped_up = [speed](std::chrono::microseconds span) {
    return speed > 0 ? std::chrono::microseconds(static_cast<std::int64_t>(static_cast<double>(span.count()) / speed))
                     : std::chrono::microseconds(0);
  };
  std::chrono::microseconds begins{0};
  for (auto& capture : captures) {
    for (auto& event : capture.events)
      events_.push_back({begins + sped_up(event.after_first), std::move(event.message)});
    begins = (events_.empty() ? begins : events_.back().after_first) + sped_up(kBetweenCaptures);
  }
}

void Playback::say_due(Clock::time_point now, const std::function<void(const AmiMessage&)>& say) {
  if (!started_at_) return;
  while (!is_over() && *started_at_ + events_[next_].after_first <= now) {
    say(events_[next_].message);
    ++next_;
    ended_at_ = now;
  }
}

std::optional<Clock::time_point> Playback::next_due() const {
  if (!started_at_ || is_over()) return std::nullopt;
  return *started_at_ + events_[next_].after_first;
}

std::int64_t Playback::first_timestamp() const {
  for (const auto& event : events_)
    if (const auto at = micros_of(event.message["Timestamp"]); at > 0) return at;
  return 0;
}

}  // namespace pbx_sim
