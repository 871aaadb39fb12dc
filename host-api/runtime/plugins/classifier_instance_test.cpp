#include <gmock/gmock.h>

#include <cmath>

#include "plugins/instances.h"
#include "plugins/test_plugins/heard.h"
#include "plugins/texts.h"

namespace hkl {
namespace {

using testing::HasSubstr;

// What the test plugin says of a touch whose text is its verdict:
// "QUALITY ADVERTISING SCORE WHY".
Result<Verdict> classified(Classifier& classifier, const std::string& text) {
  hkl_touch touch{};
  touch.struct_size = sizeof touch;
  touch.text = str_of(text);
  hkl_contact contact{};
  contact.struct_size = sizeof contact;
  hkl_inquiry inquiry{};
  inquiry.struct_size = sizeof inquiry;
  inquiry.touch = &touch;
  inquiry.contact = &contact;
  return classifier.classify(inquiry);
}

Result<Verdict> classified_by(const std::string& plugin, const std::string& text) {
  Heard heard;
  const auto classifier = instance_of(plugin, heard.entry(), make_classifier);
  if (!classifier) return fail(classifier.error());
  return classified(**classifier, text);
}

TEST(Classifier, GivesItsVerdict) {
  const auto verdict = classified_by("good", "1 2 0.5 spoke for a minute");
  ASSERT_TRUE(verdict) << error_of(verdict);
  EXPECT_EQ(verdict->quality, Quality::target);
  EXPECT_EQ(verdict->advertising, Tri::yes);
  EXPECT_EQ(verdict->score, 0.5);
  EXPECT_EQ(verdict->why, "spoke for a minute");
}

TEST(Classifier, MayHaveNoOpinion) {
  const auto verdict = classified_by("good", "0 0 0");
  ASSERT_TRUE(verdict) << error_of(verdict);
  EXPECT_EQ(verdict->quality, Quality::no_opinion);
}

TEST(Classifier, IllegalVerdictsAreAFaultOfThePlugin) {
  const std::pair<const char*, const char*> verdicts[] = {
      {"9 0 1", "its verdict has the quality 9, which is none"},
      {"1 3 1", "its verdict has is_advertising 3, neither yes, no nor unknown"},
      {"1 0 nan", "its verdict has the score nan, not one from 0 to 1"},
      {"1 0 1.5", "its verdict has the score 1.5, not one from 0 to 1"},
      {"1 0 -0.1", "its verdict has the score -0.1, not one from 0 to 1"},
      {"1 0 inf", "its verdict has the score inf, not one from 0 to 1"},
      {"1 0 1 \xff", "its verdict's why is no valid UTF-8"}};
  for (const auto& [text, why] : verdicts) {
    EXPECT_EQ(error_of(classified_by("good", text)), std::string("entry (test-plugin): fault of the plugin: ") + why);
  }
}

TEST(Classifier, ThatGaveAnIllegalVerdictIsAskedAgain) {
  Heard heard;
  const auto classifier = instance_of("good", heard.entry(), make_classifier);
  ASSERT_TRUE(classifier) << error_of(classifier);
  EXPECT_FALSE(classified(**classifier, "9 0 1"));
  EXPECT_TRUE(classified(**classifier, "1 0 1"));
}

TEST(Classifier, ThatFailsGivesNoVerdict) {
  EXPECT_EQ(error_of(classified_by("no-error-text", "1 0 1")),
            "entry (test-plugin): fault of the plugin: classify failed with status 6 and does not say why");
  EXPECT_THAT(error_of(classified_by("throws-in-work", "1 0 1")), HasSubstr("an exception came out of classify"));
}

}  // namespace
}  // namespace hkl
