// Tasks between rules, people and deliveries (metrics §5.4, DESIGN section 4).
#include "contacts/task_book.h"

#include <gtest/gtest.h>

#include "contacts/made_id.h"
#include "contacts/made_up.h"

namespace hkl {
namespace {

using namespace made_up;

// One task for each missed call that is not non-target; a talk after it, or
// what was said, closes it.
Result<std::vector<TaskRecord>> call_back(const hkl_timeline& timeline) {
  std::vector<TaskRecord> tasks;
  for (std::uint64_t i = 0; i < timeline.touch_count; ++i) {
    const auto& touch = *timeline.touches[i];
    if (touch.outcome != HKL_OUTCOME_MISSED || touch.quality == HKL_QUALITY_NON_TARGET) continue;
    TaskRecord task;
    task.key = task.call = text(touch.call);
    task.kind = "callback";
    task.title = "Перезвонить";
    task.assignee = "ivanova";
    task.state = TaskState::open;
    task.created_at = instant_of(touch.ended_at_ms);
    task.deadline_at = *task.created_at + std::chrono::hours(4);
    for (std::uint64_t j = i; j < timeline.touch_count; ++j) {
      if (timeline.touches[j]->answered_at_ms < touch.ended_at_ms) continue;
      task.state = TaskState::done;
      task.done_at = instant_of(timeline.touches[j]->answered_at_ms);
      task.done_call = text(timeline.touches[j]->call);
    }
    for (std::uint64_t j = 0; j < timeline.told_count; ++j)
      if (text(timeline.told[j]->key) == task.key) task.more_calls = {"told:" + text(timeline.told[j]->assignee)};
    tasks.push_back(task);
  }
  return tasks;
}

std::string shown(const ContactState& state) {
  std::string text;
  for (const auto& task : state.tasks)
    text += (text.empty() ? "" : "; ") + task.call + " " + std::string(word(task.state)) + " " + task.assignee +
            (task.done_call.empty() ? "" : " by " + task.done_call);
  return text;
}

class Tasks : public testing::Test {
 protected:
  Tasks() {
    one.rules = {{"callback", call_back}};
    one.input.calls = {incoming("k", "10:00:00", "", "10:00:30")};
  }
  void deliver() { one.input.kept_tasks = one.run().tasks; }
  void answer() { one.input.calls.push_back(outgoing("back", "11:00:00", "11:00:10", "11:01:00")); }
  // What the CRM tells of the task that it got.
  TaskRecord said(TaskState state) {
    TaskRecord record;
    record.id = made_id("t", "callback/k");
    record.rule = "callback";
    record.call = "k";
    record.state = state;
    return record;
  }
  Case one;
};

TEST_F(Tasks, HaveTheIdOfTheirRuleAndKey) {
  const auto task = one.run().tasks.at(0);
  EXPECT_EQ(task.id, made_id("t", "callback/k"));
  EXPECT_EQ(task.rule, "callback");
  EXPECT_EQ(task.contact, "c");
}

TEST_F(Tasks, KeepTheIdThatWasDelivered) {
  deliver();
  one.input.kept_tasks[0].id = "crm-3";
  EXPECT_EQ(one.run().tasks.at(0).id, "crm-3");
}

TEST_F(Tasks, AreNotMadeOfHistoryOrForNobody) {
  one.input.calls[0].is_history = true;
  EXPECT_EQ(shown(one.run()), "");
  one.input.calls.push_back(incoming("present", "12:00:00", "12:00:10", "12:01:00"));
  EXPECT_EQ(shown(one.run()), "") << "though the rule is asked now";
  one.input.calls = {incoming("k", "10:00:00", "", "10:00:30")};
  one.input.contact.id = "";
  EXPECT_EQ(shown(one.run()), "");
}

TEST_F(Tasks, ThatNothingAsksForAnyMoreVanishUnlessTheyWereDelivered) {
  one.input.marks = {mark("k", Quality::non_target, "10:40:00")};
  EXPECT_EQ(shown(one.run()), "");
  one.input.marks.clear();
  deliver();
  one.input.marks = {mark("k", Quality::non_target, "10:40:00")};
  EXPECT_EQ(shown(one.run()), "k cancelled ivanova");
  one.input.marks.clear();
  EXPECT_EQ(shown(one.run()), "k open ivanova") << "the mark was taken back";
}

TEST_F(Tasks, ThatWereDoneStayDoneWhenTheirCallProvesNonTarget) {
  answer();
  deliver();
  one.input.marks = {mark("k", Quality::non_target, "12:00:00")};
  EXPECT_EQ(shown(one.run()), "k done ivanova by back");
}

TEST_F(Tasks, OfARuleThatFailsStayAsTheyWere) {
  deliver();
  const auto before = shown(one.run());
  one.rules = {{"callback", [](const hkl_timeline&) -> Result<std::vector<TaskRecord>> {
                  return fail(HKL_INTERNAL, "callback: no");
                }}};
  answer();
  const auto state = one.run();
  EXPECT_EQ(shown(state), before);
  ASSERT_EQ(state.faults.size(), 1u);
  EXPECT_EQ(state.faults[0], "contact c: callback: no");
}

TEST_F(Tasks, OfARuleThatFailsLeaveThoseOfOthersAlone) {
  one.rules.push_back({"other", [](const hkl_timeline&) -> Result<std::vector<TaskRecord>> {
                         return fail(HKL_INTERNAL, "other: no");
                       }});
  EXPECT_EQ(shown(one.run()), "k open ivanova");
}

TEST_F(Tasks, OfARuleThatIsGoneStayAsTheyWere) {
  deliver();
  one.rules.clear();
  EXPECT_EQ(shown(one.run()), "k open ivanova");
}

TEST_F(Tasks, ClosedByHandStayClosed) {
  one.input.told_tasks = {said(TaskState::done)};
  one.input.told_tasks[0].done_at = at("10:30:00");
  one.input.told_tasks[0].done_by = "petrov";
  const auto task = one.run().tasks.at(0);
  EXPECT_EQ(task.state, TaskState::done);
  EXPECT_EQ(task.done_by, "petrov");
  EXPECT_EQ(task.title, "Перезвонить") << "what was not said is the rule's";
  EXPECT_EQ(task.deadline_at, at("14:00:30"));
  one.input.told_tasks = {said(TaskState::cancelled)};
  answer();
  EXPECT_EQ(shown(one.run()), "k cancelled ivanova");
}

TEST_F(Tasks, MovedByHandAreStillDoneByTheCall) {
  one.input.told_tasks = {said(TaskState::open)};
  one.input.told_tasks[0].assignee = "orlov";
  one.input.told_tasks[0].deadline_at = at("18:00:00");
  EXPECT_EQ(shown(one.run()), "k open orlov");
  answer();
  EXPECT_EQ(shown(one.run()), "k done orlov by back");
  EXPECT_EQ(one.run().tasks.at(0).deadline_at, at("18:00:00"));
}

TEST_F(Tasks, OfWhichSomebodySpokeAreShownToTheirRuleUnderItsKey) {
  one.input.told_tasks = {said(TaskState::open)};
  one.input.told_tasks[0].assignee = "orlov";
  EXPECT_EQ(one.run().tasks.at(0).more_calls, std::vector<std::string>{"told:orlov"});
  // A CRM that tells no more than the id and what changed.
  one.input.told_tasks[0].rule.clear();
  one.input.told_tasks[0].call.clear();
  EXPECT_EQ(one.run().tasks.at(0).more_calls, std::vector<std::string>{"told:orlov"});
}

TEST_F(Tasks, ThatNoRuleMadeAreKeptAsTold) {
  TaskRecord own;
  own.id = "t1";
  own.call = "k";
  own.assignee = "orlov";
  own.state = TaskState::open;
  one.input.told_tasks = {own};
  EXPECT_EQ(shown(one.run()), "k open ivanova; k open orlov");
}

}  // namespace
}  // namespace hkl
