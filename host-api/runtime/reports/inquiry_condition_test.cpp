#include "reports/inquiry_condition.h"

#include <gtest/gtest.h>

namespace hkl {
namespace {

hkl_str str(std::string_view text) { return {text.data(), text.size()}; }

// A missed call on 2 March 2026, 08:30 in Moscow, after two others.
struct Touch {
  hkl_touch view{};
  hkl_str tags[2] = {str("цена"), str("vip")};
  Touch() {
    view.struct_size = sizeof view;
    view.inquiry_kind = HKL_INQUIRY_CALL;
    view.at_ms = 1772429400000;
    view.direction = HKL_DIRECTION_IN;
    view.outcome = HKL_OUTCOME_MISSED;
    view.talk_ms = view.queue_wait_ms = view.taken_at_ms = HKL_UNKNOWN_MS;
    view.wait_ms = 20500;
    view.line = str("+74950000001");
    view.tags = {tags, 2};
  }
};

bool holds(const char* text) {
  static const Touch touch;
  auto condition = CheckedCondition::of(text, "Europe/Moscow");
  if (!condition) ADD_FAILURE() << text << ": " << condition.error().text;
  return condition && condition->holds(touch.view, nullptr, 2);
}

TEST(InquiryCondition, SpeaksTheLanguageOfReports) {
  EXPECT_TRUE(holds("missed and wait_s > 20 and line = '+74950000001'"));
  EXPECT_TRUE(holds("hour(at) = 8 and weekday(at) = 1"));
  EXPECT_TRUE(holds("tags contains 'VIP' and tags = 'цена' and earlier >= 2"));
  EXPECT_TRUE(holds("kind in ('call', 'chat') and not answered"));
  EXPECT_FALSE(holds("wait_s > 21"));
  EXPECT_FALSE(holds("employee = 'ivanova'"));
}

TEST(InquiryCondition, KnowsWhatIsNotKnown) {
  EXPECT_TRUE(holds("employee is null and talk_s is null and contact is null"));
  EXPECT_TRUE(holds("employee != 'ivanova'"));
  EXPECT_FALSE(holds("talk_s < 5"));
}

TEST(InquiryCondition, SaysWhereItIsWrong) {
  const auto error = [](const char* text) { return CheckedCondition::of(text, "UTC").error().text; };
  EXPECT_EQ(error("wait > 5"), "column 1: there is no field \"wait\"; did you mean \"wait_s\"?");
  EXPECT_NE(error("talk_s"), "");
  EXPECT_NE(error("direction = 'inn'"), "");
}

}  // namespace
}  // namespace hkl
