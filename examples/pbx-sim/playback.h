// When each captured event is due: folder after folder, the pauses of the
// recording divided by `speed`. Knows no clock: the present comes in.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <vector>

#include "capture.h"

namespace pbx_sim {

using Clock = std::chrono::steady_clock;

class Playback {
 public:
  // speed 20: twenty times faster than it was; 0: all at once.
  Playback(std::vector<Capture> captures, double speed);

  bool is_started() const { return started_at_.has_value(); }
  void start(Clock::time_point now) { started_at_ = now; }
  // Hands over what is due by now, in order.
  void say_due(Clock::time_point now, const std::function<void(const AmiMessage&)>& say);
  // When the next event is due; nothing before start() and after the last.
  std::optional<Clock::time_point> next_due() const;
  bool is_over() const { return next_ == events_.size(); }
  // The last event's moment, once it is over.
  Clock::time_point ended_at() const { return ended_at_; }

  std::size_t event_count() const { return events_.size(); }
  // By the switch's clock, in microseconds since the epoch.
  std::int64_t first_timestamp() const;

 private:
  std::vector<CapturedEvent> events_;  // after_first: since start(), at this speed
  std::optional<Clock::time_point> started_at_;
  Clock::time_point ended_at_;
  std::size_t next_ = 0;
};

}  // namespace pbx_sim
