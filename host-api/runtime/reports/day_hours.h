// The times of day and the days of the week that a report is about (metrics
// §1.1.5): a part of its period, so in_period() and totals hold to them too.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "reports/expression.h"
#include "values/result.h"

namespace hkl {

struct DayHours {
  // Milliseconds of the local day, start ≤ t < end; an end before the start
  // means "over midnight".
  std::optional<int> start_ms, end_ms;
  std::vector<int> week_days;  // Monday is 1; of the moment itself; none: every day

  bool are_all() const { return !start_ms && !end_ms && week_days.empty(); }
  bool has_day(int weekday) const;
  // Takes a setting of this kind, an empty text takes it back. False: it is of another kind.
  // HKL_INVALID names what is written in its place.
  Result<bool> read(std::string_view name, const std::string& text);
  // HKL_INVALID: a day of no length.
  Done check() const;
  // The settings as they are repeated with the answer: name, text.
  std::vector<std::pair<std::string, std::string>> texts() const;
};

// Whether a moment (a checked expression, a time) is within; null: every one is.
NodePtr within(const DayHours& hours, const Node& moment);

// The names of the settings.
inline constexpr std::string_view kDayHours[] = {"day_start", "day_end", "week_days"};

}  // namespace hkl
