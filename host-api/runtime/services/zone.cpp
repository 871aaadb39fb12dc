#include "services/zone.h"

#include <fmt/format.h>

#include <optional>
#include <vector>

#include "services/zone_table.h"
#include "values/words.h"

namespace hkl {
namespace {

using std::chrono::days;
using std::chrono::seconds;

// A local moment counted as if it were UTC.
using Wall = Instant;

bool is_a_copy(std::string_view zone) { return zone.starts_with("posix/") || zone.starts_with("right/"); }

Error no_such_zone(std::string_view name, const date::tzdb& table) {
  std::vector<std::string_view> names;
  for (const auto& zone : table.zones) {
    if (!is_a_copy(zone.name())) names.push_back(zone.name());
  }
  const auto nearest = nearest_word(name, names.data(), names.size());
  if (nearest.empty()) {
    return {HKL_NOT_FOUND, fmt::format("there is no time zone \"{}\"; write it as \"Europe/Moscow\"", name)};
  }
  return {HKL_NOT_FOUND, fmt::format("there is no time zone \"{}\"; did you mean \"{}\"?", name, nearest)};
}

seconds offset_at(const date::time_zone& zone, Instant at) {
  return zone.get_info(std::chrono::floor<seconds>(at)).offset;
}

Instant to_utc(Wall wall, const date::time_zone& zone) {
  const auto local = date::local_time<seconds>(std::chrono::floor<seconds>(wall).time_since_epoch());
  // The first of two offsets is the earlier of a repeated hour, and the one
  // before the change of a skipped hour.
  return wall - zone.get_info(local).first.offset;
}

LocalTime fields_of(Wall wall, seconds offset) {
  const auto day = std::chrono::floor<days>(wall);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(wall - day);
  LocalTime out;
  out.year = static_cast<int>(date.year());
  out.month = static_cast<int>(static_cast<unsigned>(date.month()));
  out.day = static_cast<int>(static_cast<unsigned>(date.day()));
  out.hour = static_cast<int>(time.hours().count());
  out.minute = static_cast<int>(time.minutes().count());
  out.second = static_cast<int>(time.seconds().count());
  out.ms = static_cast<int>(time.subseconds().count());
  out.offset_s = static_cast<int>(offset.count());
  out.weekday = static_cast<int>(std::chrono::weekday(day).iso_encoding());
  return out;
}

bool is_within(int value, int lowest, int highest) { return lowest <= value && value <= highest; }

std::optional<Wall> wall_of(const LocalTime& local) {
  if (!is_within(local.year, 1, 9999) || !is_within(local.month, 1, 12) || !is_within(local.day, 1, 31)) return {};
  const std::chrono::year_month_day date(std::chrono::year(local.year),
                                         std::chrono::month(static_cast<unsigned>(local.month)),
                                         std::chrono::day(static_cast<unsigned>(local.day)));
  if (!date.ok() || !is_within(local.hour, 0, 23) || !is_within(local.minute, 0, 59) ||
      !is_within(local.second, 0, 59) || !is_within(local.ms, 0, 999)) {
    return {};
  }
  return Wall(std::chrono::sys_days(date)) + std::chrono::hours(local.hour) + std::chrono::minutes(local.minute) +
         seconds(local.second) + Millis(local.ms);
}

// Takes digits off the front of `text`; nothing unless there are `count`.
std::optional<int> take_number(std::string_view& text, std::size_t count) {
  if (text.size() < count) return {};
  int value = 0;
  for (const char c : text.substr(0, count)) {
    if (c < '0' || c > '9') return {};
    value = value * 10 + (c - '0');
  }
  text.remove_prefix(count);
  return value;
}

bool take(std::string_view& text, char c) {
  if (text.empty() || text.front() != c) return false;
  text.remove_prefix(1);
  return true;
}

bool take_date(std::string_view& text, LocalTime& out) {
  const auto year = take_number(text, 4);
  if (!year || !take(text, '-')) return false;
  const auto month = take_number(text, 2);
  if (!month || !take(text, '-')) return false;
  const auto day = take_number(text, 2);
  if (!day) return false;
  out.year = *year;
  out.month = *month;
  out.day = *day;
  return true;
}

// HH:MM, HH:MM:SS or HH:MM:SS.mmm
bool take_time(std::string_view& text, LocalTime& out) {
  const auto hour = take_number(text, 2);
  if (!hour || !take(text, ':')) return false;
  const auto minute = take_number(text, 2);
  if (!minute) return false;
  out.hour = *hour;
  out.minute = *minute;
  if (!take(text, ':')) return true;
  const auto second = take_number(text, 2);
  if (!second) return false;
  out.second = *second;
  if (!take(text, '.')) return true;
  const auto ms = take_number(text, 3);
  if (!ms) return false;
  out.ms = *ms;
  return true;
}

// One bound of a period. `whole_day`: what a date alone adds to its midnight.
Result<Instant> parse_bound(std::string_view text, std::string_view zone_name, days whole_day) {
  const auto refuse = [&] {
    return fail(HKL_INVALID, fmt::format("\"{}\" is no date or time; write 2026-03-31 or 2026-03-31T09:00", text));
  };
  const auto zone = find_zone(zone_name);
  if (!zone) return fail(zone.error());

  LocalTime local;
  auto rest = text;
  if (!take_date(rest, local)) return refuse();
  if (rest.empty()) {
    const auto midnight = wall_of(local);
    if (!midnight) return refuse();
    return to_utc(*midnight + whole_day, **zone);
  }
  if (!take(rest, 'T') && !take(rest, ' ')) return refuse();
  if (!take_time(rest, local)) return refuse();
  const auto wall = wall_of(local);
  if (!wall) return refuse();
  if (rest.empty()) return to_utc(*wall, **zone);

  std::string with_offset(text);
  with_offset[10] = 'T';
  auto at = parse_iso(with_offset);
  if (!at) return refuse();
  return at;
}

}  // namespace

Result<const date::time_zone*> find_zone(std::string_view name) {
  try {
    const auto& table = date::get_tzdb();
    const auto zone = std::lower_bound(table.zones.begin(), table.zones.end(), name,
                                       [](const date::time_zone& z, std::string_view n) { return z.name() < n; });
    if (zone != table.zones.end() && zone->name() == name && !is_a_copy(name)) return &*zone;
    return fail(no_such_zone(name, table));
  } catch (const std::exception& problem) {
    return fail(HKL_UNAVAILABLE,
                fmt::format("cannot read the time zones of this system ({}); install tzdata", problem.what()));
  }
}

bool is_zone(std::string_view zone) { return find_zone(zone).has_value(); }

Result<LocalTime> to_local(Instant at, std::string_view zone_name) {
  const auto zone = find_zone(zone_name);
  if (!zone) return fail(zone.error());
  const auto offset = offset_at(**zone, at);
  return fields_of(at + offset, offset);
}

Result<Instant> to_utc(const LocalTime& local, std::string_view zone_name) {
  const auto zone = find_zone(zone_name);
  if (!zone) return fail(zone.error());
  const auto wall = wall_of(local);
  if (!wall) {
    return fail(HKL_INVALID, fmt::format("there is no {:04}-{:02}-{:02} {:02}:{:02}:{:02}.{:03}", local.year,
                                         local.month, local.day, local.hour, local.minute, local.second, local.ms));
  }
  return to_utc(*wall, **zone);
}

std::string iso_local(Instant at, std::string_view zone) {
  const auto local = to_local(at, zone);
  if (!local) return iso_utc(at);
  const int offset = std::abs(local->offset_s);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}{}{:02}:{:02}", local->year, local->month, local->day,
                     local->hour, local->minute, local->second, local->ms, local->offset_s < 0 ? '-' : '+',
                     offset / 3600, offset / 60 % 60);
}

Result<Instant> parse_from(std::string_view text, std::string_view zone) { return parse_bound(text, zone, days(0)); }
Result<Instant> parse_to(std::string_view text, std::string_view zone) { return parse_bound(text, zone, days(1)); }

}  // namespace hkl
