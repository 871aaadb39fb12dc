#include "services/zone.h"

#include <gtest/gtest.h>

namespace hkl {
namespace {

Instant utc(const char* iso) { return parse_iso(iso).value(); }
LocalTime wall(int year, int month, int day, int hour, int minute = 0) { return {year, month, day, hour, minute}; }

TEST(Zone, MoscowIsThreeHoursEastOfUtc) {
  const auto local = to_local(utc("2026-03-02T21:15:00.123Z"), "Europe/Moscow").value();
  EXPECT_EQ(local.day, 3);
  EXPECT_EQ(local.hour, 0);
  EXPECT_EQ(local.minute, 15);
  EXPECT_EQ(local.ms, 123);
  EXPECT_EQ(local.offset_s, 3 * 3600);
  EXPECT_EQ(local.weekday, 2);
}

TEST(Zone, SundayIsTheSeventhWeekday) {
  EXPECT_EQ(to_local(utc("2026-03-01T12:00:00.000Z"), "UTC").value().weekday, 7);
}

TEST(Zone, TimesBeforeTheEpochHaveTheirOwnDay) {
  const auto local = to_local(utc("1969-12-31T23:59:59.999Z"), "UTC").value();
  EXPECT_EQ(local.year, 1969);
  EXPECT_EQ(local.second, 59);
  EXPECT_EQ(local.ms, 999);
}

TEST(Zone, ALinkIsAsGoodAsItsZone) { EXPECT_TRUE(is_zone("Europe/Kiev") && is_zone("Europe/Kyiv") && is_zone("UTC")); }

// Berlin puts its clock back at 03:00 CEST on 25 October 2026.
TEST(Zone, ARepeatedHourIsTheFirstOne) {
  EXPECT_EQ(to_utc(wall(2026, 10, 25, 2, 30), "Europe/Berlin").value(), utc("2026-10-25T00:30:00.000Z"));
  EXPECT_EQ(to_utc(wall(2026, 10, 25, 3), "Europe/Berlin").value(), utc("2026-10-25T02:00:00.000Z"));
}

// … and forward at 02:00 CET on 29 March 2026.
TEST(Zone, ASkippedHourIsTakenAsIfItHadNotBeenSkipped) {
  EXPECT_EQ(to_utc(wall(2026, 3, 29, 2, 30), "Europe/Berlin").value(), utc("2026-03-29T01:30:00.000Z"));
  EXPECT_EQ(to_utc(wall(2026, 3, 29, 3), "Europe/Berlin").value(), utc("2026-03-29T01:00:00.000Z"));
}

TEST(Zone, BothRepeatedHoursDifferInTheirOffset) {
  EXPECT_EQ(iso_local(utc("2026-10-25T00:30:00.000Z"), "Europe/Berlin"), "2026-10-25T02:30:00.000+02:00");
  EXPECT_EQ(iso_local(utc("2026-10-25T01:30:00.000Z"), "Europe/Berlin"), "2026-10-25T02:30:00.000+01:00");
}

TEST(Zone, OffsetsOfHalfHoursAndWestOfGreenwichArePrinted) {
  EXPECT_EQ(iso_local(utc("2026-03-02T09:15:00.123Z"), "America/St_Johns"), "2026-03-02T05:45:00.123-03:30");
}

TEST(Zone, AnUnknownZoneNamesTheNearest) {
  const auto none = to_local(Instant{}, "Europe/Moskow");
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().status, HKL_NOT_FOUND);
  EXPECT_EQ(none.error().text, "there is no time zone \"Europe/Moskow\"; did you mean \"Europe/Moscow\"?");
}

TEST(Zone, EmptyAndPathLikeNamesAreNoZones) {
  EXPECT_FALSE(is_zone(""));
  EXPECT_FALSE(is_zone("../../etc/passwd"));
  EXPECT_FALSE(is_zone("right/UTC"));
}

TEST(Zone, ADateThatIsNoneIsRefused) {
  for (const auto& date : {wall(2026, 2, 29, 0), wall(2026, 13, 1, 0), wall(2026, 1, 1, 24), wall(2026, 1, 1, 0, 60)}) {
    const auto at = to_utc(date, "UTC");
    ASSERT_FALSE(at);
    EXPECT_EQ(at.error().status, HKL_INVALID);
  }
  EXPECT_EQ(to_utc(wall(2026, 2, 29, 0), "UTC").error().text, "there is no 2026-02-29 00:00:00.000");
}

TEST(Period, ADateCountsWhole) {
  EXPECT_EQ(parse_from("2026-03-31", "Europe/Moscow").value(), utc("2026-03-30T21:00:00.000Z"));
  EXPECT_EQ(parse_to("2026-03-31", "Europe/Moscow").value(), utc("2026-03-31T21:00:00.000Z"));
}

TEST(Period, ADayOfAClockChangeHas23Or25Hours) {
  const auto length = [](const char* day) {
    return parse_to(day, "Europe/Berlin").value() - parse_from(day, "Europe/Berlin").value();
  };
  EXPECT_EQ(length("2026-03-29"), std::chrono::hours(23));
  EXPECT_EQ(length("2026-10-25"), std::chrono::hours(25));
}

TEST(Period, ATimeIsTakenAsItIs) {
  EXPECT_EQ(parse_to("2026-03-31T09:00", "Europe/Moscow").value(), utc("2026-03-31T06:00:00.000Z"));
  EXPECT_EQ(parse_from("2026-03-31 09:00:30.500", "Europe/Moscow").value(), utc("2026-03-31T06:00:30.500Z"));
  EXPECT_EQ(parse_from("2026-03-31T09:00:00Z", "Europe/Moscow").value(), utc("2026-03-31T09:00:00.000Z"));
  EXPECT_EQ(parse_to("2026-03-31 09:00:00+05:00", "Europe/Moscow").value(), utc("2026-03-31T04:00:00.000Z"));
}

TEST(Period, WhatIsNoDateIsRefusedWithAnExample) {
  for (const char* text : {"", "31.03.2026", "2026-3-1", "2026-02-30", "2026-03-31T", "2026-03-31T25:00",
                           "2026-03-31T09:00 tomorrow", "2026-03-31x"}) {
    const auto at = parse_from(text, "UTC");
    ASSERT_FALSE(at) << text;
    EXPECT_EQ(at.error().text,
              "\"" + std::string(text) + "\" is no date or time; write 2026-03-31 or 2026-03-31T09:00");
  }
}

}  // namespace
}  // namespace hkl
