// Spans and days of the demo's firm, which lives by Moscow's clock.
#pragma once

#include <cstdint>

namespace crm {

inline constexpr std::int64_t kSecond = 1000, kMinute = 60 * kSecond, kHour = 60 * kMinute, kDay = 24 * kHour;
inline constexpr std::int64_t kMoscow = 3 * kHour;  // no summer time

inline std::int64_t seconds(double s) { return static_cast<std::int64_t>(s * 1000); }

inline int weekday(std::int64_t midnight_ms) {  // Monday is 0
  return static_cast<int>(((midnight_ms + kMoscow) / kDay + 3) % 7);
}

}  // namespace crm
