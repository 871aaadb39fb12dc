// The rule as a host holds it, asked about contacts that a test writes down
// call by call. Times read "2 09:20:40": that day of March 2026 in Moscow.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <deque>
#include <map>
#include <string>
#include <vector>

#include "hookline/sdk/plugin.h"

namespace asked {

using hookline::str;
using hookline::view;

constexpr std::int64_t kSecond = 1000, kMinute = 60 * kSecond, kHour = 60 * kMinute, kDay = 24 * kHour;
// Monday 2 March 2026, 00:00 in Moscow.
constexpr std::int64_t kMonday = 1772398800000;
constexpr std::int64_t kMoscow = 3 * kHour;

// "2 09:20:40": the second day of March 2026 in Moscow.
inline std::int64_t at(const std::string& text) {
  int day = 0, hour = 0, minute = 0, second = 0;
  EXPECT_EQ(std::sscanf(text.c_str(), "%d %d:%d:%d", &day, &hour, &minute, &second), 4) << text;
  return kMonday + (day - 2) * kDay + hour * kHour + minute * kMinute + second * kSecond;
}
inline std::string clock(std::int64_t ms) {
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
  // The moments that the rule waits for, by its keys; of the test that runs now.
  static std::map<std::string, std::string>& wakes() {
    static std::map<std::string, std::string> all;
    return all;
  }
  static hkl_status wake_at(const hkl_host*, hkl_str key, std::int64_t at_ms) {
    wakes()[std::string(view(key))] = clock(at_ms);
    return HKL_OK;
  }
  static const void* calendars(const hkl_host*, hkl_str id) {
    static constexpr hkl_host_calendar table{sizeof(hkl_host_calendar), 0, add_open, nullptr, is_open};
    static constexpr hkl_host_wake wake{sizeof(hkl_host_wake), 0, wake_at};
    if (view(id) == HKL_HOST_WAKE_V1) return &wake;
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
  hkl_lead& lead(const std::string& id, const std::string& stage) {
    auto& lead = leads_.emplace_back();
    lead.struct_size = sizeof lead;
    lead.is_open = 1;
    lead.id = keep(id);
    lead.stage = keep(stage);
    lead.created_at_ms = lead.closed_at_ms = lead.stage_since_ms = HKL_UNKNOWN_MS;
    return lead;
  }
  void withhold() { id_.clear(); }
  // The present moment of the question; before all else unless it is told.
  void now(const std::string& text) { now_ms_ = at(text); }

  std::vector<Seen> review(const std::string& settings = "{}") const {
    FakeHost::wakes().clear();
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
    timeline.now_ms = now_ms_;
    timeline.touches = touches.data();
    timeline.touch_count = touches.size();
    std::vector<const hkl_lead*> leads;
    for (const auto& one : leads_) leads.push_back(&one);
    timeline.leads = leads.data();
    timeline.lead_count = leads.size();
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
    touch.answered_at_ms = touch.ended_at_ms = touch.talk_ms = HKL_UNKNOWN_MS;
    touch.quality = HKL_QUALITY_TARGET;
    return touch;
  }
  std::string id_ = "c";
  std::int64_t now_ms_ = 0;
  std::deque<hkl_touch> touches_;
  std::deque<hkl_told_task> told_;
  std::deque<hkl_lead> leads_;
  std::deque<std::string> texts_;
};

}  // namespace asked
