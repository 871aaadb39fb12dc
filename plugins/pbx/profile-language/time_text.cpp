#include "time_text.h"

#include <array>
#include <charconv>
#include <cmath>

namespace profile {
namespace {

constexpr std::array<std::string_view, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                   "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

constexpr std::string_view kClockFields = "YmdHMS";

class TimeReader {
 public:
  explicit TimeReader(std::string_view text) : rest_(text) { local_.struct_size = sizeof local_; }

  bool follow(std::string_view format) {
    for (std::size_t i = 0; i < format.size(); ++i) {
      const bool is_field = format[i] == '%' && i + 1 < format.size();
      if (is_field ? !field(format[++i]) : !literal(format[i])) return false;
    }
    return true;
  }
  bool is_at_end() const { return rest_.empty(); }
  bool has_zone() const { return has_zone_; }
  void assume_utc() { has_zone_ = true; }

  std::optional<double> seconds(const TimeContext& context, const hookline::Host& host) const {
    if (has_year_) return seconds_in(local_.year, context.zone, host);
    // The text has a month and a day: the year is that of its receipt or the
    // one before; in January a PBX tells of December. 29 February has none.
    const auto latest = static_cast<double>(context.received_ms) / 1000 + kDayAhead;
    const auto this_year = static_cast<int32_t>(1970 + latest / kMeanYear);
    for (const auto year : {this_year + 1, this_year, this_year - 1, this_year - 2, this_year - 3, this_year - 4})
      if (const auto at = seconds_in(year, context.zone, host); at && *at <= latest) return at;
    return std::nullopt;
  }

 private:
  static constexpr double kDayAhead = 86400, kMeanYear = 365.2425 * 86400;
  std::optional<double> seconds_in(int32_t year, std::string_view zone, const hookline::Host& host) const {
    auto local = local_;
    local.year = year;
    if (half_ != Half::none) {
      if (local.hour < 1 || local.hour > 12) return std::nullopt;
      local.hour = local.hour % 12 + (half_ == Half::pm ? 12 : 0);
    }
    const auto at = host.to_utc(local, has_zone_ ? "UTC" : zone);
    if (!at) return std::nullopt;
    return static_cast<double>(*at) / 1000 + fraction_ - offset_s_;
  }
  // "AM", "pm", "P"; blanks before it may be left out.
  bool half() {
    while (!rest_.empty() && rest_[0] == ' ') rest_.remove_prefix(1);
    if (rest_.empty()) return false;
    const char c = rest_[0];
    if (c != 'A' && c != 'a' && c != 'P' && c != 'p') return false;
    half_ = c == 'A' || c == 'a' ? Half::am : Half::pm;
    rest_.remove_prefix(1);
    if (!rest_.empty() && (rest_[0] == 'M' || rest_[0] == 'm')) rest_.remove_prefix(1);
    return true;
  }
  bool short_year() {
    constexpr int32_t kCentury = 2000;
    if (!digits(2, 2, local_.year)) return false;
    local_.year += kCentury;
    return has_year_ = true;
  }
  bool literal(char c) {
    if (c == ' ') {  // blanks and the T between date and time are as good as each other
      if (rest_.empty() || (rest_[0] != ' ' && rest_[0] != 'T')) return false;
      rest_.remove_prefix(1);
      while (!rest_.empty() && rest_[0] == ' ') rest_.remove_prefix(1);
      return true;
    }
    if (rest_.empty() || rest_[0] != c) return false;
    rest_.remove_prefix(1);
    return true;
  }
  bool digits(std::size_t least, std::size_t most, int32_t& out) {
    std::size_t count = 0;
    while (count < most && count < rest_.size() && rest_[count] >= '0' && rest_[count] <= '9') ++count;
    if (count < least) return false;
    std::from_chars(rest_.data(), rest_.data() + count, out);
    rest_.remove_prefix(count);
    return true;
  }
  bool field(char name) {
    switch (name) {
      case 'Y':
        return has_year_ = digits(4, 4, local_.year);
      case 'y':
        return short_year();
      case 'm':
        return digits(1, 2, local_.month);
      case 'd':
        return digits(1, 2, local_.day);
      case 'H':
      case 'I':
        return digits(1, 2, local_.hour);
      case 'p':
        return half();
      case 'M':
        return digits(2, 2, local_.minute);
      case 'S':
        return digits(2, 2, local_.second) && (read_fraction(), true);
      case 'b':
        return month();
      case 'z':
        return zone();
      default:
        return literal(name);
    }
  }
  void read_fraction() {
    if (rest_.size() < 2 || (rest_[0] != '.' && rest_[0] != ',')) return;
    double scale = 0.1;
    for (rest_.remove_prefix(1); !rest_.empty() && rest_[0] >= '0' && rest_[0] <= '9'; rest_.remove_prefix(1)) {
      fraction_ += scale * (rest_[0] - '0');
      scale /= 10;
    }
  }
  bool month() {
    for (std::size_t i = 0; i < kMonths.size(); ++i)
      if (rest_.substr(0, 3) == kMonths[i]) {
        local_.month = static_cast<int32_t>(i + 1);
        rest_.remove_prefix(3);
        return true;
      }
    return false;
  }
  bool zone() {
    for (const std::string_view word : {"Z", "GMT", "UTC"})
      if (rest_.substr(0, word.size()) == word) {
        rest_.remove_prefix(word.size());
        return has_zone_ = true;
      }
    if (rest_.empty() || (rest_[0] != '+' && rest_[0] != '-')) return false;
    const int sign = rest_[0] == '-' ? -1 : 1;
    rest_.remove_prefix(1);
    int32_t hours = 0, minutes = 0;
    if (!digits(2, 2, hours)) return false;
    if (!rest_.empty() && rest_[0] == ':') rest_.remove_prefix(1);
    if (!rest_.empty() && !digits(2, 2, minutes)) return false;
    offset_s_ = sign * (hours * 3600 + minutes * 60);
    return has_zone_ = true;
  }

