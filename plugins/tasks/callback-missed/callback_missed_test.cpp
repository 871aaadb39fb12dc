// The calls are those of the worked example of the report definitions
// (metrics §5.4), and the cases that its sentences name.
#include "asked.h"

namespace {

using namespace asked;

Contact c2() {
  Contact c;
  c.missed("k02", "2 09:20:00", "2 09:20:40");  // ring-all: nobody's
  c.tried("k03", "2 09:45:00").employee = str("petrov");
  c.talked("k04", HKL_DIRECTION_OUT, "2 10:10:00", "2 10:10:15");
  c.missed("k15", "3 10:00:00", "3 10:00:03").employee = str("ivanova");
  return c;
}
Contact c4() {
  Contact c;
  c.missed("k09", "2 13:00:00", "2 13:00:02").employee = str("sidorova");
  c.talked("k10", HKL_DIRECTION_IN, "2 13:30:00", "2 13:30:10").employee = str("sidorova");
  return c;
}
Contact c8() {
  Contact c;
  c.talked("k13", HKL_DIRECTION_IN, "2 23:58:30", "2 23:58:40");
  c.missed("k20", "3 17:00:00", "3 17:01:00").responsible = str("ivanova");
  c.talked("k22", HKL_DIRECTION_OUT, "4 09:10:00", "4 09:10:06").employee = str("ivanova");
  return c;
}

std::string shown(const Seen& task) {
  return task.key + " made " + task.created + " for " + (task.assignee.empty() ? "nobody" : task.assignee) + " by " +
         task.deadline + ", " + task.state + (task.done == "-" ? "" : " " + task.done) +
         (task.done_call.empty() ? "" : " by " + task.done_call);
}
std::string shown(const std::vector<Seen>& tasks) {
  std::string text;
  for (const auto& task : tasks) text += (text.empty() ? "" : "; ") + shown(task);
  return text;
}

TEST(WorkedExample, ByTheClock) {
  EXPECT_EQ(shown(c2().review()),
            "k02 made 2 09:20:40 for nobody by 2 13:20:40, done 2 10:10:15 by k04; "
            "k15 made 3 10:00:03 for ivanova by 3 14:00:03, open");
  EXPECT_EQ(shown(c4().review()), "k09 made 2 13:00:02 for sidorova by 2 17:00:02, done 2 13:30:10 by k10");
  EXPECT_EQ(shown(c8().review()), "k20 made 3 17:01:00 for ivanova by 3 21:01:00, done 4 09:10:06 by k22");
}

TEST(WorkedExample, WithACalendar) {
  const std::string office = R"({"working_hours": "office"})";
  EXPECT_EQ(c2().review(office)[0].deadline, "2 13:20:40");
  EXPECT_EQ(c2().review(office)[1].deadline, "3 14:00:03");
  EXPECT_EQ(c4().only(office).deadline, "2 17:00:02");
  EXPECT_EQ(c8().only(office).deadline, "4 12:01:00");
}

TEST(WorkedExample, WithAnotherDeadline) {
  EXPECT_EQ(c2().review(R"({"deadline": "1h"})")[0].deadline, "2 10:20:40");
  EXPECT_EQ(c2().review(R"({"deadline": "1.5h"})")[0].deadline, "2 10:50:40");
}

TEST(Task, SaysWhatAndWhy) {
  const auto tasks = c2().review();
  EXPECT_EQ(tasks[0].kind, "callback");
  EXPECT_EQ(tasks[0].title, "Перезвонить");
  EXPECT_EQ(tasks[0].call, "k02");
  EXPECT_EQ(tasks[0].done_by, "petrov");
  EXPECT_EQ(tasks[0].why,
            "the call k02 was missed; nobody answers for it: no lead, no single phone that rang, nobody on duty; "
            "tried in vain once, last by the call k03; done by the call k04");
  EXPECT_EQ(tasks[1].why, "the call k15 was missed; given to ivanova, whose phone rang last");
  EXPECT_EQ(c2().review(R"({"language": "en"})")[0].title, "Call back");
}

TEST(Task, BelongsToTheLeadOfTheCall) {
  Contact c;
  c.missed("a", "2 10:00:00", "2 10:00:30").lead = str("L1");
  EXPECT_EQ(c.only().lead, "L1");
}

TEST(Assignee, IsTheLeadsBeforeThePhoneBeforeDuty) {
  const hkl_str duty[] = {str("orlov"), str("petrov")};
  Contact c;
  auto& miss = c.missed("a", "2 10:00:00", "2 10:00:30");
  miss.queue = str("support");
  miss.duty = {duty, 2};
  EXPECT_EQ(c.only().assignee, "orlov") << "the first on duty, in the config's order";
  EXPECT_EQ(c.only().why, "the call a was missed; given to orlov, on duty for the queue support");
  miss.employee = str("sidorova");
  EXPECT_EQ(c.only().assignee, "sidorova");
  miss.responsible = str("ivanova");
  EXPECT_EQ(c.only().assignee, "ivanova");
}

TEST(Episode, TakesInFurtherMissesAndKeepsDeadlineAndAssignee) {
  Contact c;
  c.missed("a", "2 10:00:00", "2 10:00:30").employee = str("ivanova");
  c.missed("b", "2 11:00:00", "2 11:00:30").employee = str("petrov");
  c.missed("c", "2 12:00:00", "2 12:00:30").responsible = str("orlov");
  const auto task = c.only();
  EXPECT_EQ(shown(task), "a made 2 10:00:30 for ivanova by 2 14:00:30, open");
  EXPECT_EQ(task.more, (std::vector<std::string>{"b", "c"}));
}

TEST(Episode, EndsWithTheTalkAndTheNextMissBeginsAnother) {
  Contact c;
  c.missed("a", "2 10:00:00", "2 10:00:30");
  c.missed("b", "2 11:00:00", "2 11:00:30");
  c.talked("t", HKL_DIRECTION_IN, "2 11:30:00", "2 11:30:05");
  c.missed("d", "2 12:00:00", "2 12:00:30");
  EXPECT_EQ(shown(c.review()),
            "a made 2 10:00:30 for nobody by 2 14:00:30, done 2 11:30:05 by t; d made 2 12:00:30 for nobody by 2 "
            "16:00:30, open");
}

TEST(Episode, GoesByTheEndsOfCallsThatOverlap) {
  Contact c;
  c.missed("long", "2 10:00:00", "2 10:05:00");
  c.missed("short", "2 10:01:00", "2 10:01:20");
  const auto task = c.only();
  EXPECT_EQ(task.key, "short");
  EXPECT_EQ(task.created, "2 10:01:20");
  EXPECT_EQ(task.more, std::vector<std::string>{"long"});
}

TEST(Done, ByATalkThatBeginsAsTheMissEndsAndByNoneBefore) {
  Contact same;
  same.missed("a", "2 10:00:00", "2 10:00:30");
  same.talked("t", HKL_DIRECTION_IN, "2 10:00:10", "2 10:00:30");
  EXPECT_EQ(same.only().done_call, "t");
  Contact before;
  before.missed("a", "2 10:00:00", "2 10:00:30");
  before.talked("t", HKL_DIRECTION_IN, "2 10:00:10", "2 10:00:29");
  EXPECT_EQ(before.only().state, "open");
}

TEST(Done, ByTheFirstAnswerWhicheverCallBeganFirst) {
  Contact c;
  c.missed("a", "2 10:00:00", "2 10:00:30");
  c.talked("slow", HKL_DIRECTION_IN, "2 10:10:00", "2 10:12:00");
  c.talked("quick", HKL_DIRECTION_OUT, "2 10:11:00", "2 10:11:05");
  EXPECT_EQ(c.only().done_call, "quick");
}

TEST(Done, NeitherByAnAttemptNorByAnInternalCall) {
  Contact c;
  c.missed("a", "2 10:00:00", "2 10:00:30");
  c.tried("t1", "2 10:10:00");
  c.tried("t2", "2 10:20:00");
  c.talked("own", HKL_DIRECTION_INTERNAL, "2 10:30:00", "2 10:30:05");
  EXPECT_EQ(c.only().state, "open");
  EXPECT_NE(c.only().why.find("tried in vain 2 times, last by the call t2"), std::string::npos) << c.only().why;
}

TEST(NoTask, OfWhatIsNoMissedCallOfAContact) {
  Contact c;
  c.missed("history", "2 10:00:00", "2 10:00:30").is_history = 1;
  c.missed("spam", "2 11:00:00", "2 11:00:30").quality = HKL_QUALITY_NON_TARGET;
  c.missed("going on", "2 12:00:00", "2 12:00:30").is_over = 0;
  c.tried("ours", "2 13:00:00");
  EXPECT_TRUE(c.review().empty());
  Contact withheld;
  withheld.missed("k08", "2 12:15:00", "2 12:15:25");
  withheld.withhold();
  EXPECT_TRUE(withheld.review().empty());
}

TEST(NonTarget, LeavesTheTaskToTheNextMissWithItsOwnDeadline) {
  Contact c;
  auto& first = c.missed("a", "2 10:00:00", "2 10:00:30");
  c.missed("b", "2 11:00:00", "2 11:00:30");
  first.quality = HKL_QUALITY_NON_TARGET;
  const auto task = c.only();
  EXPECT_EQ(shown(task), "b made 2 11:00:30 for nobody by 2 15:00:30, open");
  EXPECT_TRUE(task.more.empty());
}

TEST(NonTarget, OfAFurtherMissTakesOnlyThatOut) {
  Contact c;
  c.missed("a", "2 10:00:00", "2 10:00:30");
  c.missed("b", "2 11:00:00", "2 11:00:30").quality = HKL_QUALITY_NON_TARGET;
  EXPECT_TRUE(c.only().more.empty());
}

TEST(Miss, WithoutAKnownEndIsCountedFromItsStart) {
  Contact c;
  c.missed("a", "2 10:00:00", "2 10:00:30").ended_at_ms = HKL_UNKNOWN_MS;
  EXPECT_EQ(c.only().created, "2 10:00:00");
}

TEST(ByHand, ClosingCountsAsDoneAndEndsTheEpisode) {
  Contact c;
  c.missed("a", "2 10:00:00", "2 10:00:30");
  c.missed("b", "2 12:00:00", "2 12:00:30");
  auto& told = c.said("a", HKL_TASK_DONE);
  told.done_at_ms = at("2 11:00:00");
  told.done_by = str("orlov");
  const auto tasks = c.review();
  EXPECT_EQ(
      shown(tasks),
      "a made 2 10:00:30 for nobody by 2 14:00:30, done 2 11:00:00; b made 2 12:00:30 for nobody by 2 16:00:30, open");
  EXPECT_EQ(tasks[0].done_by, "orlov");
  EXPECT_NE(tasks[0].why.find("closed by hand"), std::string::npos);
}

TEST(ByHand, ClosingStandsAboveTheTalkButDoesNotSwallowWhatCameAfterTheTalk) {
  Contact c;
  c.missed("a", "2 10:00:00", "2 10:00:30");
  c.talked("t", HKL_DIRECTION_OUT, "2 10:10:00", "2 10:10:10");
  c.missed("b", "2 11:00:00", "2 11:00:30");
  c.said("a", HKL_TASK_DONE).done_at_ms = at("2 12:00:00");
  EXPECT_EQ(
      shown(c.review()),
      "a made 2 10:00:30 for nobody by 2 14:00:30, done 2 12:00:00; b made 2 11:00:30 for nobody by 2 15:00:30, open");
}

TEST(ByHand, ClosingWithoutATimeSwallowsNoLaterMiss) {
  for (const auto state : {HKL_TASK_DONE, HKL_TASK_CANCELLED}) {
    Contact c;
    c.missed("a", "2 10:00:00", "2 10:00:30");
    c.missed("b", "2 12:00:00", "2 12:00:30");
    c.said("a", state);
    const auto tasks = c.review();
    ASSERT_EQ(tasks.size(), 2u);
    EXPECT_EQ(tasks[0].done, "2 10:00:30");
    EXPECT_EQ(tasks[1].state, "open");
  }
}

TEST(ByHand, CancellingStandsEvenAfterATalk) {
  Contact c;
  c.missed("a", "2 10:00:00", "2 10:00:30");
  c.talked("t", HKL_DIRECTION_OUT, "2 11:00:00", "2 11:00:10");
  c.said("a", HKL_TASK_CANCELLED).done_at_ms = at("2 10:30:00");
  EXPECT_EQ(c.only().state, "cancelled");
}

TEST(ByHand, MovingAndGivingAwayStayAndTheTalkStillCompletes) {
  Contact c;
  c.missed("a", "2 10:00:00", "2 10:00:30").employee = str("ivanova");
  auto& told = c.said("a", HKL_TASK_OPEN);
  told.deadline_at_ms = at("2 18:00:00");
  told.assignee = str("orlov");
  EXPECT_EQ(shown(c.only()), "a made 2 10:00:30 for orlov by 2 18:00:00, open");
  c.talked("t", HKL_DIRECTION_OUT, "2 11:00:00", "2 11:00:10");
  EXPECT_EQ(shown(c.only()), "a made 2 10:00:30 for orlov by 2 18:00:00, done 2 11:00:10 by t");
  told.deadline_at_ms = at("2 09:00:00");
  EXPECT_EQ(c.only().deadline, "2 14:00:30") << "a deadline before the task is none";
}

TEST(Settings, ADeadlineOfNothingIsRefused) {
  const Instance instance(R"({"deadline": "0s"})");
  EXPECT_EQ(instance.configured, HKL_BAD_SETTINGS);
  EXPECT_EQ(instance.error(), "deadline: has to be longer than nothing, such as 4h");
}

TEST(Settings, AnUnknownCalendarIsFoundAtOnce) {
  const Instance instance(R"({"working_hours": "offfice"})");
  EXPECT_EQ(instance.configured, HKL_BAD_SETTINGS);
  EXPECT_EQ(instance.error(),
            "working_hours: there is no calendar \"offfice\"; take one of the config's calendars, or none");
}

TEST(Settings, AHostWithoutCalendarsServesTheClockAlone) {
  EXPECT_EQ(Instance("{}", FakeHost::nothing).configured, HKL_OK);
  EXPECT_EQ(Instance(R"({"working_hours": "office"})", FakeHost::nothing).configured, HKL_BAD_SETTINGS);
}

TEST(Merge, OfTwoOpenTasksLeavesTheEarlierDeadline) {
  Contact c;
  c.missed("a", "2 10:00:00", "2 10:00:30");
  c.missed("b", "2 11:00:00", "2 11:00:30");
  c.said("b", HKL_TASK_OPEN).deadline_at_ms = at("2 12:00:00");  // moved while it was a task of its own
  EXPECT_EQ(c.only().deadline, "2 12:00:00");
  c.said("a", HKL_TASK_OPEN).deadline_at_ms = at("2 11:30:00");
  EXPECT_EQ(c.only().deadline, "2 11:30:00");
}

TEST(Terms, MayNameTheClientAndAnotherAssignee) {
  Contact c;
  auto& miss = c.missed("a", "2 10:00:00", "2 10:00:30");
  miss.number = str("+79160000001");
  miss.employee = str("ivanova");
  const auto task = c.only(R"({"title": "Перезвонить {number}", "given_to": "head"})");
  EXPECT_EQ(task.title, "Перезвонить +79160000001");
  EXPECT_EQ(task.assignee, "head");
}

TEST(Escalation, IsWaitedForAndGivenOnce) {
  Contact c;
  c.missed("a", "2 10:00:00", "2 10:00:30").employee = str("ivanova");
  const std::string settings = R"({"escalate_to": "head", "escalate_after": "30m"})";
  EXPECT_EQ(c.only(settings).assignee, "ivanova");
  EXPECT_EQ(FakeHost::wakes().at("escalate/a"), "2 14:30:30");
  c.now("2 14:30:30");
  const auto tasks = c.review(settings);
  ASSERT_EQ(tasks.size(), 2u);
  EXPECT_EQ(shown(tasks[0]), "a made 2 10:00:30 for ivanova by 2 14:00:30, open") << "who has to do it still has it";
  EXPECT_EQ(shown(tasks[1]), "a/escalation made 2 14:30:30 for head by 2 18:30:30, open");
  EXPECT_EQ(tasks[1].kind, "escalation");
  EXPECT_EQ(tasks[1].title, "Просрочено: Перезвонить");
  EXPECT_TRUE(c.review().size() == 1u) << "nobody is told where no one is named";
}

TEST(Escalation, EndsWithItsTask) {
  Contact c;
  c.missed("a", "2 10:00:00", "2 10:00:30");
  c.now("3 10:00:00");
  const std::string settings = R"({"escalate_to": "head"})";
  c.talked("t", HKL_DIRECTION_OUT, "2 15:00:00", "2 15:00:10");
  const auto tasks = c.review(settings);
  ASSERT_EQ(tasks.size(), 2u);
  EXPECT_EQ(tasks[1].done, "2 15:00:10");
  c.said("a", HKL_TASK_DONE).done_at_ms = at("2 14:00:30");
  EXPECT_EQ(c.review(settings).size(), 1u) << "done at its deadline is in time";
}

TEST(Escalation, FollowsTheDeadlineThatAPersonMoved) {
  Contact c;
  c.missed("a", "2 10:00:00", "2 10:00:30");
  c.said("a", HKL_TASK_OPEN).deadline_at_ms = at("2 18:00:00");
  c.now("2 17:00:00");
  EXPECT_EQ(c.review(R"({"escalate_to": "head"})").size(), 1u);
  EXPECT_EQ(FakeHost::wakes().at("escalate/a"), "2 18:00:00");
}

TEST(Escalation, CountsTheSameHours) {
  Contact c;
  c.missed("a", "6 14:00:00", "6 14:00:00");  // Friday
  c.now("8 12:00:00");
  const std::string settings = R"({"escalate_to": "head", "escalate_after": "1h", "working_hours": "office"})";
  EXPECT_EQ(c.review(settings).size(), 1u);
  EXPECT_EQ(FakeHost::wakes().at("escalate/a"), "9 10:00:00");
}

}  // namespace
