#include "contacts/call_facts.h"

#include <gtest/gtest.h>

#include "contacts/made_up.h"

namespace hkl {
namespace {

using namespace made_up;

std::string answered_by(const CallFacts& facts) {
  return facts.called_back_at ? facts.called_back_call + " " + std::string(word(facts.called_back_direction)) : "never";
}

TEST(FirstCall, IsTheOneWithNoEarlierCallOfEitherDirection) {
  const auto facts =
      call_facts({outgoing("k11", "15:00:00", "15:00:08", "15:00:38"), outgoing("k12", "16:00:00", "", "16:00:39"),
                  incoming("k19", "03-03 14:00:00", "03-03 14:00:15", "03-03 14:05:15")});
  EXPECT_FALSE(facts[0].gap_any);
  EXPECT_EQ(facts[1].gap_any, Millis(3600000));
  EXPECT_EQ(facts[2].gap_any, Millis(22 * 3600000)) << "from the call before, answered or not";
  EXPECT_FALSE(facts[2].gap_inbound) << "c7's first inbound call, though the company rang before";
}

TEST(FirstCall, TheGapIsFromTheLastCallAndNotFromTheLastFirstOne) {
  const auto facts = call_facts({incoming("a", "01-10 10:00:00", "", "01-10 10:00:10"),
                                 incoming("b", "02-01 10:00:00", "", "02-01 10:00:10"),
                                 incoming("c", "03-02 10:00:00", "", "03-02 10:00:10")});
  EXPECT_EQ(facts[2].gap_any, Millis(std::chrono::days(29)));
}

TEST(FirstCall, InboundGapsPassOverOutgoingCalls) {
  const auto facts = call_facts({incoming("a", "10:00:00", "10:00:10", "10:01:00"),
                                 outgoing("b", "11:00:00", "", "11:00:30"), incoming("c", "12:00:00", "", "12:00:30")});
  EXPECT_EQ(facts[2].gap_any, Millis(3600000));
  EXPECT_EQ(facts[2].gap_inbound, Millis(2 * 3600000));
}

TEST(Anonymous, IsNeverFirstNorCalledBack) {
  auto missed = incoming("k08", "12:15:00", "", "12:15:25");
  auto answered = incoming("k", "12:16:00", "12:16:05", "12:17:00");
  missed.contact = answered.contact = "";
  const auto facts = call_facts({missed, answered});
  EXPECT_FALSE(facts[0].is_counted);
  EXPECT_FALSE(facts[0].called_back_at);
  EXPECT_FALSE(facts[1].gap_any);
}

TEST(CalledBack, ByUsOrByTheClientAtTheFirstTalkAfterTheMiss) {
  const auto facts = call_facts(
      {incoming("k02", "09:20:00", "", "09:20:40"), outgoing("k03", "09:45:00", "", "09:45:30"),
       outgoing("k04", "10:10:00", "10:10:15", "10:14:15", {phone("102", "10:10:00", "10:10:00", "10:14:15")}),
       incoming("k05", "10:30:00", "10:30:05", "10:31:00")});
  EXPECT_EQ(answered_by(facts[0]), "k04 out") << "k03 was only an attempt";
  EXPECT_EQ(facts[0].called_back_at, at("10:10:15"));
  EXPECT_EQ(facts[0].called_back_by, "petrov");
  EXPECT_EQ(facts[0].tried_back_at, at("09:45:00"));
  const auto by_client =
      call_facts({incoming("k09", "13:00:00", "", "13:00:02"), incoming("k10", "13:30:00", "13:30:10", "13:33:10")});
  EXPECT_EQ(answered_by(by_client[0]), "k10 in");
}

TEST(CalledBack, ATalkThatBeginsAsTheMissEndsCountsAndOneBeforeDoesNot) {
  const auto miss = incoming("miss", "10:00:00", "", "10:00:30");
  EXPECT_EQ(answered_by(call_facts({miss, incoming("talk", "10:00:10", "10:00:30", "10:02:00")})[0]), "talk in");
  EXPECT_EQ(answered_by(call_facts({miss, incoming("talk", "10:00:10", "10:00:29.999", "10:02:00")})[0]), "never");
}

TEST(CalledBack, OneTalkAnswersEveryMissBeforeIt) {
  const auto facts =
      call_facts({incoming("a", "10:00:00", "", "10:00:30"), incoming("b", "10:05:00", "", "10:05:30"),
                  outgoing("talk", "10:10:00", "10:10:10", "10:11:00"), incoming("c", "10:20:00", "", "10:20:30")});
  EXPECT_EQ(answered_by(facts[0]), "talk out");
  EXPECT_EQ(answered_by(facts[1]), "talk out");
  EXPECT_EQ(answered_by(facts[3]), "never");
}

TEST(CalledBack, TheTalkThatWasAnsweredFirstWinsWhicheverCallBeganFirst) {
  const auto facts =
      call_facts({incoming("miss", "10:00:00", "", "10:00:30"), incoming("slow", "10:01:00", "10:05:00", "10:06:00"),
                  incoming("quick", "10:02:00", "10:02:10", "10:03:00")});
  EXPECT_EQ(answered_by(facts[0]), "quick in");
}

TEST(CalledBack, AnAnsweredCallIsNotAskedFor) {
  const auto facts =
      call_facts({incoming("a", "10:00:00", "10:00:10", "10:01:00"), outgoing("b", "11:00:00", "11:00:10", "11:01:00"),
                  outgoing("in vain", "12:00:00", "", "12:00:30"), outgoing("c", "13:00:00", "13:00:10", "13:01:00")});
  EXPECT_FALSE(facts[0].called_back_at);
  EXPECT_FALSE(facts[2].called_back_at) << "an attempt of ours is never a missed call";
}

}  // namespace
}  // namespace hkl
