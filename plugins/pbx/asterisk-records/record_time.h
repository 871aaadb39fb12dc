// Times as Asterisk's modules write them.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "hookline/sdk/host.h"

namespace asterisk {

struct RecordTime {
  std::int64_t ms = 0;
  std::uint64_t micros = 0;     // within the millisecond
  bool is_whole_second = true;  // no finer figure was written
};

// "1795415750.531522", "2026-11-23 06:35:50", "2026-11-23T06:35:50.1+03:00".
// A text without an offset is local to the source (host.to_utc). Nothing for
// an empty text and for what is no time.
std::optional<RecordTime> parse_record_time(std::string_view text, const hookline::Host& host);

// "6.410195" or "6" as milliseconds; nothing for what is no duration.
std::optional<std::int64_t> parse_seconds(std::string_view text);

}  // namespace asterisk
