// Local time to UTC and back, by Howard Hinnant's date and the system's zones.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "values/instant.h"
#include "values/result.h"

namespace hkl {

struct LocalTime {
  int year = 1970, month = 1, day = 1, hour = 0, minute = 0, second = 0, ms = 0;
  int offset_s = 0, weekday = 0;  // east of UTC; Monday is 1; out only
};

// HKL_NOT_FOUND: no such zone (the nearest names are in the text).
Result<LocalTime> to_local(Instant at, std::string_view zone);
// The first of a repeated hour; a skipped one as if it had not been skipped.
Result<Instant> to_utc(const LocalTime& local, std::string_view zone);
bool is_zone(std::string_view zone);

// "2026-03-02T12:15:00.123+03:00", as pages and tables of a zone show it.
std::string iso_local(Instant at, std::string_view zone);

// Bounds of a period as people give them (metrics §1.1.1): a date counts
// whole, a time with or without offset is taken as it is.
Result<Instant> parse_from(std::string_view text, std::string_view zone);
Result<Instant> parse_to(std::string_view text, std::string_view zone);

}  // namespace hkl
