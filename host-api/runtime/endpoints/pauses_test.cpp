#include <gtest/gtest.h>

#include "endpoints/backoff.h"
#include "endpoints/gap_watch.h"

namespace hkl {
namespace {

using namespace std::chrono_literals;

TEST(Backoff, DoublesFromTheFirstPauseAndStaysUnderItsLimit) {
  for (std::uint32_t seed = 0; seed < 50; ++seed) {
    Backoff backoff(1s, 60s, seed);
    Millis upper = 2s;
    for (int i = 0; i < 10; ++i) {
      const auto pause = backoff.next();
      EXPECT_GE(pause, std::max(Millis(1s), upper / 2)) << "try " << i;
      EXPECT_LE(pause, upper) << "try " << i;
      upper = std::min(upper * 2, Millis(60s));
    }
  }
}

TEST(Backoff, TwoHostsDoNotDialTogether) {
  Backoff one(1s, 60s, 1), other(1s, 60s, 2);
  for (int i = 0; i < 6; ++i) (void)one.next(), (void)other.next();
  EXPECT_NE(one.next(), other.next());
}

TEST(Backoff, BeginsAnewAfterAGoodConnection) {
  Backoff backoff(1s, 60s, 7);
  for (int i = 0; i < 8; ++i) (void)backoff.next();
  backoff.reset();
  EXPECT_LE(backoff.next(), 2s);
}

TEST(GapWatch, TheFirstConnectionEverHasMissedNothing) {
  GapWatch watch({});
  watch.live_again();
  EXPECT_FALSE(watch.heard(instant_of(5000)));
}

TEST(GapWatch, MissedIsFromTheLastWordHeardToTheNextByThePbxsClock) {
  GapWatch watch({});
  watch.live_again();
  EXPECT_FALSE(watch.heard(instant_of(1000)));
  EXPECT_FALSE(watch.heard(instant_of(4000)));
  watch.live_again();
  const auto gap = watch.heard(instant_of(9000));
  ASSERT_TRUE(gap);
  const auto event = event_of(*gap);
  EXPECT_EQ(event.kind, HKL_EVENT_SOURCE_GAP);
  EXPECT_EQ(event.event_id, "gap:4001:9000");
  EXPECT_EQ(event.at, instant_of(4001));
  EXPECT_EQ(event.ended_at, instant_of(9000));
  EXPECT_FALSE(watch.heard(instant_of(20000))) << "told once";
}

TEST(GapWatch, WhatAnEarlierProcessHeardCounts) {
  GapWatch watch(instant_of(2000));
  watch.live_again();
  const auto gap = watch.heard(instant_of(3000));
  ASSERT_TRUE(gap);
  EXPECT_EQ(gap->from, instant_of(2001));
}

TEST(GapWatch, AnEventThatComesAgainMakesNoGap) {
  GapWatch watch(instant_of(9000));
  watch.live_again();
  EXPECT_FALSE(watch.heard(instant_of(3000)));
}

TEST(GapWatch, RecordsListsAndGapsAreNotOfTheirMoment) {
  Event event;
  for (const auto kind :
       {HKL_EVENT_CALL_SUMMARY, HKL_EVENT_CHANNEL_SEEN, HKL_EVENT_SOURCE_LISTED, HKL_EVENT_SOURCE_GAP}) {
    event.kind = kind;
    EXPECT_FALSE(is_of_its_moment(event)) << kind;
  }
  event.kind = HKL_EVENT_CHANNEL_BEGUN;
  EXPECT_TRUE(is_of_its_moment(event));
}

}  // namespace
}  // namespace hkl
