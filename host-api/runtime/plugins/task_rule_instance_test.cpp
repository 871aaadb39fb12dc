#include <gmock/gmock.h>

#include "plugins/instances.h"
#include "plugins/test_plugins/heard.h"
#include "plugins/texts.h"

namespace hkl {
namespace {

using testing::HasSubstr;

// What the test plugin makes of touches whose texts are its tasks:
// "KEY KIND STATE CREATED DEADLINE DONE", -1 for a time that is not known.
Result<std::vector<TaskRecord>> reviewed(TaskRule& rule, const std::vector<std::string>& texts) {
  std::vector<hkl_touch> touches(texts.size());
  std::vector<const hkl_touch*> pointers;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    touches[i].struct_size = sizeof(hkl_touch);
    touches[i].text = str_of(texts[i]);
    pointers.push_back(&touches[i]);
  }
  hkl_timeline timeline{};
  timeline.struct_size = sizeof timeline;
  timeline.touches = pointers.data();
  timeline.touch_count = pointers.size();
  return rule.review(timeline);
}

Result<std::vector<TaskRecord>> reviewed_by(const std::string& plugin, const std::vector<std::string>& texts) {
  Heard heard;
  const auto rule = instance_of(plugin, heard.entry(), make_task_rule);
  if (!rule) return fail(rule.error());
  return reviewed(**rule, texts);
}

TEST(TaskRule, GivesTheTasksOfATimeline) {
  const auto tasks = reviewed_by("good", {"c1 callback 1 1000 5000 -1", "c2 callback 2 2000 -1 2500"});
  ASSERT_TRUE(tasks) << error_of(tasks);
  ASSERT_EQ(tasks->size(), 2u);
  EXPECT_EQ((*tasks)[0].key, "c1");
  EXPECT_EQ((*tasks)[0].kind, "callback");
  EXPECT_EQ((*tasks)[0].state, TaskState::open);
  EXPECT_EQ((*tasks)[0].created_at, instant_of(1000));
  EXPECT_EQ((*tasks)[0].deadline_at, instant_of(5000));
  EXPECT_EQ((*tasks)[0].done_at, std::nullopt);
  EXPECT_EQ((*tasks)[1].state, TaskState::done);
  EXPECT_EQ((*tasks)[1].done_at, instant_of(2500));
}

TEST(TaskRule, AskedOfNothingWantsNothing) {
  const auto tasks = reviewed_by("good", {});
  ASSERT_TRUE(tasks) << error_of(tasks);
  EXPECT_TRUE(tasks->empty());
}

TEST(TaskRule, OneIllegalTaskSpoilsTheWholeAnswer) {
  const std::pair<const char*, const char*> tasks[] = {
      {"- callback 1 1000 -1 -1", "a task has no key"},
      {"x - 1 1000 -1 -1", "the task \"x\" has no kind"},
      {"x callback 0 1000 -1 -1", "the task \"x\" is neither open, done nor cancelled"},
      {"x callback 4 1000 -1 -1", "the task \"x\" is neither open, done nor cancelled"},
      {"x callback 1 -1 -1 -1", "the task \"x\" has no created_at"},
      {"x callback 1 1000 999 -1",
       "the task \"x\" has its deadline 1970-01-01T00:00:00.999Z before its creation 1970-01-01T00:00:01.000Z"},
      {"x callback 2 1000 -1 -1", "the task \"x\" is done and has no done_at"},
      {"x callback 2 1000 -1 999",
       "the task \"x\" is done at 1970-01-01T00:00:00.999Z, before its creation 1970-01-01T00:00:01.000Z"},
      {"good callback 1 1000 -1 -1", "two tasks have the key \"good\""},
      {"x\xff callback 1 1000 -1 -1", "a task's key is no valid UTF-8"}};
  for (const auto& [task, why] : tasks) {
    EXPECT_EQ(error_of(reviewed_by("good", {"good callback 1 1000 -1 -1", task})),
              std::string("entry (test-plugin): fault of the plugin: ") + why);
  }
}

TEST(TaskRule, AnsweredIllegallyOnceIsAskedAfresh) {
  Heard heard;
  const auto rule = instance_of("good", heard.entry(), make_task_rule);
  ASSERT_TRUE(rule) << error_of(rule);
  EXPECT_FALSE(reviewed(**rule, {"c1 callback 0 1000 -1 -1"}));
  const auto tasks = reviewed(**rule, {"c1 callback 1 1000 -1 -1"});
  ASSERT_TRUE(tasks) << error_of(tasks);
  EXPECT_EQ(tasks->size(), 1u);
}

TEST(TaskRule, ThatFailsGivesNoTasks) {
  EXPECT_THAT(error_of(reviewed_by("no-error-text", {"c1 callback 1 1000 -1 -1"})),
              HasSubstr("review failed with status 6 and does not say why"));
  EXPECT_THAT(error_of(reviewed_by("throws-in-work", {"c1 callback 1 1000 -1 -1"})),
              HasSubstr("an exception came out of review"));
}

}  // namespace
}  // namespace hkl
