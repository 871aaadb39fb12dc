#include "hangup.h"

#include "hookline/words.h"

namespace asterisk {

std::uint32_t leg_outcome_of_cause(std::string_view cause) {
  const auto is_any = [&](std::initializer_list<std::string_view> causes) {
    for (const auto one : causes)
      if (cause == one) return true;
    return false;
  };
  if (cause == "17") return HKL_LEG_BUSY;
  if (is_any({"18", "19"})) return HKL_LEG_NO_ANSWER;
  if (cause == "21") return HKL_LEG_REJECTED;
  if (cause == "26") return HKL_LEG_ELSEWHERE;
  if (is_any({"1", "3", "20", "22", "28"})) return HKL_LEG_UNAVAILABLE;
  if (is_any({"27", "34", "38", "41", "42", "44", "58"})) return HKL_LEG_FAILED;
  return HKL_LEG_OUTCOME_UNKNOWN;
}

std::uint32_t leg_outcome_of_word(std::string_view word) {
  if (word == "ANSWER" || word == "ANSWERED") return HKL_LEG_ANSWERED;
  if (word == "BUSY") return HKL_LEG_BUSY;
  if (word == "NOANSWER" || word == "NO ANSWER") return HKL_LEG_NO_ANSWER;
  if (word == "CANCEL") return HKL_LEG_CANCELLED;
  if (word == "CONGESTION" || word == "FAILED") return HKL_LEG_FAILED;
  if (word == "CHANUNAVAIL") return HKL_LEG_UNAVAILABLE;
  return HKL_LEG_OUTCOME_UNKNOWN;
}

}  // namespace asterisk
