// Calls that several sources saw, calls that are told by records, and channels
// that nobody says were dialled.
#include <gtest/gtest.h>

#include "assembly/event_script.h"

namespace hkl {
namespace {

// --- Channels without dials (CEL) ---------------------------------------------

// What CEL tells of a call: no dial, ends in whatever order the log has them.
constexpr std::string_view kLogged = R"(
    0.0  begun  c  trunk in client=100 line=200 conv=c src=cel
    0.1  begun  p  phone ext=101 conv=c src=cel
    2.2  up     p  conv=c src=cel
    2.2  up     c  conv=c src=cel
    2.3  enter  p b conv=c src=cel
    2.3  enter  c b conv=c src=cel
    20.0 leave  c b conv=c src=cel
    20.0 leave  p b conv=c src=cel
    20.0 ended  c cause=16 conv=c src=cel
    20.0 asks   c cause=16 conv=c src=cel
    20.0 ended  p cause=16 conv=c src=cel
)";
constexpr std::string_view kLoggedTold =
    "in answered normal client 0.0 2.3 20.0 wait 2.3 queue 2.2 talk 17.7 connected 17.7 clean 17.7\n"
    "employee 101 answered 0.1 2.2 20.0 talk 17.7\n";

TEST(UntoldDials, APhoneThatTheSwitchMadeInAConversationWasRungByIt) { EXPECT_EQ(told_of(kLogged), kLoggedTold); }

// Asterisk before 12 notes a bridge once, on one of the two.
TEST(UntoldDials, ABridgeToldOnceForTwoIsATalkWithWhomWasRung) {
  const std::string begin = R"(
    0.0  begun  c  trunk in client=100 line=200 conv=c name=SIP/t-1
    0.1  begun  p  phone ext=101 conv=c name=SIP/101-2
    0.1  begun  q  phone ext=102 conv=c name=SIP/102-3
    2.2  up     p  conv=c
    2.2  up     c  conv=c
    2.2  ended  q  cause=26 conv=c
)";
  const std::string end = R"(
    20.0 leave  c b conv=c talked
    20.0 ended  p cause=16 conv=c
    20.0 ended  c cause=16 conv=c
)";
  const auto unnamed = told_of(begin + "2.3 enter c b conv=c talked\n" + end);
  EXPECT_EQ(unnamed.substr(0, 18), "in answered normal") << unnamed;
  EXPECT_NE(unnamed.find("employee 101 answered 0.1 2.2 20.0 talk 17.7"), std::string::npos) << unnamed;
  EXPECT_EQ(told_of(begin + "2.3 enter c b conv=c talked to=SIP/101-2\n" + end), unnamed);
}

TEST(UntoldDials, AnOutgoingCallIsNotTakenForOneFromOutside) {
  EXPECT_EQ(told_of(R"(
    0.0  begun   p  phone out ext=101 dials=9100 conv=p
    0.1  begun   t  trunk out conv=p
    0.6  ended   t  cause=17 busy conv=p
    0.6  changed t  client=100 conv=p
    0.7  ended   p  cause=17 busy result=BUSY conv=p
    0.7  asks    p  cause=17 conv=p
  )"),
            "out unsuccessful client_busy system 0.0 ? 0.7 wait 0.7 talk 0.0 connected 0.0 clean 0.0\n"
            "employee 101 ? 0.0 ? 0.7 talk 0.0\n"
            "external 100 busy 0.1 ? 0.6 talk 0.0\n");
}

TEST(UntoldDials, WhoGaveUpDidSoBeforeTheLogEndsTheOthers) {
  EXPECT_EQ(told_of(R"(
    0.0   begun   p  phone out ext=101 dials=9100 conv=p
    0.1   begun   t  trunk out client=100 conv=p
    5.30  ended   t  cause=127 conv=p
    5.34  ended   p  cause=127 result=CANCEL conv=p
    5.34  asks    p  cause=127 conv=p
  )")
                .substr(0, 43),
            "out unsuccessful employee_hung_up employee ");
}

TEST(UntoldDials, TheWordOfTheLastDiallingIsThatOfEveryPhoneItRang) {
  const auto call = call_of_script(R"(
    0.0   begun  c   trunk in client=100 line=200 conv=c
    0.1   begun  p1  phone ext=101 conv=c
    0.1   begun  p2  phone ext=102 conv=c
    15.1  ended  p1  conv=c
    15.1  ended  p2  conv=c
    15.2  ended  c   cause=19 result=NOANSWER conv=c
  )");
  EXPECT_EQ(call.finish_reason, Reason::employee_no_answer);
  for (const auto& leg : call.legs) EXPECT_EQ(leg.outcome, LegOutcome::no_answer);
}

