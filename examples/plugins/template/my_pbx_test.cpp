// The adapter alone, without a PBX and without Hookline's runtime.
#include <gtest/gtest.h>

#include "hookline/sdk/fake_host.h"

namespace {

TEST(MyPbx, SaysWhereItsPbxIs) {
  hookline::fake::Host host;
  hookline::fake::Adapter pbx(hookline_plugin_v1, host, R"({"host": "10.0.0.5"})");
  EXPECT_EQ(pbx.endpoints().at(0).address, "10.0.0.5");
  EXPECT_EQ(pbx.endpoints().at(0).port, 5038u);
}

TEST(MyPbx, TellsThatAPhoneRingsWhereverTheBytesEnd) {
  hookline::fake::Host host;
  hookline::fake::Adapter pbx(hookline_plugin_v1, host, R"({"host": "10.0.0.5"})");
  pbx.feed_bytewise("1772442900123 102\n17724");
  ASSERT_EQ(pbx.heard().events.size(), 1u);
  EXPECT_EQ(pbx.heard().events[0].kind(), HKL_EVENT_LEG_RINGING);
  EXPECT_EQ(pbx.heard().events[0].extension(), "102");
  EXPECT_EQ(pbx.heard().events[0].at_ms(), 1772442900123);
}

TEST(MyPbx, SaysWhatItDoesNotUnderstand) {
  hookline::fake::Host host;
  hookline::fake::Adapter pbx(hookline_plugin_v1, host, R"({"host": "10.0.0.5"})");
  pbx.feed("hello\n" + std::string(2000, 'x'));
  ASSERT_EQ(pbx.heard().skipped.size(), 2u);
  EXPECT_EQ(pbx.heard().skipped[0].why, "a time and a phone were expected");
  EXPECT_EQ(pbx.heard().skipped[1].byte_count, 2000u);
}

}  // namespace
