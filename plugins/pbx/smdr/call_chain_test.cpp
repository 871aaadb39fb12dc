#include "call_chain.h"

#include <gtest/gtest.h>

namespace smdr {
namespace {

TEST(CallChains, GoOnWithinTheirTime) {
  CallChains chains;
  chains.open("01/79", {"c1", 1000, 1100, {}});
  EXPECT_EQ(chains.before("01/79", 1100, 60)->call, "c1");
  EXPECT_EQ(chains.before("01/79", 1160, 60)->call, "c1");
  EXPECT_EQ(chains.before("01/79", 1161, 60), nullptr) << "another call of the same client on the same line";
  EXPECT_EQ(chains.before("02/79", 1100, 60), nullptr);
  chains.end("01/79");
  EXPECT_EQ(chains.before("01/79", 1100, 60), nullptr);
}

TEST(CallChains, ForgetTheOldestOfThousands) {
  CallChains chains;
  for (int i = 0; i < 5000; ++i) chains.open(std::to_string(i), {"c", 0, 0, {}});
  EXPECT_EQ(chains.before("0", 0, 0), nullptr);
  EXPECT_NE(chains.before("4999", 0, 0), nullptr);
}

TEST(CallChains, CountEqualLines) {
  CallChains chains;
  EXPECT_EQ(chains.seen("x"), 0U);
  EXPECT_EQ(chains.seen("x"), 1U);
  EXPECT_EQ(chains.seen("y"), 0U);
}

}  // namespace
}  // namespace smdr
