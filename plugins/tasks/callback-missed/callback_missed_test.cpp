// The rule through its C interface, as a host asks it; the calls are those of
// the worked example of the report definitions (metrics §5.4).
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <deque>
#include <string>
#include <vector>

#include "hookline/sdk/plugin.h"

namespace {

using hookline::str;
using hookline::view;

constexpr std::int64_t kSecond = 1000, kMinute = 60 * kSecond, kHour = 60 * kMinute, kDay = 24 * kHour;
// Monday 2 March 2026, 00:00 in Moscow.
constexpr std::int64_t kMonday = 1772398800000;
constexpr std::int64_t kMoscow = 3 * kHour;

// "2 09:20:40": the second day of March 2026 in Moscow.
std::int64_t at(const std::string& text) {
  int day = 0, hour = 0, minute = 0, second = 0;
  EXPECT_EQ(std::sscanf(text.c_str(), "%d %d:%d:%d", &day, &hour, &minute, &second), 4) << text;
  return kMonday + (day - 2) * kDay + hour * kHour + minute * kMinute + second * kSecond;
}
std::string clock(std::int64_t ms) {
  if (ms == HKL_UNKNOWN_MS) return "-";
  const auto since = ms - kMonday;
  char out[64];
  std::snprintf(out, sizeof out, "%d %02d:%02d:%02d", static_cast<int>(since / kDay) + 2,
                static_cast<int>(since / kHour % 24), static_cast<int>(since / kMinute % 60),
                static_cast<int>(since / kSecond % 60));
  return out;
}

// A host with one calendar, "office": Monday to Friday, 09:00 to 18:00, Moscow.
struct FakeHost {
  static std::int64_t open_at(std::int64_t day) { return day * kDay + 9 * kHour - kMoscow; }
  // Day 0 of the epoch was a Thursday.
  static bool is_working(std::int64_t day) { return (day + 3) % 7 < 5; }
  static hkl_status add_open(const hkl_host*, hkl_str id, std::int64_t from, std::int64_t left, std::int64_t* out) {
    if (view(id) != "office") return HKL_NOT_FOUND;
    for (auto day = (from + kMoscow) / kDay;; ++day) {
      if (!is_working(day)) continue;
      const auto begin = std::max(from, open_at(day)), end = open_at(day) + 9 * kHour;
      if (begin + left <= end) return *out = begin + left, HKL_OK;
      left -= std::max<std::int64_t>(0, end - begin);
    }
  }
  static hkl_status is_open(const hkl_host*, hkl_str id, std::int64_t, std::uint32_t*) {
    return view(id) == "office" ? HKL_OK : HKL_NOT_FOUND;
  }
  static const void* calendars(const hkl_host*, hkl_str id) {
    static constexpr hkl_host_calendar table{sizeof(hkl_host_calendar), 0, add_open, nullptr, is_open};
    return view(id) == HKL_HOST_CALENDAR_V1 ? &table : nullptr;
  }
  static const void* nothing(const hkl_host*, hkl_str) { return nullptr; }
};

// A task as the rule gave it, in words: "k02 open ivanova by 2 13:20:40".
struct Seen {
  std::string key, call, kind, title, lead, assignee, state, created, deadline, done, done_by, done_call, why;
  std::vector<std::string> more;
};

class Instance {
 public:
  using Offer = const void* (*)(const hkl_host*, hkl_str);
  explicit Instance(const std::string& settings, Offer offer = FakeHost::calendars) {
    host_.struct_size = sizeof host_;
    host_.get_interface = offer;
    error_.struct_size = sizeof error_;
    EXPECT_EQ(life_->create(str(HKL_TASK_RULE_V1), &host_, &self_, nullptr), HKL_OK);
    configured = life_->configure(self_, str(settings), &error_);
    if (configured == HKL_OK) {
      EXPECT_EQ(life_->start(self_, nullptr), HKL_OK);
    }
  }
  Instance(const Instance&) = delete;
  Instance& operator=(const Instance&) = delete;
  ~Instance() { life_->destroy(self_); }