TEST(UntoldDials, APairIsKnownByItsNameAndDialsThePhoneOfThatName) {
  const auto call = call_of_script(R"(
    0.0  begun  c  trunk in client=100 line=200 conv=c
    0.1  begun  l1 local ext=101 name=Local/101@q-1;1 conv=c
    0.1  begun  l2 local ext=101 name=Local/101@q-1;2 conv=c
    0.2  begun  p  phone ext=101 conv=c
    3.0  up     p  conv=c
    3.0  up     l1 conv=c
    3.0  enter  p  b2 conv=c
    3.0  enter  l2 b2 conv=c
    3.1  enter  l1 b1 conv=c
    3.1  enter  c  b1 conv=c
    9.0  ended  c  cause=16 conv=c
    9.0  asks   c  cause=16 conv=c
    9.0  ended  l1 cause=16 conv=c
    9.0  ended  l2 cause=16 conv=c
    9.0  ended  p  cause=16 conv=c
  )");
  EXPECT_EQ(call.outcome, Outcome::answered);
  ASSERT_EQ(call.legs.size(), 1u);
  EXPECT_EQ(call.legs[0].extension, "101");
  EXPECT_EQ(call.legs[0].talk, Millis(5900));
}

TEST(UntoldQueue, ARunOfItsRecordsIsAStayThatAMemberEnds) {
  EXPECT_EQ(told_of(R"(
    0.0  begun  c  trunk in client=100 line=200 conv=c
    0.1  up     c  conv=c
    0.2  app    c  queue name=support conv=c
    0.3  begun  p1 phone ext=111 conv=c
    6.3  ended  p1 conv=c
    7.3  begun  p2 phone ext=112 conv=c
    9.8  up     p2 conv=c
    9.9  enter  p2 b conv=c
    9.9  enter  c  b conv=c
    9.9  app    c  queue name=support conv=c
    18.0 ended  c  cause=16 conv=c
    18.0 asks   c  cause=16 conv=c
    18.0 ended  p2 cause=16 conv=c
  )"),
            "in answered normal client 0.0 9.9 18.0 wait 9.9 queue 9.7 talk 8.1 connected 8.1 clean 8.1\n"
            "queue support answered 0.2 9.9 9.9 talk ?\n"
            "employee 111 no_answer 0.3 ? 6.3 talk 0.0\n"
            "employee 112 answered 7.3 9.8 18.0 talk 8.1\n");
}

TEST(UntoldQueue, WhoLeavesItEndsTheRingingAndThePhoneDidNotFailToAnswer) {
  EXPECT_EQ(told_of(R"(
    0.0  begun  c  trunk in client=100 line=200 conv=c
    0.1  up     c  conv=c
    0.2  app    c  queue name=support conv=c
    0.3  begun  p  phone ext=111 conv=c
    5.0  ended  p  conv=c
    5.0  ended  c  cause=0 conv=c
    5.0  asks   c  cause=0 conv=c
  )"),
            "in missed client_hung_up client 0.0 ? 5.0 wait 5.0 queue 4.8 talk 0.0 connected 0.0 clean 0.0\n"
            "queue support abandoned 0.2 ? 5.0 talk ?\n"
            "employee 111 cancelled 0.3 ? 5.0 talk 0.0\n");
}

// --- The same channels, seen twice ----------------------------------------------

TEST(TwoSources, ACallThatBothSawIsThatOfTheOneThatTellsMore) {
  const std::string live = R"(
    0.01 begun  c   trunk in client=100 line=200 conv=c
    0.11 begun  p   phone ext=101 conv=c
    0.12 dial   c>p phone ext=101 conv=c
    2.21 up     p   conv=c
    2.31 enter  p b conv=c
    2.31 enter  c b conv=c
    8.0  hold   p   conv=c
    9.0  unhold p   conv=c
    20.0 asks   c   conv=c
    20.01 leave  c b conv=c
    20.01 leave  p b conv=c
    20.02 ended  c cause=16 conv=c
    20.02 ended  p cause=16 conv=c
  )";
  EXPECT_EQ(told_of(live + std::string(kLogged)), told_of(live));
}

TEST(TwoSources, WhatOneMissedInAGapTheOtherTells) {
  const std::string live = R"(
    0.0  begun  c   trunk in client=100 line=200 conv=c
    0.1  begun  p   phone ext=101 conv=c
    0.1  dial   c>p phone ext=101 conv=c
    1.0  gap    until=30.0
    30.0 listed list=l
  )";
  const auto alone = call_of_script(live);
  EXPECT_TRUE(alone.incomplete);
  EXPECT_FALSE(alone.ended_at);
  EXPECT_EQ(told_of(live + std::string(kLogged)), kLoggedTold);
}

