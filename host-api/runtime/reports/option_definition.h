// The options of a definition: what can be set when a report is asked for.
#pragma once

#include "reports/members.h"

namespace hkl {

// In place of a calendar: round the clock.
inline constexpr std::string_view kWallClock = "wall";

// {id, title, type: bool | number | numbers | enum | text | texts | calendar, default, values, help}
Option option_of(Members& member);

}  // namespace hkl
