#include "plugins/call_watch.h"

#include <gmock/gmock.h>

#include "plugins/instances.h"
#include "plugins/test_plugins/heard.h"

namespace hkl {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(CallGauge, ACallWithinItsLimitIsNothingToTell) {
  CallGauge gauge("pbx1 (smdr)", Millis(60000));
  { const CallGauge::Call call(&gauge, "feed"); }
  EXPECT_THAT(gauge.take_complaint(), IsEmpty());
  EXPECT_EQ(gauge.overruns(), 0u);
}

TEST(CallGauge, ACallThatTookTooLongIsToldOnce) {
  CallGauge gauge("pbx1 (smdr)", Millis(0));
  {
    const CallGauge::Call call(&gauge, "feed");
    std::this_thread::sleep_for(Millis(40));
  }
  EXPECT_THAT(gauge.take_complaint(), AllOf(HasSubstr("feed took "), HasSubstr("more than the 0 ms of limits.call")));
  EXPECT_THAT(gauge.take_complaint(), IsEmpty());
  EXPECT_EQ(gauge.overruns(), 1u);
  EXPECT_GE(gauge.longest(), Millis(20));  // the clock is a coarse one
}

TEST(CallGauge, ACallThatGoesOnIsToldWhileItDoesAndNotAgain) {
  CallGauge gauge("pbx1 (smdr)", Millis(0));
  {
    const CallGauge::Call call(&gauge, "classify");
    std::this_thread::sleep_for(Millis(40));
    EXPECT_THAT(gauge.take_complaint(), AllOf(HasSubstr("classify goes on for "), HasSubstr("isolation: process")));
    EXPECT_THAT(gauge.take_complaint(), IsEmpty());
  }
  EXPECT_THAT(gauge.take_complaint(), IsEmpty());
  EXPECT_EQ(gauge.overruns(), 1u);
}

TEST(CallWatch, TellsOfAnInstanceThatIsTooSlow) {
  std::mutex mutex;
  std::vector<std::string> told;
  CallWatch watch(
      [&](const std::string& line) {
        const std::lock_guard lock(mutex);
        told.push_back(line);
      },
      Millis(1));
  Heard heard;
  auto entry = heard.entry();
  entry.gauge = watch.gauge("entry (test-plugin)", Millis(-1));  // whatever it takes is too long
  const auto made = instance_of("good", std::move(entry), make_classifier);
  ASSERT_TRUE(made);
  for (int i = 0; i < 5000; ++i) {
    std::this_thread::sleep_for(Millis(1));
    const std::lock_guard lock(mutex);
    if (!told.empty()) break;
  }
  const std::lock_guard lock(mutex);
  ASSERT_FALSE(told.empty());
  EXPECT_THAT(told.front(), HasSubstr("entry (test-plugin): "));
}

}  // namespace
}  // namespace hkl
