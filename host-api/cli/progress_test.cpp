#include "progress.h"

#include <gtest/gtest.h>

namespace cli {
namespace {

TEST(Progress, HalfOfTwentyFourMegabytesInTwoSeconds) {
  EXPECT_EQ(progress_line("pbx1", 12000000, 24000000, 2.0, Unit::bytes),
            "pbx1  [############------------]  50%  12.0 of 24.0 MB  6.0 MB/s");
}

TEST(Progress, ItemsAreCounted) {
  EXPECT_EQ(progress_line("rebuild", 300, 300, 3.0, Unit::items),
            "rebuild  [########################] 100%  300 of 300  100 a second");
}

TEST(Progress, AnUnknownTotalHasNoBar) {
  EXPECT_EQ(progress_line("-", 1500000, 0, 1.0, Unit::bytes), "-  1.5 MB  1.5 MB/s");
}

TEST(Progress, MoreThanWasAnnouncedIsAHundredPercent) {
  EXPECT_NE(progress_line("", 30, 20, 1.0, Unit::items).find("100%"), std::string::npos);
}

TEST(Progress, StopEndsTheWorkAtItsNextStep) {
  Progress progress(false, Unit::items);
  const auto abi = progress.abi();
  EXPECT_EQ(abi.step(abi.user, 1, 2, {nullptr, 0}), HKL_OK);
  progress.stop();
  EXPECT_EQ(abi.step(abi.user, 2, 2, {nullptr, 0}), HKL_CANCELLED);
}

}  // namespace
}  // namespace cli
