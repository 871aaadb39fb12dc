#include "moment.h"

#include <chrono>
#include <cstdio>

namespace cli {
namespace {

// Reads from the front of a text.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  std::optional<int> digits(std::size_t count) {
    if (rest_.size() < count) return std::nullopt;
    int number = 0;
    for (const char c : rest_.substr(0, count)) {
      if (c < '0' || c > '9') return std::nullopt;
      number = number * 10 + (c - '0');
    }
    rest_.remove_prefix(count);
    return number;
  }
  bool skip(char wanted) {
    if (rest_.empty() || rest_.front() != wanted) return false;
    rest_.remove_prefix(1);
    return true;
  }
  bool is_at_end() const { return rest_.empty(); }
  bool is_at_digit() const { return !rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9'; }

 private:
  std::string_view rest_;
};

// ".250": at least one digit; finer than milliseconds is cut.
std::optional<int> fraction_ms(Scanner& in) {
  if (!in.is_at_digit()) return std::nullopt;
  int ms = 0;
  for (int unit = 100; in.is_at_digit(); unit /= 10) ms += *in.digits(1) * unit;
  return ms;
}

// "Z", "+03:00", "-0330", "+03"
std::optional<std::chrono::minutes> offset(Scanner& in) {
  if (in.skip('Z') || in.skip('z')) return std::chrono::minutes(0);
  const bool is_west = in.skip('-');
  if (!is_west && !in.skip('+')) return std::nullopt;
  const auto hours = in.digits(2);
  if (!hours) return std::nullopt;
  const bool has_colon = in.skip(':');
  const auto minutes = has_colon || in.is_at_digit() ? in.digits(2) : std::optional<int>(0);
  if (!minutes || *hours > 14 || *minutes > 59) return std::nullopt;
  const std::chrono::minutes span = std::chrono::hours(*hours) + std::chrono::minutes(*minutes);
  return is_west ? -span : span;
}

}  // namespace

std::optional<std::int64_t> parse_moment(std::string_view text) {
  using namespace std::chrono;
  Scanner in(text);
  const auto y = in.digits(4);
  if (!y || !in.skip('-')) return std::nullopt;
  const auto m = in.digits(2);
  if (!m || !in.skip('-')) return std::nullopt;
  const auto d = in.digits(2);
  if (!d || !(in.skip('T') || in.skip('t') || in.skip(' '))) return std::nullopt;
  const auto hour = in.digits(2);
  if (!hour || *hour > 23 || !in.skip(':')) return std::nullopt;
  const auto min = in.digits(2);
  if (!min || *min > 59) return std::nullopt;
  std::optional<int> s = 0, ms = 0;
  if (in.skip(':')) {
    s = in.digits(2);
    if (s && in.skip('.')) ms = fraction_ms(in);
  }
  if (!s || *s > 59 || !ms) return std::nullopt;
  const auto zone = offset(in);
  if (!zone || !in.is_at_end()) return std::nullopt;
  const year_month_day date{year(*y), month(static_cast<unsigned>(*m)), day(static_cast<unsigned>(*d))};
  if (!date.ok()) return std::nullopt;
  const auto at = sys_days(date) + hours(*hour) + minutes(*min) + seconds(*s) + milliseconds(*ms) - *zone;
  return duration_cast<milliseconds>(at.time_since_epoch()).count();
}

std::string utc_text(std::int64_t ms) {
  using namespace std::chrono;
  const sys_time<milliseconds> at{milliseconds(ms)};
  const auto date = floor<days>(at);
  const year_month_day day(date);
  const hh_mm_ss time(at - date);
  char text[40];
  std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ", static_cast<int>(day.year()),
                static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day()),
                static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
                static_cast<int>(time.seconds().count()), static_cast<int>(time.subseconds().count()));
  return text;
}

}  // namespace cli
