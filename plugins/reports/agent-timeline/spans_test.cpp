#include "spans.h"

#include <gtest/gtest.h>

namespace agent_timeline {
namespace {

TEST(Spans, PausedInTwoQueuesIsPausedOnce) {
  EXPECT_EQ(united({{10, 20}, {15, 30}, {30, 40}, {50, 50}, {60, 70}}), (std::vector<Span>{{10, 40}, {60, 70}}));
}

TEST(Spans, OnlyWhatLiesWithinCounts) {
  EXPECT_EQ(within({5, 25}, {{0, 10}, {20, 30}}), 10);
  EXPECT_EQ(within({40, 50}, {{0, 10}, {20, 30}}), 0);
}

TEST(Peak, ACallThatEndsAsAnotherBeginsIsNotOnWithIt) {
  Peak peak;
  peak.add({0, 10}, "a");
  peak.add({10, 20}, "b");
  EXPECT_EQ(peak.calls(), (std::set<std::string>{"a"}));
}

TEST(Peak, ACallOfTwoPeopleIsOneCall) {
  Peak peak;
  peak.add({0, 10}, "a");
  peak.add({5, 15}, "a");
  peak.add({12, 20}, "b");
  peak.add({13, 14}, "c");
  EXPECT_EQ(peak.calls(), (std::set<std::string>{"a", "b", "c"}));
}

}  // namespace
}  // namespace agent_timeline