  std::string_view rest_;
  hkl_local_time local_{};
  double fraction_ = 0;
  int32_t offset_s_ = 0;
  bool has_zone_ = false, has_year_ = false;
  enum class Half { none, am, pm };
  Half half_ = Half::none;
};

std::optional<double> number(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
  return value;
}

}  // namespace

bool is_time_format(std::string_view format) {
  for (const std::string_view known : {"unix", "unix_ms", "unix_us", "iso", "rfc2822", "local"})
    if (format == known || format.substr(0, known.size() + 1) == std::string(known) + "@") return true;
  return format.find('%') != std::string_view::npos;
}

std::optional<double> read_time(std::string_view text, std::string_view format, const TimeContext& given,
                                const hookline::Host& host) {
  auto context = given;
  if (const auto at = format.rfind('@'); at != std::string_view::npos) {
    context.zone = format.substr(at + 1);
    format = format.substr(0, at);
  }
  if (format == "unix") return number(text);
  if (format == "unix_ms" || format == "unix_us") {
    const auto value = number(text);
    if (!value) return std::nullopt;
    return *value / (format == "unix_ms" ? 1e3 : 1e6);
  }
  TimeReader reader(text);
  bool is_read = false;
  if (format == "rfc2822") {
    if (const auto comma = text.find(", "); comma != std::string_view::npos)
      reader = TimeReader(text.substr(comma + 2));
    is_read = reader.follow("%d %b %Y %H:%M:%S %z");
  } else if (format == "iso" || format == "local") {
    is_read = reader.follow("%Y-%m-%d %H:%M:%S");
    if (is_read && !reader.is_at_end()) is_read = reader.follow("%z");
  } else {
    is_read = reader.follow(format);
  }
  if (!is_read || !reader.is_at_end()) return std::nullopt;
  return reader.seconds(context, host);
}

bool is_clock_format(std::string_view format) {
  if (format == "unix" || format == "unix_ms" || format == "iso") return true;
  for (auto at = format.find('%'); at != std::string_view::npos; at = format.find('%', at + 2))
    if (at + 1 >= format.size() || kClockFields.find(format[at + 1]) == std::string_view::npos) return false;
  return format.find('%') != std::string_view::npos;
}

std::optional<std::string> write_time(double at, std::string_view format, std::string_view zone,
                                      const hookline::Host& host) {
  const auto ms = static_cast<std::int64_t>(std::llround(at * 1000));
  if (format == "unix") return std::to_string(ms / 1000);
  if (format == "unix_ms") return std::to_string(ms);
  const bool is_iso = format == "iso";
  if (is_iso) format = "%Y-%m-%dT%H:%M:%SZ@UTC";
  if (const auto mark = format.rfind('@'); mark != std::string_view::npos) {
    zone = format.substr(mark + 1);
    format = format.substr(0, mark);
  }
  const auto local = host.to_local(ms, zone);
  if (!local) return std::nullopt;
  const auto two = [](std::int32_t number) { return (number < 10 ? "0" : "") + std::to_string(number); };
  std::string out;
  for (std::size_t i = 0; i < format.size(); ++i) {
    if (format[i] != '%') {
      out += format[i];
      continue;
    }
    const char field = format[++i];
    out += field == 'Y'   ? std::to_string(local->year)
           : field == 'm' ? two(local->month)
           : field == 'd' ? two(local->day)
           : field == 'H' ? two(local->hour)
           : field == 'M' ? two(local->minute)
                          : two(local->second);
  }
  return out;
}

}  // namespace profile
