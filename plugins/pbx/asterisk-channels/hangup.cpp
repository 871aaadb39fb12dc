#include "hangup.h"

#include "hookline/sdk/endings.h"

namespace asterisk {

std::uint32_t leg_outcome_of_cause(std::string_view cause) { return hookline::ending_of("q850", cause).outcome; }

std::uint32_t leg_outcome_of_word(std::string_view word) { return hookline::ending_of("asterisk", word).outcome; }

}  // namespace asterisk
