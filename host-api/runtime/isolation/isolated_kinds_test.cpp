// Classifiers, task rules and reports in processes of their own.
#include "isolation/test_kit.h"

namespace hkl::test {
namespace {

using testing::HasSubstr;
using testing::SizeIs;

struct Inquiry {
  hkl_touch touch{};
  hkl_contact contact{};
  hkl_inquiry inquiry{};
  std::string text;
  explicit Inquiry(std::string words) : text(std::move(words)) {
    touch.struct_size = sizeof touch;
    touch.inquiry = {"i1", 2};
    touch.text = {text.data(), text.size()};
    contact.struct_size = sizeof contact;
    inquiry.struct_size = sizeof inquiry;
    inquiry.touch = &touch;
    inquiry.contact = &contact;
  }
};

std::string printed(const Result<Verdict>& verdict) {
  if (!verdict) return verdict.error().text;
  return fmt::format("{} {} {} {}", static_cast<int>(verdict->quality), static_cast<int>(verdict->advertising),
                     verdict->score, verdict->why);
}

TEST(IsolatedClassifier, GivesTheVerdictItGivesInProcess) {
  Heard here;
  Isolated there;
  auto in_process = instance_of("good", here.entry(), make_classifier);
  auto isolated = there.make(test_plugin("good"), make_classifier);
  ASSERT_TRUE(in_process && isolated) << error_of(isolated);
  for (const auto* words : {"2 1 0.75 rang off at once", "9 0 0 no such quality", "1 9 0 why", "1 1 7 too sure", ""})
    EXPECT_EQ(printed((*isolated)->classify(Inquiry(words).inquiry)),
              printed((*in_process)->classify(Inquiry(words).inquiry)));
}

TEST(IsolatedClassifier, ThatDiesOfAnInquiryHasNoOpinionOfItAndServesTheNext) {
  Isolated there;
  auto isolated = there.make(test_plugin("throws-in-work"), make_classifier);
  ASSERT_TRUE(isolated) << error_of(isolated);
  for (int i = 0; i < 2; ++i)
    EXPECT_THAT(printed((*isolated)->classify(Inquiry("1 1 0.5 why").inquiry)),
                HasSubstr("its process was ended: an exception came out of classify"));
  EXPECT_EQ(there.deaths(), 6u);
  ASSERT_THAT(there.poison, SizeIs(2));
  EXPECT_EQ(there.poison[0].subject, "inquiry i1");
}

std::string printed(const Result<std::vector<TaskRecord>>& tasks) {
  if (!tasks) return tasks.error().text;
  std::string text;
  for (const auto& task : *tasks) text += task.key + " " + task.kind + "; ";
  return text;
}

TEST(IsolatedTaskRule, GivesTheTasksItGivesInProcess) {
  Heard here;
  Isolated there;
  auto in_process = instance_of("good", here.entry(), make_task_rule);
  auto isolated = there.make(test_plugin("good"), make_task_rule);
  ASSERT_TRUE(in_process && isolated) << error_of(isolated);
  for (const auto* words : {"k1 callback 1 1000 2000 -1", "- callback 1 1000 2000 -1", "k1 callback 1 2000 1000 -1"}) {
    Inquiry first(words), second("k2 callback 2 1000 -1 3000");
    const hkl_touch* touches[] = {&first.touch, &second.touch};
    hkl_timeline timeline{};
    timeline.struct_size = sizeof timeline;
    timeline.contact = &first.contact;
    timeline.touches = touches;
    timeline.touch_count = 2;
    EXPECT_EQ(printed((*isolated)->review(timeline)), printed((*in_process)->review(timeline)));
  }
}

TEST(IsolatedReport, GivesTheDefinitionItGivesInProcess) {
  Heard here;
  Isolated there;
  const std::string settings = R"({"id": "x", "text": ")" + std::string(1 << 20, 'x') + R"("})";
  auto file = open_test_plugin("good");
  ASSERT_TRUE(file);
  const auto expected = report_definition(*file, here.entry(settings));
  const auto got = report_definition(*there.open(test_plugin("good")), there.entry(settings));
  ASSERT_TRUE(expected && got) << error_of(got);
  EXPECT_EQ(*got, *expected);
}

}  // namespace
}  // namespace hkl::test
