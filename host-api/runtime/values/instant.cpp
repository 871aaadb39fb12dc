#include "values/instant.h"

#include <date/date.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace hkl {
namespace {

// A number with at most `digits` figures at the front of `text`; taken off it.
bool take_number(std::string_view& text, std::size_t digits, int& value) {
  if (text.size() < digits) return false;
  const auto [end, code] = std::from_chars(text.data(), text.data() + digits, value);
  if (code != std::errc{} || end != text.data() + digits) return false;
  text.remove_prefix(digits);
  return true;
}

bool take(std::string_view& text, char c) {
  if (text.empty() || text.front() != c) return false;
  text.remove_prefix(1);
  return true;
}

// ".1234567" as milliseconds, further figures cut off.
int take_fraction(std::string_view& text) {
  if (!take(text, '.') && !take(text, ',')) return 0;
  int ms = 0, scale = 100;
  while (!text.empty() && text.front() >= '0' && text.front() <= '9') {
    ms += (text.front() - '0') * scale;
    scale /= 10;
    text.remove_prefix(1);
  }
  return ms;
}

}  // namespace

std::optional<Instant> instant_of_abi(std::int64_t ms) {
  return ms == HKL_UNKNOWN_MS ? std::nullopt : std::optional(instant_of(ms));
}
std::int64_t abi_of(std::optional<Instant> at) { return at ? ms_of(*at) : HKL_UNKNOWN_MS; }
std::optional<Millis> millis_of_abi(std::int64_t ms) {
  return ms == HKL_UNKNOWN_MS ? std::nullopt : std::optional(Millis(ms));
}
std::int64_t abi_of(std::optional<Millis> span) { return span ? span->count() : HKL_UNKNOWN_MS; }

std::string iso_utc(Instant at) {
  const auto day = date::floor<date::days>(at);
  const date::year_month_day ymd{day};
  const date::hh_mm_ss time{at - day};
  const auto year = static_cast<int>(ymd.year());
  if (year < 0 || year > 9999)  // no moment that anybody means, and still a text
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", year, static_cast<unsigned>(ymd.month()),
                       static_cast<unsigned>(ymd.day()), time.hours().count(), time.minutes().count(),
                       time.seconds().count(), time.subseconds().count());
  // A call is written with a dozen times: digit by digit takes a tenth of what a format does.
  std::string text = "0000-00-00T00:00:00.000Z";
  const auto put = [&](std::size_t last, std::int64_t value) {
    for (; value > 0; value /= 10) text[last--] = static_cast<char>('0' + value % 10);
  };
  put(3, year);
  put(6, static_cast<unsigned>(ymd.month()));
  put(9, static_cast<unsigned>(ymd.day()));
  put(12, time.hours().count());
  put(15, time.minutes().count());
  put(18, time.seconds().count());
  put(22, time.subseconds().count());
  return text;
}

Result<Instant> parse_iso(std::string_view text) {
  const auto bad = [whole = std::string(text)](std::string_view why) {
    return fail(HKL_INVALID, fmt::format("\"{}\" is no time: {}; write it as 2026-03-02T09:15:00Z or with an offset "
                                         "such as +03:00",
                                         whole, why));
  };
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
  if (!take_number(text, 4, year) || !take(text, '-') || !take_number(text, 2, month) || !take(text, '-') ||
      !take_number(text, 2, day))
    return bad("a date begins it");
  if (!take(text, 'T') && !take(text, 't') && !take(text, ' ')) return bad("the time of day is missing");
  if (!take_number(text, 2, hour) || !take(text, ':') || !take_number(text, 2, minute))
    return bad("hours and minutes are missing");
  if (take(text, ':') && !take_number(text, 2, second)) return bad("its seconds are no number");
  const int ms = take_fraction(text);
  const date::year_month_day ymd{date::year(year), date::month(static_cast<unsigned>(month)),
                                 date::day(static_cast<unsigned>(day))};
  if (!ymd.ok() || hour > 23 || minute > 59 || second > 60) return bad("there is no such date or time of day");
  Instant at = std::chrono::time_point_cast<Millis>(date::sys_days(ymd)) + std::chrono::hours(hour) +
               std::chrono::minutes(minute) + std::chrono::seconds(second) + Millis(ms);
  if (take(text, 'Z') || take(text, 'z')) {
    if (text.empty()) return at;
    return bad("something follows it");
  }
  const bool is_east = !text.empty() && text.front() == '+';
  if (text.empty() || (text.front() != '+' && text.front() != '-')) return bad("it has no offset from UTC");
  text.remove_prefix(1);
  int offset_hours = 0, offset_minutes = 0;
  if (!take_number(text, 2, offset_hours)) return bad("its offset is no number");
  take(text, ':');
  if (!text.empty() && !take_number(text, 2, offset_minutes)) return bad("its offset is no number");
  if (!text.empty() || offset_hours > 14 || offset_minutes > 59) return bad("there is no such offset");
  const auto offset = std::chrono::hours(offset_hours) + std::chrono::minutes(offset_minutes);
  return is_east ? at - offset : at + offset;
}

double seconds_of(Millis span) { return static_cast<double>(span.count()) / 1000.0; }

Result<Millis> millis_of_seconds(double seconds) {
  if (!std::isfinite(seconds) || std::abs(seconds) > 1e12)
    return fail(HKL_INVALID, fmt::format("{} is no duration in seconds", seconds));
  return Millis(std::llround(seconds * 1000.0));
}

Result<Millis> parse_duration(std::string_view text) {
  const auto bad = [whole = std::string(text)] {
    return fail(HKL_INVALID, fmt::format("\"{}\" is no duration; write it as 4h, 90s, 1h30m, 2d or 500ms", whole));
  };
  static constexpr std::pair<std::string_view, double> kUnits[] = {
      {"ms", 1}, {"s", 1000}, {"m", 60000}, {"h", 3600000}, {"d", 86400000}};
  if (text.empty()) return bad();
  const bool is_negative = take(text, '-');
  double total = 0;
  while (!text.empty()) {
    const auto figures = text.find_first_not_of("0123456789.");
    if (figures == 0 || figures == std::string_view::npos) return bad();
    double value = 0;
    const auto [end, code] = std::from_chars(text.data(), text.data() + figures, value);
    if (code != std::errc{} || end != text.data() + figures) return bad();
    text.remove_prefix(figures);
    const auto letters = std::min(text.find_first_of("0123456789."), text.size());
    const auto unit = text.substr(0, letters);
    const auto* found =
        std::find_if(std::begin(kUnits), std::end(kUnits), [&](const auto& u) { return u.first == unit; });
    if (found == std::end(kUnits)) return bad();
    total += value * found->second;
    text.remove_prefix(letters);
  }
  if (total > 1e15) return bad();
  return Millis(std::llround(is_negative ? -total : total));
}

}  // namespace hkl
