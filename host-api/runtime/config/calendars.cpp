#include "config/calendars.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <optional>

#include "config/schema_check.h"

namespace hkl {
namespace {

constexpr std::array<const char*, 7> kDays = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
constexpr int kDayEnd = 24 * 60;

std::string trimmed(std::string_view text) {
  const auto begin = text.find_first_not_of(' ');
  if (begin == std::string_view::npos) return {};
  return std::string(text.substr(begin, text.find_last_not_of(' ') - begin + 1));
}

std::optional<std::size_t> weekday(const std::string& word) {
  const auto found = std::find(kDays.begin(), kDays.end(), word);
  if (found == kDays.end()) return std::nullopt;
  return found - kDays.begin();
}

// "09:00" as minutes of the day.
std::optional<int> minutes_of(std::string_view text) {
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  for (const auto at : {0, 1, 3, 4})
    if (text[at] < '0' || text[at] > '9') return std::nullopt;
  const int hour = (text[0] - '0') * 10 + text[1] - '0', minute = (text[3] - '0') * 10 + text[4] - '0';
  if (minute > 59 || hour * 60 + minute > kDayEnd) return std::nullopt;
  return hour * 60 + minute;
}

std::optional<std::chrono::sys_days> date_of(const std::string& text) {
  int year = 0, length = 0;
  unsigned month = 0, day = 0;
  if (std::sscanf(text.c_str(), "%4d-%2u-%2u%n", &year, &month, &day, &length) != 3 || length != 10)
    return std::nullopt;
  if (text.size() != 10) return std::nullopt;
  const auto date = std::chrono::year(year) / static_cast<int>(month) / static_cast<int>(day);
  if (!date.ok()) return std::nullopt;
  return std::chrono::sys_days(date);
}

class CalendarReader {
 public:
  CalendarReader(const ConfigReading& reading, TreePath at) : reading_(reading), at_(std::move(at)) {}

  void read(const std::string& timezone, Calendar& calendar) const {
    check_zone(reading_, at_ / "timezone");
    calendar.timezone = reading_.text(at_ / "timezone", timezone);
    const auto hours = spans(at_ / "hours");
    for (const auto day : days()) calendar.week[day] = hours;
    if (const auto* dates = reading_.at(at_ / "except"))
      for (const auto& date : dates->members) read_exception(date.name, calendar);
  }

 private:
  // "mon-fri", "mon,wed,fri", "mon-thu,sat"; "sat-mon" goes over the weekend.
  std::vector<std::size_t> days() const {
    std::vector<std::size_t> found;
    const auto where = at_ / "days";
    std::string rest = reading_.text(where);
    while (!rest.empty()) {
      const auto comma = rest.find(',');
      const auto part = trimmed(std::string_view(rest).substr(0, comma));
      rest = comma == std::string::npos ? "" : rest.substr(comma + 1);
      const auto dash = part.find('-');
      const auto first = trimmed(std::string_view(part).substr(0, dash));
      const auto last = dash == std::string::npos ? first : trimmed(std::string_view(part).substr(dash + 1));
      const auto from = weekday(first), to = weekday(last);
      if (!from || !to) {
        reading_.complain(where, no_such("day", from ? last : first, {kDays.begin(), kDays.end()}));
        continue;
      }
      for (auto day = *from;; day = (day + 1) % kDays.size()) {
        found.push_back(day);
        if (day == *to) break;
      }
    }
    return found;
  }

  std::vector<Calendar::Span> spans(const TreePath& where) const {
    std::vector<Calendar::Span> found;
    const auto texts = reading_.texts(where);
    for (std::size_t i = 0; i < texts.size(); ++i) {
      const auto& text = texts[i];
      if (text.size() != 11 || text[5] != '-') {
        // Of `hours` the schema says so; `except` is looser there.
        if (where.back() != "hours")
          reading_.complain(where / i, fmt::format("\"{}\" is no span of a day; write it as \"09:00-15:00\"", text));
        continue;
      }
      const auto from = minutes_of(std::string_view(text).substr(0, 5)),
                 to = minutes_of(std::string_view(text).substr(6));
      if (!from || !to) {
        reading_.complain(where / i, fmt::format("\"{}\" is no span of a day; hours go from 00:00 to 24:00", text));
      } else if (*to <= *from) {
        reading_.complain(where / i, fmt::format("\"{}\" ends before it begins; a span over midnight is two, such as "
                                                 "\"{}-24:00\" and \"00:00-{}\"",
                                                 text, text.substr(0, 5), text.substr(6)));
      } else {
        found.push_back({*from, *to});
      }
    }
    std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.start < b.start; });
    for (std::size_t i = 1; i < found.size(); ++i)
      if (found[i].start < found[i - 1].end) {
        reading_.complain(where, "two spans overlap, so their time would be worked twice; make one of them");
        break;
      }
    return found;
  }

  void read_exception(const std::string& name, Calendar& calendar) const {
    const auto where = at_ / "except" / name;
    const auto date = date_of(name);
    if (!date) reading_.complain(where, fmt::format("\"{}\" is no date; write it as 2026-03-09", name));
    const auto* given = reading_.at(where);
    const bool is_closed = reading_.text(where) == "closed";
    if (given->kind == YamlNode::Kind::scalar && !is_closed)
      reading_.complain(
          where, fmt::format("\"{}\" is neither hours nor closed; write [\"09:00-15:00\"] or closed", given->text));
    auto hours = spans(where);
    if (date) calendar.exceptions[*date] = std::move(hours);
  }

  const ConfigReading& reading_;
  TreePath at_;
};

}  // namespace

std::map<std::string, Calendar> read_calendars(const ConfigReading& reading, const std::string& timezone) {
  std::map<std::string, Calendar> calendars;
  if (const auto* section = reading.at({"calendars"}))
    for (const auto& member : section->members)
      CalendarReader(reading, {"calendars", member.name}).read(timezone, calendars[member.name]);
  return calendars;
}

}  // namespace hkl
