#include "asked.h"

namespace {

using namespace asked;

Contact talked() {
  Contact c;
  auto& touch = c.talked("a", HKL_DIRECTION_IN, "2 10:00:00", "2 10:00:10");
  touch.lead = str("L1");
  touch.responsible = str("ivanova");
  touch.talk_ms = 60000;
  return c;
}

TEST(FollowUp, IsAskedForWhileTheLeadIsOpen) {
  auto c = talked();
  auto& lead = c.lead("L1", "check");
  const auto task = c.only(R"({"deadline": "1d"})");
  EXPECT_EQ(task.title, "Связаться ещё раз");
  EXPECT_EQ(task.assignee, "ivanova");
  EXPECT_EQ(task.lead, "L1");
  EXPECT_EQ(task.deadline, "3 10:01:10");
  lead.is_open = 0;
  EXPECT_TRUE(c.review().empty()) << "cancelled with its lead";
}

TEST(FollowUp, IsDoneByTheNextTalkWhichAsksForAnother) {
  auto c = talked();
  auto& lead = c.lead("L1", "check");
  c.talked("b", HKL_DIRECTION_OUT, "2 11:00:00", "2 11:00:10").lead = str("L1");
  auto tasks = c.review();
  ASSERT_EQ(tasks.size(), 2u);
  EXPECT_EQ(tasks[0].done_call, "b");
  EXPECT_EQ(tasks[1].state, "open");
  lead.is_open = 0;
  tasks = c.review();
  ASSERT_EQ(tasks.size(), 1u) << "what was done stays done";
  EXPECT_EQ(tasks[0].done_call, "b");
}

TEST(FollowUp, IsNotAskedForByOtherStagesDirectionsShortTalksAndMisses) {
  auto c = talked();
  c.lead("L1", "check");
  EXPECT_TRUE(c.review(R"({"stages": ["booking"]})").empty());
  EXPECT_EQ(c.review(R"({"stages": ["booking", "check"]})").size(), 1u);
  EXPECT_TRUE(c.review(R"({"after": "out"})").empty());
  EXPECT_TRUE(c.review(R"({"min_talk_s": 61})").empty());
  EXPECT_EQ(c.review(R"({"min_talk_s": 60})").size(), 1u);
  Contact missed;
  missed.missed("m", "2 10:00:00", "2 10:00:30").lead = str("L1");
  missed.lead("L1", "check");
  EXPECT_TRUE(missed.review().empty());
}

}  // namespace
