// Periods as people name them, at a moment in a zone.
#pragma once

#include <string>
#include <string_view>

#include "values/instant.h"
#include "values/result.h"

namespace hkl {

// Two dates, both counted whole, as a report takes them.
struct NamedPeriod {
  std::string from, to;
};

// today, yesterday, this_week, last_week, this_month, last_month, last_7_days,
// last_30_days (whole days before today). A week begins on Monday. HKL_INVALID
// names the nearest.
Result<NamedPeriod> period_named(std::string_view word, Instant now, std::string_view zone);

}  // namespace hkl
