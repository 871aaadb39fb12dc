// Calls as a switch shows them, by channels. Each script is one call.
#include <gtest/gtest.h>

#include "assembly/event_script.h"

namespace hkl {
namespace {

TEST(ChannelFold, AnInboundCallIsAnsweredWhenAPersonIsInTheBridge) {
  EXPECT_EQ(told_of(R"(
    0.0  begun  c   trunk in client=100 line=200
    0.1  begun  p   phone ext=101
    0.1  dial   c>p phone ext=101
    2.2  up     p
    2.2  dialled c>p answered result=ANSWER
    2.2  up     c
    2.3  enter  p b
    2.3  enter  c b
    20.0 asks   c
    20.0 leave  c b
    20.0 leave  p b
    20.1 ended  c cause=16
    20.1 ended  p cause=16
  )"),
            "in answered normal client 0.0 2.3 20.1 wait 2.3 queue 2.2 talk 17.8 connected 17.7 clean 17.7\n"
            "employee 101 answered 0.1 2.2 20.1 talk 17.7\n");
}

TEST(ChannelFold, APickedUpMenuIsNoAnswer) {
  EXPECT_EQ(told_of(R"(
    0.0  begun  c trunk in client=100 line=200
    0.1  up     c
    0.1  app    c ivr name=main
    5.0  asks   c
    5.0  ended  c cause=16
  )"),
            "in missed client_hung_up client 0.0 ? 5.0 wait 5.0 queue 5.0 talk 0.0 connected 0.0 clean 0.0\n"
            "ivr main moved 0.1 ? 5.0 talk ?\n");
}

TEST(ChannelFold, OfAGroupOnePhoneAnswersAndTheOthersAreElsewhere) {
  EXPECT_EQ(told_of(R"(
    0.0  begun  c   trunk in client=100 line=200
    0.1  begun  p1  phone ext=101
    0.1  begun  p2  phone ext=102
    0.1  dial   c>p1 phone ext=101
    0.1  dial   c>p2 phone ext=102
    3.0  up     p2
    3.0  dialled c>p2 answered result=ANSWER
    3.0  dialled c>p1 cancelled result=CANCEL
    3.0  ended  p1 cause=26 elsewhere
    3.1  enter  p2 b
    3.1  enter  c b
    9.0  asks   p2
    9.0  leave  p2 b
    9.0  leave  c b
    9.0  ended  p2 cause=16
    9.1  ended  c cause=16
  )"),
            "in answered normal employee 0.0 3.1 9.1 wait 3.1 queue 3.0 talk 6.0 connected 5.9 clean 5.9\n"
            "employee 101 elsewhere 0.1 ? 3.0 talk 0.0\n"
            "employee 102 answered 0.1 3.0 9.0 talk 5.9\n");
}

TEST(ChannelFold, AClientWhoGivesUpInTheQueueAbandonedIt) {
  EXPECT_EQ(told_of(R"(
    0.0  begun  c trunk in client=100 line=200
    0.1  up     c
    0.2  queue  c queue=support
    0.3  begun  p phone ext=111
    0.3  dial   c>p phone ext=111
    0.3  offer  c>p queue=support
    6.3  refused c>p queue=support
    6.3  dialled c>p no_answer result=NOANSWER
    6.3  ended  p cause=19 no_answer
    10.0 asks   c
    10.0 unqueue c abandoned queue=support
    10.0 unqueue c queue=support
    10.1 ended  c cause=16
  )"),
            "in missed client_hung_up client 0.0 ? 10.1 wait 10.1 queue 9.9 talk 0.0 connected 0.0 clean 0.0\n"
            "queue support abandoned 0.2 ? 10.0 talk ?\n"
            "employee 111 no_answer 0.3 ? 6.3 talk 0.0\n");
}

TEST(ChannelFold, ABlindTransferEndsOneTalkAndBeginsAnother) {
  EXPECT_EQ(told_of(R"(
    0.0  begun  c   trunk in client=100 line=200
    0.1  begun  p1  phone ext=101
    0.1  dial   c>p1 phone ext=101
    2.0  up     p1
    2.0  enter  p1 b1
    2.0  enter  c b1
    7.0  transfer p1>c blind from=101 to=102
    7.0  leave  c b1
    7.0  leave  p1 b1
    7.1  ended  p1 cause=16
    7.2  begun  p2  phone ext=102
    7.2  dial   c>p2 phone ext=102
    9.0  up     p2
    9.0  enter  p2 b2
    9.0  enter  c b2
    15.0 asks   c
    15.0 leave  c b2
    15.0 leave  p2 b2
    15.1 ended  c cause=16
    15.1 ended  p2 cause=16
  )"),
            "in answered normal client 0.0 2.0 15.1 wait 2.0 queue 1.9 talk 13.1 connected 11.0 clean 11.0\n"
            "employee 101 answered 0.1 2.0 7.1 talk 5.0\n"
            "employee 102 answered 7.2 9.0 15.1 talk 6.0\n"
            "blind 101 to 102 at 7.0\n");
}

TEST(ChannelFold, ARedirectWithoutAWordIsABlindTransfer) {
  EXPECT_EQ(told_of(R"(
    0.0  begun  c   trunk in client=100 line=200
    0.1  begun  p1  phone ext=101
    0.1  dial   c>p1 phone ext=101
    2.0  up     p1
    2.0  enter  p1 b1
    2.0  enter  c b1
    7.0  leave  c b1
    7.0  leave  p1 b1
    7.1  ended  p1 cause=16
    7.2  begun  p2  phone ext=102
    7.2  dial   c>p2 phone ext=102
    9.0  up     p2
    9.0  enter  p2 b2
    9.0  enter  c b2
    15.0 asks   p2
    15.0 leave  p2 b2
    15.0 leave  c b2
    15.1 ended  c cause=16
    15.1 ended  p2 cause=16
  )"),
            "in answered normal employee 0.0 2.0 15.1 wait 2.0 queue 1.9 talk 13.1 connected 11.0 clean 11.0\n"
            "employee 101 answered 0.1 2.0 7.1 talk 5.0\n"
            "employee 102 answered 7.2 9.0 15.1 talk 6.0\n"
            "blind 101 to 102 at 7.0\n");
}

TEST(ChannelFold, WhoIsLostAfterATransferThatNobodyTakesTalkedAllTheSame) {
  EXPECT_EQ(told_of(R"(
    0.0  begun  c   trunk in client=100 line=200
    0.1  begun  p1  phone ext=101
    0.1  dial   c>p1 phone ext=101
    2.0  up     p1
    2.0  enter  p1 b1
    2.0  enter  c b1
    7.0  transfer p1>c blind from=101 to=102
    7.0  leave  c b1
    7.0  leave  p1 b1
    7.1  ended  p1 cause=16
    7.2  begun  p2  phone ext=102
    7.2  dial   c>p2 phone ext=102
    22.2 dialled c>p2 no_answer result=NOANSWER
    22.2 ended  p2 cause=19 no_answer
    22.3 ended  c cause=19
  )"),
            "in answered employee_no_answer system 0.0 2.0 22.3 wait 2.0 queue 1.9 talk 20.3 connected 5.0 clean 5.0\n"
            "employee 101 answered 0.1 2.0 7.1 talk 5.0\n"
            "employee 102 no_answer 7.2 ? 22.2 talk 0.0\n"
            "blind 101 to 102 at 7.0\n");
}

TEST(ChannelFold, AnOutgoingCallIsAnsweredByTheClient) {
  EXPECT_EQ(told_of(R"(
    0.0  begun  p   phone out ext=101 dials=9100
    0.2  begun  t   trunk out
    0.2  dial   p>t trunk client=100 line=200
    4.0  up     t
    4.0  dialled p>t answered result=ANSWER
    4.1  enter  t b
    4.1  enter  p b
    9.0  asks   t
    9.0  leave  t b
    9.0  leave  p b
    9.0  ended  t cause=16
    9.1  ended  p cause=16
  )"),
            "out answered normal client 0.0 4.1 9.0 wait 4.1 talk 4.9 connected 4.9 clean 4.9\n"
            "employee 101 answered 0.0 4.1 9.1 talk 4.9\n"
            "external 100 answered 0.2 4.0 9.0 talk 4.9\n");
}

TEST(ChannelFold, WhoPutsDownBeforeTheClientAnswersIsTheEmployee) {
  EXPECT_EQ(told_of(R"(
    0.0  begun  p   phone out ext=101 dials=9100
    0.2  begun  t   trunk out
    0.2  dial   p>t trunk client=100 line=200
    6.0  asks   p
    6.0  dialled p>t cancelled result=CANCEL
    6.0  ended  t cause=0
    6.1  ended  p cause=127
  )"),
            "out unsuccessful employee_hung_up employee 0.0 ? 6.1 wait 6.1 talk 0.0 connected 0.0 clean 0.0\n"
            "employee 101 cancelled 0.0 ? 6.1 talk 0.0\n"
            "external 100 cancelled 0.2 ? 6.0 talk 0.0\n");
}

TEST(ChannelFold, ACallWhoseEndWasNotSeenIsOverAndItsEndIsNotKnown) {
  EXPECT_EQ(told_of(R"(
    0.0  begun  c   trunk in client=100 line=200
    0.1  begun  p   phone ext=101
    0.1  dial   c>p phone ext=101
    2.0  up     p
    2.0  enter  p b
    2.0  enter  c b
    30.0 gap    until=60.0
    60.0 listed list=l1
  )"),
            "in answered normal ? 0.0 2.0 ? wait 2.0 queue 1.9 talk ? connected ? clean ? incomplete\n"
            "employee 101 answered 0.1 2.0 ? talk ?\n");
}

TEST(ChannelFold, AnAnswerInAGapHasNoTimeOfItsOwn) {
  EXPECT_EQ(told_of(R"(
    0.0  begun  c   trunk in client=100 line=200
    0.1  begun  p   phone ext=101
    0.1  dial   c>p phone ext=101
    1.0  gap    until=10.0
    10.0 seen   c   trunk list=l1 bridge=b isup since=0.0
    10.0 seen   p   phone ext=101 list=l1 bridge=b isup since=0.0
    10.0 listed list=l1
    20.0 asks   c
    20.0 leave  c b
    20.0 leave  p b
    20.1 ended  c cause=16
    20.1 ended  p cause=16
  )"),
            "in answered normal client 0.0 ? 20.1 wait ? queue ? talk ? connected ? clean ? incomplete\n"
            "employee 101 answered 0.1 ? 20.1 talk ?\n");
}

TEST(ChannelFold, ATalkThatGoesOnThroughAGapLosesNothing) {
  EXPECT_EQ(told_of(R"(
    0.0  begun  c   trunk in client=100 line=200
    0.1  begun  p   phone ext=101
    0.1  dial   c>p phone ext=101
    2.0  up     p
    2.0  enter  p b
    2.0  enter  c b
    5.0  gap    until=10.0
    10.0 seen   c   trunk list=l1 bridge=b isup since=0.0
    10.0 seen   p   phone ext=101 list=l1 bridge=b isup since=0.0
    10.0 listed list=l1
    20.0 asks   c
    20.0 leave  c b
    20.0 leave  p b
    20.1 ended  c cause=16
    20.1 ended  p cause=16
  )"),
            "in answered normal client 0.0 2.0 20.1 wait 2.0 queue 1.9 talk 18.1 connected 18.0 clean 18.0\n"
            "employee 101 answered 0.1 2.0 20.1 talk 18.0\n");
}

TEST(ChannelFold, ARestartedSwitchEndsWhatWasOpen) {
  EXPECT_EQ(told_of(R"(
    0.0  begun  c   trunk in client=100 line=200
    0.1  begun  p   phone ext=101
    0.1  dial   c>p phone ext=101
    60.0 restarted
  )"),
            "in missed unknown ? 0.0 ? ? wait ? queue ? talk ? connected ? clean ? incomplete\n"
            "employee 101 ? 0.1 ? ? talk ?\n");
}

TEST(ChannelFold, ACallStillOpenAtTheEndOfTheInputIsIncomplete) {
  EXPECT_EQ(told_of(R"(
    0.0  begun  c   trunk in client=100 line=200
    0.1  begun  p   phone ext=101
    0.1  dial   c>p phone ext=101
    0.2  silent
  )"),
            "in missed unknown ? 0.0 ? ? wait ? queue ? talk ? connected ? clean ? incomplete\n"
            "employee 101 ? 0.1 ? ? talk ?\n");
}

TEST(ChannelFold, ACallIsOpenUntilItsClientsChannelEnds) {
  EXPECT_EQ(told_of(R"(
    0.0  begun  c   trunk in client=100 line=200
    0.1  begun  p   phone ext=101
    0.1  dial   c>p phone ext=101
  )"),
            "in going-on  ? 0.0 ? ? wait ? queue ? talk ? connected ? clean ?\n"
            "employee 101 ? 0.1 ? ? talk ?\n");
}

}  // namespace
}  // namespace hkl