TEST(TwoSources, AGapOfBothStays) {
  const std::string live = R"(
    0.0  begun  c   trunk in client=100 line=200 conv=c
    0.1  begun  p   phone ext=101 conv=c
    0.1  dial   c>p phone ext=101 conv=c
    1.0  gap    until=30.0
    1.5  gap    until=3.0 src=cel
  )";
  EXPECT_TRUE(call_of_script(live + std::string(kLogged)).incomplete);
}

// --- Records of calls and legs -----------------------------------------------------

TEST(Records, ASecondPhoneAfterTheFirstIsAMoveOfAKindNobodyTold) {
  EXPECT_EQ(told_of(R"(
    0.0  summary c in client=100 line=200 until=46 talked result=ANSWERED
    0.0  leg     a employee ext=101 answered=6 until=46 answered
    46.0 summary c in client=100 until=145 talked result=ANSWERED
    46.0 leg     b employee ext=103 answered=55 until=145 answered
  )"),
            "in answered normal ? 0.0 6.0 145.0 wait 6.0 queue 6.0 talk 139.0 connected 130.0 clean ?\n"
            "employee 101 answered 0.0 6.0 46.0 talk 40.0\n"
            "employee 103 answered 46.0 55.0 145.0 talk 90.0\n"
            " 101 to 103 at 46.0\n");
}

TEST(Records, WithoutTheFirstPersonsAnswerNeitherWaitNorTalkIsKnown) {
  EXPECT_EQ(told_of(R"(
    0.0  summary c in client=100 line=200 until=20 talked result=ANSWERED
    0.0  leg     q queue name=support queue=support answered
    5.0  leg     a employee ext=112 until=10 answered
    10.0 leg     b employee ext=113 answered=12 until=20 answered
  )"),
            "in answered normal ? 0.0 ? 20.0 wait ? queue ? talk ? connected ? clean ?\n"
            "queue support answered 0.0 ? ? talk ?\n"
            "employee 112 answered 5.0 ? 10.0 talk ?\n"
            "employee 113 answered 10.0 12.0 20.0 talk 8.0\n"
            " 112 to 113 at 10.0\n");
}

TEST(Records, AQueueThatPickedUpIsNoPerson) {
  EXPECT_EQ(told_of(R"(
    0.0  summary c in client=100 until=46
    0.0  leg     q queue name=sales queue=sales until=46
  )"),
            "in missed unknown ? 0.0 ? 46.0 wait 46.0 queue 46.0 talk 0.0 connected 0.0 clean 0.0\n"
            "queue sales ? 0.0 ? 46.0 talk ?\n");
}

TEST(Records, OfAGroupThePhoneThatStoppedAsAnotherWasTakenIsElsewhere) {
  const auto call = call_of_script(R"(
    0.0  summary c in client=100 until=9 talked result=ANSWERED
    0.0  leg     a employee ext=101 until=4 no_answer
    0.0  leg     b employee ext=102 until=1 no_answer
    0.0  leg     d employee ext=103 answered=4 until=9 answered
  )");
  ASSERT_EQ(call.legs.size(), 3u);
  EXPECT_EQ(call.legs[0].outcome, LegOutcome::elsewhere);
  EXPECT_EQ(call.legs[1].outcome, LegOutcome::no_answer);
}

TEST(Records, TheLastRoundTellsTheReasonAndInItTheBusyPhone) {
  const auto call = call_of_script(R"(
    0.0  summary c in client=100 until=5 reason=employee_no_answer result=NOANSWER
    6.0  summary c in client=100 until=6 reason=employee_no_answer result=NOANSWER
    6.0  summary c in client=100 until=6 reason=employee_busy result=BUSY
    6.0  summary c in client=100 until=6 reason=employee_no_answer result=NOANSWER
  )");
  EXPECT_EQ(call.finish_reason, Reason::employee_busy);
}

// A callback: the employee's phone rings first and shows whom it is for.
TEST(Records, WhoCalledWhomIsTheWholeRecordsToTell) {
  const auto call = call_of_script(R"(
    0.0  rings   a in client=100 ext=101
    3.0  answers a in client=100 ext=101
    4.0  rings   b external out client=100
    0.0  summary c out client=100 line=200 answered=9 until=20 talked
  )");
  EXPECT_EQ(call.direction, Direction::out);
  EXPECT_EQ(call.line, "200");
  EXPECT_EQ(call.talk, Millis(11000));
}

TEST(Records, TheDurationOfACallWithoutATalkIsNoTalk) {
  EXPECT_EQ(call_of_script("0.0 summary c in client=100 talk=25 untalked").talk, Millis(0));
  EXPECT_EQ(call_of_script("0.0 summary c in client=100 talk=25").talk, std::nullopt);
  // Who answered is told apart from how long it was.
  EXPECT_EQ(call_of_script("0.0 summary c in client=100 talk=25\n1.0 answers a in ext=101").talk, Millis(25000));
}

