// `calendars:` of the config: working hours by name.
#pragma once

#include <map>
#include <string>

#include "config/reading.h"
#include "services/calendar.h"

namespace hkl {

// Calendars without a zone of their own are in `timezone`. Complains of days,
// hours and dates that are none, of overlapping hours and unknown zones.
std::map<std::string, Calendar> read_calendars(const ConfigReading& reading, const std::string& timezone);

}  // namespace hkl
