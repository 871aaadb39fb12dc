#include "contacts/call_facts.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <tuple>

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

TEST(NextInbound, IsTheFirstThatBeginsAfterTheCallsEndAnsweredOrNot) {
  const auto facts =
      call_facts({incoming("a", "10:00:00", "10:00:10", "10:10:00"), incoming("meanwhile", "10:05:00", "", "10:05:30"),
                  outgoing("b", "10:20:00", "10:20:10", "10:21:00"), incoming("c", "10:30:00", "", "10:30:30")});
  EXPECT_EQ(facts[0].next_inbound_at, at("10:30:00"));
  EXPECT_EQ(facts[1].next_inbound_at, at("10:30:00"));
  EXPECT_EQ(facts[2].next_inbound_at, at("10:30:00")) << "of an outgoing call too";
  EXPECT_FALSE(facts[3].next_inbound_at);
}

TEST(NextInbound, IsNotOneThatBeginsInTheMomentOfTheEndNorOneThatGoesOn) {
  auto going_on = incoming("on", "10:10:00", "10:10:05", "");
  going_on.is_over = false;
  const auto facts =
      call_facts({incoming("a", "10:00:00", "", "10:00:30"), incoming("b", "10:00:30", "", "10:00:50"), going_on});
  EXPECT_FALSE(facts[0].next_inbound_at);
}

std::vector<CallFacts> with_targets(const std::vector<Call>& calls, const std::string& non_target = "") {
  auto facts = call_facts(calls);
  for (auto& fact : facts) fact.quality = fact.call == non_target ? Quality::non_target : Quality::target;
  add_facts_of_targets(calls, facts);
  return facts;
}

