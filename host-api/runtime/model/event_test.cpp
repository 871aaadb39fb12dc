#include "model/event.h"

#include <gtest/gtest.h>

namespace hkl {
namespace {

hkl_str text(const char* literal) { return {literal, std::char_traits<char>::length(literal)}; }

hkl_call_event ringing() {
  hkl_call_event event;
  hkl_call_event_init(&event);
  event.kind = HKL_EVENT_LEG_RINGING;
  event.event_id = text("e1");
  event.call_ref = text("c1");
  event.extension = text("101");
  event.at_ms = 1772442900123;
  event.reason = HKL_REASON_NETWORK;
  return event;
}

std::string fault_of(const hkl_call_event& event) {
  const auto taken = event_of_abi(event);
  return taken ? "" : taken.error().text;
}

TEST(Event, IsCopiedWhole) {
  const auto event = event_of_abi(ringing());
  ASSERT_TRUE(event);
  EXPECT_EQ(event->call_ref, "c1");
  EXPECT_EQ(event->extension, "101");
  EXPECT_EQ(event->reason, Reason::network);
  EXPECT_EQ(event->answered_at, std::nullopt);
}

TEST(Event, IllegalOnesAreRefusedWithTheirReason) {
  auto event = ringing();
  event.event_id = {};
  EXPECT_NE(fault_of(event).find("event_id is empty"), std::string::npos);
  event = ringing();
  event.kind = 63;
  EXPECT_NE(fault_of(event).find("kind 63"), std::string::npos);
  event = ringing();
  event.call_ref = {};
  EXPECT_NE(fault_of(event).find("belongs to no call"), std::string::npos);
  event = ringing();
  event.client_name = text("\xFF\xFE");
  EXPECT_NE(fault_of(event).find("client_name is not UTF-8"), std::string::npos);
  event = ringing();
  event.at_ms = -1;
  EXPECT_NE(fault_of(event).find("at_ms"), std::string::npos);
  event = ringing();
  event.struct_size = 8;
  EXPECT_NE(fault_of(event).find("struct_size is 8"), std::string::npos);
  event = ringing();
  event.struct_size += 3;
  EXPECT_NE(fault_of(event).find("struct_size"), std::string::npos);
}

TEST(Event, ANumberFromTheFutureIsNotKnown) {
  auto event = ringing();
  event.reason = 4711;
  EXPECT_EQ(event_of_abi(event)->reason, Reason::not_told);
}

TEST(Event, TheJournalsJsonGivesItBack) {
  auto abi = ringing();
  const hkl_str tags[] = {text("цена"), text("жалоба")};
  abi.tags = {tags, 2};
  abi.talk_ms = 0;
  abi.answered_at_ms = 1772442900124;
  const auto event = event_of_abi(abi).value();
  const auto again = event_from_json(event_to_json(event)).value();
  EXPECT_EQ(event_to_json(again), event_to_json(event));
  EXPECT_EQ(again.tags, event.tags);
  EXPECT_EQ(again.talk, Millis(0));
}

TEST(Event, FoldOrderIsTimeThenNumberThenSourceThenId) {
  Event a, b;
  a.at = b.at = instant_of(1000);
  a.seq = 2, b.seq = 1;
  EXPECT_TRUE(folds_before(b, a));
  b.at = instant_of(1001);
  EXPECT_TRUE(folds_before(a, b));
}

}  // namespace
}  // namespace hkl