// Clouds tell whole seconds.
TEST(Records, InOneSecondAPhoneRingsIsAnsweredAndEndsInThatOrder) {
  auto events = events_of_script(R"(
    0.0  ends    - in ext=101 answered
    0.0  answers - in ext=101
    0.0  rings   - in ext=101 client=100
    0.0  summary c in client=100 until=0 talked
  )");
  for (auto& event : events) event.seq = 0;
  const auto call = assemble(events, {}, [](const std::string& raw) { return raw; });
  ASSERT_EQ(call.legs.size(), 1u);
  EXPECT_EQ(call.legs[0].outcome, LegOutcome::answered);
}

TEST(Records, OfOneRoundTheFirstReasonThatAppliesIsTold) {
  const auto of = [](const char* one, const char* other) {
    const auto record = [](const char* reason) {
      return "0.0 summary c in client=100 until=5 untalked reason=" + std::string(reason) + "\n";
    };
    const auto reason = call_of_script(record(one) + record(other)).finish_reason;
    EXPECT_EQ(reason, call_of_script(record(other) + record(one)).finish_reason) << one << ", " << other;
    return reason;
  };
  EXPECT_EQ(of("employee_unavailable", "employee_rejected"), Reason::employee_rejected);
  EXPECT_EQ(of("technical", "employee_unavailable"), Reason::employee_unavailable);
}

// --- Channels and records ------------------------------------------------------------

TEST(ChannelsAndRecords, ARecordMendsWhatAGapHid) {
  EXPECT_EQ(told_of(R"(
    0.2  begun   c   trunk in client=100 line=200 conv=c
    0.3  begun   p   phone ext=101 conv=c
    0.3  dial    c>p phone ext=101 conv=c
    1.0  gap     until=30.0
    30.0 listed  list=l
    0.0  summary c in client=100 until=20 talked result=ANSWERED conv=c src=cdr
    0.0  leg     a employee ext=101 answered=2 until=20 answered conv=c src=cdr
  )"),
            "in answered normal ? 0.2 2.0 20.0 wait 1.8 queue 1.7 talk 18.0 connected 18.0 clean ?\n"
            "employee 101 answered 0.3 2.0 20.0 talk 18.0\n");
}

TEST(ChannelsAndRecords, TheRecordOfAFirstStretchDoesNotEndACallThatGoesOn) {
  const auto call = call_of_script(R"(
    0.0  begun   c   trunk in client=100 line=200 conv=c
    0.1  begun   p   phone ext=101 conv=c
    0.1  dial    c>p phone ext=101 conv=c
    2.0  up      p   conv=c
    2.0  enter   p b conv=c
    2.0  enter   c b conv=c
    0.0  summary c in client=100 until=20 talked result=ANSWERED conv=c src=cdr
  )");
  EXPECT_FALSE(call.is_over);
}

TEST(ChannelsAndRecords, AWithheldNumberIsNotTakenFromARecord) {
  const auto call = call_of_script(R"(
    0.0  begun   c   trunk in withheld line=200 conv=c
    5.0  asks    c   conv=c
    5.0  ended   c   cause=16 conv=c
    0.0  summary c in client=200 until=5 conv=c src=cdr
  )");
  EXPECT_EQ(call.client_number, "");
  EXPECT_TRUE(call.is_withheld);
}

TEST(ChannelsAndRecords, ARecordingToldByItsPathAndByAPartOfItIsOne) {
  const auto call = call_of_script(R"(
    0.0  begun     c trunk in client=100 line=200 conv=c
    1.0  recording c file=/var/spool/monitor/2026/in-1.wav conv=c
    5.0  ended     c cause=16 conv=c
    0.0  summary   c in client=100 until=5 file=2026/in-1.wav conv=c src=cdr
    0.0  summary   c in client=100 until=5 file=other.wav conv=c src=cdr
  )");
  EXPECT_EQ(call.recordings, (std::vector<std::string>{"/var/spool/monitor/2026/in-1.wav", "other.wav"}));
}

TEST(ChannelsAndRecords, TheSpaceOfAParkedCallIsToldByItsRecord) {
  const auto call = call_of_script(R"(
    0.0  begun    c   trunk in client=100 line=200 conv=c
    0.1  begun    p   phone ext=101 conv=c
    2.0  up       p   conv=c
    2.0  enter    p b conv=c
    2.0  enter    c b conv=c
    6.0  leave    c b conv=c
    6.0  parked   c   from=101 conv=c
    6.1  ended    p   cause=16 conv=c
    9.0  ended    c   cause=16 conv=c
    0.0  summary  c in client=100 until=9 talked conv=c src=cdr
    6.0  transfer c park to=702 conv=c src=cdr
  )");
  ASSERT_EQ(call.transfers.size(), 1u);
  EXPECT_EQ(call.transfers[0].to, "702");
  EXPECT_EQ(call.transfers[0].from, "101");
}

}  // namespace
}  // namespace hkl
