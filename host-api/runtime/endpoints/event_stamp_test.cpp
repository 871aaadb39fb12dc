#include "endpoints/event_stamp.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hkl {
namespace {

using namespace std::chrono_literals;

Event told_at(std::int64_t ms, std::uint32_t kind = HKL_EVENT_CALL_BEGUN) {
  Event event;
  event.kind = kind;
  event.at = instant_of(ms);
  return event;
}

SourceSetup setup() {
  SourceSetup setup;
  setup.name = "pbx1";
  setup.pbx = "office";
  return setup;
}

TEST(EventStamp, AnEventCarriesItsSourceAndItsReceiptAndKeepsItsTime) {
  const auto rules = setup();
  EventStamp stamp(rules);
  auto event = told_at(1000);
  EXPECT_FALSE(stamp.stamp_heard(event, instant_of(1200), true));
  EXPECT_EQ(event.source, "pbx1");
  EXPECT_EQ(event.pbx, "office");
  EXPECT_EQ(event.at, instant_of(1000));
  EXPECT_EQ(event.received_at, instant_of(1200));
  EXPECT_EQ(event.flags, 0u);
}

TEST(EventStamp, HistoryMarksEveryEvent) {
  auto rules = setup();
  rules.history = true;
  EventStamp stamp(rules);
  auto event = told_at(1000);
  (void)stamp.stamp_heard(event, instant_of(1200), true);
  EXPECT_EQ(event.flags, HKL_EVENT_FLAG_HISTORY);
}

TEST(EventStamp, AClockMoreThanTwoMinutesOffIsToldOnceAndNotCorrected) {
  const auto rules = setup();
  EventStamp stamp(rules);
  auto event = told_at(3600000);
  EXPECT_FALSE(stamp.stamp_heard(event, instant_of(3600000 + 120000), true)) << "two minutes are borne";
  const auto warning = stamp.stamp_heard(event, instant_of(3600000 + 120001), true);
  ASSERT_TRUE(warning);
  EXPECT_THAT(*warning, testing::HasSubstr("2 min 0 s behind ours"));
  EXPECT_THAT(*warning, testing::HasSubstr("clock: receipt"));
  EXPECT_EQ(event.at, instant_of(3600000));
  EXPECT_FALSE(stamp.stamp_heard(event, instant_of(3600000 + 120001), true)) << "told once";
}

TEST(EventStamp, APbxAheadOfUsIsToldSo) {
  const auto rules = setup();
  EventStamp stamp(rules);
  auto event = told_at(2 * 3600000);
  const auto warning = stamp.stamp_heard(event, instant_of(3600000), true);
  ASSERT_TRUE(warning);
  EXPECT_THAT(*warning, testing::HasSubstr("1 h 0 min ahead of ours"));
}

TEST(EventStamp, BytesThatWaitedForUsSayNothingOfTheClock) {
  const auto rules = setup();
  EventStamp stamp(rules);
  auto event = told_at(0);
  EXPECT_FALSE(stamp.stamp_heard(event, instant_of(600000), false));
}

TEST(EventStamp, ASummaryOfAnHourLongCallIsNoWrongClock) {
  const auto rules = setup();
  EventStamp stamp(rules);
  auto event = told_at(0, HKL_EVENT_CALL_SUMMARY);
  EXPECT_FALSE(stamp.stamp_heard(event, instant_of(3600000), true));
}

TEST(EventStamp, ClockReceiptPutsOurTimeInPlaceOfThePbxs) {
  auto rules = setup();
  rules.clock_receipt = true;
  EventStamp stamp(rules);
  auto event = told_at(3600000);
  EXPECT_FALSE(stamp.stamp_heard(event, instant_of(50000), true)) << "the cure needs no warning";
  EXPECT_EQ(event.at, instant_of(50000));
  EXPECT_EQ(event.flags, HKL_EVENT_FLAG_RECEIPT_TIME);
}

TEST(EventStamp, ClockReceiptKeepsTheOrderOfArrivalWithinAMillisecond) {
  auto rules = setup();
  rules.clock_receipt = true;
  EventStamp stamp(rules);
  auto first = told_at(1000), second = told_at(1001);
  first.seq = 999;  // the PBX's microseconds
  second.seq = 1;
  (void)stamp.stamp_heard(first, instant_of(7000), true);
  (void)stamp.stamp_heard(second, instant_of(7000), true);
  EXPECT_TRUE(folds_before(first, second));
}

TEST(EventStamp, ClockReceiptMovesTimesOfThePastByTheDifferenceOfTheClocks) {
  auto rules = setup();
  rules.clock_receipt = true;
  EventStamp stamp(rules);
  auto now = told_at(3600000);
  (void)stamp.stamp_heard(now, instant_of(3600000 + 500000), true);
  auto summary = told_at(3000000, HKL_EVENT_CALL_SUMMARY);
  summary.ended_at = instant_of(3600000);
  (void)stamp.stamp_heard(summary, instant_of(3600000 + 500010), true);
  EXPECT_EQ(summary.at, instant_of(3500000));
  EXPECT_EQ(summary.ended_at, instant_of(4100000));
}

TEST(EventStamp, OfACaptureTheEventTimesRule) {
  auto rules = setup();
  rules.clock_receipt = true;
  const EventStamp stamp(rules);
  auto event = told_at(1000);
  stamp.stamp_told(event, event.at);
  EXPECT_EQ(event.at, instant_of(1000));
}

}  // namespace
}  // namespace hkl
