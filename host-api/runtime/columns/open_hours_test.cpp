// What is kept of a calendar says what the calendar says.
#include "columns/open_hours.h"

#include <gtest/gtest.h>

#include <random>

namespace hkl {
namespace {

constexpr std::int64_t kFirst = 1'577'836'800'000;  // 2020-01-01
constexpr std::int64_t kMinute = 60'000, kDay = 1440 * kMinute;

// Open on working days with a break and on Saturday nights, in a zone that changes its clock; two days are otherwise.
Calendar office() {
  Calendar calendar;
  calendar.timezone = "Europe/Berlin";
  for (int day = 0; day < 5; ++day) calendar.week[day] = {{9 * 60, 13 * 60 + 30}, {14 * 60, 18 * 60}};
  calendar.week[5] = {{0, 3 * 60}, {22 * 60, 24 * 60}};
  const auto day = [](int n) { return std::chrono::floor<std::chrono::days>(instant_of(kFirst + n * kDay)); };
  calendar.exceptions[day(400)] = {};
  calendar.exceptions[day(403)] = {{60, 61}};
  return calendar;
}

TEST(OpenHours, AreThoseOfTheCalendarToTheMillisecond) {
  const auto calendar = office();
  OpenHours hours(calendar);
  std::mt19937_64 dice(8);
  // Around whole minutes, where hours begin and end.
  for (int i = 0; i < 20'000; ++i) {
    const auto ms = kFirst + static_cast<std::int64_t>(dice() % (4 * 365 * 96)) * 15 * kMinute +
                    static_cast<std::int64_t>(dice() % 3) - 1;
    ASSERT_EQ(hours.is_open(ms), is_open(calendar, instant_of(ms))) << ms;
  }
}

TEST(OpenHours, BetweenTwoMomentsAreWhatTheCalendarCounts) {
  const auto calendar = office();
  OpenHours hours(calendar);
  std::mt19937_64 dice(9);
  for (int i = 0; i < 400; ++i) {
    const auto from = kFirst + static_cast<std::int64_t>(dice() % (4 * 365 * kDay));
    // Within a day, within some weeks, over years, and backwards.
    const std::int64_t reach = i % 4 == 0 ? kDay : i % 4 == 1 ? 40 * kDay : 900 * kDay;
    const auto to =
        from + static_cast<std::int64_t>(dice() % static_cast<std::uint64_t>(reach)) - (i % 8 == 7 ? reach : 0);
    ASSERT_EQ(hours.between(from, to), open_between(calendar, instant_of(from), instant_of(to)).count())
        << from << " to " << to;
  }
}

TEST(OpenHours, OfMomentsThatCannotBeAreCountedAsWell) {
  const auto calendar = office();
  OpenHours hours(calendar);
  const auto from = -200 * 366 * kDay, to = kFirst;
  EXPECT_EQ(hours.between(from, to), open_between(calendar, instant_of(from), instant_of(to)).count());
  EXPECT_EQ(hours.is_open(-5 * kDay), is_open(calendar, instant_of(-5 * kDay)));
}

}  // namespace
}  // namespace hkl
