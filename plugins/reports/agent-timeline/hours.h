// The hours of the day and the days of the week that are asked about: time is
// cut at them, as it is at the ends of the period (metrics §1.1.5).
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "zone.h"

namespace agent_timeline {

inline constexpr std::int64_t kDayMs = 24LL * 3'600'000;

// "09:00" or "18:30:15" since midnight, as the host has checked it; "": nothing.
inline std::int64_t clock_ms(std::string_view text, std::int64_t nothing) {
  if (text.empty()) return nothing;
  std::int64_t seconds = 0, unit = 3600;
  for (; text.size() >= 2; unit /= 60) {
    seconds += ((text[0] - '0') * 10 + (text[1] - '0')) * unit;
    text.remove_prefix(text.size() > 2 ? 3 : 2);
  }
  return seconds * 1000;
}

class Hours {
 public:
  // `day_start`, `day_end`, `week_days` as the options have them: "mon,tue"; "" is all.
  Hours(Zone zone, const std::string& day_start, const std::string& day_end, std::string_view week_days)
      : zone_(std::move(zone)), are_all_(day_start.empty() && day_end.empty() && week_days.empty()) {
    const auto start = clock_ms(day_start, 0), end = clock_ms(day_end, kDayMs);
    if (start < end)
      of_day_ = {{start, end}};
    else  // over midnight
      of_day_ = {{0, end}, {start, kDayMs}};
    constexpr std::string_view kDays[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
    for (std::size_t i = 0; i < 7; ++i)
      has_day_[i + 1] = week_days.empty() || week_days.find(kDays[i]) != week_days.npos;
  }

  // Calls take(piece) for each piece of the span that lies within, in their order.
  template <typename Take>
  void each(Span span, const Take& take) {
    if (length(span) == 0) return;
    if (are_all_) return take(span);
    while (span.from < span.to) {
      if (span.from < day_.from || span.from >= day_.to) look_up(span.from);
      for (const auto& open : open_)
        if (length(common(span, open)) > 0) take(common(span, open));
      span.from = day_.to;
    }
  }

  std::int64_t within(Span span) {
    std::int64_t sum = 0;
    each(span, [&](Span piece) { sum += length(piece); });
    return sum;
  }

 private:
  void look_up(std::int64_t at) {
    day_ = zone_.day_of(at);
    open_.clear();
    if (!has_day_[static_cast<std::size_t>(zone_.local(day_.from).weekday)]) return;
    // The clock is put forward or back at a quarter of an hour.
    const auto step = length(day_) == kDayMs ? kDayMs : kDayMs / 96;
    for (auto from = day_.from; from < day_.to; from += step) {
      const auto now = zone_.local(from);
      const auto since_midnight = ((now.hour * 60LL + now.minute) * 60 + now.second) * 1000 + now.ms;
      const auto midnight = from - since_midnight;
      for (const auto& hours : of_day_)
        open_.push_back(common({midnight + hours.from, midnight + hours.to}, {from, from + step}));
    }
    open_ = united(std::move(open_));
  }

  Zone zone_;
  bool are_all_;
  std::vector<Span> of_day_;  // by the clock
  std::array<bool, 8> has_day_{};
  Span day_{};              // that was looked up last
  std::vector<Span> open_;  // of that day
};

}  // namespace agent_timeline
