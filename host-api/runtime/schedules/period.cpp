#include "schedules/period.h"

#include <date/date.h>
#include <fmt/format.h>

#include <array>

#include "services/zone.h"
#include "values/words.h"

namespace hkl {
namespace {

using date::days;
using date::sys_days;

constexpr std::array<std::string_view, 8> kWords = {"today",      "yesterday",  "this_week",   "last_week",
                                                    "this_month", "last_month", "last_7_days", "last_30_days"};

NamedPeriod dates(sys_days from, sys_days to) { return {date::format("%F", from), date::format("%F", to)}; }

}  // namespace

Result<NamedPeriod> period_named(std::string_view word, Instant now, std::string_view zone) {
  const auto local = to_local(now, zone);
  if (!local) return fail(local.error());
  const sys_days today =
      date::year{local->year} / static_cast<unsigned>(local->month) / static_cast<unsigned>(local->day);
  const auto monday = today - days(local->weekday - 1);
  const auto month = date::year{local->year} / static_cast<unsigned>(local->month);
  const sys_days first = month / 1;
  if (word == "today") return dates(today, today);
  if (word == "yesterday") return dates(today - days(1), today - days(1));
  if (word == "this_week") return dates(monday, monday + days(6));
  if (word == "last_week") return dates(monday - days(7), monday - days(1));
  if (word == "this_month") return dates(first, sys_days(month / date::last));
  if (word == "last_month") return dates(sys_days((month - date::months(1)) / 1), first - days(1));
  if (word == "last_7_days") return dates(today - days(7), today - days(1));
  if (word == "last_30_days") return dates(today - days(30), today - days(1));
  const auto nearest = nearest_word(word, kWords.data(), kWords.size());
  return fail(HKL_INVALID, fmt::format("there is no period \"{}\"{}", word,
                                       nearest.empty() ? fmt::format("; there are {}", fmt::join(kWords, ", "))
                                                       : fmt::format("; did you mean \"{}\"?", nearest)));
}

}  // namespace hkl
