#include "../classify.h"

namespace {

using namespace classify;

hkl_touch call(std::string_view line, std::uint32_t direction = HKL_DIRECTION_IN) {
  hkl_touch touch{};
  touch.struct_size = sizeof touch;
  touch.direction = direction;
  touch.line = str(line);
  return touch;
}
std::string source(Instance& instance, const hkl_touch& touch) {
  return std::string(view(instance.classify(touch).ad_source));
}

TEST(SourceByLine, IsThatOfTheLineHoweverItIsWritten) {
  Instance instance(R"({"sources": {"cian": ["8 (495) 000-00-01"], "direct": ["+74950000002", "+74950000003"]}})");
  EXPECT_EQ(source(instance, call("+74950000001")), "cian");
  EXPECT_EQ(source(instance, call("84950000003")), "direct");
  EXPECT_EQ(source(instance, call("+74950000009")), "");
  EXPECT_EQ(view(instance.classify(call("+74950000001")).why), "the line +74950000001 belongs to cian");
  EXPECT_EQ(instance.classify(call("+74950000001")).quality, HKL_QUALITY_NO_OPINION);
}

TEST(SourceByLine, KnowsTheLinesOfTheConfigAndTheRest) {
  auto touch = call("+74950000001");
  touch.line_ad_source = str("site");
  Instance plain, own(R"({"sources": {"cian": ["+74950000001"]}, "other": "unknown"})");
  EXPECT_EQ(source(plain, touch), "site");
  EXPECT_EQ(source(own, touch), "cian");
  EXPECT_EQ(source(own, call("+74950000009")), "unknown");
}

TEST(SourceByLine, SaysNothingOfCallsOfOurs) {
  Instance instance(R"({"sources": {"cian": ["+74950000001"]}, "other": "x"})");
  EXPECT_EQ(source(instance, call("+74950000001", HKL_DIRECTION_OUT)), "");
  EXPECT_EQ(source(instance, call("")), "");
}

TEST(SourceByLine, RefusesALineOfTwoSources) {
  EXPECT_EQ(Instance(R"({"sources": {"a": ["+74950000001"], "b": ["84950000001"]}})").error(),
            "sources: the line 84950000001 belongs to both a and b");
}

}  // namespace
