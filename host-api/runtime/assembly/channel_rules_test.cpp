// The rules of folding AMI's channels that real traces taught, one script each.
#include <gtest/gtest.h>

#include "assembly/event_script.h"

namespace hkl {
namespace {

// Half of a local pair is picked up before any phone is, and is no person.
TEST(ChannelRules, AnAnswerIsAPersonReachedThroughLocalPairs) {
  EXPECT_EQ(told_of(R"(
    0.0  begun  c  trunk in client=100 line=200
    0.1  begun  l1 local
    0.1  begun  l2 local
    0.1  pair   l1>l2
    0.1  dial   c>l1 local
    0.2  begun  p  phone ext=101
    0.2  dial   l2>p phone ext=101
    0.5  up     l1
    3.0  up     p
    3.0  enter  p  b2
    3.0  enter  l2 b2
    3.1  enter  l1 b1
    3.1  enter  c  b1
    9.0  asks   c
    9.0  leave  c  b1
    9.0  leave  l1 b1
    9.0  leave  l2 b2
    9.0  leave  p  b2
    9.1  ended  l1 cause=16
    9.1  ended  l2 cause=16
    9.1  ended  p  cause=16
    9.1  ended  c  cause=16
  )"),
            "in answered normal client 0.0 3.1 9.1 wait 3.1 queue 2.9 talk 6.0 connected 5.9 clean 5.9\n"
            "employee 101 answered 0.2 3.0 9.1 talk 5.9\n");
}

// DialEnd says NOANSWER of all of these; the leg's own cause decides.
TEST(ChannelRules, TheLegsOwnCauseDecidesAndNotTheDiallingsWord) {
  const auto of_cause = [](const std::string& cause, const std::string& sense) {
    return call_of_script(
        "0.0 begun c trunk in client=100 line=200\n"
        "0.1 begun p phone ext=101\n"
        "0.1 dial c>p phone ext=101\n"
        "4.0 ended p cause=" +
        cause + " " + sense +
        "\n"
        "4.0 dialled c>p result=NOANSWER\n"
        "4.1 ended c cause=" +
        cause + "\n");
  };
  EXPECT_EQ(of_cause("17", "busy").finish_reason, Reason::employee_busy);
  EXPECT_EQ(of_cause("21", "rejected").finish_reason, Reason::employee_rejected);
  EXPECT_EQ(of_cause("1", "unavailable").finish_reason, Reason::employee_unavailable);
  EXPECT_EQ(of_cause("28", "unavailable").finish_reason, Reason::employee_unavailable);
  EXPECT_EQ(of_cause("34", "failed").finish_reason, Reason::network);
  for (const auto* cause : {"17", "21", "1", "34"})
    EXPECT_EQ(of_cause(cause, "").hung_up_by, By::system) << "nobody asked: the PBX ended it";
}

// chan_pjsip raises a request for the caller too when the PBX's own 4xx comes back.
TEST(ChannelRules, ARequestThatComesBackFromARejectionIsNobodysGivingUp) {
  const auto call = call_of_script(R"(
    0.0  begun  c trunk in client=100 line=200
    0.1  begun  p phone ext=101
    0.1  dial   c>p phone ext=101
    2.0  asks   p cause=17
    2.0  ended  p cause=17 busy
    2.0  dialled c>p busy result=BUSY
    2.1  asks   c cause=17
    2.2  ended  c cause=17
  )");
  EXPECT_EQ(call.finish_reason, Reason::employee_busy);
  EXPECT_EQ(call.hung_up_by, By::system);
}

// A dialplan that dials its phones by local channels, named after routes.
TEST(ChannelRules, WhoIsConsultedIsThePhoneBehindALocalPair) {
  const auto call = call_of_script(R"(
    0.0  begun  c  trunk in client=100 line=200
    0.1  begun  p1 phone ext=101
    0.1  dial   c>p1 phone ext=101
    2.0  up     p1
    2.0  enter  p1 b1
    2.0  enter  c  b1
    6.5  begun  q1 phone ext=101 dials=102 conv=other
    6.6  begun  l1 local ext=ROUTE7 conv=other
    6.6  begun  l2 local ext=ROUTE7 conv=other
    6.6  pair   l1>l2 conv=other
    6.6  dial   q1>l1 local ext=ROUTE7 conv=other
    6.7  begun  p2 phone ext=102 conv=other
    6.7  dial   l2>p2 phone ext=102 conv=other
    8.0  up     p2 conv=other
    8.0  enter  p2 b3 conv=other
    8.0  enter  l2 b3 conv=other
    8.0  enter  l1 b2 conv=other
    8.0  enter  q1 b2 conv=other
    11.0 transfer p1>q1 attended from=101
    11.0 leave  p1 b1
    11.0 leave  q1 b2 conv=other
    11.0 leave  c  b1
    11.0 enter  c  b2
    20.0 asks   p2 conv=other
    20.1 ended  p2 cause=16 conv=other
    20.1 ended  c  cause=16
  )");
  ASSERT_EQ(call.transfers.size(), 1u);
  EXPECT_EQ(call.transfers[0].to, "102");
}

TEST(ChannelRules, AnAttendedTransferByReferUnitesTheConsultationWithTheCall) {
  EXPECT_EQ(told_of(R"(
    0.0  begun  c  trunk in client=100 line=200
    0.1  begun  p1 phone ext=101
    0.1  dial   c>p1 phone ext=101
    2.0  up     p1
    2.0  enter  p1 b1
    2.0  enter  c  b1
    6.0  hold   p1
    6.5  begun  q1 phone ext=101 dials=102 conv=other
    6.6  begun  p2 phone ext=102 conv=other
    6.6  dial   q1>p2 phone ext=102 conv=other
    8.0  up     p2 conv=other
    8.0  enter  p2 b2 conv=other
    8.0  enter  q1 b2 conv=other
    11.0 transfer p1>q1 attended from=101
    11.0 leave  p1 b1
    11.0 leave  q1 b2 conv=other
    11.0 leave  c  b1
    11.0 enter  c  b2
    11.1 unhold p1
    11.1 ended  p1 cause=16
    11.1 ended  q1 cause=16 conv=other
    20.0 asks   p2 conv=other
    20.0 leave  p2 b2 conv=other
    20.0 leave  c  b2
    20.1 ended  p2 cause=16 conv=other
    20.1 ended  c  cause=16
  )"),
            "in answered normal employee 0.0 2.0 20.1 wait 2.0 queue 1.9 talk 18.1 connected 18.0 clean 13.0\n"
            "employee 101 answered 0.1 2.0 11.1 talk 9.0\n"
            "employee 102 answered 6.6 8.0 20.1 talk 9.0\n"
            "attended 101 to 102 at 11.0\n");
}

TEST(ChannelRules, ParkingIsAParkAndWhoPicksUpAnswers) {
  EXPECT_EQ(told_of(R"(
    0.0  begun  c  trunk in client=100 line=200
    0.1  begun  p1 phone ext=101
    0.1  dial   c>p1 phone ext=101
    2.0  up     p1
    2.0  enter  p1 b1
    2.0  enter  c  b1
    7.0  transfer p1>c blind from=101 to=700
    7.0  leave  c  b1
    7.0  leave  p1 b1
    7.1  ended  p1 cause=16
    7.2  parked c  name=701
    12.0 begun  p2 phone ext=103 dials=701 conv=other
    12.1 unparked c>p2 name=701
    12.1 enter  p2 b2 conv=other
    12.1 enter  c  b2
    18.0 asks   c
    18.0 leave  c  b2
    18.0 leave  p2 b2 conv=other
    18.1 ended  p2 cause=16 conv=other
    18.1 ended  c  cause=16
  )"),
            "in answered normal client 0.0 2.0 18.1 wait 2.0 queue 1.9 talk 16.1 connected 10.9 clean 10.9\n"
            "employee 101 answered 0.1 2.0 7.1 talk 5.0\n"
            "employee 103 answered 12.0 12.1 18.1 talk 5.9\n"
            "park 101 to 701 at 7.0\n");
}

TEST(ChannelRules, AForwardToAnOutsideNumberIsOneInboundCallWithALegOutside) {
  EXPECT_EQ(told_of(R"(
    0.0  begun  c  trunk in client=100 line=200
    0.1  begun  l1 local ext=101
    0.1  begun  l2 local ext=101
    0.1  pair   l1>l2
    0.1  dial   c>l1 local ext=101
    0.3  begun  t  trunk out client=300 line=200
    0.3  dial   l2>t trunk client=300 line=200
    5.0  up     t
    5.0  enter  t  b2
    5.0  enter  l2 b2
    5.0  enter  l1 b1
    5.0  enter  c  b1
    15.0 asks   t
    15.0 leave  t  b2
    15.0 leave  l2 b2
    15.0 leave  l1 b1
    15.0 leave  c  b1
    15.1 ended  t  cause=16
    15.1 ended  l1 cause=16
    15.1 ended  l2 cause=16
    15.1 ended  c  cause=16
  )"),
            "in answered normal employee 0.0 5.0 15.1 wait 5.0 queue 5.0 talk 10.1 connected 10.0 clean 10.0\n"
            "external 300 answered 0.3 5.0 15.1 talk 10.0\n"
            "forward  to 300 at 0.3\n");
}

TEST(ChannelRules, WhoLeavesAQueueByKeyHasNotAbandonedIt) {
  EXPECT_EQ(told_of(R"(
    0.0  begun  c trunk in client=100 line=200
    0.1  up     c
    0.2  queue  c queue=support
    6.0  unqueue c queue=support
    6.1  begun  p phone ext=105
    6.1  dial   c>p phone ext=105
    8.0  up     p
    8.0  enter  p b
    8.0  enter  c b
    12.0 asks   c
    12.0 leave  c b
    12.0 leave  p b
    12.1 ended  c cause=16
    12.1 ended  p cause=16
  )"),
            "in answered normal client 0.0 8.0 12.1 wait 8.0 queue 7.8 talk 4.1 connected 4.0 clean 4.0\n"
            "queue support moved 0.2 ? 6.0 talk ?\n"
            "employee 105 answered 6.1 8.0 12.1 talk 4.0\n");
}

}  // namespace
}  // namespace hkl
