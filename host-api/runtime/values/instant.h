// Moments and durations: UTC milliseconds inside, ISO 8601 outside.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "values/result.h"

namespace hkl {

using Millis = std::chrono::milliseconds;
using Instant = std::chrono::time_point<std::chrono::system_clock, Millis>;

inline Instant instant_of(std::int64_t ms) { return Instant(Millis(ms)); }
inline std::int64_t ms_of(Instant at) { return at.time_since_epoch().count(); }

// The C ABI's HKL_UNKNOWN_MS and back.
std::optional<Instant> instant_of_abi(std::int64_t ms);
std::int64_t abi_of(std::optional<Instant> at);
std::optional<Millis> millis_of_abi(std::int64_t ms);
std::int64_t abi_of(std::optional<Millis> span);

// "2026-03-02T09:15:00.123Z"
std::string iso_utc(Instant at);

// ISO 8601 with any offset or Z; a time without one is refused (DESIGN: terms).
Result<Instant> parse_iso(std::string_view text);

// Seconds with up to three decimals, as interfaces carry durations: 12.3.
double seconds_of(Millis span);
Result<Millis> millis_of_seconds(double seconds);

// "4h", "90s", "1h30m", "2d", "500ms"; fractions allowed ("1.5h").
Result<Millis> parse_duration(std::string_view text);

}  // namespace hkl
