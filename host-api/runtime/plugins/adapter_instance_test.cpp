#include <gmock/gmock.h>

#include "plugins/instances.h"
#include "plugins/test_plugins/heard.h"

namespace hkl {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const Instant kNow = instant_of(1772442900000);
constexpr const char* kRinging = "2 e1 c1 1772442900123\n";  // kind, event id, call, time

struct Adapted : Heard {
  std::unique_ptr<Adapter> adapter;
  AdapterOutput out;

  explicit Adapted(const std::string& plugin = "good", const std::string& settings = "{}") {
    auto made = instance_of(plugin, entry(settings), make_adapter);
    if (!made) {
      ADD_FAILURE() << made.error().text;
      return;
    }
    adapter = std::move(*made);
    EXPECT_TRUE(adapter->opened(7, false, "", "10.0.0.5:5038", kNow, out));
  }
  Done feed(const std::string& bytes) { return adapter->feed(7, bytes, kNow, out); }
};

TEST(Adapter, MakesEventsOfBytes) {
  Adapted pbx;
  ASSERT_TRUE(pbx.feed(kRinging));
  ASSERT_EQ(pbx.out.events.size(), 1u);
  EXPECT_EQ(pbx.out.events[0].kind, HKL_EVENT_LEG_RINGING);
  EXPECT_EQ(pbx.out.events[0].event_id, "e1");
  EXPECT_EQ(pbx.out.events[0].call_ref, "c1");
  EXPECT_EQ(ms_of(pbx.out.events[0].at), 1772442900123);
  EXPECT_THAT(pbx.out.refused_events, IsEmpty());
}

TEST(Adapter, GivesTheSameEventsHoweverTheBytesAreCut) {
  Adapted pbx;
  for (const char c : std::string(kRinging)) ASSERT_TRUE(pbx.feed(std::string(1, c)));
  EXPECT_EQ(pbx.out.events.size(), 1u);
}

TEST(Adapter, IllegalEventsAreRefusedWithTheirReasonAndTheRestGoesOn) {
  Adapted pbx;
  ASSERT_TRUE(
      pbx.feed("9999 e1 c1 1772442900123\n"  // no such kind
               "2 - c1 1772442900123\n"      // no event id
               "2 e2 c1 -5\n"                // before 1970
               "2 e\xff c1 1772442900123\n"  // no UTF-8
               "2 e3 c1 1772442900123\n"));
  ASSERT_EQ(pbx.out.events.size(), 1u);
  EXPECT_EQ(pbx.out.events[0].event_id, "e3");
  ASSERT_EQ(pbx.out.refused_events.size(), 4u);
  EXPECT_THAT(pbx.out.refused_events[0], HasSubstr("9999"));
  EXPECT_THAT(pbx.out.refused_events[1], HasSubstr("event_id is empty"));
  EXPECT_THAT(pbx.out.refused_events[2], HasSubstr("at_ms"));
  EXPECT_THAT(pbx.out.refused_events[3], HasSubstr("UTF-8"));
  // The plugin is told the same.
  EXPECT_THAT(pbx.lines, Contains("refused: " + pbx.out.refused_events[1]));
}

TEST(Adapter, AnEventShorterThanThoseOf10IsRefused) {
  Adapted pbx("short-event");
  ASSERT_TRUE(pbx.feed(kRinging));
  EXPECT_THAT(pbx.out.events, IsEmpty());
  EXPECT_THAT(pbx.out.refused_events,
              ElementsAre("hkl_call_event: struct_size is 40, less than the 528 bytes of version 1.0"));
}

TEST(Adapter, SendsClosesAndTellsItsState) {
  Adapted pbx;
  ASSERT_TRUE(
      pbx.feed("send 7 hello\nclose 7 1500 greeted wrongly\nstate 7 3 refused the login\nskip 7 120 too long\n"
               "tick 5000\ntick 4000\n"));
  ASSERT_EQ(pbx.out.sends.size(), 1u);
  EXPECT_EQ(pbx.out.sends[0].connection, 7u);
  EXPECT_EQ(pbx.out.sends[0].bytes, "hello");
  ASSERT_EQ(pbx.out.closes.size(), 1u);
  EXPECT_EQ(pbx.out.closes[0].after, Millis(1500));
  EXPECT_EQ(pbx.out.closes[0].why, "greeted wrongly");
  ASSERT_EQ(pbx.out.states.size(), 1u);
  EXPECT_EQ(pbx.out.states[0].state, HKL_SOURCE_REFUSED);
  EXPECT_EQ(pbx.out.states[0].text, "refused the login");
  ASSERT_EQ(pbx.out.skipped.size(), 1u);
  EXPECT_EQ(pbx.out.skipped[0].byte_count, 120u);
  EXPECT_EQ(pbx.out.skipped[0].why, "too long");
  EXPECT_EQ(pbx.out.tick_at, instant_of(4000)) << "the earlier of two wishes";
}

TEST(Adapter, IsAnsweredNotFoundForAConnectionThatDoesNotStand) {
  Adapted pbx;
  ASSERT_TRUE(pbx.feed("send 8 hello\nclose 8 0 why\nstate 8 2 live\n"));
  EXPECT_THAT(pbx.lines, ElementsAre("start with {}", "send answered 3", "close answered 3", "state answered 3"));
  EXPECT_THAT(pbx.out.sends, IsEmpty());
  EXPECT_THAT(pbx.out.closes, IsEmpty());
  ASSERT_TRUE(pbx.adapter->closed(7, kNow, pbx.out));
  ASSERT_TRUE(pbx.feed("send 7 late\n"));
  EXPECT_THAT(pbx.out.sends, IsEmpty()) << "the connection was closed";
}

TEST(Adapter, IsAnsweredInvalidForAStateThatIsNone) {
  Adapted pbx;
  ASSERT_TRUE(pbx.feed("state 7 9 nobody knows\n"));
  EXPECT_EQ(pbx.lines.back(), "state answered 1");
  EXPECT_THAT(pbx.out.states, IsEmpty());
}

TEST(Adapter, WhatItSkipsMayBeAnything) {
  Adapted pbx;
  ASSERT_TRUE(pbx.feed("skip 7 3 \xff\x01\xd0\n"));
  ASSERT_EQ(pbx.out.skipped.size(), 1u);
  EXPECT_EQ(pbx.out.skipped[0].why, "? ?");
}

TEST(Adapter, TellsHalfALineWhenTheConnectionEnds) {
  Adapted pbx;
  ASSERT_TRUE(pbx.feed("2 e1"));
  ASSERT_TRUE(pbx.adapter->closed(7, kNow, pbx.out));
  ASSERT_EQ(pbx.out.skipped.size(), 1u);
  EXPECT_EQ(pbx.out.skipped[0].byte_count, 4u);
}

TEST(Adapter, TheSinkItKeepsIsAnsweredCancelledAfterwards) {
  Adapted pbx;
  pbx.adapter.reset();
  EXPECT_THAT(pbx.lines, Contains("the sink it kept answers 8"));
}

TEST(Adapter, TakesTheTimeFromItsCaller) {
  Adapted pbx;
  ASSERT_TRUE(pbx.adapter->tick(kNow, pbx.out));
  EXPECT_EQ(pbx.out.tick_at, kNow + Millis(1000));
}

TEST(Adapter, OrdersCalls) {
  Adapted pbx;
  ASSERT_TRUE(pbx.adapter->opened(1, false, "", "", kNow, pbx.out));
  ASSERT_TRUE(pbx.adapter->originate({"r1", "101", "+74951234567", "", Millis(20000)}, kNow, pbx.out));
  ASSERT_EQ(pbx.out.sends.size(), 1u);
  EXPECT_EQ(pbx.out.sends[0].bytes, "101>+74951234567");
}

TEST(Adapter, ThatCannotOrderCallsSaysSo) {
  Adapted pbx("no-orders");
  const auto ordered = pbx.adapter->originate({"r1", "101", "+74951234567", "", Millis(20000)}, kNow, pbx.out);
  ASSERT_FALSE(ordered);
  EXPECT_EQ(ordered.error().status, HKL_UNSUPPORTED);
  EXPECT_EQ(ordered.error().text, "entry: this plugin cannot order calls");
}

TEST(Adapter, GivesItsEndpoints) {
  Adapted pbx("good", "1 5038 60000 pbx.example.com");
  const auto endpoints = pbx.adapter->endpoints();
  ASSERT_TRUE(endpoints) << error_of(endpoints);
  ASSERT_EQ(endpoints->size(), 1u);
  EXPECT_EQ((*endpoints)[0].kind, HKL_ENDPOINT_TCP_CLIENT);
  EXPECT_EQ((*endpoints)[0].address, "pbx.example.com");
  EXPECT_EQ((*endpoints)[0].port, 5038u);
  EXPECT_EQ((*endpoints)[0].idle, Millis(60000));
}

TEST(Adapter, IllegalEndpointsAreAFaultOfThePlugin) {
  const std::pair<const char*, const char*> wishes[] = {
      {"9 5038 0 pbx", "it wants an endpoint of the kind 9, which is none"},
      {"0 5038 0 pbx", "it wants an endpoint of the kind 0, which is none"},
      {"1 0 0 pbx", "it wants the port 0"},
      {"1 70000 0 pbx", "it wants the port 70000"},
      {"1 5038 0", "it wants an endpoint without an address"},
      {"3 0 0", "it wants an endpoint without an address"},
      {"1 5038 -1 pbx", "it wants an endpoint with a negative time"}};
  for (const auto& [settings, why] : wishes) {
    Adapted pbx("good", settings);
    EXPECT_EQ(error_of(pbx.adapter->endpoints()), std::string("entry (test-plugin): fault of the plugin: ") + why);
  }
}

TEST(Adapter, ThatThrowsKeepsWhatItSaidAndIsOutOfUse) {
  Adapted pbx("throws-in-work");
  const auto fed = pbx.feed(kRinging);
  EXPECT_EQ(error_of(fed),
            "entry (test-plugin): an exception came out of feed, which the plugin contract forbids: broken by {}");
  EXPECT_EQ(pbx.out.events.size(), 1u) << "the event was whole when it came";
  EXPECT_THAT(error_of(pbx.feed(kRinging)), HasSubstr("is out of use"));
  EXPECT_EQ(pbx.out.events.size(), 1u);
}

TEST(Adapter, ThatFailsWithoutATextOrWithAnOddStatusIsAtFault) {
  EXPECT_EQ(error_of(Adapted("no-error-text").feed("")),
            "entry (test-plugin): fault of the plugin: feed failed with status 6 and does not say why");
  EXPECT_EQ(error_of(Adapted("odd-status").feed("")),
            "entry (test-plugin): fault of the plugin: feed returned 99, which is no status: something else");
}

}  // namespace
}  // namespace hkl
