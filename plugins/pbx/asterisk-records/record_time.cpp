#include "record_time.h"

#include <charconv>

namespace asterisk {
namespace {

// Takes digits off the front; at most `most` of them.
std::optional<std::int64_t> take_number(std::string_view& text, std::size_t least, std::size_t most) {
  std::size_t count = 0;
  std::int64_t value = 0;
  while (count < most && count < text.size() && text[count] >= '0' && text[count] <= '9')
    value = value * 10 + (text[count++] - '0');
  if (count < least) return std::nullopt;
  text.remove_prefix(count);
  return value;
}

bool take(std::string_view& text, char c) {
  if (text.empty() || text.front() != c) return false;
  text.remove_prefix(1);
  return true;
}

// ".531522" in microseconds; false for what is no fraction.
bool take_fraction(std::string_view& text, std::int64_t& micros, bool& has_one) {
  if (!take(text, '.')) return true;
  std::int64_t scale = 100000;
  std::size_t count = 0;
  for (; count < text.size() && text[count] >= '0' && text[count] <= '9'; ++count) {
    micros += (text[count] - '0') * scale;
    scale /= 10;
  }
  text.remove_prefix(count);
  has_one = count > 0;
  return has_one;
}

std::optional<hkl_local_time> take_date_time(std::string_view& text) {
  hkl_local_time local{};
  local.struct_size = sizeof local;
  const auto part = [&](std::int32_t& out, std::size_t digits, char before) {
    if (before != '\0' && !take(text, before)) return false;
    const auto number = take_number(text, digits, digits);
    if (number) out = static_cast<std::int32_t>(*number);
    return number.has_value();
  };
  if (!part(local.year, 4, '\0') || !part(local.month, 2, '-') || !part(local.day, 2, '-')) return std::nullopt;
  if (!take(text, ' ') && !take(text, 'T')) return std::nullopt;
  if (!part(local.hour, 2, '\0') || !part(local.minute, 2, ':') || !part(local.second, 2, ':')) return std::nullopt;
  return local;
}

// "+03:00", "+0300", "+03" in seconds.
std::optional<std::int64_t> take_offset(std::string_view& text) {
  const bool is_west = text.front() == '-';
  text.remove_prefix(1);
  const auto hours = take_number(text, 2, 2);
  if (!hours) return std::nullopt;
  take(text, ':');
  const auto minutes = text.empty() ? std::optional<std::int64_t>(0) : take_number(text, 2, 2);
  if (!minutes) return std::nullopt;
  const auto seconds = *hours * 3600 + *minutes * 60;
  return is_west ? -seconds : seconds;
}

// Days since 1970-01-01 of a date of the Gregorian calendar (H. Hinnant,
// chrono-compatible low-level date algorithms).
std::int64_t days_of(std::int64_t year, std::int64_t month, std::int64_t day) {
  year -= month <= 2 ? 1 : 0;
  const auto era = (year >= 0 ? year : year - 399) / 400;
  const auto year_of_era = year - era * 400;
  const auto day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  const auto day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146097 + day_of_era - 719468;
}

bool is_date(const hkl_local_time& local) {
  if (local.month < 1 || local.month > 12 || local.day < 1 || local.hour > 23 || local.minute > 59 || local.second > 59)
    return false;
  const auto next = local.month == 12 ? days_of(local.year + 1, 1, 1) : days_of(local.year, local.month + 1, 1);
  return local.day <= next - days_of(local.year, local.month, 1);
}

}  // namespace

std::optional<RecordTime> parse_record_time(std::string_view text, const hookline::Host& host) {
  RecordTime time;
  std::int64_t micros = 0, seconds = 0;
  bool has_fraction = false;
  const auto given = text;
  if (text.find('-') == std::string_view::npos) {  // seconds since 1970
    const auto epoch = take_number(text, 1, 11);
    if (!epoch || *epoch == 0 || !take_fraction(text, micros, has_fraction) || !text.empty()) return std::nullopt;
    seconds = *epoch;
  } else {
    const auto local = take_date_time(text);
    if (!local || !is_date(*local) || !take_fraction(text, micros, has_fraction)) return std::nullopt;
    take(text, ' ');
    if (text.empty()) {
      const auto utc = host.to_utc(*local);
      if (!utc) return std::nullopt;
      seconds = *utc / 1000;
    } else {
      std::optional<std::int64_t> offset = 0;
      if (!take(text, 'Z')) {
        if (text.front() != '+' && text.front() != '-') return std::nullopt;
        offset = take_offset(text);
      }
      if (!offset || !text.empty()) return std::nullopt;
      seconds = days_of(local->year, local->month, local->day) * 86400 + local->hour * 3600 + local->minute * 60 +
                local->second - *offset;
    }
  }
  if (given.empty()) return std::nullopt;
  time.ms = seconds * 1000 + micros / 1000;
  time.micros = static_cast<std::uint64_t>(micros % 1000);
  time.is_whole_second = !has_fraction;
  return time;
}

std::optional<std::int64_t> parse_seconds(std::string_view text) {
  std::int64_t micros = 0;
  bool has_fraction = false;
  const auto seconds = take_number(text, 1, 9);
  if (!seconds || !take_fraction(text, micros, has_fraction) || !text.empty()) return std::nullopt;
  return *seconds * 1000 + micros / 1000;
}

}  // namespace asterisk
