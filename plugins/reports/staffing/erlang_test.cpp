#include "erlang.h"

#include <gtest/gtest.h>

namespace staffing {
namespace {

constexpr Load kExample = {100, 1800, 180};  // ten Erlangs

TEST(ErlangC, FiguresOfTheExample) {
  const auto thirteen = service_of(kExample, 13, 20);
  ASSERT_TRUE(thirteen);
  EXPECT_NEAR(thirteen->wait_probability, 0.2853, 0.00005);
  EXPECT_NEAR(thirteen->service_level, 0.7956, 0.00005);
  EXPECT_NEAR(thirteen->asa_s, 17.1, 0.05);
  EXPECT_NEAR(thirteen->occupancy, 0.769, 0.0005);
  const auto fourteen = service_of(kExample, 14, 20);
  ASSERT_TRUE(fourteen);
  EXPECT_NEAR(fourteen->wait_probability, 0.1741, 0.00005);
  EXPECT_NEAR(fourteen->service_level, 0.8884, 0.00005);
  EXPECT_NEAR(fourteen->asa_s, 7.8, 0.05);
  EXPECT_NEAR(fourteen->occupancy, 0.714, 0.0005);
}

TEST(ErlangC, EightyInTwentyNeedsFourteen) { EXPECT_EQ(agents_for(kExample, 20, 0.8), 14); }

TEST(ErlangC, AsManyPeopleAsErlangsAreOverloaded) {
  EXPECT_FALSE(service_of(kExample, 10, 20));
  EXPECT_TRUE(service_of(kExample, 11, 20));
}

TEST(ErlangC, NobodyIsNeededWhereNobodyCalls) { EXPECT_EQ(agents_for({0, 1800, 180}, 20, 0.8), 0); }

TEST(ErlangC, ThousandsOfPeopleKeepTheirFigures) {
  const auto agents = agents_for({30'000, 1800, 180}, 20, 0.8);
  ASSERT_TRUE(agents);
  EXPECT_GT(*agents, 3000);
  EXPECT_LT(*agents, 3050);
}

}  // namespace
}  // namespace staffing
