// What the cause of a channel's end says of the phone behind it.
#pragma once

#include <cstdint>
#include <string_view>

namespace asterisk {

// HKL_LEG_… of a Q.850 cause as Asterisk numbers it (Hangup Cause Mappings);
// unknown for those that any hang-up leaves behind.
std::uint32_t leg_outcome_of_cause(std::string_view cause);

// HKL_LEG_… of a DIALSTATUS ("NOANSWER") or a CDR's disposition ("NO ANSWER").
std::uint32_t leg_outcome_of_word(std::string_view word);

}  // namespace asterisk
