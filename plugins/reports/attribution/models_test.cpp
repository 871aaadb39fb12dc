#include "models.h"

#include <gtest/gtest.h>

namespace attribution {
namespace {

constexpr std::int64_t kNow = 1'772'431'800'000;  // 2 March 2026, 09:10 in Moscow
constexpr double kWeek = 7.0 * paths::kDayMs;

paths::Step step(const char* source, std::int64_t ago_ms = 0) {
  return paths::step_of(std::vector<std::string_view>{source}, kNow - ago_ms);
}

std::vector<paths::Step> steps(std::initializer_list<const char*> sources) {
  std::vector<paths::Step> made;
  for (const auto* source : sources) made.push_back(step(source));
  return made;
}

TEST(Models, DecayOfTheExampleHalvesEveryWeek) {
  const std::vector<paths::Step> way = {step("google", 7 * paths::kDayMs), step("direct", paths::kDayMs),
                                        step("direct", paths::kDayMs / 2), step("organic", 600'000)};
  const auto weight = weights(decay, way, kNow, kWeek);
  const double expected[] = {0.1490, 0.2698, 0.2835, 0.2977};
  for (std::size_t i = 0; i < 4; ++i) EXPECT_NEAR(weight[i], expected[i], 0.00005) << i;
}

TEST(Models, ADecayThatLeavesNothingGivesTheLatestAll) {
  const auto weight = weights(decay, {step("a", 300 * paths::kDayMs), step("b", 200 * paths::kDayMs)}, kNow, 1000);
  EXPECT_EQ(weight, (std::vector<double>{0, 1}));
}

TEST(Models, LastNonDirectIsTheLastStepWhereAllAreDirect) {
  EXPECT_EQ(weights(last_non_direct, steps({"a", "direct"}), kNow, kWeek), (std::vector<double>{1, 0}));
  EXPECT_EQ(weights(last_non_direct, steps({"direct", "direct"}), kNow, kWeek), (std::vector<double>{0, 1}));
}

TEST(Models, PositionIs40To20To40AndTwoStepsShareAlike) {
  EXPECT_EQ(weights(position, steps({"a"}), kNow, kWeek), (std::vector<double>{1}));
  EXPECT_EQ(weights(position, steps({"a", "b"}), kNow, kWeek), (std::vector<double>{0.5, 0.5}));
  EXPECT_EQ(weights(position, steps({"a", "b", "c", "d"}), kNow, kWeek), (std::vector<double>{0.4, 0.1, 0.1, 0.4}));
}

TEST(Markov, RemovalEffectsOfTheCheckAreExact) {
  Markov chain;
  chain.add(steps({"c1", "c2", "c3"}), true);
  chain.add(steps({"c1"}), false);
  chain.add(steps({"c2", "c3"}), false);
  const auto effects = chain.removal_effects();
  EXPECT_DOUBLE_EQ(effects.at("c1"), 0.5);
  EXPECT_DOUBLE_EQ(effects.at("c2"), 1);
  EXPECT_DOUBLE_EQ(effects.at("c3"), 1);
  const auto credit = chain.credits();
  EXPECT_DOUBLE_EQ(credit.at("c1"), 0.2);
  EXPECT_DOUBLE_EQ(credit.at("c2"), 0.4);
  EXPECT_DOUBLE_EQ(credit.at("c3"), 0.4);
}

TEST(Markov, AStepThatRepeatsIsNoWayOut) {
  Markov chain;
  chain.add(steps({"a", "a", "b"}), true);
  chain.add(steps({"a"}), false);
  // Half of those at a go on to b or stay; a cannot be done without.
  const auto credit = chain.credits();
  EXPECT_DOUBLE_EQ(credit.at("a") + credit.at("b"), 1);
  EXPECT_DOUBLE_EQ(chain.removal_effects().at("a"), 1);
}

TEST(Markov, WithoutConversionsThereIsNothingToSpread) {
  Markov chain;
  chain.add(steps({"a"}), false);
  EXPECT_TRUE(chain.credits().empty());
}

}  // namespace
}  // namespace attribution
