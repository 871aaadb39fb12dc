// A zone's clock and its days, which may have 23 or 25 hours (metrics §1.1.4).
#pragma once

#include <string>

#include "hookline/sdk/host.h"
#include "spans.h"

namespace agent_timeline {

class Zone {
 public:
  // `host` outlives this.
  Zone(const hookline::Host& host, std::string name) : host_(host), name_(std::move(name)) {}

  hkl_local_time local(std::int64_t at) const {
    const auto known = host_.to_local(at, name_);
    if (!known) throw no_zone();
    return *known;
  }

  // From midnight to midnight.
  Span day_of(std::int64_t at) const {
    constexpr std::int64_t kIntoTheNext = 36LL * 3'600'000;  // be the day of 23 or 25 hours
    const auto begin = midnight(local(at));
    return {begin, midnight(local(begin + kIntoTheNext))};
  }

 private:
  std::int64_t midnight(hkl_local_time day) const {
    day.struct_size = sizeof day;
    day.hour = day.minute = day.second = day.ms = 0;
    const auto at = host_.to_utc(day, name_);
    if (!at) throw no_zone();
    return *at;
  }
  hookline::Failure no_zone() const { return {HKL_NOT_FOUND, "the host has no time zone " + name_}; }

  const hookline::Host& host_;
  std::string name_;
};

}  // namespace agent_timeline
