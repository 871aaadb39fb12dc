#include "record_time.h"

#include <gtest/gtest.h>

#include "record_bench.h"

namespace {

TEST(RecordTime, SecondsSince1970KeepTheirMicroseconds) {
  const auto time = asterisk::parse_record_time("1795415750.531522", hookline::Host());
  ASSERT_TRUE(time);
  EXPECT_EQ(time->ms, 1795415750531);
  EXPECT_EQ(time->micros, 522u);
  EXPECT_FALSE(time->is_whole_second);
}

TEST(RecordTime, ALocalTimeIsTheSources) {
  asterisk::FakeHost host(5 * 3600);
  const auto time = asterisk::parse_record_time("2026-11-23 11:35:50", host.host());
  ASSERT_TRUE(time);
  EXPECT_EQ(time->ms, 1795415750000);
  EXPECT_TRUE(time->is_whole_second);
}

TEST(RecordTime, AnOffsetStandsAboveTheSources) {
  asterisk::FakeHost host(5 * 3600);
  for (const char* text : {"2026-11-23T06:35:50Z", "2026-11-23 09:35:50.000+03:00", "2026-11-23 01:35:50-0500"}) {
    const auto time = asterisk::parse_record_time(text, host.host());
    ASSERT_TRUE(time) << text;
    EXPECT_EQ(time->ms, 1795415750000) << text;
  }
}

TEST(RecordTime, WhatIsNoTimeIsNone) {
  asterisk::FakeHost host(0);
  for (const char* text : {"", "0", "abc", "2026-02-30 10:00:00", "2026-11-23", "2026-11-23 25:00:00", "1795415750.5x",
                           "2026-11-23 06:35:50+3", "99999999999999999999"})
    EXPECT_FALSE(asterisk::parse_record_time(text, host.host())) << text;
}

TEST(RecordTime, DurationsMayHaveAFraction) {
  EXPECT_EQ(asterisk::parse_seconds("6.410195"), 6410);
  EXPECT_EQ(asterisk::parse_seconds("6"), 6000);
  EXPECT_FALSE(asterisk::parse_seconds(""));
  EXPECT_FALSE(asterisk::parse_seconds("-1"));
}

}  // namespace
