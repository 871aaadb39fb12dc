// Times as vendors write them, to Unix seconds.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "hookline/sdk/host.h"

namespace profile {

// How to read a time: unix, unix_ms, unix_us, iso, rfc2822, local, or a format
// of %Y %y %m %d %b, %H, or %I and %p, %M %S and %z with an optional @ZONE behind
// it. False: no such.
bool is_time_format(std::string_view format);

// What a text leaves open.
struct TimeContext {
  std::string_view zone;         // empty: the source's
  std::int64_t received_ms = 0;  // a date without a year is the latest up to a day after it
};

// Nothing for a text that is no such time. Without a zone in the text it is
// local in the zone of the format, else in that of the context.
std::optional<double> read_time(std::string_view text, std::string_view format, const TimeContext& context,
                                const hookline::Host& host);

// Unix seconds as a text that read_time reads: unix, unix_ms, iso, or a format
// of %Y %m %d %H %M %S with an optional @ZONE behind it.
bool is_clock_format(std::string_view format);
std::optional<std::string> write_time(double at, std::string_view format, std::string_view zone,
                                      const hookline::Host& host);

}  // namespace profile
