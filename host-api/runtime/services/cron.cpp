#include "services/cron.h"

#include <date/date.h>
#include <fmt/format.h>

#include <array>
#include <charconv>
#include <optional>
#include <vector>

#include "services/zone.h"

namespace hkl {
namespace {

struct FieldRule {
  const char* name;
  int first, last;
  std::vector<std::string_view> words;  // of `first` and those after it
};

const std::array<FieldRule, 5>& rules() {
  static const std::array<FieldRule, 5> all = {
      {{"minute", 0, 59, {}},
       {"hour", 0, 23, {}},
       {"day of the month", 1, 31, {}},
       {"month", 1, 12, {"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"}},
       {"weekday", 0, 7, {"sun", "mon", "tue", "wed", "thu", "fri", "sat"}}}};
  return all;
}

std::vector<std::string_view> split(std::string_view text, char by) {
  std::vector<std::string_view> parts;
  for (;;) {
    const auto at = text.find(by);
    parts.push_back(text.substr(0, at));
    if (at == text.npos) return parts;
    text.remove_prefix(at + 1);
  }
}

std::optional<int> number_of(std::string_view text, const FieldRule& rule) {
  for (std::size_t i = 0; i < rule.words.size(); ++i)
    if (rule.words[i] == text) return rule.first + static_cast<int>(i);
  int number = 0;
  const auto* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (text.empty() || error != std::errc() || stop != end || number < rule.first || number > rule.last)
    return std::nullopt;
  return number;
}

// "8-18/2"; empty where it is none.
std::vector<int> numbers_of_part(std::string_view part, const FieldRule& rule) {
  const auto slash = part.find('/');
  const auto span = part.substr(0, slash);
  int step = 1;
  if (slash != part.npos) {
    const auto text = part.substr(slash + 1);
    const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), step);
    if (error != std::errc() || stop != text.data() + text.size() || step < 1 || step > rule.last) return {};
  }
  int first = rule.first, last = rule.last;
  if (span != "*") {
    const auto dash = span.find('-');
    const auto begin = number_of(span.substr(0, dash), rule);
    auto end = dash == span.npos ? begin : number_of(span.substr(dash + 1), rule);
    if (dash != span.npos && rule.last == 7 && end == 0 && begin && *begin > 0) end = 7;  // sat-sun
    if (!begin || !end || *end < *begin) return {};
    first = *begin;
    last = dash == span.npos && slash != part.npos ? rule.last : *end;
  }
  std::vector<int> numbers;
  for (int i = first; i <= last; i += step) numbers.push_back(i);
  return numbers;
}

Result<std::vector<int>> numbers_of_field(std::string_view field, const FieldRule& rule) {
  std::vector<int> numbers;
  for (const auto part : split(field, ',')) {
    const auto more = numbers_of_part(part, rule);
    if (more.empty())
      return fail(HKL_INVALID, fmt::format("\"{}\" is no {} of {} to {}; write a star, or numbers such as 1,15 or "
                                           "{}-{}/2",
                                           part, rule.name, rule.first, rule.last, rule.first, rule.last));
    numbers.insert(numbers.end(), more.begin(), more.end());
  }
  return numbers;
}

template <std::size_t size>
void put(std::bitset<size>& set, const std::vector<int>& numbers) {
  for (const auto number : numbers) set.set(static_cast<std::size_t>(number));
}

}  // namespace

Result<Cron> Cron::of(std::string_view text) {
  std::vector<std::string_view> fields;
  for (const auto field : split(text, ' '))
    if (!field.empty()) fields.push_back(field);
  if (fields.size() != rules().size())
    return fail(HKL_INVALID,
                fmt::format("\"{}\" has {} fields; five are needed: minute hour day month weekday, such as "
                            "\"30 9 * * mon-fri\"",
                            text, fields.size()));
  std::array<std::vector<int>, 5> numbers;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    auto read = numbers_of_field(fields[i], rules()[i]);
    if (!read) return fail(read.error());
    numbers[i] = std::move(*read);
  }
  Cron cron;
  put(cron.minutes_, numbers[0]);
  put(cron.hours_, numbers[1]);
  put(cron.days_, numbers[2]);
  put(cron.months_, numbers[3]);
  for (const auto day : numbers[4]) cron.weekdays_.set(day == 0 ? 7U : static_cast<std::size_t>(day));
  cron.any_day_ = fields[2].starts_with('*');
  cron.any_weekday_ = fields[4].starts_with('*');
  return cron;
}

bool Cron::has_day(int month, int day, int weekday) const {
  if (!months_.test(static_cast<std::size_t>(month))) return false;
  const bool day_fits = days_.test(static_cast<std::size_t>(day));
  const bool weekday_fits = weekdays_.test(static_cast<std::size_t>(weekday));
  if (any_day_ || any_weekday_) return day_fits && weekday_fits;
  return day_fits || weekday_fits;
}

// Of a day's times the first one after; where a clock is put forward, what it
// skips comes later than what stands behind it, so some more are looked at.
Result<std::optional<Instant>> Cron::first_after(Instant after, LocalTime local, std::string_view zone) const {
  constexpr std::chrono::hours kLongestSkip{3};
  std::optional<Instant> first;
  for (int minute = 0; minute < 24 * 60; ++minute) {
    local.hour = minute / 60;
    local.minute = minute % 60;
    if (!hours_.test(static_cast<std::size_t>(local.hour)) || !minutes_.test(static_cast<std::size_t>(local.minute)))
      continue;
    const auto at = to_utc(local, zone);
    if (!at) return fail(at.error());
    if (first && *at > *first + kLongestSkip) break;
    if (*at > after && (!first || *at < *first)) first = *at;
  }
  return first;
}

Result<Instant> Cron::next(Instant after, std::string_view zone) const {
  const auto begin = to_local(after, zone);
  if (!begin) return fail(begin.error());
  constexpr int kDays = 8 * 366;
  auto date =
      date::sys_days(date::year{begin->year} / static_cast<unsigned>(begin->month) / static_cast<unsigned>(begin->day));
  for (int i = 0; i < kDays; ++i, date += date::days{1}) {
    const date::year_month_day day(date);
    const auto month = static_cast<int>(static_cast<unsigned>(day.month()));
    const auto number = static_cast<int>(static_cast<unsigned>(day.day()));
    if (!has_day(month, number, static_cast<int>(date::weekday(date).iso_encoding()))) continue;
    LocalTime local;
    local.year = static_cast<int>(day.year());
    local.month = month;
    local.day = number;
    const auto found = first_after(after, local, zone);
    if (!found) return fail(found.error());
    if (*found) return **found;
  }
  return fail(HKL_INVALID, "there is no such day");
}

}  // namespace hkl
