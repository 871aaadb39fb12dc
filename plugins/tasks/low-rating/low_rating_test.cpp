// metrics §4, the common example: k06 got 2 and belongs to petrov, who talked
// last; k10 got 1; k14 got 5.
#include "asked.h"

namespace {

using namespace asked;

TEST(LowRating, AsksOnceForEachLowOneAndGivesItToWhoTalkedLast) {
  Contact c;
  auto& k06 = c.talked("k06", HKL_DIRECTION_IN, "2 11:00:00", "2 11:00:20");
  k06.rating = 2;
  k06.last_employee = str("petrov");
  const auto task = c.only();
  EXPECT_EQ(task.key, "k06");
  EXPECT_EQ(task.assignee, "petrov");
  EXPECT_EQ(task.title, "Разобрать низкую оценку");
  EXPECT_EQ(task.created, "2 11:01:20");
  EXPECT_EQ(task.deadline, "2 15:01:20");
  EXPECT_EQ(task.why, "the client gave 2 for k06; given to petrov, who spoke last");
}

TEST(LowRating, LeavesOutWhatIsNotLowOrNotRated) {
  Contact c;
  c.talked("k14", HKL_DIRECTION_IN, "3 09:00:00", "3 09:00:30").rating = 5;
  c.talked("k01", HKL_DIRECTION_IN, "2 09:05:00", "2 09:05:12");
  c.talked("k03", HKL_DIRECTION_IN, "2 09:06:00", "2 09:06:12").rating = 3;
  EXPECT_TRUE(c.review().empty());
  EXPECT_EQ(c.only(R"({"at_most": 3})").key, "k03");
}

TEST(LowRating, IsDoneByTheNextTalkAndByHand) {
  Contact c;
  c.talked("a", HKL_DIRECTION_IN, "2 10:00:00", "2 10:00:10").rating = 1;
  c.talked("b", HKL_DIRECTION_OUT, "2 12:00:00", "2 12:00:10");
  EXPECT_EQ(c.only().done_call, "b");
  c.said("a", HKL_TASK_CANCELLED).done_at_ms = at("2 11:00:00");
  EXPECT_EQ(c.only().state, "cancelled");
}

}  // namespace
