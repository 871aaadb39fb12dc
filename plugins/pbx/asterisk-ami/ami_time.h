// Times as AMI tells them: seconds since 1970 with a fraction, in events and in
// the names of channels.
#pragma once

#include <cstdint>
#include <string_view>

#include "ami_message.h"

namespace asterisk {

// The message's own time, or HKL_UNKNOWN_MS.
std::int64_t time_of(const Message& message);

// "1795415750.531803" as milliseconds and the microseconds within.
bool parse_timestamp(std::string_view text, std::int64_t& ms, std::uint64_t& micros);

// When a channel began, in whole seconds: its Uniqueid is "1795415750.12", or
// "pbx-1795415750.12" where asterisk.conf sets a systemname. Else HKL_UNKNOWN_MS.
std::int64_t began_by_id(std::string_view unique_id);

}  // namespace asterisk
