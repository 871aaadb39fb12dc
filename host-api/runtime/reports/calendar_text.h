// A calendar as a text that SQL can carry, and back.
#pragma once

#include <string>
#include <string_view>

#include "services/calendar.h"

namespace hkl {

std::string calendar_text(const Calendar& calendar);
// Of a text that calendar_text() made.
Calendar calendar_of_text(std::string_view text);

}  // namespace hkl
