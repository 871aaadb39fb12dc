#include "reports/zone_clock.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <mutex>

#include "services/zone.h"

namespace hkl {
namespace {

constexpr std::int64_t kHour = 3'600'000, kDay = 24 * kHour;
constexpr std::int64_t kFirst = 0, kLast = 4'102'444'800'000;                           // 1970 and 2100
constexpr std::int64_t kYear0 = -62'167'219'200'000, kYear10000 = 253'402'300'800'000;  // what four digits can show

std::int64_t asked_offset(std::int64_t ms, std::string_view zone) {
  const auto local = to_local(instant_of(ms), zone);
  return local ? local->offset_s * std::int64_t{1000} : 0;
}

// The first moment in (low, high] that has not the offset `before`, to the second.
std::int64_t change_between(std::int64_t low, std::int64_t high, std::int64_t before, std::string_view zone) {
  while (high - low > 1000) {
    const auto middle = low + (high - low) / 2000 * 1000;
    (asked_offset(middle, zone) == before ? low : high) = middle;
  }
  return high;
}

// Local days since 1970-01-01 and the milliseconds within the day.
struct Local {
  std::int64_t day, ms;
};
std::optional<Local> local_of(std::int64_t local_ms) {
  if (local_ms < kYear0 || local_ms >= kYear10000) return std::nullopt;
  const auto day = local_ms / kDay - (local_ms % kDay < 0 ? 1 : 0);
  return Local{day, local_ms - day * kDay};
}

std::string date_text(std::int64_t day) {
  const std::chrono::year_month_day date{std::chrono::sys_days{std::chrono::days{day}}};
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                     static_cast<unsigned>(date.day()));
}

}  // namespace

ZoneClock::ZoneClock(std::string_view zone) : changes_{{kFirst, asked_offset(kFirst, zone)}} {
  // Without a zone it is UTC's, as of conditions that look at no clock: each question would
  // be answered with the zone that is called most like it.
  if (!to_local(instant_of(kFirst), zone)) return;
  // No zone has changed its clock twice within a week.
  for (auto at = kFirst; at < kLast; at += 7 * kDay) {
    const auto next = at + 7 * kDay, offset = asked_offset(next, zone), before = changes_.back().offset_ms;
    if (offset != before) changes_.push_back({change_between(at, next, before, zone), offset});
  }
}

const ZoneClock& ZoneClock::of(std::string_view zone) {
  static std::mutex mutex;
  static std::map<std::string, ZoneClock, std::less<>> known;  // guarded by mutex; entries never move
  const std::lock_guard lock(mutex);
  const auto found = known.find(zone);
  return found != known.end() ? found->second : known.emplace(std::string(zone), ZoneClock(zone)).first->second;
}

std::int64_t ZoneClock::offset_ms(std::int64_t utc_ms) const {
  const auto after = std::upper_bound(changes_.begin(), changes_.end(), utc_ms,
                                      [](std::int64_t ms, const Change& change) { return ms < change.at_ms; });
  return after == changes_.begin() ? after->offset_ms : (after - 1)->offset_ms;
}

std::optional<int> ZoneClock::hour(std::int64_t utc_ms) const {
  const auto local = local_of(utc_ms + offset_ms(utc_ms));
  return local ? std::optional(static_cast<int>(local->ms / kHour)) : std::nullopt;
}

std::optional<int> ZoneClock::time_of_day(std::int64_t utc_ms) const {
  const auto local = local_of(utc_ms + offset_ms(utc_ms));
  return local ? std::optional(static_cast<int>(local->ms)) : std::nullopt;
}

std::optional<int> ZoneClock::weekday(std::int64_t utc_ms) const {
  const auto local = local_of(utc_ms + offset_ms(utc_ms));
  if (!local) return std::nullopt;
  return static_cast<int>(((local->day + 3) % 7 + 7) % 7) + 1;  // 1970-01-01 was a Thursday
}

std::string ZoneClock::day(std::int64_t utc_ms) const {
  const auto local = local_of(utc_ms + offset_ms(utc_ms));
  return local ? date_text(local->day) : std::string();
}

std::string ZoneClock::month(std::int64_t utc_ms) const { return day(utc_ms).substr(0, 7); }

std::string ZoneClock::week(std::int64_t utc_ms) const {
  const auto local = local_of(utc_ms + offset_ms(utc_ms));
  if (!local) return {};
  // A week is of the year that its Thursday is in.
  const auto thursday = local->day - (((local->day + 3) % 7 + 7) % 7) + 3;
  const auto year =
      static_cast<int>(std::chrono::year_month_day{std::chrono::sys_days{std::chrono::days{thursday}}}.year());
  const auto new_year = std::chrono::sys_days{std::chrono::year{year} / std::chrono::January / 1};
  return fmt::format("{:04}-W{:02}", year, (thursday - new_year.time_since_epoch().count()) / 7 + 1);
}

std::string ZoneClock::quarter(std::int64_t utc_ms) const {
  const auto month = day(utc_ms);
  if (month.empty()) return {};
  const int number = (month[5] - '0') * 10 + (month[6] - '0');
  return fmt::format("{}-Q{}", month.substr(0, 4), (number + 2) / 3);
}

std::string ZoneClock::year(std::int64_t utc_ms) const { return day(utc_ms).substr(0, 4); }

std::int64_t ZoneClock::days_between(std::int64_t from_ms, std::int64_t to_ms, int weekday) const {
  if (from_ms >= to_ms) return 0;
  const auto first = local_of(from_ms + offset_ms(from_ms)), last = local_of(to_ms - 1 + offset_ms(to_ms - 1));
  if (!first || !last) return 0;
  const auto days = last->day - first->day + 1;
  if (weekday == 0) return days;
  const auto of_first = ((first->day + 3) % 7 + 7) % 7 + 1;
  const auto wait = (weekday - of_first + 7) % 7;  // days until the first such day
  return days <= wait ? 0 : (days - wait - 1) / 7 + 1;
}

std::string ZoneClock::hour_of_day(std::int64_t utc_ms) const {
  const auto known = hour(utc_ms);
  return known ? fmt::format("{:02}", *known) : std::string();
}

std::string ZoneClock::clock_hour(std::int64_t utc_ms) const {
  const auto offset = offset_ms(utc_ms);
  const auto local = local_of(utc_ms + offset);
  if (!local) return {};
  const auto minutes = (offset < 0 ? -offset : offset) / 60'000;
  return fmt::format("{}T{:02}:00{}{:02}:{:02}", date_text(local->day), local->ms / kHour, offset < 0 ? '-' : '+',
                     minutes / 60, minutes % 60);
}

}  // namespace hkl
