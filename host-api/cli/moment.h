// Moments as command lines give and logs show them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cli {

// ISO 8601 with an offset or Z, in milliseconds since the epoch:
// "2026-11-23T08:00:00Z", "2026-11-23T11:00:00.250+03:00". A time without an
// offset is none: it would mean another moment on every machine.
std::optional<std::int64_t> parse_moment(std::string_view text);

// "2026-11-23T08:00:00.000Z"
std::string utc_text(std::int64_t ms);

}  // namespace cli
