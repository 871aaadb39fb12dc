#include "reports/day_hours.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "values/words.h"

namespace hkl {
namespace {

constexpr std::array<std::string_view, 7> kDayWords = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
constexpr int kSecondMs = 1000, kMinuteMs = 60 * kSecondMs, kHourMs = 60 * kMinuteMs, kDayMs = 24 * kHourMs;

// Two digits at `at`; nothing: there are others.
std::optional<int> two_digits(std::string_view text, std::size_t at) {
  int number = 0;
  const auto* begin = text.data() + at;
  const auto [stop, error] = std::from_chars(begin, begin + 2, number);
  return error == std::errc() && stop == begin + 2 && *begin != '-' ? std::optional(number) : std::nullopt;
}

// "09:00" or "09:00:30", up to "24:00".
std::optional<int> clock_time(std::string_view text) {
  const bool has_seconds = text.size() == 8 && text[5] == ':';
  if ((text.size() != 5 && !has_seconds) || text[2] != ':') return std::nullopt;
  const auto hour = two_digits(text, 0), minute = two_digits(text, 3);
  const auto second = has_seconds ? two_digits(text, 6) : std::optional(0);
  if (!hour || !minute || !second || *minute > 59 || *second > 59) return std::nullopt;
  const auto ms = *hour * kHourMs + *minute * kMinuteMs + *second * kSecondMs;
  return ms > kDayMs ? std::nullopt : std::optional(ms);
}

std::string clock_text(int ms) {
  const auto text = fmt::format("{:02}:{:02}", ms / kHourMs, ms % kHourMs / kMinuteMs);
  return ms % kMinuteMs == 0 ? text : fmt::format("{}:{:02}", text, ms % kMinuteMs / kSecondMs);
}

std::string without_blanks(std::string_view text) {
  const auto begin = text.find_first_not_of(' ');
  if (begin == std::string_view::npos) return {};
  return std::string(text.substr(begin, text.find_last_not_of(' ') - begin + 1));
}

Result<int> weekday_of(const std::string& word) {
  if (word.size() == 1 && word[0] >= '1' && word[0] <= '7') return word[0] - '0';
  const auto found = std::find(kDayWords.begin(), kDayWords.end(), word);
  if (found != kDayWords.end()) return static_cast<int>(found - kDayWords.begin()) + 1;
  const auto nearest = nearest_word(word, kDayWords.data(), kDayWords.size());
  return fail(HKL_INVALID, nearest.empty()
                               ? fmt::format("week_days: \"{}\" is no day; write mon-fri or sat,sun", word)
                               : fmt::format("week_days: \"{}\" is no day; did you mean \"{}\"?", word, nearest));
}

// "mon-fri", "sat,sun", "1-5"; "sat-mon" goes over the weekend.
Result<std::vector<int>> days_of(std::string_view text) {
  std::vector<int> days;
  while (!text.empty()) {
    const auto comma = text.find(',');
    const auto part = text.substr(0, comma);
    text = comma == std::string_view::npos ? "" : text.substr(comma + 1);
    const auto dash = part.find('-');
    const auto first = weekday_of(without_blanks(part.substr(0, dash)));
    const auto last = dash == std::string_view::npos ? first : weekday_of(without_blanks(part.substr(dash + 1)));
    if (!first || !last) return fail((first ? last : first).error());
    for (auto day = *first;; day = day % 7 + 1) {
      days.push_back(day);
      if (day == *last) break;
    }
  }
  std::sort(days.begin(), days.end());
  days.erase(std::unique(days.begin(), days.end()), days.end());
  return days;
}

NodePtr clock_node(const char* name, Type type, const Node& moment) {
  auto node = std::make_unique<Node>();
  node->kind = NodeKind::function;
  node->text = name;
  node->type = type;
  node->children.push_back(moment.clone());
  return node;
}

NodePtr constant_node(Type type, Rational value) {
  auto node = std::make_unique<Node>();
  node->type = type;
  node->value = value;
  return node;
}

NodePtr connected(NodeKind kind, NodePtr a, NodePtr b) {
  if (!a || !b) return a ? std::move(a) : std::move(b);
  auto node = std::make_unique<Node>();
  node->kind = kind;
  node->type = Type::boolean;
  node->children.push_back(std::move(a));
  node->children.push_back(std::move(b));
  return node;
}

NodePtr time_is(const char* op, std::optional<int> ms, const Node& moment) {
  if (!ms) return nullptr;
  auto node = connected(NodeKind::comparison, clock_node("time_of_day", Type::duration, moment),
                        constant_node(Type::duration, {*ms / kSecondMs, 1}));
  node->text = op;
  return node;
}

}  // namespace

bool DayHours::has_day(int weekday) const {
  return week_days.empty() || std::find(week_days.begin(), week_days.end(), weekday) != week_days.end();
}

Result<bool> DayHours::read(std::string_view name, const std::string& text) {
  if (name == "week_days") {
    auto days = days_of(text);
    if (!days) return fail(days.error());
    week_days = std::move(*days);
    return true;
  }
  if (name != "day_start" && name != "day_end") return false;
  const auto at = clock_time(text);
  if (!at && !text.empty())
    return fail(HKL_INVALID, fmt::format("{}={}: write a time of day, as 09:00 or 18:30:15", name, text));
  (name == "day_start" ? start_ms : end_ms) = at;
  return true;
}

Done DayHours::check() const {
  if ((start_ms || end_ms) && start_ms.value_or(0) == end_ms.value_or(kDayMs))
    return fail(HKL_INVALID,
                "day_start and day_end are the same time, so no call is between them; leave both out for "
                "the whole day");
  return {};
}

std::vector<std::pair<std::string, std::string>> DayHours::texts() const {
  std::vector<std::pair<std::string, std::string>> told;
  if (start_ms) told.emplace_back("day_start", clock_text(*start_ms));
  if (end_ms) told.emplace_back("day_end", clock_text(*end_ms));
  std::string days;
  for (const auto day : week_days) {
    if (!days.empty()) days += ',';
    days += kDayWords[static_cast<std::size_t>(day) - 1];
  }
  if (!days.empty()) told.emplace_back("week_days", std::move(days));
  return told;
}

NodePtr within(const DayHours& hours, const Node& moment) {
  const bool is_over_midnight = hours.start_ms && hours.end_ms && *hours.end_ms < *hours.start_ms;
  auto times = connected(is_over_midnight ? NodeKind::any : NodeKind::all, time_is(">=", hours.start_ms, moment),
                         time_is("<", hours.end_ms, moment));
  if (hours.week_days.empty()) return times;
  auto days = std::make_unique<Node>();
  days->kind = NodeKind::among;
  days->type = Type::boolean;
  days->children.push_back(clock_node("weekday", Type::integer, moment));
  for (const auto day : hours.week_days) days->children.push_back(constant_node(Type::integer, {day, 1}));
  return connected(NodeKind::all, std::move(days), std::move(times));
}

}  // namespace hkl
