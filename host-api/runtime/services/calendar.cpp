#include "services/calendar.h"

#include <fmt/format.h>

#include <algorithm>

#include "services/zone_table.h"

namespace hkl {
namespace {

using std::chrono::days;
using std::chrono::minutes;
using std::chrono::sys_days;

// How far add_open looks: a calendar with no more open time than a misprint
// leaves must not hang its caller.
constexpr auto kFurthest = days(5 * 366);

const std::vector<Calendar::Span>& spans_on(const Calendar& calendar, sys_days day) {
  const auto exception = calendar.exceptions.find(day);
  if (exception != calendar.exceptions.end()) return exception->second;
  return calendar.week[std::chrono::weekday(day).iso_encoding() - 1];
}

// Gives the open stretches of [from, to) in time order to `visit` until it
// answers false. Open is when the wall clock shows a time within a span, so
// each stretch of one offset is looked at for itself: a skipped hour falls
// between two of them, a repeated one is in both.
template <typename Visit>
void each_open(const Calendar& calendar, const date::time_zone& zone, Instant from, Instant to, const Visit& visit) {
  for (Instant at = from; at < to;) {
    const auto info = zone.get_info(std::chrono::floor<std::chrono::seconds>(at));
    const auto same_offset_until = std::min<Instant>(to, info.end);
    for (auto day = std::chrono::floor<days>(at + info.offset); day - info.offset < same_offset_until; day += days(1)) {
      for (const auto& span : spans_on(calendar, day)) {
        const auto begin = std::max<Instant>(at, day + minutes(span.start) - info.offset);
        const auto end = std::min<Instant>(same_offset_until, day + minutes(span.end) - info.offset);
        if (begin < end && !visit(begin, end)) return;
      }
    }
    at = same_offset_until;
  }
}

}  // namespace

bool is_open(const Calendar& calendar, Instant at) { return open_between(calendar, at, at + Millis(1)) > Millis(0); }

Millis open_between(const Calendar& calendar, Instant from, Instant to) {
  const auto zone = find_zone(calendar.timezone);
  if (!zone) return Millis(0);  // the config has refused such a calendar
  Millis open{0};
  each_open(calendar, **zone, from, to, [&](Instant begin, Instant end) {
    open += end - begin;
    return true;
  });
  return open;
}

std::vector<std::pair<Instant, Instant>> open_spans(const Calendar& calendar, Instant from, Instant to) {
  std::vector<std::pair<Instant, Instant>> spans;
  const auto zone = find_zone(calendar.timezone);
  if (!zone) return spans;  // the config has refused such a calendar
  each_open(calendar, **zone, from, to, [&](Instant begin, Instant end) {
    spans.emplace_back(begin, end);
    return true;
  });
  return spans;
}

Result<Instant> add_open(const Calendar& calendar, Instant from, Millis open) {
  if (open < Millis(0)) return fail(HKL_INVALID, "a working time must not be negative");
  const auto zone = find_zone(calendar.timezone);
  if (!zone) return fail(zone.error());
  if (open == Millis(0)) return from;

  Millis left = open;
  Instant reached{};
  each_open(calendar, **zone, from, from + kFurthest, [&](Instant begin, Instant end) {
    if (end - begin >= left) {
      reached = begin + left;
      left = Millis(0);
      return false;
    }
    left -= end - begin;
    return true;
  });
  if (left == Millis(0)) return reached;
  return fail(HKL_UNAVAILABLE,
              fmt::format("the calendar has less than {} s of open time in the five years from {}; look at its hours",
                          std::chrono::duration_cast<std::chrono::seconds>(open).count(), iso_utc(from)));
}

}  // namespace hkl
