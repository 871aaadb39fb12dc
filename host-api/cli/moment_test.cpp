#include "moment.h"

#include <gtest/gtest.h>

namespace cli {
namespace {

TEST(Moment, AnyOffsetGivesTheSameMoment) {
  constexpr std::int64_t kMs = 1795420800000;  // date -d 2026-11-23T08:00:00Z +%s
  for (const char* text : {"2026-11-23T08:00:00Z", "2026-11-23T11:00:00+03:00", "2026-11-23T04:30:00-03:30",
                           "2026-11-23T11:00+0300", "2026-11-23 11:00:00+03", "2026-11-23t08:00:00.000z"})
    EXPECT_EQ(parse_moment(text), kMs) << text;
}

TEST(Moment, MillisecondsAreKeptAndFinerOnesCut) {
  EXPECT_EQ(parse_moment("1970-01-01T00:00:00.25Z"), 250);
  EXPECT_EQ(parse_moment("1970-01-01T00:00:00.0019999Z"), 1);
}

TEST(Moment, WithoutAnOffsetItIsNone) {
  for (const char* text : {"2026-11-23", "2026-11-23T08:00:00", "2026-11-23T08:00:00.5"})
    EXPECT_EQ(parse_moment(text), std::nullopt) << text;
}

TEST(Moment, WhatIsNoDateOrTimeIsNone) {
  for (const char* text : {"", "now", "2026-02-30T08:00:00Z", "2026-13-01T08:00:00Z", "2026-11-23T24:00:00Z",
                           "2026-11-23T08:60:00Z", "2026-11-23T08:00:60Z", "2026-11-23T08:00:00.Z",
                           "2026-11-23T08:00:00+3", "2026-11-23T08:00:00Zulu", "2026-11-23T08:00:00+03:"})
    EXPECT_EQ(parse_moment(text), std::nullopt) << text;
}

TEST(Moment, IsShownInUtcWithMilliseconds) {
  EXPECT_EQ(utc_text(1795420800007), "2026-11-23T08:00:00.007Z");
  EXPECT_EQ(utc_text(0), "1970-01-01T00:00:00.000Z");
}

}  // namespace
}  // namespace cli
