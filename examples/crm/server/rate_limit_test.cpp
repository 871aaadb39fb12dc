#include "rate_limit.h"

#include <gtest/gtest.h>

namespace crm {
namespace {

using namespace std::chrono_literals;

TEST(RateLimit, SoManyAtOnceThenSoManyAMinute) {
  RateLimit limit(2, 6);
  const RateLimit::Clock::time_point now{};
  EXPECT_TRUE(limit.take("a", now));
  EXPECT_TRUE(limit.take("a", now));
  EXPECT_FALSE(limit.take("a", now));
  EXPECT_TRUE(limit.take("b", now));  // another's is untouched
  EXPECT_FALSE(limit.take("a", now + 9s));
  EXPECT_TRUE(limit.take("a", now + 11s));
}

TEST(RateLimit, AskingTakesNothingAndForgivingGivesAllBack) {
  RateLimit limit(1, 1);
  const RateLimit::Clock::time_point now{};
  EXPECT_TRUE(limit.has("a", now));
  EXPECT_TRUE(limit.take("a", now));
  EXPECT_FALSE(limit.has("a", now));
  limit.forgive("a");
  EXPECT_TRUE(limit.take("a", now));
}

}  // namespace
}  // namespace crm
