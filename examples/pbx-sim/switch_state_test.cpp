#include "switch_state.h"

#include <gtest/gtest.h>

#include "capture.h"

namespace pbx_sim {
namespace {

AmiMessage event(const std::string& name, const std::string& id, const std::string& more = {}) {
  return AmiMessage(line("Event", name) + line("Timestamp", "1795415750.000000") + line("Uniqueid", id) + more +
                    "\r\n");
}

AmiMessage begun(const std::string& id, const std::string& channel) {
  return event("Newchannel", id,
               line("Channel", channel) + line("ChannelState", "4") + line("CallerIDNum", "12125550151") +
                   line("Exten", "12025550110") + line("Linkedid", id));
}

std::size_t count_of(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size())) ++count;
  return count;
}

TEST(SwitchState, AChannelIsListedFromItsBeginToItsHangup) {
  SwitchState state(0);
  state.said(begun("1.1", "PJSIP/trunk-a-00000001"));
  state.said(event("Newstate", "1.1", line("ChannelState", "6")));
  const auto list = state.channel_list("x-1");
  EXPECT_EQ(
      count_of(list,
               "Event: CoreShowChannel\r\nActionID: x-1\r\nChannel: PJSIP/trunk-a-00000001\r\nChannelState: 6\r\n"),
      1u);
  EXPECT_EQ(count_of(list, "EventList: Complete\r\nListItems: 1\r\n\r\n"), 1u);
  state.said(event("Hangup", "1.1"));
  EXPECT_EQ(count_of(state.channel_list("x-2"), "Event: CoreShowChannel\r\n"), 0u);
}

TEST(SwitchState, AnEventAfterTheHangupDoesNotReviveTheChannel) {
  SwitchState state(0);
  state.said(begun("1.1", "PJSIP/trunk-a-00000001"));
  state.said(event("Hangup", "1.1"));
  state.said(event("VarSet", "1.1", line("Channel", "PJSIP/trunk-a-00000001")));
  EXPECT_EQ(state.channel_count(), 0u);
}

TEST(SwitchState, AChannelIsInTheBridgeItEnteredUntilItLeavesThatOne) {
  SwitchState state(0);
  state.said(begun("1.1", "PJSIP/101-00000002"));
  state.said(event("BridgeEnter", "1.1", line("BridgeUniqueid", "b-1")));
  EXPECT_EQ(count_of(state.channel_list("x"), "BridgeId: b-1\r\n"), 1u);
  // A channel that is moved enters the new one first.
  state.said(event("BridgeEnter", "1.1", line("BridgeUniqueid", "b-2")));
  state.said(event("BridgeLeave", "1.1", line("BridgeUniqueid", "b-1")));
  EXPECT_EQ(count_of(state.channel_list("x"), "BridgeId: b-2\r\n"), 1u);
  state.said(event("BridgeLeave", "1.1", line("BridgeUniqueid", "b-2")));
  EXPECT_EQ(count_of(state.channel_list("x"), "BridgeId: \r\n"), 1u);
}

TEST(SwitchState, StatusTellsTheLineThatWasDialled) {
  SwitchState state(0);
  state.said(begun("1.1", "PJSIP/trunk-a-00000001"));
  state.said(event("Newexten", "1.1", line("Exten", "s") + line("Application", "Dial") + line("AppData", "PJSIP/101")));
  const auto list = state.status_list("x");
  EXPECT_EQ(count_of(list, "DNID: 12025550110\r\n"), 1u);
  EXPECT_EQ(count_of(list, "Application: Dial\r\nData: PJSIP/101\r\n"), 1u);
}

TEST(SwitchState, AQueueTellsItsMembersAndWhoWaits) {
  SwitchState state(0);
  state.said(begun("1.1", "PJSIP/trunk-a-00000001"));
  state.said(AmiMessage(line("Event", "QueueMemberStatus") + line("Queue", "support") +
                        line("MemberName", "Dora Weiss") + line("Interface", "PJSIP/111") + "\r\n"));
  state.said(event("QueueCallerJoin", "1.1", line("Queue", "support")));
  EXPECT_EQ(count_of(state.queue_list("x"), "Event: QueueEntry\r\nQueue: support\r\nPosition: 1\r\n"), 1u);
  EXPECT_EQ(count_of(state.queue_list("x"), "Event: QueueMember\r\nQueue: support\r\nName: Dora Weiss\r\n"), 1u);
  state.said(event("QueueCallerLeave", "1.1", line("Queue", "support")));
  EXPECT_EQ(count_of(state.queue_list("x"), "Event: QueueEntry"), 0u);
}

TEST(SwitchState, ARealCaptureLeavesNoChannelBehind) {
  const auto capture = read_capture(HKL_SOURCE_DIR "/tests/fixtures/asterisk/13-attended-transfer");
  SwitchState state(0);
  std::size_t most = 0;
  for (const auto& captured : capture.events) {
    state.said(captured.message);
    most = std::max(most, state.channel_count());
  }
  EXPECT_EQ(state.channel_count(), 0u);
  EXPECT_EQ(most, 4u);  // client and 101, 101 and 102
}

TEST(SwitchState, ItStartedBeforeItsFirstEventByAnyClock) {
  const SwitchState state(1000000000);  // 1000 s
  EXPECT_EQ(state.uptime_s(5000) - 178, 4000);
  EXPECT_EQ(state.uptime_s(10), 178);
}

}  // namespace
}  // namespace pbx_sim