TEST(ThreeInbound, IsTheShortestTimeOfThreeInARowWithTheCallAmongThem) {
  const auto facts = with_targets({incoming("a", "10:00:00", "", "10:00:10"), incoming("b", "11:00:00", "", "11:00:10"),
                                   incoming("c", "15:00:00", "", "15:00:10"), incoming("d", "16:00:00", "", "16:00:10"),
                                   incoming("e", "16:30:00", "", "16:30:10")});
  const auto minutes = [&](std::size_t i) { return facts[i].three_inbound.value_or(Millis(-1)).count() / 60'000; };
  EXPECT_EQ(minutes(0), 300);  // 10, 11, 15
  EXPECT_EQ(minutes(1), 300);
  EXPECT_EQ(minutes(2), 90);  // 15, 16, 16:30
  EXPECT_EQ(minutes(4), 90);
}

TEST(ThreeInbound, OutgoingAndNonTargetOnesDoNotCountAndThoseAtOneMomentAreThree) {
  const std::vector<Call> calls = {incoming("a", "10:00:00", "", "10:00:10"), incoming("b", "10:00:00", "", "10:00:10"),
                                   outgoing("out", "10:00:00", "", "10:00:10"),
                                   incoming("c", "10:00:00", "", "10:00:10")};
  EXPECT_EQ(with_targets(calls)[0].three_inbound, Millis(0));
  EXPECT_FALSE(with_targets(calls)[2].three_inbound);
  EXPECT_FALSE(with_targets(calls, "b")[0].three_inbound);
}

TEST(Episode, BeginsWithTheFirstMissAndAgainAfterATalk) {
  const auto facts =
      with_targets({incoming("a", "10:00:00", "", "10:00:30"), incoming("b", "10:05:00", "", "10:05:30"),
                    outgoing("talk", "10:10:00", "10:10:10", "10:11:00"), incoming("c", "10:20:00", "", "10:20:30"),
                    incoming("d", "10:30:00", "", "10:30:30")});
  EXPECT_TRUE(facts[0].begins_episode);
  EXPECT_FALSE(facts[1].begins_episode);
  EXPECT_FALSE(facts[2].begins_episode);
  EXPECT_TRUE(facts[3].begins_episode);
  EXPECT_FALSE(facts[4].begins_episode);
}

TEST(Episode, IsNotBegunByANonTargetMissNorByOneWithoutANumber) {
  auto calls = std::vector<Call>{incoming("a", "10:00:00", "", "10:00:30"), incoming("b", "10:05:00", "", "10:05:30")};
  EXPECT_FALSE(with_targets(calls, "a")[0].begins_episode);
  EXPECT_TRUE(with_targets(calls, "a")[1].begins_episode);
  calls[0].client_number.clear();
  EXPECT_FALSE(with_targets(calls)[0].begins_episode);
  EXPECT_TRUE(with_targets(calls)[1].begins_episode);
}

// --- Calls at random: each fact is what a look at all the others says.

std::vector<Call> random_calls(std::mt19937& dice) {
  const auto below = [&](unsigned end) { return static_cast<int>(dice() % end); };
  std::vector<Call> calls;
  for (int i = 0; i < 40; ++i) {
    const auto started = at("09:00:00") + Millis(below(60) * 60'000), ended = started + Millis(below(5) * 60'000);
    auto call = below(3) == 0 ? outgoing("", "09:00:00", "", "09:00:00") : incoming("", "09:00:00", "", "09:00:00");
    call.id = "k" + std::to_string(i);
    call.started_at = started;
    call.ended_at = ended;
    if (below(3) == 0) call.answered_at = started + (ended - started) / 2;
    call.outcome = call.answered_at                  ? Outcome::answered
                   : call.direction == Direction::in ? Outcome::missed
                                                     : Outcome::unsuccessful;
    call.is_over = below(10) != 0;
    if (below(10) == 0) call.client_number.clear();
    if (below(15) == 0) call.contact.clear();
    calls.push_back(std::move(call));
  }
  std::sort(calls.begin(), calls.end(),
            [](const Call& a, const Call& b) { return std::tie(a.started_at, a.id) < std::tie(b.started_at, b.id); });
  return calls;
}

TEST(FactsOfOtherCalls, AreWhatAPlainLookAtAllOfThemSays) {
  std::mt19937 dice(20261128);
  for (int round = 0; round < 200; ++round) {
    const auto calls = random_calls(dice);
    auto facts = call_facts(calls);
    for (auto& fact : facts) fact.quality = dice() % 4 == 0 ? Quality::non_target : Quality::target;
    add_facts_of_targets(calls, facts);
    const auto counts = [&](std::size_t i) {
      return calls[i].is_over && !calls[i].contact.empty() && facts[i].quality != Quality::non_target;
    };
    const auto is_inbound = [&](std::size_t i) { return counts(i) && calls[i].direction == Direction::in; };
    const auto is_miss = [&](std::size_t i) {
      return counts(i) && calls[i].outcome == Outcome::missed && !calls[i].client_number.empty();
    };
    for (std::size_t i = 0; i < calls.size(); ++i) {
      SCOPED_TRACE("round " + std::to_string(round) + ", " + calls[i].id);
      std::optional<Instant> next;
      for (const auto& other : calls)
        if (!calls[i].contact.empty() && !other.contact.empty() && other.direction == Direction::in && other.is_over &&
            other.started_at > calls[i].ended_at && (!next || other.started_at < next))
          next = other.started_at;
      EXPECT_EQ(facts[i].next_inbound_at, next);

      std::optional<Millis> shortest;
      for (std::size_t a = 0; a <= i; ++a)
        for (std::size_t c = i; c < calls.size(); ++c) {
          int among = 0;
          for (auto b = a; b <= c; ++b) among += is_inbound(b) ? 1 : 0;
          if (!is_inbound(i) || !is_inbound(a) || !is_inbound(c) || among != 3) continue;
          const auto within = *calls[c].started_at - *calls[a].started_at;
          shortest = std::min(shortest.value_or(within), within);
        }
      EXPECT_EQ(facts[i].three_inbound, shortest);

      bool begins = is_miss(i);
      for (std::size_t before = 0; before < i; ++before)
        if (is_miss(before) && (!facts[before].called_back_at || *facts[before].called_back_at > *calls[i].started_at))
          begins = false;
      EXPECT_EQ(facts[i].begins_episode, begins);
    }
    if (HasFailure()) return;
  }
}

}  // namespace
}  // namespace hkl
