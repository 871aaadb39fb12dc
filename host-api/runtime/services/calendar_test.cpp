#include "services/calendar.h"

#include <gtest/gtest.h>

#include "services/zone.h"

namespace hkl {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

Instant at(const char* local, const char* zone = "Europe/Moscow") { return parse_from(local, zone).value(); }
std::chrono::sys_days day(int year, unsigned month, unsigned day_of_month) {
  return std::chrono::year(year) / static_cast<int>(month) / static_cast<int>(day_of_month);
}

Calendar open_on(std::vector<int> weekdays, std::vector<Calendar::Span> spans, const char* zone = "Europe/Moscow") {
  Calendar calendar;
  calendar.timezone = zone;
  for (const int weekday : weekdays) calendar.week[weekday - 1] = spans;
  return calendar;
}
Calendar office_9_to_18() { return open_on({1, 2, 3, 4, 5}, {{9 * 60, 18 * 60}}); }
Calendar round_the_clock(const char* zone) { return open_on({1, 2, 3, 4, 5, 6, 7}, {{0, 24 * 60}}, zone); }

TEST(Calendar, FourHoursFrom1701EndNextWorkingDayAt1201) {
  EXPECT_EQ(add_open(office_9_to_18(), at("2026-03-03 17:01"), hours(4)).value(), at("2026-03-04 12:01"));
}

TEST(Calendar, FourWorkingHoursAfterFridayAt17EndOnMondayAt12) {
  EXPECT_EQ(add_open(office_9_to_18(), at("2026-03-27 17:00"), hours(4)).value(), at("2026-03-30 12:00"));
}

TEST(Calendar, TimeBeforeOpeningAndAtTheWeekendWaitsForOpening) {
  EXPECT_EQ(add_open(office_9_to_18(), at("2026-03-02 07:30"), hours(1)).value(), at("2026-03-02 10:00"));
  EXPECT_EQ(add_open(office_9_to_18(), at("2026-03-07 12:00"), minutes(1)).value(), at("2026-03-09 09:01"));
}

TEST(Calendar, WhatEndsExactlyAtClosingEndsThatDay) {
  EXPECT_EQ(add_open(office_9_to_18(), at("2026-03-02 17:00"), hours(1)).value(), at("2026-03-02 18:00"));
  EXPECT_EQ(add_open(office_9_to_18(), at("2026-03-02 17:00"), hours(1) + Millis(1)).value(),
            at("2026-03-03 09:00") + Millis(1));
}

TEST(Calendar, NoTimeAtAllEndsWhereItBegins) {
  EXPECT_EQ(add_open(office_9_to_18(), at("2026-03-07 12:00"), Millis(0)).value(), at("2026-03-07 12:00"));
}

TEST(Calendar, LunchIsNotWorked) {
  const auto calendar = open_on({1, 2, 3, 4, 5}, {{9 * 60, 13 * 60}, {14 * 60, 18 * 60}});
  EXPECT_EQ(add_open(calendar, at("2026-03-02 12:30"), hours(1)).value(), at("2026-03-02 14:30"));
  EXPECT_EQ(open_between(calendar, at("2026-03-02 00:00"), at("2026-03-03 00:00")), hours(8));
  EXPECT_FALSE(is_open(calendar, at("2026-03-02 13:00")));
  EXPECT_TRUE(is_open(calendar, at("2026-03-02 14:00")));
}

TEST(Calendar, OpenIsHalfOpen) {
  EXPECT_FALSE(is_open(office_9_to_18(), at("2026-03-02 09:00") - Millis(1)));
  EXPECT_TRUE(is_open(office_9_to_18(), at("2026-03-02 09:00")));
  EXPECT_TRUE(is_open(office_9_to_18(), at("2026-03-02 18:00") - Millis(1)));
  EXPECT_FALSE(is_open(office_9_to_18(), at("2026-03-02 18:00")));
}

TEST(Calendar, AnExceptionReplacesItsWholeDay) {
  auto calendar = office_9_to_18();
  calendar.exceptions[day(2026, 3, 6)] = {{9 * 60, 15 * 60}};
  calendar.exceptions[day(2026, 3, 9)] = {};
  calendar.exceptions[day(2026, 3, 14)] = {{10 * 60, 12 * 60}};
  EXPECT_EQ(add_open(calendar, at("2026-03-06 14:00"), hours(2)).value(), at("2026-03-10 10:00"));
  EXPECT_TRUE(is_open(calendar, at("2026-03-14 11:00")));
}

TEST(Calendar, ItsZoneDecidesWhatDayItIs) {
  const auto vladivostok = open_on({1}, {{9 * 60, 10 * 60}}, "Asia/Vladivostok");
  EXPECT_TRUE(is_open(vladivostok, parse_iso("2026-03-01T23:30:00.000Z").value()));
}

// Berlin: 02:00–03:00 is skipped on 29 March 2026 and comes twice on 25 October.
TEST(Calendar, ASkippedHourIsNotWorked) {
  const auto always = round_the_clock("Europe/Berlin");
  EXPECT_EQ(open_between(always, at("2026-03-29", "Europe/Berlin"), at("2026-03-30", "Europe/Berlin")), hours(23));
  const auto night = open_on({7}, {{60, 4 * 60}}, "Europe/Berlin");
  EXPECT_EQ(add_open(night, at("2026-03-29 01:30", "Europe/Berlin"), hours(1)).value(),
            at("2026-03-29 03:30", "Europe/Berlin"));
  const auto skipped = open_on({7}, {{120, 180}}, "Europe/Berlin");
  EXPECT_EQ(open_between(skipped, at("2026-03-29", "Europe/Berlin"), at("2026-03-30", "Europe/Berlin")), hours(0));
}

TEST(Calendar, ARepeatedHourIsWorkedTwice) {
  const auto always = round_the_clock("Europe/Berlin");
  EXPECT_EQ(open_between(always, at("2026-10-25", "Europe/Berlin"), at("2026-10-26", "Europe/Berlin")), hours(25));
  const auto night = open_on({7}, {{60, 4 * 60}}, "Europe/Berlin");
  EXPECT_EQ(add_open(night, at("2026-10-25 01:30", "Europe/Berlin"), hours(3)).value(),
            at("2026-10-25 03:30", "Europe/Berlin"));
}

TEST(Calendar, OpeningWithinTheRepeatedHourGoesByTheClockOnTheWall) {
  const auto calendar = open_on({7}, {{150, 180}}, "Europe/Berlin");
  EXPECT_TRUE(is_open(calendar, parse_iso("2026-10-25T00:45:00.000Z").value()));   // 02:45, first
  EXPECT_FALSE(is_open(calendar, parse_iso("2026-10-25T01:15:00.000Z").value()));  // 02:15, second
  EXPECT_TRUE(is_open(calendar, parse_iso("2026-10-25T01:45:00.000Z").value()));   // 02:45, second
}

TEST(Calendar, OfficeHoursAcrossAClockChangeEndByTheClockOnTheWall) {
  const auto office = open_on({1, 2, 3, 4, 5}, {{9 * 60, 18 * 60}}, "Europe/Berlin");
  EXPECT_EQ(add_open(office, at("2026-03-27 17:00", "Europe/Berlin"), hours(4)).value(),
            at("2026-03-30 12:00", "Europe/Berlin"));
}

TEST(Calendar, LeapDayAndNewYearAreDaysLikeOthers) {
  EXPECT_EQ(add_open(office_9_to_18(), at("2028-02-28 17:30"), hours(1)).value(), at("2028-02-29 09:30"));
  EXPECT_EQ(add_open(office_9_to_18(), at("2026-12-31 17:30"), hours(1)).value(), at("2027-01-01 09:30"));
}

TEST(Calendar, NothingIsOpenBetweenABeginningAndAnEarlierEnd) {
  EXPECT_EQ(open_between(office_9_to_18(), at("2026-03-03 12:00"), at("2026-03-02 12:00")), hours(0));
}

TEST(Calendar, TheSumOfTwoPartsIsTheWhole) {
  const auto calendar = office_9_to_18();
  const auto from = at("2026-03-02 11:11"), to = at("2026-11-02 16:16");
  for (auto middle = from; middle < to; middle += hours(37)) {
    EXPECT_EQ(open_between(calendar, from, middle) + open_between(calendar, middle, to),
              open_between(calendar, from, to));
  }
}

TEST(Calendar, NeverOpenIsSaidAndDoesNotHang) {
  Calendar closed;
  closed.timezone = "Europe/Moscow";
  const auto never = add_open(closed, at("2026-03-02 12:00"), hours(4));
  ASSERT_FALSE(never);
  EXPECT_EQ(never.error().status, HKL_UNAVAILABLE);
  EXPECT_EQ(never.error().text,
            "the calendar has less than 14400 s of open time in the five years from 2026-03-02T09:00:00.000Z; look at "
            "its hours");
}

TEST(Calendar, NegativeTimeIsRefused) {
  EXPECT_EQ(add_open(office_9_to_18(), at("2026-03-02 12:00"), hours(-1)).error().status, HKL_INVALID);
}

}  // namespace
}  // namespace hkl
