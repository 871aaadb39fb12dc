// Times as vendors write them, to Unix seconds.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "hookline/sdk/host.h"

namespace profile {

// How to read a time: unix, unix_ms, unix_us, iso, rfc2822, local, or a format
// of %Y %m %d %H %M %S %b %z with an optional @ZONE behind it. False: no such.
bool is_time_format(std::string_view format);

// Nothing for a text that is no such time. Without a zone in the text it is
// local in the zone of the format, else in `zone`, else the source's.
std::optional<double> read_time(std::string_view text, std::string_view format, std::string_view zone,
                                const hookline::Host& host);

}  // namespace profile
