#include "asked.h"

namespace {

using namespace asked;

// A missed call on Monday at 10:00 that made the lead L1.
struct Left : Contact {
  Left() {
    auto& touch = missed("a", "2 10:00:00", "2 10:00:30");
    touch.inquiry = str("i1");
    touch.employee = str("ivanova");
    made = &lead("L1", "unsorted");
    made->inquiry = str("i1");
    made->created_at_ms = at("2 10:00:00");
  }
  hkl_lead* made;
};

TEST(UntouchedLead, IsWaitedForAndThenAskedFor) {
  Left c;
  c.now("2 10:59:59");
  EXPECT_TRUE(c.review().empty());
  EXPECT_EQ(FakeHost::wakes().at("untouched/L1"), "2 11:00:00");
  c.now("2 11:00:00");
  const auto task = c.only();
  EXPECT_EQ(task.kind, "untouched_lead");
  EXPECT_EQ(task.title, "Взять заявку в работу");
  EXPECT_EQ(task.lead, "L1");
  EXPECT_EQ(task.call, "a");
  EXPECT_EQ(task.created, "2 11:00:00");
  EXPECT_EQ(task.deadline, "2 15:00:00");
  EXPECT_EQ(task.why, "nobody touched the lead L1 in time");
  EXPECT_EQ(task.assignee, "") << "who let it ring is not who has to take it, unless the settings say so";
}

TEST(UntouchedLead, CountsWorkingHours) {
  Left c;
  c.made->created_at_ms = at("6 17:30:00");  // Friday
  c.now("9 09:29:59");
  const std::string settings = R"({"working_hours": "office", "deadline": "1h"})";
  EXPECT_TRUE(c.review(settings).empty());
  EXPECT_EQ(FakeHost::wakes().at("untouched/L1"), "9 09:30:00");
  c.now("9 09:30:00");
  EXPECT_EQ(c.only(settings).deadline, "9 10:30:00");
}

TEST(UntouchedLead, IsNoneWhenAnybodyTouchedItBefore) {
  Left talked, tried, moved, closed;
  for (auto* c : {&talked, &tried, &moved, &closed}) c->now("2 18:00:00");
  talked.talked("t", HKL_DIRECTION_IN, "2 10:30:00", "2 10:30:10");
  EXPECT_TRUE(talked.review().empty());
  tried.tried("t", "2 10:59:59");
  EXPECT_TRUE(tried.review().empty());
  EXPECT_EQ(tried.review(R"({"attempts_count": false})").size(), 1u);
  moved.made->stage_since_ms = at("2 10:40:00");
  EXPECT_TRUE(moved.review().empty());
  closed.made->is_open = 0;
  EXPECT_TRUE(closed.review().empty());
}

TEST(UntouchedLead, ATalkThatMadeItIsATouch) {
  Contact c;
  c.talked("a", HKL_DIRECTION_IN, "2 10:00:00", "2 10:00:10").inquiry = str("i1");
  auto& lead = c.lead("L1", "check");
  lead.inquiry = str("i1");
  lead.created_at_ms = at("2 10:02:00");  // saved by hand when the talk was nearly over
  c.now("3 10:00:00");
  EXPECT_TRUE(c.review().empty());
}

TEST(UntouchedLead, IsDoneByWhateverTouchesItAfterwards) {
  Left c;
  c.now("2 18:00:00");
  c.talked("t", HKL_DIRECTION_OUT, "2 12:00:00", "2 12:00:10");
  const auto task = c.only();
  EXPECT_EQ(task.state, "done");
  EXPECT_EQ(task.done, "2 12:00:10");
  EXPECT_EQ(task.done_by, "petrov");
  EXPECT_EQ(task.done_call, "t");
}

TEST(UntouchedLead, IsCancelledWhenItsReasonIsGone) {
  Left c;
  c.now("2 18:00:00");
  EXPECT_EQ(c.review(R"({"stages": ["unsorted"]})").size(), 1u);
  EXPECT_TRUE(c.review(R"({"stages": ["check"]})").empty());
  c.made->stage_since_ms = at("2 11:30:00");
  EXPECT_TRUE(c.review().empty()) << "moved by hand";
  c.made->stage_since_ms = HKL_UNKNOWN_MS;
  c.made->is_open = 0;
  EXPECT_TRUE(c.review().empty());
}

TEST(UntouchedLead, OfHistoryIsNotAskedFor) {
  Contact c;
  auto& touch = c.missed("a", "2 10:00:00", "2 10:00:30");
  touch.inquiry = str("i1");
  touch.is_history = 1;
  auto& lead = c.lead("L1", "unsorted");
  lead.inquiry = str("i1");
  lead.created_at_ms = at("2 10:00:00");
  c.now("3 10:00:00");
  EXPECT_TRUE(c.review().empty());
}

TEST(UntouchedLead, IsGivenToItsResponsible) {
  Left c;
  c.now("2 18:00:00");
  c.made->responsible = str("petrov");
  EXPECT_EQ(c.only().assignee, "petrov");
  EXPECT_EQ(c.only(R"({"given_to": "head"})").assignee, "head");
}

TEST(UntouchedLead, ZeroTimeIsRefused) {
  EXPECT_EQ(Instance(R"({"untouched_for": "0s"})").error(), "untouched_for: has to be longer than nothing, such as 1h");
}

}  // namespace
