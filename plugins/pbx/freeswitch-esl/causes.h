// FreeSWITCH's hang-up causes (switch_cause_table) in the words of the trade.
#pragma once

#include <cstdint>
#include <string_view>

namespace freeswitch {

struct Cause {
  std::uint32_t outcome;          // HKL_LEG_…, of a phone that did not answer; 0: the causes around it tell
  std::uint32_t employee_reason;  // HKL_REASON_… where it was a phone of ours
  std::uint32_t client_reason;    // … where it was the client's
};

// Zeroes for what says nothing (NORMAL_CLEARING) and what is not known.
Cause cause_of(std::string_view word);

}  // namespace freeswitch
