#include <deque>

#include "../classify.h"
#include "number_pattern.h"

namespace {

using namespace classify;

hkl_touch call(std::string_view number, std::int64_t talk_ms = HKL_UNKNOWN_MS, std::int64_t at_ms = 0) {
  hkl_touch touch{};
  touch.struct_size = sizeof touch;
  touch.direction = HKL_DIRECTION_IN;
  touch.number = str(number);
  touch.at_ms = at_ms;
  touch.is_over = 1;
  touch.talk_ms = talk_ms;
  touch.answered_at_ms = talk_ms == HKL_UNKNOWN_MS ? HKL_UNKNOWN_MS : at_ms;
  return touch;
}
std::string rule(Instance& instance, const hkl_touch& touch, const std::vector<const hkl_touch*>& earlier = {}) {
  const auto verdict = instance.classify(touch, earlier);
  EXPECT_EQ(verdict.quality, view(verdict.rule).empty() ? HKL_QUALITY_NO_OPINION : HKL_QUALITY_NON_TARGET);
  return std::string(view(verdict.rule));
}

TEST(TooShort, IsStrictlyLess) {
  Instance instance;
  EXPECT_EQ(rule(instance, call("+79160000001", 4999)), "too_short");
  EXPECT_EQ(view(instance.classify(call("+79160000001", 4000)).why), "the talk lasted 4 s, less than 5 s");
  EXPECT_EQ(rule(instance, call("+79160000001", 5000)), "");
  EXPECT_EQ(rule(instance, call("+79160000001")), "") << "nobody answered";
  auto going_on = call("+79160000001", 1000);
  going_on.is_over = 0;
  EXPECT_EQ(rule(instance, going_on), "");
  Instance off(R"({"min_talk_s": 0})");
  EXPECT_EQ(rule(off, call("+79160000001", 0)), "");
}

TEST(Listed, ByNumberInAnySpellingAndByPattern) {
  Instance instance(R"({"numbers": ["8 (800) 123-45-67", "+7495*"], "allowed": ["+74951112233"]})");
  EXPECT_EQ(rule(instance, call("+78001234567")), "listed");
  EXPECT_EQ(rule(instance, call("+74959999999")), "listed");
  EXPECT_EQ(rule(instance, call("+74951112233")), "");
  EXPECT_EQ(rule(instance, call("+74951112233", 1000)), "too_short") << "allowed is not above a talk of a second";
  EXPECT_EQ(rule(instance, call("")), "") << "withheld";
  EXPECT_EQ(Instance(R"({"numbers": ["spam"]})").error(), "numbers: \"spam\" is no telephone number");
  EXPECT_EQ(Instance(R"({"numbers": ["+7abc*"]})").error(),
            "numbers: \"+7abc*\" is no pattern; write digits, * for any and ? for one");
}

TEST(Robot, RingsOftenerThanAllowed) {
  Instance instance(R"({"calls": 3, "within": "1m"})");
  std::deque<hkl_touch> calls;
  std::vector<const hkl_touch*> earlier;
  for (int i = 0; i < 4; ++i) {
    calls.push_back(call("+79160000001", HKL_UNKNOWN_MS, i * 10'000));
    EXPECT_EQ(rule(instance, calls.back(), earlier), i < 3 ? "" : "robot") << i;
    earlier.push_back(&calls.back());
  }
  EXPECT_EQ(rule(instance, call("+79160000001", HKL_UNKNOWN_MS, 80'000), earlier), "") << "a minute later";
}

TEST(Internal, IsNonTargetAndAMarkByHandIsLeftAlone) {
  Instance instance;
  auto touch = call("", 120'000);
  touch.direction = HKL_DIRECTION_INTERNAL;
  EXPECT_EQ(rule(instance, touch), "internal");
  touch.is_by_hand = 1;
  EXPECT_EQ(rule(instance, touch), "");
}

TEST(Pattern, TakesStarsAndQuestionMarks) {
  using spam_guard::matches;
  EXPECT_TRUE(matches("+7*", "+79160000001"));
  EXPECT_TRUE(matches("7916000????", "+79160000001"));
  EXPECT_FALSE(matches("7916000???", "+79160000001"));
  EXPECT_TRUE(matches("*0001", "+79160000001"));
  EXPECT_TRUE(matches("+7*00*1", "+79160000001"));
  EXPECT_FALSE(matches("+7*2", "+79160000001"));
}

}  // namespace
