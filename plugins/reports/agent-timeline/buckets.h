// Hours and days of a zone, as rows of a report cut time at them: an hour that
// the clock repeats is two, one that it skips is none (metrics §1.1.4).
#pragma once

#include <cstdio>
#include <string>

#include "zone.h"

namespace agent_timeline {

class Buckets {
 public:
  enum class Size { none, hour, day };
  Buckets(Zone zone, Size size) : zone_(std::move(zone)), size_(size) {}

  // Calls take(label, piece) for each piece of the span.
  template <typename Take>
  void each(Span span, const Take& take) {
    if (length(span) == 0) return;
    if (size_ == Size::none) return take(std::string(), span);
    while (span.from < span.to) {
      if (span.from < latest_.from || span.from >= latest_.to) look_up(span.from);
      const Span piece = common(span, latest_);
      take(label_, piece);
      span.from = piece.to;
    }
  }

  // The whole of the bucket that was looked up last.
  Span latest() const { return latest_; }

 private:
  void look_up(std::int64_t at) {
    const auto now = zone_.local(at);
    const std::int64_t into_hour = (now.minute * 60LL + now.second) * 1000 + now.ms;
    char text[40];
    if (size_ == Size::hour) {
      const int offset = now.offset_s < 0 ? -now.offset_s : now.offset_s;
      std::snprintf(text, sizeof text, "%04d-%02d-%02dT%02d:00%c%02d:%02d", now.year, now.month, now.day, now.hour,
                    now.offset_s < 0 ? '-' : '+', offset / 3600, offset / 60 % 60);
      latest_ = {at - into_hour, at - into_hour + 3'600'000};
    } else {
      std::snprintf(text, sizeof text, "%04d-%02d-%02d", now.year, now.month, now.day);
      latest_ = zone_.day_of(at);
    }
    label_ = text;
  }

  Zone zone_;
  Size size_;
  Span latest_{};
  std::string label_;
};

}  // namespace agent_timeline
