// The options of a definition: what can be set when a report is asked for.
#pragma once

#include <nlohmann/json.hpp>

#include "reports/members.h"

namespace hkl {

// In place of a calendar: round the clock.
inline constexpr std::string_view kWallClock = "wall";

// {id, title, type: bool | number | numbers | duration | enum | text | texts | calendar, default, values, help}
Option option_of(Members& member);

// "4h" as seconds. HKL_INVALID: it is none, or less than nothing.
Result<Rational> duration_of(const std::string& text);
// A value as it would be given: of a duration "4h", of what is not known null.
nlohmann::ordered_json option_json(const Option& option, const Value& value);

}  // namespace hkl
