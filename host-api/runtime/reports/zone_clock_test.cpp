#include "reports/zone_clock.h"

#include <gtest/gtest.h>

#include "services/zone.h"

namespace hkl {
namespace {

std::int64_t utc(const char* text) { return ms_of(*parse_iso(text)); }

TEST(ZoneClock, TheRepeatedHourIsTwoHours) {
  const auto& berlin = ZoneClock::of("Europe/Berlin");
  EXPECT_EQ(berlin.clock_hour(utc("2026-10-25T00:30:00Z")), "2026-10-25T02:00+02:00");
  EXPECT_EQ(berlin.clock_hour(utc("2026-10-25T01:30:00Z")), "2026-10-25T02:00+01:00");
  EXPECT_EQ(berlin.hour(utc("2026-10-25T00:30:00Z")), 2);
  EXPECT_EQ(berlin.hour(utc("2026-10-25T01:30:00Z")), 2);
}

TEST(ZoneClock, TheSkippedHourIsNone) {
  const auto& berlin = ZoneClock::of("Europe/Berlin");
  EXPECT_EQ(berlin.clock_hour(utc("2026-03-29T00:59:59.999Z")), "2026-03-29T01:00+01:00");
  EXPECT_EQ(berlin.clock_hour(utc("2026-03-29T01:00:00Z")), "2026-03-29T03:00+02:00");
}

TEST(ZoneClock, OffsetsOfHalfHoursAndWestOfGreenwichAreShownWhole) {
  EXPECT_EQ(ZoneClock::of("Asia/Kolkata").clock_hour(utc("2026-03-02T18:45:00Z")), "2026-03-03T00:00+05:30");
  EXPECT_EQ(ZoneClock::of("America/St_Johns").clock_hour(utc("2026-01-02T00:10:00Z")), "2026-01-01T20:00-03:30");
}

TEST(ZoneClock, DaysAndWeekdaysAreLocal) {
  const auto& moscow = ZoneClock::of("Europe/Moscow");
  EXPECT_EQ(moscow.day(utc("2026-03-01T20:59:59.999Z")), "2026-03-01");
  EXPECT_EQ(moscow.weekday(utc("2026-03-01T20:59:59.999Z")), 7);
  EXPECT_EQ(moscow.day(utc("2026-03-01T21:00:00Z")), "2026-03-02");
  EXPECT_EQ(moscow.weekday(utc("2026-03-01T21:00:00Z")), 1);
}

TEST(ZoneClock, WhatFourDigitsOfAYearCannotShowIsNothing) {
  const auto& moscow = ZoneClock::of("Europe/Moscow");
  EXPECT_EQ(moscow.hour(std::int64_t{1} << 60), std::nullopt);
  EXPECT_EQ(moscow.day(-(std::int64_t{1} << 60)), "");
}

TEST(ZoneClock, AgreesWithTheZonesOfTheSystemAtEveryHourOfManyYears) {
  for (const auto* name : {"Europe/Moscow", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca"}) {
    const auto& clock = ZoneClock::of(name);
    for (auto ms = utc("1990-01-01T00:00:00Z"); ms < utc("2040-01-01T00:00:00Z"); ms += 36 * 3'600'000 + 17 * 60'000) {
      const auto local = to_local(instant_of(ms), name);
      ASSERT_EQ(clock.offset_ms(ms), local->offset_s * std::int64_t{1000}) << name << " " << iso_utc(instant_of(ms));
      ASSERT_EQ(clock.hour(ms), local->hour);
      ASSERT_EQ(clock.weekday(ms), local->weekday);
    }
  }
}

TEST(ZoneClock, AWeekIsOfTheYearOfItsThursday) {
  const auto& clock = ZoneClock::of("Europe/Moscow");
  EXPECT_EQ(clock.week(utc("2026-03-02T09:00:00Z")), "2026-W10");
  EXPECT_EQ(clock.week(utc("2026-01-01T09:00:00Z")), "2026-W01");
  EXPECT_EQ(clock.week(utc("2027-01-03T09:00:00Z")), "2026-W53");
  EXPECT_EQ(clock.week(utc("2024-12-30T09:00:00Z")), "2025-W01");
  EXPECT_EQ(clock.quarter(utc("2026-03-31T09:00:00Z")), "2026-Q1");
  EXPECT_EQ(clock.quarter(utc("2026-10-01T09:00:00Z")), "2026-Q4");
  EXPECT_EQ(clock.year(utc("2026-03-02T09:00:00Z")), "2026");
}

TEST(ZoneClock, DaysOfAPeriodAreCountedByWeekday) {
  const auto& clock = ZoneClock::of("UTC");
  const auto monday = utc("2026-03-02T00:00:00Z");
  constexpr auto kDay = 86'400'000LL;
  EXPECT_EQ(clock.days_between(monday, monday + 8 * kDay, 0), 8);
  EXPECT_EQ(clock.days_between(monday, monday + 8 * kDay, 1), 2);
  EXPECT_EQ(clock.days_between(monday, monday + 8 * kDay, 2), 1);
  EXPECT_EQ(clock.days_between(monday, monday + kDay, 7), 0);
  EXPECT_EQ(clock.days_between(monday, monday, 0), 0);
}

TEST(ZoneClock, TheTimeOfDayIsWhatTheClockShows) {
  const auto& berlin = ZoneClock::of("Europe/Berlin");
  const auto at = [](const char* text) { return ms_of(*parse_from(text, "UTC")); };
  EXPECT_EQ(berlin.time_of_day(at("2026-03-02T08:00:00.250")), 9 * 3'600'000 + 250);
  // Both hours of a clock that was set back show two o'clock.
  EXPECT_EQ(berlin.time_of_day(at("2026-10-25T00:30")), 2 * 3'600'000 + 1'800'000);
  EXPECT_EQ(berlin.time_of_day(at("2026-10-25T01:30")), 2 * 3'600'000 + 1'800'000);
}

}  // namespace
}  // namespace hkl