  std::vector<Seen> review(const hkl_timeline& timeline) {
    std::vector<Seen> seen;
    hkl_task_sink sink{sizeof(hkl_task_sink), 0, &seen, [](void* user, const hkl_task* task, hkl_error*) -> hkl_status {
                         const auto text = [](const hkl_str& words) { return std::string(view(words)); };
                         static constexpr const char* kStates[] = {"?", "open", "done", "cancelled"};
                         Seen one{text(task->key),
                                  text(task->call),
                                  text(task->kind),
                                  text(task->title),
                                  text(task->lead),
                                  text(task->assignee),
                                  kStates[task->state],
                                  clock(task->created_at_ms),
                                  clock(task->deadline_at_ms),
                                  clock(task->done_at_ms),
                                  text(task->done_by),
                                  text(task->done_call),
                                  text(task->why),
                                  {}};
                         for (std::uint64_t i = 0; i < task->more_calls.count; ++i)
                           one.more.push_back(text(task->more_calls.items[i]));
                         static_cast<std::vector<Seen>*>(user)->push_back(one);
                         return HKL_OK;
                       }};
    const auto* table = static_cast<const hkl_task_rule*>(hookline_plugin_v1.get_interface(str(HKL_TASK_RULE_V1)));
    EXPECT_EQ(table->review(self_, &timeline, &sink, &error_), HKL_OK) << error_.text;
    return seen;
  }

  hkl_status configured = HKL_INTERNAL;
  std::string error() const { return error_.text; }

 private:
  const hkl_life* life_ = static_cast<const hkl_life*>(hookline_plugin_v1.get_interface(str(HKL_LIFE_V1)));
  hkl_host host_{};
  hkl_error error_{};
  hkl_instance* self_ = nullptr;
};

// The timeline of one contact, written down call by call.
class Contact {
 public:
  hkl_touch& missed(const std::string& call, const std::string& started, const std::string& ended) {
    auto& touch = add(call, HKL_DIRECTION_IN, HKL_OUTCOME_MISSED, started);
    touch.ended_at_ms = at(ended);
    return touch;
  }
  hkl_touch& talked(const std::string& call, std::uint32_t direction, const std::string& started,
                    const std::string& answered) {
    auto& touch = add(call, direction, HKL_OUTCOME_ANSWERED, started);
    touch.answered_at_ms = at(answered);
    touch.ended_at_ms = at(answered) + kMinute;
    touch.employee = str("petrov");
    return touch;
  }
  hkl_touch& tried(const std::string& call, const std::string& started) {
    auto& touch = add(call, HKL_DIRECTION_OUT, HKL_OUTCOME_UNSUCCESSFUL, started);
    touch.ended_at_ms = at(started) + 30 * kSecond;
    return touch;
  }
  hkl_told_task& said(const std::string& key, std::uint32_t state) {
    auto& told = told_.emplace_back();
    told.struct_size = sizeof told;
    told.state = state;
    told.key = keep(key);
    told.deadline_at_ms = told.done_at_ms = HKL_UNKNOWN_MS;
    return told;
  }
  void withhold() { id_.clear(); }

  std::vector<Seen> review(const std::string& settings = "{}") const {
    Instance instance(settings);
    EXPECT_EQ(instance.configured, HKL_OK) << instance.error();
    hkl_contact contact{};
    contact.struct_size = sizeof contact;
    contact.id = str(id_);
    std::vector<const hkl_touch*> touches;
    for (const auto& touch : touches_) touches.push_back(&touch);
    std::vector<const hkl_told_task*> told;
    for (const auto& one : told_) told.push_back(&one);
    hkl_timeline timeline{};
    timeline.struct_size = sizeof timeline;
    timeline.contact = &contact;
    timeline.touches = touches.data();
    timeline.touch_count = touches.size();
    timeline.told = told.data();
    timeline.told_count = told.size();
    return instance.review(timeline);
  }
  Seen only(const std::string& settings = "{}") const {
    const auto tasks = review(settings);
    EXPECT_EQ(tasks.size(), 1u);
    return tasks.empty() ? Seen{} : tasks[0];
  }

 private:
  hkl_str keep(const std::string& text) { return str(texts_.emplace_back(text)); }
  hkl_touch& add(const std::string& call, std::uint32_t direction, std::uint32_t outcome, const std::string& started) {
    auto& touch = touches_.emplace_back();
    touch.struct_size = sizeof touch;
    touch.inquiry_kind = HKL_INQUIRY_CALL;
    touch.call = keep(call);
    touch.direction = direction;
    touch.outcome = outcome;
    touch.is_over = 1;
    touch.at_ms = at(started);
    touch.answered_at_ms = touch.ended_at_ms = HKL_UNKNOWN_MS;
    touch.quality = HKL_QUALITY_TARGET;
    return touch;
  }
  std::string id_ = "c";
  std::deque<hkl_touch> touches_;
  std::deque<hkl_told_task> told_;
  std::deque<std::string> texts_;
};

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

}  // namespace
