// What the report language can and SQLite cannot: case beyond ASCII, rounding
// towards the ends of the line, time zones.
//
//   hkl_contains(text, part)   1 or 0, case aside; NULL of a NULL
//   hkl_floor(n, den), hkl_ceil(n, den)   of n / den, den > 0
//   hkl_hour(ms, zone), hkl_weekday(…), hkl_day(…), hkl_clock_hour(…)
#pragma once

struct sqlite3;

namespace hkl {

// For one connection; giving them again changes nothing. False: out of memory.
bool give_functions(sqlite3* db);

}  // namespace hkl
