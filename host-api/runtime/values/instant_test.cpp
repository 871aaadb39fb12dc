#include "values/instant.h"

#include <gtest/gtest.h>

namespace hkl {
namespace {

TEST(Instant, IsWrittenInUtcWithMilliseconds) {
  EXPECT_EQ(iso_utc(instant_of(1772442900123)), "2026-03-02T09:15:00.123Z");
}

TEST(Instant, AnyOffsetIsReadAsTheSameMoment) {
  for (const char* text : {"2026-03-02T09:15:00.123Z", "2026-03-02T12:15:00.123+03:00", "2026-03-02 04:15:00.123-0500",
                           "2026-03-02T09:15:00.123456Z"})
    EXPECT_EQ(parse_iso(text).value(), instant_of(1772442900123)) << text;
}

TEST(Instant, ATimeWithoutAnOffsetIsRefused) {
  const auto parsed = parse_iso("2026-03-02T09:15:00");
  ASSERT_FALSE(parsed);
  EXPECT_NE(parsed.error().text.find("no offset"), std::string::npos) << parsed.error().text;
}

TEST(Instant, WhatIsNoTimeIsRefused) {
  for (const char* text : {"", "2026", "2026-02-30T00:00:00Z", "2026-03-02T25:00:00Z", "2026-03-02T10:00:00Zx", "now"})
    EXPECT_FALSE(parse_iso(text)) << text;
}

TEST(Duration, UnitsAndFractionsAreRead) {
  EXPECT_EQ(parse_duration("4h").value(), Millis(14400000));
  EXPECT_EQ(parse_duration("1h30m").value(), Millis(5400000));
  EXPECT_EQ(parse_duration("1.5h").value(), Millis(5400000));
  EXPECT_EQ(parse_duration("2d").value(), Millis(172800000));
  EXPECT_EQ(parse_duration("500ms").value(), Millis(500));
  EXPECT_EQ(parse_duration("-1h").value(), Millis(-3600000));
  for (const char* text : {"", "4", "h", "4 h", "four", "4y"}) EXPECT_FALSE(parse_duration(text)) << text;
}

}  // namespace
}  // namespace hkl
